"""`detente elicit cooke`: the classical model, weights by questions whose answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.elicit.files import Reader, is_case
from detente.cli.files import AS_JSON, FILE, contents, findings_told, waiting
from detente.cli.show import number, print_json, print_table, say, shortened, spread
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.elicitation.cooke import Performance, Study


@click.command(
    short_help=_("Weigh experts by questions with known answers."),
    help=_(
        "Weigh experts by questions with known answers: ANSWERS.dtt with REALISATIONS.rls of "
        "EXCALIBUR, one table (columns expert, item, q5, q50, q95, and perhaps scale and "
        "realisation), or a case folder, whose quantities with `known` are the seeds. Of a case no "
        "table by person is told."
    ),
    epilog=_(
        "Example: detente elicit cooke study.dtt study.rls. Example: detente elicit cooke "
        "cases/training"
    ),
)
@click.argument("files", nargs=-1, required=True, type=FILE)
@AS_JSON
def cooke(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Analyse a study, of files or of a case."""
    with findings_told("elicit-cooke", as_json=as_json):
        if is_case(files):
            from detente.cli.elicit.cooke_case import analyse_case

            told = analyse_case(files[0])
        else:
            told = _analysed(_study(files))
    if as_json:
        print_json("elicit-cooke", told)
    else:
        _print(told)


def _study(files: tuple[Path, ...]) -> Study:
    from detente.elicitation.foreign.excalibur import read_cooke_table, read_excalibur

    with waiting(_("reading")):
        if len(files) == 1 and files[0].suffix.lower() not in (".dtt", ".rls"):
            reader = Reader()
            study = reader.read(files[0], read_cooke_table)
            reader.done()
            assert study is not None
            return study
        by_kind = {path.suffix.lower(): path for path in files}
        if len(files) != 2 or by_kind.keys() != {".dtt", ".rls"}:
            raise UsageError(_("Name a .dtt and a .rls, or one table."))
        answers, realisations = by_kind[".dtt"], by_kind[".rls"]
        return read_excalibur(
            str(answers), contents(answers), str(realisations), contents(realisations)
        )


def _analysed(study: Study) -> dict[str, Any]:
    from detente.elicitation.cooke import analyse

    with waiting(_("weighing")):
        found = analyse(study)
    return {
        **told_of(study, found),
        "experts": [
            {
                "expert": name,
                "calibration": found.experts.calibration[place],
                "information": found.experts.information[place],
                "information_all": found.experts.information_all[place],
                "weight": found.experts.weight[place],
            }
            for place, name in enumerate(study.experts)
        ],
        "withheld": [],
    }


def told_of(study: Study, found: Performance) -> dict[str, Any]:
    """What speaks of no single expert: decision makers, and performance outside the seeds."""
    return {
        "people": len(study.experts),
        "seeds": int(study.is_seed.sum()),
        "targets": int((~study.is_seed).sum()),
        "few_seeds": found.few_seeds,
        "few_experts": found.few_experts,
        "probabilities": study.probabilities,
        "decision_makers": [
            {
                "name": name,
                "alpha": maker.alpha,
                "calibration": maker.calibration,
                "information": maker.information,
                "information_all": maker.information_all,
                "score": maker.calibration * maker.information,
                "items": [
                    {"item": item, "realisation": known, "quantiles": quantiles}
                    for item, known, quantiles in zip(
                        study.items, study.realisations, maker.quantiles, strict=True
                    )
                ],
            }
            for name, maker in found.decision_makers.items()
        ],
        "out_of_sample": [
            {
                "left_out": one.leave_out,
                "splits": len(one.held_out),
                "possible": one.possible,
                "ratio": one.ratio,
                "better": one.better,
            }
            for one in found.out_of_sample
        ],
    }


def _maker(name: str) -> str:
    return {
        "equal": _("equal weights"),
        "global": _("performance, global"),
        "item": _("performance, by item"),
        "global_best": _("performance, global, best cut"),
        "item_best": _("performance, by item, best cut"),
    }[name]


def _print(told: dict[str, Any]) -> None:
    people = _.n("{n} person", "{n} people", told["people"])
    seeds = _.n("{n} seed", "{n} seeds", told["seeds"])
    targets = _.n("{n} other item", "{n} other items", told["targets"])
    say(f"{people}, {seeds}, {targets}")
    if told["few_seeds"]:
        say(_("Warning: fewer than 10 seeds; weights by performance rest on chance."))
    if told["few_experts"]:
        say(_("Warning: fewer than 4 people."))
    for one in told["withheld"]:
        say(_("Withheld: {name}: {reason}", name=_name(one["name"]), reason=one["reason"]))
    say("")
    _print_scores(told)
    _print_outside(told["out_of_sample"])
    _print_quantiles(told)


def _name(name: str) -> str:
    known = ("equal", "global", "item", "global_best", "item_best")
    return _maker(name) if name in known else name


def _print_scores(told: dict[str, Any]) -> None:
    scores = (_("calibration"), _("information"), _("information, all items"))
    keys = ("calibration", "information", "information_all")
    print_table(
        _("Experts"),
        (_("expert"), *scores, _("weight")),
        (
            (one["expert"], *(number(float(one[key])) for key in (*keys, "weight")))
            for one in told.get("experts", ())
        ),
        note=_("Weight: calibration x information."),
    )
    print_table(
        _("Decision makers"),
        (_("weights"), *scores, _("score"), _("cut")),
        (
            (
                _name(one["name"]),
                *(number(float(one[key])) for key in (*keys, "score")),
                number(one["alpha"]),
            )
            for one in told["decision_makers"]
        ),
        note=_("Score: calibration x information. Cut: who is calibrated below it has no weight."),
    )


def _print_outside(outside: list[dict[str, Any]]) -> None:
    print_table(
        _("On seeds that the weights have not seen: performance against equal weights"),
        (_("left out"), _("splits"), _("ratio of scores"), _("better in")),
        (
            (
                str(one["left_out"]),
                _("{n} of {possible}", n=one["splits"], possible=one["possible"]),
                number(one["ratio"]),
                _.percent(one["better"]),
            )
            for one in outside
        ),
        note=_("Below 1 equal weights serve better: take these."),
    )


def _print_quantiles(told: dict[str, Any]) -> None:
    by_name = {one["name"]: one["items"] for one in told["decision_makers"]}
    shown = [name for name in ("equal", "global_best") if name in by_name]
    if not shown:
        return
    probabilities = [float(p) for p in told["probabilities"]]
    middle = min(range(len(probabilities)), key=lambda place: abs(probabilities[place] - 0.5))
    rows = []
    for place, one in enumerate(by_name[shown[0]]):
        ends = [[float(x) for x in by_name[name][place]["quantiles"]] for name in shown]
        cells = [spread(x[0], x[middle], x[-1]) for x in ends]
        rows.append((shortened(one["item"], 40), number(float(one["realisation"])), *cells))
    low, high = _.percent(probabilities[0]), _.percent(probabilities[-1])
    print_table(
        _("Items: the middle, and {low} to {high}", low=low, high=high),
        (_("item"), _("was"), *(_name(name) for name in shown)),
        rows,
    )
