"""What `detente elicit pool` prints of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.cli.show import number, print_table, say, spread, yes_no
from detente.cli.words import _

_AT_ONCE = 6  # methods beside each other in a table of 100 columns
_MOST_MISSED = 10


def print_pool(told: Mapping[str, Any]) -> None:
    """All tables of one call."""
    people = _.n("{n} person", "{n} people", told["people"])
    asked = _.n("{n} question", "{n} questions", len(told["questions"]))
    rounds = _.n("{n} round", "{n} rounds", len(told["rounds"]))
    say(f"{people}, {asked}, {rounds}")
    if told["moved_inside"]:
        say(
            _.n(
                "{n} number at or near 0 or 1 counts as 0.001 or 0.999 in spreads and odds.",
                "{n} numbers at or near 0 or 1 count as 0.001 or 0.999 in spreads and odds.",
                told["moved_inside"],
            )
        )
    say("")
    _print_questions(told["questions"])
    _print_methods(told["methods"], told["not_computed"])
    _print_movements(told["movements"])
    if told["family"]:
        _print_family(told["family"])


def _print_questions(questions: Sequence[Mapping[str, Any]]) -> None:
    print_table(
        _("Pooled, last round"),
        (
            _("question"),
            _("people"),
            _("5 %"),
            _("50 %"),
            _("95 %"),
            _("geometric mean of odds"),
            _("mean"),
            _("median"),
        ),
        (
            (
                one["question"],
                str(one["people"]),
                *(number(one[key]) for key in ("low", "mid", "high", "marker", "mean", "median")),
            )
            for one in questions
        ),
        note=_(
            "5, 50 and 95 %: the mixture of everybody's distribution, which keeps disagreement. "
            "Odds: without the highest and the lowest where five or more answered."
        ),
    )


def _print_methods(
    methods: Sequence[Mapping[str, Any]], missing: Sequence[Mapping[str, str]]
) -> None:
    for start in range(0, len(methods), _AT_ONCE):
        some = methods[start : start + _AT_ONCE]
        print_table(
            _("By method"),
            (_("question"), *(one["method"] for one in some)),
            (
                (question, *(number(one["chances"][question]) for one in some))
                for question in some[0]["chances"]
            ),
        )
    scored = [one for one in methods if one["brier"] is not None]
    print_table(
        _("Against what happened, best first"),
        (_("method"), _("Brier score"), _("log score"), _("questions")),
        (
            (
                one["method"],
                number(one["brier"], 4),
                number(one["log_score"], 4),
                str(one["scored"]),
            )
            for one in sorted(scored, key=lambda one: one["brier"])
        ),
        note=_("Brier: 0 is best, 0.25 is 50 % everywhere. Log: nats, 0 is best."),
    )
    for one in missing:
        say(_("Not computed: {reason}", reason=one["reason"]))
    if missing:
        say("")


def _print_movements(movements: Sequence[Mapping[str, Any]]) -> None:
    print_table(
        _("From the first round to the last, of the people who answered in both"),
        (
            _("question"),
            _("before"),
            _("after"),
            _("ratio of odds (90 %)"),
            _("spread"),
            _("changed"),
            _("settled"),
        ),
        (
            (
                one["question"],
                number(one["before"]),
                number(one["after"]),
                spread(*(one["shift"][key] for key in ("low", "mid", "high"))),
                number(one["spread_ratio"]),
                _("{n} of {people}", n=one["changed"], people=one["people"]),
                yes_no(holds=one["settled"]),
            )
            for one in movements
        ),
        note=_(
            "Spread: below 1 people drew together. Settled: the mean move is surely below a factor "
            "of 1.5."
        ),
    )


def _print_family(family: Mapping[str, Any]) -> None:
    print_table(
        _("Pooled with {family} fitted to every answer", family=family["family"]),
        (_("question"), _("5 %"), _("50 %"), _("95 %")),
        (
            (one["question"], *(number(one[key]) for key in ("low", "mid", "high")))
            for one in family["questions"]
        ),
    )
    missed = family["missed"]
    print_table(
        _("Where the fitted distribution is not what was said, worst first"),
        (
            _("question"),
            _("person"),
            _("family"),
            _("at"),
            _("asked"),
            _("achieved"),
            _("gap in probability"),
        ),
        (
            (
                one["question"],
                one["person"],
                one["family"],
                _.percent(one["probability"]),
                number(one["asked"]),
                number(one["achieved"]),
                number(one["gap"]),
            )
            for one in missed[:_MOST_MISSED]
        ),
    )
    if len(missed) > _MOST_MISSED:
        say(_("and {n} more; all with --json", n=len(missed) - _MOST_MISSED))
    say(
        _.n(
            "{n} answer fitted; {missed} quantiles missed by more than 0.02.",
            "{n} answers fitted; {missed} quantiles missed by more than 0.02.",
            family["fitted"],
            missed=len(missed),
        )
    )
    if family["not_rising"]:
        say(
            _.n(
                "{n} answer whose three numbers do not rise was left out.",
                "{n} answers whose three numbers do not rise were left out.",
                family["not_rising"],
            )
        )
