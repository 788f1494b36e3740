"""What could be agreed as a whole: the package, the path, and what would turn it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from detente.assessment.bargain.results import (
    Bargain,
    Misreport,
    Pivot,
    Sequence,
    Settlement,
)
from detente.assessment.results import Ground
from detente.report.charts import picture
from detente.report.document import Chart, Link, Note
from detente.report.pages.decisions import MOST_CHOICES, page_two
from detente.report.pages.package_shares import best_for_each
from detente.report.pages.packages import (
    HELD,
    NOT_HELD,
    package_lines,
    package_sentence,
    packages_page,
)


@pytest.fixture
def page(training, assessed, names):
    """The page where the bargaining found something else in some fields."""

    def made(**changes):
        found = replace(assessed.bargaining, **changes)
        return packages_page(training, replace(assessed, bargaining=found), names)

    return made


@pytest.fixture
def recommended(assessed):
    return assessed.bargaining.packages[0]


def with_first(assessed, **changes):
    first, *others = assessed.bargaining.packages
    return (replace(first, **changes), *others)


def cells(frames):
    return [cell for frame in frames.values() for row in frame.rows for cell in row]


# --- the package ----------------------------------------------------------------------------------


def test_where_nobody_was_asked_there_is_no_page(training, assessed, names):
    nobody = replace(assessed, bargaining=None)
    assert packages_page(training, nobody, names) == []
    assert package_lines(nobody, names) == []


def test_the_lead_names_the_package_and_who_gains(page, words_of, recommended):
    said = words_of(page()).splitlines()[0]
    assert said.startswith("By what their people say, both sides gain from ")
    assert all(measure in said for measure in recommended.package)


def test_the_rule_is_told_without_a_formula(page, words_of):
    said = words_of(page())
    assert "each side weighs the same" in said
    assert "at least 90 % of the samples" in said


def test_a_side_left_out_is_named(assessed, names):
    packages = with_first(assessed, left_out=("lowland",))
    said = package_sentence(replace(assessed.bargaining, packages=packages), names)
    assert said.endswith("These cannot gain, and lose nothing: Lowland.")
    assert "bring a gain to: Highland." in said
    assert "both sides" not in said.lower()


def test_a_side_gets_the_most_that_it_could_by_its_own_best_package(page, frames_of):
    frame = frames_of(page())["package-rules"]
    keys = [column.key for column in frame.columns]
    for side, rule in (("highland", "best for Highland"), ("lowland", "best for Lowland")):
        place = keys.index(f"share_{side}")
        (best,) = [row for row in frame.rows if str(row[1]).startswith(rule)]
        assert best[place] == pytest.approx(100)
        assert all(row[place] <= 100 + 1e-6 for row in frame.rows)


def test_signs_stand_for_the_packages(page, frames_of, assessed):
    frame = frames_of(page())["package-measures"]
    keys = [column.key for column in frame.columns]
    for one in assessed.bargaining.packages[:3]:
        place = keys.index(one.solution)
        held = [str(row[0]).split()[0] for row in frame.rows if row[place] == HELD]
        assert tuple(held) == one.package
    assert {row[1] for row in frame.rows} <= {HELD, NOT_HELD}


def test_the_package_at_even_weights_stands_once(page, frames_of):
    keys = [column.key for column in frames_of(page())["package-measures"].columns]
    assert keys[-5:] == ["highland_at_33", "highland_at_67", "core", "ground", "red_lines"]


def test_the_class_of_the_core_index_is_in_words(page, frames_of, assessed):
    words = {"core": "in all", "borderline": "in some", "exterior": "in none"}
    rows = frames_of(page())["package-measures"].rows
    said = {str(row[0]).split()[0]: row[-3] for row in rows}
    assert said == {one.measure: words[one.kind] for one in assessed.bargaining.core.indices}


def test_sampled_packages_are_told(page, words_of, assessed):
    core = replace(assessed.bargaining.core, method="sampled")
    assert "were sampled, not all counted" in words_of(page(core=core))
    assert "were sampled" not in words_of(page())


def test_red_lines_name_the_side(page, frames_of):
    rows = frames_of(page(red_lines=(("lowland", "M06"),)))["package-measures"].rows
    assert {str(row[0])[:3]: row[-1] for row in rows if row[-1] != "none"} == {"M06": "Lowland"}


def test_what_is_not_proven_is_told(page, frames_of, assessed):
    blocks = page(packages=with_first(assessed, status="gap-left"))
    assert [row[-1] for row in frames_of(blocks)["package-rules"].rows][:2] == ["no", "yes"]


def test_what_could_not_be_chosen_is_told_with_the_reason(page, words_of, assessed):
    assert "Not in the choice: M08 (overtaken); M11 (expired)." in words_of(page())
    fewer = tuple(name for name in assessed.bargaining.measures if name != "M01")
    assert "M01 (not told of every side)" in words_of(page(measures=fewer))


def test_parties_that_lose_by_a_single_measure_are_named(page, words_of):
    said = words_of(page())
    assert "Aldren (M09)" in said
    assert "Corvane (M06)" in said


def test_parties_whose_tables_are_not_released_are_not_named_as_losing(page, words_of):
    losing = next(line for line in words_of(page()).splitlines() if "surely lose" in line)
    assert "Brelis" not in losing


def test_an_infeasible_choice_is_told_with_its_conflict(page, assessed):
    conflict = ("red lines of lowland", "required", "scenarios of highland", "gain of lowland")
    packages = (Bargain("nash", "infeasible", conflict=conflict), *assessed.bargaining.packages[1:])
    blocks = page(packages=packages, path=None)
    (note,) = [block for block in blocks if isinstance(block, Note)]
    assert note.content[0][0] == (
        "These cannot hold together: red lines of Lowland, required measures, no loss for "
        "Highland in enough samples and no loss for Lowland."
    )


def test_where_nobody_can_gain_nothing_is_recommended(page, assessed, names, words_of):
    packages = with_first(assessed, package=(), gains=(), left_out=("highland", "lowland"))
    blocks = page(packages=packages, path=None, misreports=(), pivots=(), settlements=())
    (note,) = [block for block in blocks if isinstance(block, Note)]
    assert note.content[0][0].startswith("No measures together bring any side a gain")
    found = replace(assessed, bargaining=replace(assessed.bargaining, packages=packages))
    assert package_lines(found, names) == []


def test_a_side_that_can_gain_nothing_has_no_share(page, frames_of, assessed):
    none = tuple(
        replace(one, gains=(("highland", 1.0), ("lowland", 0.0)))
        for one in assessed.bargaining.packages
    )
    frames = frames_of(page(packages=none))
    assert {row[-2] for row in frames["package-rules"].rows} == {None}
    assert {row[1] for row in frames["package-gains"].rows} == {"Highland"}


def test_no_cell_is_a_number_that_is_none(page, frames_of):
    numbers = [cell for cell in cells(frames_of(page())) if isinstance(cell, float)]
    assert numbers
    assert all(math.isfinite(number) for number in numbers)


# --- page 2 ---------------------------------------------------------------------------------------


def test_page_two_says_it_under_the_steps(training, assessed, recommended, names):
    shown = [choice.measure for choice in assessed.choices[:MOST_CHOICES]]
    (line,) = package_lines(assessed, names, shown)
    assert line in page_two(training, assessed, names)
    assert Link("the whole package", "#agreement") in line.content
    found = assessed.bargaining
    core = [one.measure for one in found.core.indices if one.kind == "core"]
    held = [one for one in recommended.package if one in core]
    assert f"In every defensible package: {names.phrases.list(held)}." in line.content[0]


def test_page_two_says_what_each_side_gets(assessed, recommended, names):
    (line,) = package_lines(assessed, names)
    gains = dict(recommended.gains)
    best = best_for_each(assessed.bargaining)
    most = {party: dict(one.gains)[party] for party, one in best.items()}
    told = ", ".join(f"{names.group(one)} {100 * gains[one] / most[one]:.0f}%" for one in gains)
    assert line.content[0].endswith(f"each side gets: {told}.")
    for measure in recommended.package:
        assert names.measure(measure) in line.content[0]


# --- the path -------------------------------------------------------------------------------------


def test_every_measure_of_the_package_begins_once(page, frames_of, recommended):
    rows = frames_of(page())["package-steps"].rows
    assert sorted(str(row[1]).split()[0] for row in rows) == sorted(recommended.package)


def test_steps_in_which_nothing_begins_are_not_told(page, frames_of, assessed):
    empty = [one.number for one in assessed.bargaining.path.steps if not one.begins]
    told = {row[0] for row in frames_of(page())["package-off-ramps"].rows}
    assert told
    assert not told & set(empty)


def test_a_measure_has_its_deciders_and_months(page, frames_of, training, names):
    rows = {str(row[1]): row for row in frames_of(page())["package-steps"].rows}
    measure = next(one for one in training.measures if one.id == "M02")
    assert rows[names.measure("M02")][2:] == (
        "Highland: ministries of defence; Lowland: ministries of defence",
        measure.step.months,
    )


def test_where_the_case_tells_no_step_no_months_are_told(training, assessed, names, frames_of):
    bare = tuple(replace_step(one) for one in training.measures)
    file = training.measures_file.model_copy(update={"measures": bare})
    case = replace(training, measures_file=file)
    rows = frames_of(packages_page(case, assessed, names))["package-steps"].rows
    assert {row[2:] for row in rows} == {("not found", None)}


def replace_step(measure):
    return measure.model_copy(update={"step": None, "decided_by": ()})


def test_if_every_step_leaves_a_gain_it_is_said_once(page, words_of):
    assert words_of(page()).count("After every step each side gains") == 1


def test_a_step_that_leaves_a_side_without_a_gain_is_named(page, words_of, assessed):
    first, *others = assessed.bargaining.path.steps
    ramp = replace(first.off_ramp, gains=(("highland", 0.0), ("lowland", 3.0)))
    path = replace(assessed.bargaining.path, steps=(replace(first, off_ramp=ramp), *others))
    said = words_of(page(path=path))
    assert "some side has no gain yet after step 1." in said
    assert "After every step each side gains" not in said


@pytest.mark.parametrize(
    ("balance", "ahead"), [(2.5, "Lowland"), (-2.5, "Highland"), (0.001, "none")]
)
def test_who_has_received_more_reassurance(page, frames_of, assessed, balance, ahead):
    first, *others = assessed.bargaining.path.steps
    step = replace(first, off_ramp=replace(first.off_ramp, balance=balance))
    path = replace(assessed.bargaining.path, steps=(step, *others))
    row = frames_of(page(path=path))["package-off-ramps"].rows[0]
    assert row[-3:-1] == (ahead, abs(balance))


def test_no_order_of_steps_is_told_with_its_conflict(page):
    path = Sequence("infeasible", conflict=("balance", "walking away of highland"))
    (note,) = [block for block in page(path=path) if isinstance(block, Note)]
    assert note.content[0][0] == (
        "These cannot hold together: the balance between the sides and no step from which "
        "Highland walks away."
    )


def test_the_picture_of_the_path_can_be_drawn(page):
    (chart,) = [block for block in page() if isinstance(block, Chart)]
    assert picture(chart).startswith("<svg")


# --- what would change it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (-3.66, "about 4 points less for M10 "),
        (0.2, "about 1 point more for M10 "),
        (-1.2, "about 1 point less for M10 "),
        (12.4, "about 12 points more for M10 "),
    ],
)
def test_a_small_change_of_one_statement(page, words_of, recommended, change, words):
    package = tuple(name for name in recommended.package if name != "M10")
    one = Misreport("highland", "M10", change / 2, change, package)
    said = words_of(page(misreports=(one,)))
    assert f"If the people of Highland had said {words}" in said
    assert "the package would be another: without M10." in said


def test_sides_that_no_single_statement_turns_are_named(page, words_of, recommended):
    end = Misreport("lowland", "M12", 300.0, None, recommended.package)
    said = words_of(page(misreports=(end,)))
    assert "by these sides would change the package: Highland and Lowland." in said


def test_views_put_in_place_of_others(page, words_of):
    pivots = (
        Pivot("highland", "lowland", changes=False, joins=(), leaves=()),
        Pivot("lowland", "highland", changes=True, joins=("M06",), leaves=("M05", "M09")),
    )
    said = words_of(page(pivots=pivots))
    assert "With the gains of Lowland in place of those of Highland: the same package." in said
    assert "those of Lowland: with M06, without M05 and M09." in said


def test_only_agreements_that_matter_are_told_and_at_most_three(page, words_of):
    settled = [Settlement(f"M{n:02}", 0.2, True, (), (f"M{n:02}",), 0.1) for n in range(1, 6)]
    quiet = Settlement("M10", 0.4, False, (), (), 0.0)
    said = words_of(page(settlements=(*settled, quiet)))
    assert said.count("With agreement midway") == 3
    assert "without M01." in said
    assert "M10 Each" not in said.split("honest error")[1]


def test_where_no_agreement_matters_it_is_said_once(page, words_of):
    quiet = Settlement("M10", 0.4, False, (), (), None)
    said = words_of(page(settlements=(quiet, quiet)))
    assert said.count("would change nothing.") == 1


def test_the_class_of_common_ground_stands_beside(training, assessed, names, frames_of):
    ground = (Ground("M12", "red-line", "answers", None, None, ()),)
    blocks = packages_page(training, replace(assessed, ground=ground), names)
    rows = frames_of(blocks)["package-measures"].rows
    assert {str(row[0])[:3]: row[-2] for row in rows if row[-2]} == {"M12": "red line"}


def test_every_group_of_constraints_has_words(names):
    plain = ("needs", "exclusions", "required", "windows", "balance", "measures a step")
    kinds = ("red lines", "gain", "scenarios", "walking away")
    said = [names.constraint(one) for one in plain]
    said += [names.constraint(f"{kind} of lowland") for kind in kinds]
    assert len({*said}) == len(plain) + len(kinds)
    assert not {*said} & {"needs", "exclusions", "required", "windows", "balance"}
    assert all("Lowland" in one for one in said[len(plain) :])
