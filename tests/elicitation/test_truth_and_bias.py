"""Truth and bias against closed forms, integration, invariances and simulated truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from detente.elicitation import mirror_posterior
from detente.elicitation.compare import t_interval
from detente.elicitation.listing import listed_together, same_sign
from detente.elicitation.truth_and_bias import LEVEL, Mirror, mirror, mirrors
from detente.elicitation.two_way import filled, layout
from detente.ground.errors import UsageError


def panels(
    seed=1, n_a=8, n_b=8, risks=10, *, noise=1.0, b=0.5, t=0.7, a=0.3, d=None
) -> list[np.ndarray]:
    """Tables drawn from the model; ``noise`` scales people's deviations, which are 1."""
    rng = np.random.default_rng(seed)
    said = np.linspace(-4, 0, risks)
    held = rng.permutation(said) + 1
    own_a = held + rng.normal(0, 1, (n_a, risks))
    centred = said - said.mean()
    line = said.mean() + b + t * centred + (0 if d is None else d)
    x = own_a - own_a.mean(axis=1, keepdims=True)
    person = noise * rng.normal(0, 0.5, (n_a, 1))
    pred = line + a * x + person + noise * rng.normal(0, 0.85, (n_a, risks))
    person = noise * rng.normal(0, 0.5, (n_b, 1))
    return [own_a, pred, said + person + noise * rng.normal(0, 0.85, (n_b, risks))]


def look(tables, seed=7, draws=1600) -> Mirror:
    return mirror(*tables, rng=np.random.default_rng(seed), draws=draws)


def numbers(found) -> np.ndarray:
    """Every number of a mirror but its means."""
    spreads = [found.bias, found.accuracy, found.projection, *(cell.gap for cell in found.cells)]
    spreads += [found.against_own.score, found.against_level.score]
    told = [x for s in spreads for x in (s.low, s.mid, s.high)]
    return np.array(told + [cell.same_sign for cell in found.cells])


# --- against independent values ------------------------------------------------------------------


def test_huge_panels_agree_with_regression_on_known_truths():
    own_a, pred, own_b = panels(n_a=600, n_b=3000, risks=12)
    found = look((own_a, pred, own_b))
    said = np.linspace(-4, 0, 12)
    x = own_a - own_a.mean(axis=1, keepdims=True)
    columns = [np.ones(pred.size), np.tile(said - said.mean(), 600), x.ravel()]
    least_squares = np.linalg.lstsq(np.column_stack(columns), pred.ravel(), rcond=None)[0]
    level, t, a = least_squares
    assert found.bias.mid == pytest.approx(level - said.mean(), abs=0.03)
    assert found.accuracy.mid == pytest.approx(t, abs=0.03)
    assert found.projection.mid == pytest.approx(a, abs=0.02)
    gaps = pred.mean(axis=0) - own_b.mean(axis=0)
    assert [cell.gap.mid for cell in found.cells] == pytest.approx(gaps, abs=0.05)


def test_bias_agrees_with_numerical_integration():
    # Only the levels tell bias: two normal samples of people's means, with the matching prior.
    tables = panels(n_a=5, n_b=4, risks=6)
    _, pred, own_b = tables
    a, b = pred.mean(axis=1), own_b.mean(axis=1)

    def integrated(u, v) -> np.ndarray:
        """The density of (bias, U / R, V / R) on a grid of biases, Tbar integrated."""
        error = u / 5 + v / 4
        fit = np.exp(-((a.mean() - b.mean() - grid) ** 2) / (2 * error)) / np.sqrt(error)
        sums = u**-2 * np.exp(-a.var() * 5 / (2 * u)) * v**-1.5 * np.exp(-b.var() * 4 / (2 * v))
        return fit * sums * error / (u * v) ** 2

    grid = np.linspace(-4, 5, 301)
    logs = np.linspace(-5, 5, 50)
    density = sum(integrated(np.exp(p), np.exp(q)) * np.exp(p + q) for p in logs for q in logs)
    prior = stats.t.pdf(grid, mirror_posterior.BIAS_FREEDOM, scale=mirror_posterior.BIAS_SCALE)
    mass = integrate.cumulative_trapezoid(density * prior, grid, initial=0)
    expected = np.interp([0.05, 0.5, 0.95], mass / mass[-1], grid)
    found = look(tables, draws=8000).bias
    assert [found.low, found.mid, found.high] == pytest.approx(expected, abs=0.05)


def test_projection_without_noise_is_exact():
    own_a, pred, own_b = panels(noise=1e-3)
    found = look((own_a, pred, own_b))
    assert found.projection.mid == pytest.approx(0.3, abs=1e-3)
    assert found.accuracy.mid == pytest.approx(0.7, abs=2e-3)
    assert found.bias.mid == pytest.approx(0.5, abs=2e-3)


def test_means_are_told_with_the_interval_of_one_risk():
    own_a, pred, own_b = panels()
    pred[2, 3] = np.nan
    cell = look((own_a, pred, own_b)).cells[3]
    assert cell.expected == t_interval(np.delete(pred[:, 3], 2))
    assert cell.said == t_interval(own_b[:, 3])


def test_truths_carry_their_error():
    # With few people in B the same expectations tell less of accuracy.
    few, many = (look(panels(n_b=n, seed=3)).accuracy for n in (3, 300))
    assert few.high - few.low > 1.3 * (many.high - many.low)


# --- convergence ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "risks"), [(3, 3), (5, 10), (12, 15)])
def test_chains_agree(people, risks):
    tables = [panels(seed, people, people, risks) for seed in range(12)]
    found = mirrors(tables, rng=np.random.default_rng(2))
    assert max(m.worst_r_hat for m in found) < 1.1


def test_other_draws_tell_the_same():
    one, two = (numbers(look(panels(), seed=seed, draws=4000)) for seed in (1, 2))
    assert one == pytest.approx(two, abs=0.12)


# --- invariances ---------------------------------------------------------------------------------


def test_the_order_of_people_and_the_level_of_the_scale_change_nothing():
    own_a, pred, own_b = panels()
    expected = numbers(look((own_a, pred, own_b)))
    order, order_b = np.random.default_rng(0).permutation(8), slice(None, None, -1)
    assert numbers(look((own_a[order], pred[order], own_b[order_b]))) == pytest.approx(expected)
    assert numbers(look((own_a + 3, pred + 3, own_b + 3))) == pytest.approx(expected)


def test_a_shift_of_expectations_alone_shifts_bias_and_every_gap():
    own_a, pred, own_b = panels(n_a=200, n_b=200)
    one, two = look((own_a, pred, own_b)), look((own_a, pred + 0.5, own_b))
    assert two.bias.mid - one.bias.mid == pytest.approx(0.5, abs=0.01)
    gaps = [
        after.gap.mid - before.gap.mid for before, after in zip(one.cells, two.cells, strict=True)
    ]
    assert gaps == pytest.approx([0.5] * 10, abs=0.02)
    assert two.accuracy.mid == pytest.approx(one.accuracy.mid, abs=0.02)


def test_the_other_end_of_the_scale_turns_every_sign():
    own_a, pred, own_b = panels()
    one, two = look((own_a, pred, own_b)), look((-own_a, -pred, -own_b), seed=8)
    assert two.bias.mid == pytest.approx(-one.bias.mid, abs=0.05)
    assert two.accuracy.mid == pytest.approx(one.accuracy.mid, abs=0.05)
    turned = [-cell.gap.mid for cell in two.cells]
    assert turned == pytest.approx([cell.gap.mid for cell in one.cells], abs=0.1)


def test_the_order_of_risks_changes_only_the_draws():
    own_a, pred, own_b = panels()
    order = np.random.default_rng(0).permutation(10)
    one, two = look((own_a, pred, own_b)), look((own_a[:, order], pred[:, order], own_b[:, order]))
    moved = [two.cells[place].gap.mid for place in np.argsort(order)]
    assert moved == pytest.approx([cell.gap.mid for cell in one.cells], abs=0.1)
    assert [two.cells[place].said for place in np.argsort(order)] == [c.said for c in one.cells]


def test_the_same_chance_tells_the_same_and_company_changes_only_the_draws():
    tables = [panels(1), panels(2, 5, 12, 6), panels(3, 3, 4)]
    found = mirrors(tables, rng=np.random.default_rng(5))
    assert found == mirrors(tables, rng=np.random.default_rng(5))
    assert [len(m.cells) for m in found] == [10, 6, 10]
    for together, alone in zip(found, map(look, tables), strict=True):
        assert together.bias.mid == pytest.approx(alone.bias.mid, abs=0.08)
        assert together.projection.mid == pytest.approx(alone.projection.mid, abs=0.05)


# --- gaps in the tables --------------------------------------------------------------------------


def test_people_without_any_answer_change_nothing():
    own_a, pred, own_b = panels()
    nobody = np.full((1, 10), np.nan)
    wider = [np.vstack([table, nobody]) for table in (own_a, pred, own_b)]
    assert look(wider) == look((own_a, pred, own_b))


def test_missing_answers_widen_and_do_not_move():
    full = panels(seed=2, n_a=40, n_b=40, noise=0.5)
    rng = np.random.default_rng(4)
    holed = [np.where(rng.random(table.shape) < 0.2, np.nan, table) for table in full]
    whole, told = look(full), look(holed)
    assert told.accuracy.mid == pytest.approx(0.7, abs=0.08)
    assert told.projection.mid == pytest.approx(0.3, abs=0.06)
    assert told.bias.mid == pytest.approx(whole.bias.mid, abs=0.06)
    width = [np.mean([c.gap.high - c.gap.low for c in m.cells]) for m in (whole, told)]
    assert width[0] < width[1] < 1.4 * width[0]


def test_a_person_who_skipped_the_likely_risks_moves_no_level():
    full = panels(seed=6, n_a=6, n_b=6, noise=0.1)
    holed = [table.copy() for table in full]
    holed[2][0, 6:] = np.nan
    holed[1][1, :4] = np.nan
    assert look(holed).bias.mid == pytest.approx(look(full).bias.mid, abs=0.06)


def test_all_say_the_same():
    same = np.zeros((4, 5))
    found = look((same, same, same))
    assert np.isfinite(numbers(found)).all()
    assert found.bias.mid == pytest.approx(0, abs=0.01)
    assert found.findings == ()


# --- skill, listing, findings --------------------------------------------------------------------


def test_those_who_expect_their_own_view_have_no_skill_and_no_finding():
    own_a, _, own_b = panels(seed=5, noise=0.3)
    found = look((own_a, own_a, own_b))
    assert found.against_own.positive == 0
    assert found.against_own.score.mid == pytest.approx(0, abs=1e-12)
    assert any(cell.listed for cell in found.cells)
    assert not found.informed
    assert found.findings == ()


def test_those_who_expect_what_is_said_have_skill():
    found = look(panels(noise=0.3, b=0.0, t=1.0, a=0.0))
    assert found.against_own.positive > 0.99
    assert found.against_level.score.low > 0.8
    assert found.informed


def test_skill_carries_the_error_of_the_other_panel():
    own_a, pred, own_b = panels(n_b=3000)
    found, said = look((own_a, pred, own_b)).against_level, np.linspace(-4, 0, 10)
    errors = ((pred.mean(axis=0) - said) ** 2).mean(), ((pred.mean() - said) ** 2).mean()
    assert found.score.mid == pytest.approx(1 - errors[0] / errors[1], abs=0.02)
    few = look(panels(n_b=4)).against_level.score
    assert few.high - few.low > 3 * (found.score.high - found.score.low)


def test_two_gaps_are_listed_and_no_more():
    d = np.array([2.5, -2.5] + [0.0] * 8)
    found = look(panels(12, 12, 12, b=0.0, t=1.0, a=0.0, d=d))
    assert found.findings == (0, 1)
    assert [np.sign(found.cells[r].gap.mid) for r in (0, 1)] == [1, -1]
    assert all(found.cells[r].same_sign >= LEVEL for r in (0, 1))


def test_listing_takes_the_surest_while_all_are_right_together():
    draws = np.ones((1, 1000, 4))
    draws[0, :8, 0] = -1  # each wrong in other draws: .992 alone, .986 together
    draws[0, 8:14, 1] = -1
    draws[0, :, 2] *= -1
    draws[0, :400, 3] = -1
    assert same_sign(draws)[0] == pytest.approx([0.992, 0.994, 1.0, 0.6])
    assert listed_together(draws, 0.99)[0].tolist() == [False, True, True, False]
    assert listed_together(draws, 0.986)[0].tolist() == [True, True, True, False]


# --- two-way layouts -----------------------------------------------------------------------------


def test_a_layout_holds_all_of_a_table():
    table = np.random.default_rng(1).normal(size=(5, 4))
    padded = np.vstack([table, np.full((2, 4), np.nan)])[None]
    found = layout(padded, np.array([[True] * 5 + [False] * 2]))
    total = 5 * (found.risks**2).sum() + found.between.sum() + (found.rest**2).sum()
    assert total == pytest.approx(((table - table.mean()) ** 2).sum())
    assert found.level[0, 0] == pytest.approx(table.mean())
    assert found.risks[0] == pytest.approx(table.mean(axis=0) - table.mean())


def test_gaps_are_filled_by_person_and_risk():
    person, risk = np.array([0.5, -1.0, 2.0, 0.0]), np.array([1.0, 0.0, -3.0])
    table = person[:, None] + risk
    holed = table.copy()
    holed[0, 0] = holed[2, 1] = holed[2, 2] = np.nan
    assert filled(holed) == pytest.approx(table)


# --- what cannot be asked ------------------------------------------------------------------------


def spoilt(which, value) -> list[np.ndarray]:
    tables = panels()
    tables[which] = value(tables[which])
    return tables


@pytest.mark.parametrize(
    "tables",
    [
        spoilt(0, lambda t: t[:-1]),
        spoilt(2, lambda t: t[:, :-1]),
        spoilt(1, lambda t: t[0]),
        spoilt(2, lambda t: t[0]),
        spoilt(2, lambda t: np.where(t == t[0, 0], np.inf, t)),
        spoilt(1, lambda t: np.where(np.arange(8)[:, None] > 0, np.nan, t)),
        [table[:, :2] for table in panels()],
    ],
)
def test_tables_that_do_not_serve(tables):
    with pytest.raises(UsageError):
        look(tables)


def test_too_few_draws():
    with pytest.raises(UsageError, match="at least 80"):
        look(panels(), draws=79)
