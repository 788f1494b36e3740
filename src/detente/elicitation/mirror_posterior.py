r"""Draws from the posterior of the truth-and-bias model, for many pairs of panels at once.

The model of `detente.elicitation.truth_and_bias`, for complete tables of n people by R risks:

    own_b_jr = T_r + v_j + w_jr                  what panel B says of itself
    pred_ir  = Tbar + b + t (T_r - Tbar) + a x_ir + u_i + d_r + e_ir
    x_ir     = own_a_ir - own_a_i.               A's own judgement, from each person's own mean

A two-way layout falls into parts that do not touch each other, so that every step below is a
normal or a gamma draw of a few sums, and no matrix is ever formed:

* levels: pred_.. - own_b_.. tells b, with the mean squares U, V between people as its error. They
  are taken as they are, not split into persons' effects and noise, so that this is the
  Behrens-Fisher problem; the prior (U / n_A + V / n_B) / (U V)^2 makes its intervals hold what
  they promise with few people (Ghosh and Kim 2001, Canadian Journal of Statistics 29(1):5-17);
* risks, each as a departure from the level: B's tell T_r - Tbar, A's expectations t and d_r;
* what is left within a risk: those of A who put a risk higher than the others of A do, and expect
  B to do so too, tell a.

T_r carries its error: it is drawn from both its own answers and what is expected of it, with
T_r - Tbar ~ N(k x_.r, s^2), since regression on a true score with error would else lend a what
belongs to t (Carroll et al. 2006, "Measurement Error in Nonlinear Models", chapter 3).

Priors, in logits, centred on nobody erring: b ~ t_4(0, 1), t ~ N(1, 1), a ~ N(0, 1),
d_r ~ N(0, tau^2) with tau ~ half-t_4(0.5), k ~ N(0, 1), s ~ half-Cauchy(1), and 1 / variance for
the rest. tau is drawn by parameter expansion, d_r = xi eta_r (Gelman 2006, Bayesian Analysis
1(3):515-534); T_r, t and a are drawn with d integrated out. Missing answers are drawn too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from detente.elicitation.two_way import Bools, Floats, Layout, layout, product

BIAS_SCALE, BIAS_FREEDOM = 1.0, 4.0
RESIDUAL_SCALE, RESIDUAL_FREEDOM = 0.5, 4.0
SLOPE_SCALE = 1.0
TRUTH_SCALE = 1.0
_FLOOR = (
    1e-6  # squared logits: a panel in which everybody says the same has a variance all the same
)


@dataclass(frozen=True)
class Panels:
    """K pairs of panels with R risks each; tables (K, n, R), and which rows are people (K, n).

    ``own_a`` has no gaps; ``answers_a`` (K, R) counts the people of A who told their own judgement.
    ``pred`` and ``own_b`` have nan for answers that are missing, and any number outside the people.
    """

    own_a: Floats
    pred: Floats
    own_b: Floats
    people_own_a: Bools
    people_pred: Bools
    people_b: Bools
    answers_a: Floats


class Draws(NamedTuple):
    """Draws of the posterior by pair and chain: (K, C, D), and (K, C, D, R) where a risk has one.

    ``bias`` is the mean of ``gap`` over the risks; ``truth`` is T_r.
    """

    bias: Floats
    accuracy: Floats
    projection: Floats
    truth: Floats
    gap: Floats


@dataclass(frozen=True)
class _Data:
    """The parts of the tables, and the sums of products that do not change with the unknowns.

    ``x`` takes of ``own_a`` those who told an expectation, ``own`` all who told a judgement.
    """

    pred: Layout
    own_b: Layout
    x: Layout
    x_x: Floats  # over risks
    rest_x_x: Floats  # over people and risks
    rest_x_y: Floats
    rest_y_y: Floats
    rest_b_b: Floats
    own: Layout
    rest_own: Floats
    answers_a: Floats

    @classmethod
    def of(cls, panels: Panels, pred: Floats, own_b: Floats) -> _Data:
        a, b = layout(pred, panels.people_pred), layout(own_b, panels.people_b)
        x = layout(panels.own_a, panels.people_pred)
        own = layout(panels.own_a, panels.people_own_a)
        return cls(
            *(a, b, x),
            x_x=product(x.risks, x.risks),
            rest_x_x=product(x.rest, x.rest),
            rest_x_y=product(x.rest, a.rest),
            rest_y_y=product(a.rest, a.rest),
            rest_b_b=product(b.rest, b.rest),
            own=own,
            rest_own=product(own.rest, own.rest),
            answers_a=panels.answers_a,
        )

    def told(self, panels: Panels, pred: Floats, own_b: Floats) -> _Data:
        """The same with other answers of B and expectations of A."""
        a, b = layout(pred, panels.people_pred), layout(own_b, panels.people_b)
        return replace(
            self,
            pred=a,
            own_b=b,
            rest_x_y=product(self.x.rest, a.rest),
            rest_y_y=product(a.rest, a.rest),
            rest_b_b=product(b.rest, b.rest),
        )


@dataclass(frozen=True)
class _State:
    """The unknowns of all pairs; (K, 1), or (K, R) for risks, which sum to 0 over these."""

    truth: Floats  # T_r - Tbar
    accuracy: Floats  # t
    projection: Floats  # a
    overlap: Floats  # k
    truth_var: Floats  # s^2
    truth_aux: Floats
    eta: Floats
    xi: Floats
    eta_var: Floats
    e_var: Floats
    w_var: Floats
    bias: Floats  # b
    bias_var: Floats
    level_b: Floats  # Tbar
    u_square: Floats  # mean square between the people of A, of B
    v_square: Floats


def sample(
    panels: Panels, *, rng: np.random.Generator, chains: int, warmup: int, draws: int
) -> Draws:
    """Draw ``draws`` times in each of ``chains`` chains, after ``warmup`` sweeps left out."""
    panels = Panels(*(np.repeat(table, chains, axis=0) for table in vars(panels).values()))
    complete = _completer(panels, rng)
    data = complete(None)
    state = _start(data, rng)
    kept = Draws(
        *(np.empty((len(part), draws, *part.shape[1:])) for part in _told(state, data, rng))
    )
    for sweep in range(-warmup, draws):
        state = _sweep(state, data, rng)
        if sweep >= 0:
            for column, part in zip(kept, _told(state, data, rng), strict=True):
                column[:, sweep] = part
        data = complete(state)
    return Draws(*(column.reshape(-1, chains, *column.shape[1:]) for column in kept))


def _start(data: _Data, rng: np.random.Generator) -> _State:
    """A start spread wider than the posterior, so that chains which agree have forgotten it."""
    one = np.ones_like(data.pred.level)
    return _State(
        truth=data.own_b.risks + _contrasts(rng, data.own_b.risks) / 2,
        accuracy=0.5 + _normal(rng, one),
        projection=_normal(rng, one),
        overlap=_normal(rng, one),
        truth_var=one,
        truth_aux=one,
        eta=_contrasts(rng, data.own_b.risks),
        xi=_normal(rng, one),
        eta_var=one,
        e_var=one,
        w_var=one,
        bias=_normal(rng, one),
        bias_var=one,
        level_b=data.own_b.level + _normal(rng, one),
        u_square=one,
        v_square=one,
    )


def _sweep(state: _State, data: _Data, rng: np.random.Generator) -> _State:
    """One turn of the Gibbs sampler; slopes and truths are drawn before d, given none of it."""
    for step in (_truths, _slopes, _spread_of_truths, _residuals, _noise, _levels):
        state = step(state, data, rng)
    return state


def _truths(s: _State, data: _Data, rng: np.random.Generator) -> _State:
    own = data.own_b.people / s.w_var
    expected = 1 / _risk_var(s, data)
    precision = own + s.accuracy**2 * expected + 1 / s.truth_var
    told = own * data.own_b.risks + s.overlap * data.x.risks / s.truth_var
    told += s.accuracy * expected * (data.pred.risks - s.projection * data.x.risks)
    return replace(s, truth=told / precision + _contrasts(rng, told) / np.sqrt(precision))


def _slopes(s: _State, data: _Data, rng: np.random.Generator) -> _State:
    """Both slopes: a without t first, then t given a."""
    weight, prior = 1 / _risk_var(s, data), SLOPE_SCALE**-2
    x, pred = data.x, data.pred
    t_t = weight * product(s.truth, s.truth) + prior
    a_a = weight * data.x_x + data.rest_x_x / s.e_var + prior
    t_a = weight * product(s.truth, x.risks)
    t_y = weight * product(s.truth, pred.risks) + prior  # the prior mean of t is 1
    a_y = weight * product(x.risks, pred.risks) + data.rest_x_y / s.e_var
    precision = a_a - t_a**2 / t_t
    a = (a_y - t_a * t_y / t_t) / precision + _normal(rng, t_t) / np.sqrt(precision)
    t = (t_y - t_a * a) / t_t + _normal(rng, t_t) / np.sqrt(t_t)
    return replace(s, accuracy=t, projection=a)


def _spread_of_truths(s: _State, data: _Data, rng: np.random.Generator) -> _State:
    """k, and s by the inverse-gamma mixture that is half-Cauchy (Makalic and Schmidt 2016)."""
    precision = data.x_x / s.truth_var + 1
    mean = product(data.x.risks, s.truth) / s.truth_var / precision
    overlap = mean + _normal(rng, mean) / np.sqrt(precision)
    rest = s.truth - overlap * data.x.risks
    squares = product(rest, rest) / 2 + 1 / s.truth_aux
    truth_var = _inverse_gamma(rng, s.truth.shape[1] / 2, squares)
    truth_aux = _inverse_gamma(rng, 1.0, 1 / TRUTH_SCALE**2 + 1 / truth_var)
    return replace(s, overlap=overlap, truth_var=truth_var, truth_aux=truth_aux)


def _residuals(s: _State, data: _Data, rng: np.random.Generator) -> _State:
    """d_r = xi eta_r; tau = |xi| sd(eta)."""
    left = _left(s, data)
    weight = data.pred.people / s.e_var
    precision = s.xi**2 * weight + 1 / s.eta_var
    eta = s.xi * weight * left / precision + _contrasts(rng, left) / np.sqrt(precision)
    precision = weight * product(eta, eta) + RESIDUAL_SCALE**-2
    xi = weight * product(eta, left) / precision + _normal(rng, precision) / np.sqrt(precision)
    shape = (RESIDUAL_FREEDOM + left.shape[1] - 1) / 2
    eta_var = _inverse_gamma(rng, shape, (RESIDUAL_FREEDOM + product(eta, eta)) / 2)
    return replace(s, eta=eta, xi=xi, eta_var=eta_var)


def _noise(s: _State, data: _Data, rng: np.random.Generator) -> _State:
    """The variances of e and w."""
    own_b, freedom = data.own_b, s.truth.shape[1] - 1
    a, left = s.projection, _left(s, data) - s.xi * s.eta
    rest = data.rest_y_y - 2 * a * data.rest_x_y + a**2 * data.rest_x_x
    squares = np.maximum(rest, 0.0) + data.pred.people * product(left, left)
    e_var = _inverse_gamma(rng, data.pred.people * freedom / 2, squares / 2)
    left = own_b.risks - s.truth
    squares = data.rest_b_b + own_b.people * product(left, left)
    w_var = _inverse_gamma(rng, own_b.people * freedom / 2, squares / 2)
    return replace(s, e_var=e_var, w_var=w_var)


def _levels(s: _State, data: _Data, rng: np.random.Generator) -> _State:
    """Both levels, b and Tbar, and the mean squares between people.

    The matching prior is a mixture: 1 / variance for one panel, 1 / variance^2 for the other.
    """
    a, b, risks = data.pred, data.own_b, s.truth.shape[1]
    var_a, var_b = s.u_square / (a.people * risks), s.v_square / (b.people * risks)
    precision = 1 / (var_a + var_b) + 1 / s.bias_var
    mean = (a.level - b.level) / (var_a + var_b) / precision
    bias = mean + _normal(rng, mean) / np.sqrt(precision)
    precision = 1 / var_a + 1 / var_b
    mean = (b.level / var_b + (a.level - bias) / var_a) / precision
    level = mean + _normal(rng, mean) / np.sqrt(precision)
    heavy = BIAS_FREEDOM * BIAS_SCALE**2 + bias**2
    bias_var = _inverse_gamma(rng, (BIAS_FREEDOM + 1) / 2, heavy / 2)
    plain = rng.random(mean.shape) * (var_a + var_b) < var_a
    squares = a.between + a.people * risks * (a.level - bias - level) ** 2
    u_square = _inverse_gamma(rng, a.people / 2 + ~plain, squares / 2)
    squares = b.between + b.people * risks * (b.level - level) ** 2
    v_square = _inverse_gamma(rng, b.people / 2 + plain, squares / 2)
    return replace(
        s, bias=bias, level_b=level, bias_var=bias_var, u_square=u_square, v_square=v_square
    )


def _told(s: _State, data: _Data, rng: np.random.Generator) -> Draws:
    """What is kept of a state; A's own mean judgement carries its error into the gap."""
    own = data.own
    freedom = data.answers_a.sum(axis=1, keepdims=True) - own.people - s.truth.shape[1] + 1
    var = _inverse_gamma(rng, np.maximum(freedom, 1) / 2, data.rest_own / 2) / data.answers_a
    error = _normal(rng, own.risks) * np.sqrt(var)
    held = own.risks + error - error.mean(axis=1, keepdims=True)
    gap = s.bias + (s.accuracy - 1) * s.truth + s.projection * held + s.xi * s.eta
    slopes = s.accuracy[:, 0], s.projection[:, 0]
    return Draws(s.bias[:, 0], *slopes, s.level_b + s.truth, gap)


def _completer(panels: Panels, rng: np.random.Generator) -> Callable[[_State | None], _Data]:
    """What gives the data to a state: the same where no answer is missing, else with new draws."""
    gap_a = np.isnan(panels.pred) & panels.people_pred[:, :, None]
    gap_b = np.isnan(panels.own_b) & panels.people_b[:, :, None]
    pred, own_b = _risk_means(panels.pred, gap_a), _risk_means(panels.own_b, gap_b)
    first = _Data.of(panels, pred, own_b)
    if not gap_a.any() and not gap_b.any():
        return lambda _: first

    rows = first.x.risks[:, None] + first.x.rest

    def complete(s: _State | None) -> _Data:
        if s is None:
            return first
        mean = s.level_b + s.truth
        expected = mean + s.bias + (s.accuracy - 1) * s.truth + s.xi * s.eta
        table = expected[:, None] + s.projection[:, :, None] * rows
        pred = _drawn(panels.pred, gap_a, table, s.u_square, s.e_var, rng)
        own_b = _drawn(panels.own_b, gap_b, mean[:, None], s.v_square, s.w_var, rng)
        return first.told(panels, pred, own_b)

    return complete


def _risk_means(table: Floats, gap: Bools) -> Floats:
    """Gaps filled with the mean of their risk, to start from; no risk is without an answer."""
    known = np.isfinite(table)
    mean = np.where(known, table, 0.0).sum(axis=1, keepdims=True) / known.sum(axis=1, keepdims=True)
    return np.asarray(np.where(gap, mean, table))


def _drawn(
    table: Floats,
    gap: Bools,
    mean: Floats,
    square: Floats,
    var: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Gaps filled with draws: the mean of the cell, the person's effect, and noise."""
    noise, persons = var[:, :, None], np.maximum(square - var, 0.0)[:, :, None] / table.shape[2]
    left = np.where(np.isfinite(table), table - mean, 0.0).sum(axis=2, keepdims=True)
    given = np.isfinite(table).sum(axis=2, keepdims=True)
    share = persons / (noise + given * persons)
    effect = share * left + _normal(rng, left) * np.sqrt(share * noise)
    draws = mean + effect + _normal(rng, table) * np.sqrt(noise)
    return np.asarray(np.where(gap, draws, table))


def _risk_var(s: _State, data: _Data) -> Floats:
    """The variance of A's mean expectation of a risk about the line, d_r and people together."""
    return s.xi**2 * s.eta_var + s.e_var / data.pred.people


def _left(s: _State, data: _Data) -> Floats:
    return data.pred.risks - s.accuracy * s.truth - s.projection * data.x.risks


def _normal(rng: np.random.Generator, like: Floats) -> Floats:
    return rng.standard_normal(like.shape)


def _contrasts(rng: np.random.Generator, like: Floats) -> Floats:
    """Standard normal draws (K, R) less their mean over the risks."""
    draws = rng.standard_normal(like.shape)
    return np.asarray(draws - draws.mean(axis=1, keepdims=True))


def _inverse_gamma(rng: np.random.Generator, shape: float | Floats, scale: Floats) -> Floats:
    """Draws of 1 / x where x is gamma with this shape and the rate ``scale``."""
    return np.asarray((scale + _FLOOR) / rng.standard_gamma(shape, size=scale.shape))
