"""What a panel expects another to say, against what the other says: truth and bias.

A mirror perception is judged by the truth-and-bias model, for each ordered pair of panels, over R
risks on log-odds:

    pred_ir = Tbar + b + t (T_r - Tbar) + a (own_ir - own_i.) + u_i + d_r + e_ir

where T_r is what panel B holds of risk r on average, known only with error from what its people
said, Tbar its mean over the risks, and u_i, d_r, e_ir people, risks and noise. Three numbers tell a
panel, and the choice of centres is what gives each its meaning with five people:

* bias b is 0 when the panel's mean expectation equals the other's mean over these risks: d_r and
  the own judgements sum to 0 over the risks, so that b is the mean gap, whatever A itself holds;
* accuracy t is 1 when expectations spread over the risks as the other's answers do, and 0 when
  they are the same wherever the other stands;
* projection a is how much of a person's own departure from their own mean returns in what they
  expect. Own judgements stand about the person's own mean, since five people cannot tell
  projection from a person who puts everything high: that goes to u_i.

How the posterior is drawn, and its priors: `detente.elicitation.mirror_posterior`.

Listing. A gap is listed only while the signs of all listed gaps of the pair, surest first, are all
right with a posterior probability of at least .993; so each has P(same sign) >= .993, above the
customary .95. The level was chosen by simulation so that, where nobody errs, at least 95 % of
panels have no listed gap at all. With this model a joint .95 would list in 15 to 20 % of them, as
its priors are wide, so that intervals hold what they promise. With people's sd of 1 logit, and gaps
in 2 of 10 risks, a true gap is listed so often (300 simulated pairs each, +- 3 %):

    people a side    1.0 logit    1.5 logits    2.0 logits
          5              3 %          10 %          36 %
          8              8 %          35 %          75 %
         12             21 %          67 %          96 %

So few people cannot tell a gap of one logit in one risk: that no gap is listed tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.elicitation.compare import t_interval
from detente.elicitation.listing import listed_together, same_sign
from detente.elicitation.mirror_posterior import Draws, Panels, sample
from detente.elicitation.results import Spread
from detente.elicitation.two_way import Bools, Floats, filled
from detente.ground.errors import UsageError

LEVEL = 0.993  # least joint probability that all listed signs are right
LEAST_SKILL = 0.2  # probability of skill below which, against both references, nothing is found
CHAINS = 8
WARMUP = 100
FEWEST_RISKS = 3
FEWEST_PEOPLE = 2
_AT_ONCE = 50  # pairs drawn in one batch: bounds memory
_QUANTILES = (0.05, 0.5, 0.95)

Tables = tuple[ArrayLike, ArrayLike, ArrayLike]


@dataclass(frozen=True)
class MirrorCell:
    """One risk: what A expected on average, what B said on average, and how far they part.

    ``expected`` and ``said`` are means with t intervals of this risk alone; ``gap`` is expected
    less said by the model, which pools the risks partially. ``same_sign`` is the probability that
    the true gap has the sign of the likelier side.
    """

    expected: Spread
    said: Spread
    gap: Spread
    same_sign: float
    listed: bool


@dataclass(frozen=True)
class Skill:
    """1 - MSE / MSE of a reference, and the probability that it is above 0.

    The mean squared error over the risks of the panel's mean expectation as given, about T_r as the
    posterior has it: the other panel's error is carried, the panel's own is part of its forecast.
    """

    score: Spread
    positive: float


@dataclass(frozen=True)
class Mirror:
    """An ordered pair of panels: bias, accuracy, projection, each risk, and skill.

    ``against_own`` takes as reference that the others think as we do: A's mean own judgement of
    each risk. ``against_level`` takes A's mean expectation over all risks for every one of them.
    ``worst_r_hat`` is the largest split R-hat of the chains; about 1 where they agree.
    """

    bias: Spread
    accuracy: Spread
    projection: Spread
    cells: tuple[MirrorCell, ...]
    against_own: Skill
    against_level: Skill
    worst_r_hat: float

    @property
    def informed(self) -> bool:
        """Whether skill against at least one of the two references has a probability >= .2."""
        return max(self.against_own.positive, self.against_level.positive) >= LEAST_SKILL

    @property
    def findings(self) -> tuple[int, ...]:
        """The numbers of the listed risks; none without skill.

        Expectations that tell less than supposing that the others think as we do, and no more than
        one level for all risks, differ from what was said nearly anywhere: the lack of skill is
        then what there is to tell, and no single risk. No gap listed is never a finding.
        """
        if not self.informed:
            return ()
        return tuple(risk for risk, cell in enumerate(self.cells) if cell.listed)


def mirror(
    own_a: ArrayLike,
    pred: ArrayLike,
    own_b: ArrayLike,
    *,
    rng: np.random.Generator,
    draws: int = 1600,
) -> Mirror:
    """How panel A's expectations of panel B stand to what B said.

    Parameters
    ----------
    own_a, pred
        What each of A's people holds, and expects B's people to say, of each risk: log-odds, shape
        (n_A, R), nan where there is no answer.
    own_b
        What B's people said, shape (n_B, R), nan likewise.
    rng
        Where the posterior's draws come from.
    draws
        How many draws to keep, over all chains.

    Returns
    -------
    The medians with central 90 % intervals, in logits; skill and slopes without unit.

    Raises
    ------
    UsageError
        Where the tables do not fit each other, there are fewer than three risks, fewer than two
        people answered a question, a number is infinite, or fewer than 80 draws are wanted.

    References
    ----------
    West and Kenny (2011), "The truth and bias model of judgment", Psychological Review
    118(2):357-378.

    """
    return mirrors([(own_a, pred, own_b)], rng=rng, draws=draws)[0]


def mirrors(
    pairs: Sequence[Tables], *, rng: np.random.Generator, draws: int = 1600
) -> tuple[Mirror, ...]:
    """`mirror` for many (own_a, pred, own_b) at once, in the order given; their sizes may differ.

    Pairs are drawn side by side, which is much faster than one after another. Each has draws of its
    own, so that the same pair gets slightly other numbers in other company. Errors as in `mirror`.
    """
    if draws < 10 * CHAINS:
        raise UsageError(f"{draws} draws: at least {10 * CHAINS} are needed.")
    checked = [_checked(pair) for pair in pairs]
    found: dict[int, Mirror] = {}
    for risks in sorted({pair[1].shape[1] for pair in checked}):
        places = [i for i, pair in enumerate(checked) if pair[1].shape[1] == risks]
        for first in range(0, len(places), _AT_ONCE):
            batch = places[first : first + _AT_ONCE]
            told = _mirrors([checked[i] for i in batch], rng, -(-draws // CHAINS))
            found.update(zip(batch, told, strict=True))
    return tuple(found[i] for i in range(len(checked)))


_Checked = tuple[Floats, Floats, Floats]


def _checked(pair: Tables) -> _Checked:
    """The tables as numbers, without people who answered nothing."""
    own_a, pred, own_b = (np.asarray(table, dtype=np.float64) for table in pair)
    if {own_a.ndim, own_b.ndim} != {2} or own_a.shape != pred.shape:
        raise UsageError("Own judgements and expectations are tables (people, risks) of one shape.")
    if own_b.shape[1] != own_a.shape[1] or own_a.shape[1] < FEWEST_RISKS:
        raise UsageError(f"Both panels need the same risks, and at least {FEWEST_RISKS}.")
    for table in (own_a, pred, own_b):
        if np.isinf(table).any():
            raise UsageError("A log-odds is infinite: a chance of 0 or 1 has none.")
        if np.isfinite(table).sum(axis=0).min() < FEWEST_PEOPLE:
            raise UsageError(f"Each risk needs {FEWEST_PEOPLE} answers to each of the questions.")
    heard = np.isfinite(own_a).any(axis=1) | np.isfinite(pred).any(axis=1)
    return own_a[heard], pred[heard], own_b[np.isfinite(own_b).any(axis=1)]


def _mirrors(pairs: Sequence[_Checked], rng: np.random.Generator, draws: int) -> list[Mirror]:
    found = sample(_panels(pairs), rng=rng, chains=CHAINS, warmup=WARMUP, draws=draws)
    r_hat = _worst_r_hat(found)
    pooled = Draws(*(part.reshape(len(part), -1, *part.shape[3:]) for part in found))
    spreads = [np.quantile(part, _QUANTILES, axis=1) for part in pooled]
    sure, listed = same_sign(pooled.gap), listed_together(pooled.gap, LEVEL)
    return [
        Mirror(
            bias=_spread(spreads[0][:, k]),
            accuracy=_spread(spreads[1][:, k]),
            projection=_spread(spreads[2][:, k]),
            cells=_cells(pair, spreads[4][:, k], sure[k], listed[k]),
            against_own=_skill(pair, filled(pair[0]).mean(axis=0), pooled.truth[k]),
            against_level=_skill(pair, filled(pair[1]).mean(), pooled.truth[k]),
            worst_r_hat=float(r_hat[k]),
        )
        for k, pair in enumerate(pairs)
    ]


def _panels(pairs: Sequence[_Checked]) -> Panels:
    own_a, pred, own_b = zip(*pairs, strict=True)
    return Panels(
        own_a=np.nan_to_num(_stack([filled(table) for table in own_a])),
        pred=_stack(pred),
        own_b=_stack(own_b),
        people_own_a=_people(own_a),
        people_pred=_people(pred),
        people_b=_people(own_b),
        answers_a=np.array([np.isfinite(table).sum(axis=0) for table in own_a], dtype=np.float64),
    )


def _stack(tables: Sequence[Floats]) -> Floats:
    """Tables (n, R) as one (K, most n, R), filled up with rows of nan."""
    most = max(len(table) for table in tables)
    rows = [((0, most - len(table)), (0, 0)) for table in tables]
    padded = [np.pad(t, r, constant_values=np.nan) for t, r in zip(tables, rows, strict=True)]
    return np.stack(padded)


def _people(tables: Sequence[Floats]) -> Bools:
    """Who of each table answered anything in it."""
    return np.asarray(np.isfinite(_stack(tables)).any(axis=2))


def _cells(pair: _Checked, gap: Floats, sure: Floats, listed: Bools) -> tuple[MirrorCell, ...]:
    _, pred, own_b = pair
    return tuple(
        MirrorCell(
            expected=t_interval(pred[np.isfinite(pred[:, r]), r]),
            said=t_interval(own_b[np.isfinite(own_b[:, r]), r]),
            gap=_spread(gap[:, r]),
            same_sign=float(sure[r]),
            listed=bool(listed[r]),
        )
        for r in range(pred.shape[1])
    )


def _skill(pair: _Checked, reference: ArrayLike, truth: Floats) -> Skill:
    expected = filled(pair[1]).mean(axis=0)
    errors = ((expected - truth) ** 2).mean(axis=1)
    score = 1 - errors / ((np.asarray(reference) - truth) ** 2).mean(axis=1)
    return Skill(_spread(np.quantile(score, _QUANTILES)), float((score > 0).mean()))


def _spread(quantiles: Floats) -> Spread:
    low, mid, high = (float(value) for value in quantiles)
    return Spread(low, mid, high)


def _worst_r_hat(draws: Draws) -> Floats:
    """The largest split R-hat of b, t, a and the gaps, for each pair.

    References
    ----------
    Gelman et al. (2013), "Bayesian Data Analysis", 3rd edition, section 11.4.

    """
    three = np.stack([draws.bias, draws.accuracy, draws.projection], axis=3)
    every = np.concatenate([three, draws.gap], axis=3)
    half = every.shape[2] // 2
    chains = np.concatenate([every[:, :, :half], every[:, :, half : 2 * half]], axis=1)
    within = chains.var(axis=2, ddof=1).mean(axis=1)
    between = chains.mean(axis=2).var(axis=1, ddof=1)
    return np.asarray(np.sqrt((half - 1) / half + between / within).max(axis=1))
