"""The agenda: what parts the parties, what it would change, and a question to open each point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from detente.assessment.results import AssessmentResults, Disagreement, Turn
from detente.case.model import Act, Belief
from detente.report.document import (
    Block,
    Cell,
    Column,
    Frame,
    Heading,
    Inline,
    Link,
    Listing,
    Note,
    Paragraph,
    Table,
)
from detente.report.names import Names
from detente.report.pages.rarity import about, one_in

MOST_POINTS = 3
RARE = 0.01  # probabilities below are told as one in so many
SURE = 0.99  # chances above are told as more than this
EVEN = 0.5


def agenda_lines(results: AssessmentResults, names: Names) -> list[Block]:
    """The first three points, each with a question to open it, and the way to the others.

    What one question opens is not asked twice.
    """
    _ = names.phrases
    if not results.agenda:
        text = _(
            "No disagreement can be told from what is known. Answers of both sides on the same "
            "questions would show them."
        )
        return [Note(_("None found"), ((text,),))]
    first = results.agenda[:MOST_POINTS]
    asked = [question(one, names) for one in first]
    items: list[Inline] = [
        (" ".join((agenda_sentence(one, names), *(() if said in asked[:place] else (said,)))),)
        for place, (one, said) in enumerate(zip(first, asked, strict=True))
    ]
    left = len(results.agenda) - len(first)
    if left > 0:
        link = Link(_.n("{n} more", "{n} more", left), "#agenda-all")
        items[-1] = (*items[-1], " (", link, ")")
    return [Listing(tuple(items), numbered=True)]


def agenda_page(results: AssessmentResults, names: Names) -> list[Block]:
    """Every disagreement, what it would change, and the rule of their order."""
    _ = names.phrases
    if not results.agenda:
        return []
    minutes = sum(one.minutes for one in results.agenda)
    frame = Frame(
        "agenda",
        (
            Column("minutes", _("min"), "right", 0, width=0.7),
            Column("kind", _("kind"), width=1.2),
            Column("what", _("on what"), width=2.6),
            Column("who", _("who holds what"), width=3),
            Column("turns", _("what it would change"), width=3.6),
        ),
        tuple(agenda_rows(results.agenda, names)),
    )
    rule = _(
        "First comes what would change a recommendation to all: the package, the measures that "
        "survive every belief, or those that no side refuses. Then what would change the measure "
        "that one set of numbers or one party prefers. Last, however far they part, what would "
        "change none of these. Among equals, those come first that would turn more of them for "
        "certain, or one with the higher probability; then the wider apart. The first point of "
        "each kind stands before the others."
    )
    kinds = _(
        "Those who part on facts can find out together; on gains and weights, trade; on whether a "
        "measure is kept, verify. What would change is tested: what would be recommended if one "
        "held what the other holds, if both agreed midway, or if the number were known. What "
        "knowing a number saves is told for each set of numbers alone, and never compared."
    )
    given = _.n(
        "{n} minute is given from the top.", "{n} minutes in all are given from the top.", minutes
    )
    return [
        Heading(_("What to talk about, and what it would change"), 1, "agenda-all"),
        Paragraph((rule,)),
        Paragraph((f"{kinds} {given}",)),
        Table(frame, _("All disagreements"), "agenda-table"),
    ]


def agenda_rows(found: Iterable[Disagreement], names: Names) -> Iterator[tuple[Cell, ...]]:
    """Minutes, kind, on what, who holds what, and what it would change, of each disagreement."""
    for one in found:
        yield (
            one.minutes or "–",
            _kind(one, names),
            _what(one, names),
            _who(one, names),
            " ".join(turn_sentences(one, names)),
        )


def agenda_sentence(one: Disagreement, names: Names) -> str:
    """What parts the two and how far, and what it would change."""
    _ = names.phrases
    words = {
        "kind": _kind(one, names),
        "what": _what(one, names),
        "who": _who(one, names),
        "change": turn_sentences(one, names)[0],
    }
    if not one.minutes:
        return _("{kind}: {what}. {who}. {change}", **words)
    return _("{kind}, {n} min: {what}. {who}. {change}", n=one.minutes, **words)


# --- what and who ---------------------------------------------------------------------------------


def _kind(one: Disagreement, names: Names) -> str:
    _ = names.phrases
    return {
        "factual": _("Fact-finding"),
        "value": _("Trade"),
        "trust": _("Verification"),
        "stand": _("Positions"),
    }[one.kind]


def _what(one: Disagreement, names: Names) -> str:
    """The matter; of a measure whose verdict a number changes, the measure."""
    _ = names.phrases
    if one.risk:
        return _("how likely is “{risk}”", risk=names.risk(one.risk))
    if one.criterion:
        return _("how much “{criterion}” weighs", criterion=names.criterion(one.criterion))
    if one.kind == "factual" and one.measure:
        return _("effect of {measure}", measure=names.measure(one.measure))
    if one.number:
        return f"“{names.number(one.number, one.a)}”"
    if one.kind == "trust":
        measure, giver = names.measure(one.measure), names.group(one.a)
        return _("whether {giver} would keep {measure}", giver=giver, measure=measure)
    return names.measure(one.measure)


def _who(one: Disagreement, names: Names) -> str:
    _ = names.phrases
    pair = ((one.a, one.in_a), (one.b, one.in_b))
    (a, in_a), (b, in_b) = sorted(pair, key=lambda held: _place(one, held[0], names))
    held = {
        "a": _holder(one, a, names),
        "b": _holder(one, b, names) if b else "",
        "in_a": _held(one, in_a, names),
        "in_b": _held(one, in_b, names),
    }
    if not one.b:
        return _("Between {in_a} and {in_b} in {a}", **held)
    if one.kind == "value" and one.measure:
        return _("Chance of a gain: {in_a} in {a}, {in_b} in {b}", **held)
    if one.kind == "factual" and one.measure:
        return _("Risk × {in_a} by {a}, × {in_b} by {b}", **held)
    return _("{a}: {in_a}; {b}: {in_b}", **held)


def _place(one: Disagreement, holder: str, names: Names) -> tuple[bool, str]:
    """The order in which holders are told: by the ids of parties or sides, nobody last."""
    return (not holder, _party_of(one, holder, names) or holder)


def _party_of(one: Disagreement, holder: str, names: Names) -> str | None:
    """The party whose public view a set of numbers is."""
    if one.kind != "factual" or one.risk:
        return None
    beliefs = (belief for belief in names.case.ladder.beliefs if belief.id == holder)
    return next((belief.held_by for belief in beliefs), None)


def _holder(one: Disagreement, holder: str, names: Names) -> str:
    """A side or party, or a set of numbers: by the party whose public view it is, or its title."""
    if one.kind != "factual" or one.risk:
        return names.group(holder)
    party = _party_of(one, holder, names)
    if party is None:
        return f"“{names.belief(holder)}”"
    return names.phrases("{party} (public view)", party=names.party(party))


def _held(one: Disagreement, value: float | str, names: Names) -> str:
    """What one of the two holds, in its unit."""
    _ = names.phrases
    if isinstance(value, str):
        return names.position(value)
    if one.kind != "factual" or one.risk:
        return f"> {_.percent(SURE)}" if value > SURE else _.percent(value)
    if one.measure:
        return _.number(value, 2)
    return number_words(value, number_unit(one.number, one.a, names), names)


def number_words(value: float, unit: str, names: Names) -> str:
    """A number of the ladders in its unit: a rate, a probability or a ratio."""
    if unit == "rate":
        return names.phrases("{n} a year", n=_significant(value, names))
    if unit == "probability":
        return _percent(value, names)
    return f"×\N{NO-BREAK SPACE}{_significant(value, names)}"


def _percent(value: float, names: Names) -> str:
    return one_in(value, names) if value < RARE else names.phrases.percent(value)


def _significant(value: float, names: Names) -> str:
    """Two significant digits."""
    digits = max(0, 1 - math.floor(math.log10(value))) if value > 0 else 0
    return names.phrases.number(value, digits)


def number_unit(number: str, belief: str, names: Names) -> str:
    """``rate``, ``probability`` or ``ratio``: the kind of a parameter, or of the size of an act."""
    case = names.case
    measure, is_act, place = number.partition("#")
    if not is_act:
        return case.parameter_by_id[number].kind
    beliefs: Iterable[Belief] = (one for one in case.ladder.beliefs if one.id == belief)
    own: list[Act] = [act for one in beliefs for act in one.acts if act.measure == measure]
    stated = [act for one in case.measures if one.id == measure for act in one.acts]
    act = (own or stated)[int(place) - 1]
    return case.parameter_by_id[act.on].kind if act.how == "replacement" else "ratio"


# --- what it would change -------------------------------------------------------------------------


def turn_sentences(one: Disagreement, names: Names) -> list[str]:
    """What the disagreement would change, the surest first; that it changes nothing, if so."""
    _ = names.phrases
    if not one.turns:
        return [_("It would change no recommendation.")]
    for_all = [turn for turn in one.turns if turn.of in ("package", "survivors", "ground")]
    pivots = [turn for turn in one.turns if turn.of == "preferred" and turn.by == "pivot"]
    learnt = [turn for turn in one.turns if turn.by == "learning"]
    return [
        *(_for_all(turn, one, names) for turn in for_all),
        *_preferred(pivots, one, names),
        *(_gains(turn, names) for turn in one.turns if turn.of == "gains"),
        *_learnt(learnt, one, names),
    ]


def _for_all(turn: Turn, one: Disagreement, names: Names) -> str:
    _ = names.phrases
    if turn.of == "ground":
        return _("This is the only refusal found.")
    if turn.of == "survivors" and one.number:
        return _(
            "If all held the “{number}” of {holder}, it would survive every belief.",
            number=names.number(one.number, one.a),
            holder=_holder(one, one.a, names),
        )
    if turn.of == "survivors":
        return _(
            "If all held what {holder} holds, it would survive every belief.",
            holder=_holder(one, one.a, names),
        )
    change = _change(turn, names)
    if turn.by == "agreement":
        return _("Agreed midway, the package would be another: {change}.", change=change)
    other = one.a if turn.holder == one.b else one.b
    who = {"holder": names.group(turn.holder), "other": names.group(other), "change": change}
    if one.kind == "trust":
        return _(
            "If {holder} trusted it as {other} does, the package would be another: {change}.", **who
        )
    return _(
        "If {holder} gained by it as {other} does, the package would be another: {change}.", **who
    )


def _change(turn: Turn, names: Names) -> str:
    _ = names.phrases
    parts = []
    if turn.joins:
        parts.append(_("with {measures}", measures=_.list(turn.joins)))
    if turn.leaves:
        parts.append(_("without {measures}", measures=_.list(turn.leaves)))
    return ", ".join(parts)


def _preferred(turns: Sequence[Turn], one: Disagreement, names: Names) -> Iterator[str]:
    """Which measure would be preferred with what the other holds."""
    _ = names.phrases
    if len(turns) == 2:
        here, there = sorted(turns, key=lambda turn: _place(one, turn.holder, names))
        yield _(
            "With the other's figure {a} would prefer {x} to {y}, and {b} {z} to {w}.",
            a=_holder(one, here.holder, names),
            b=_holder(one, there.holder, names),
            x=_measure(here.joins, names),
            y=_measure(here.leaves, names),
            z=_measure(there.joins, names),
            w=_measure(there.leaves, names),
        )
        return
    for turn in turns:
        x, y = _measure(turn.joins, names), _measure(turn.leaves, names)
        if one.risk:
            yield _(
                "As likely as {b} says and not as {a} does, the case's own numbers would prefer "
                "{x} to {y}.",
                a=names.group(one.a),
                b=names.group(one.b),
                x=x,
                y=y,
            )
        else:
            yield _(
                "With the other's figure {holder} would prefer {x} to {y}.",
                holder=_holder(one, turn.holder, names),
                x=x,
                y=y,
            )


def _measure(measures: Sequence[str], names: Names) -> str:
    return names.phrases.list([one for one in measures if one]) or names.phrases("no measure")


def _gains(turn: Turn, names: Names) -> str:
    _ = names.phrases
    holder = names.group(turn.holder)
    if not turn.leaves:
        return _(
            "With the other's weights, {holder} would expect a gain by {measures} too.",
            holder=holder,
            measures=_.list(turn.joins),
        )
    if not turn.joins:
        return _(
            "With the other's weights, {holder} would expect no gain by {measures}.",
            holder=holder,
            measures=_.list(turn.leaves),
        )
    return _(
        "With the other's weights, {holder} would expect a gain by {joins} too, and none by "
        "{leaves}.",
        holder=holder,
        joins=_.list(turn.joins),
        leaves=_.list(turn.leaves),
    )


def _learnt(turns: Sequence[Turn], one: Disagreement, names: Names) -> Iterator[str]:
    """The likeliest change by learning the number, and in how many other sets of numbers one is."""
    _ = names.phrases
    if not turns:
        return
    most = max(turns, key=lambda turn: turn.chance)
    words = {
        "share": about(most.chance, names),
        "x": _measure(most.joins, names),
        "y": _measure(most.leaves, names),
    }
    if one.b:
        yield _(
            "Once it is known, “{belief}” would prefer another measure in about {share} of the "
            "cases (mostly {x} to {y}).",
            belief=names.belief(most.holder),
            **words,
        )
    else:  # whose choice it is has been said
        yield _(
            "Once it is known, another measure would be preferred in about {share} of the cases "
            "(mostly {x} to {y}).",
            **words,
        )
    if len(turns) > 1:
        yield _.n(
            "It would matter in {n} more set of numbers.",
            "It would matter in {n} more sets of numbers.",
            len(turns) - 1,
        )


# --- questions ------------------------------------------------------------------------------------


def question(one: Disagreement, names: Names) -> str:
    """A question to open the point, by its kind and by what is known of it."""
    _ = names.phrases
    if one.kind == "trust":
        return _("What would you need to see, and how soon?")
    if one.kind == "stand":
        return _("Which part of it was refused?")
    if one.kind == "value":
        return _value_question(one, names)
    if one.risk:
        return _("What have you seen that the others have not?")
    if one.measure:
        return _("How would it help or harm?")
    unit = number_unit(one.number, one.a, names)
    if unit == "ratio":
        return _("Where was something like it tried, and what came of it?")
    if not one.b:
        return _("Who has records of it, and what could both sides count together?")
    if unit == "rate":
        return _("Which events of which years does each count?")
    return _("What does each figure rest on?")


def _value_question(one: Disagreement, names: Names) -> str:
    _ = names.phrases
    if one.criterion:
        return _("What does each protect by it, and what else could protect it?")
    if float(one.in_b) < EVEN:
        return _("What, given elsewhere, would make it bearable?")
    return _("What would each give elsewhere to have it?")
