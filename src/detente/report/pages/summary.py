"""Page 1: who was heard, what both put first, and the reassurance ledger."""

from __future__ import annotations

import math

from detente.assessment.results import AssessmentResults, LedgerEntry
from detente.case.case import Case
from detente.case.model import Party
from detente.report.document import Block, Heading, Note, Paragraph
from detente.report.names import Names
from detente.report.pages.ledger import ledger_chart
from detente.report.pages.positions import positions_chart
from detente.report.pages.priorities import priorities_chart
from detente.report.pages.spirals import spiral_lines
from detente.report.pages.weightings import weighting_lines

TENTHS = 3


def page_one(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The first page that a hurried reader sees."""
    _ = names.phrases
    title = (
        _("What both sides put first, and what would reassure them")
        if results.elicitation.people
        else _("What public documents say, and what they leave open")
    )
    blocks: list[Block] = [
        Heading(title, 1, "summary"),
        Paragraph((status_line(case, results, names),), "small"),
        Paragraph((lead(case, results, names),), "lead"),
    ]
    if not results.elicitation.people:
        return [*blocks, positions_chart(case, results, names), _missing(names)]
    chart = priorities_chart(results, names)
    return [
        *blocks,
        *([chart] if chart else []),
        ledger_chart(results, names),
        *(Paragraph((sentence,)) for sentence in ledger_sentences(results, names)),
        *spiral_lines(results, names),
        *weighting_lines(results, names),
    ]


def status_line(case: Case, results: AssessmentResults, names: Names) -> str:
    """Edition, date, who was heard and who was not, and the basis, in one line."""
    _ = names.phrases
    about = case.about
    heard = {
        how: [names.text(party.name) for party in about.parties if party.heard == how]
        for how in ("panel", "documents", "not-heard")
    }
    parts = [_("Edition {edition}, {date}.", edition=about.edition, date=_.date(about.date))]
    if heard["panel"]:
        people = _.n("{n} person", "{n} people", results.elicitation.people)
        parts.append(
            _("Heard: {people} from {parties}.", people=people, parties=_.list(heard["panel"]))
        )
    if heard["documents"]:
        told = [_with_id(party, names) for party in about.parties if party.heard == "documents"]
        parts.append(_("Read in public documents only: {parties}.", parties=_.list(told)))
    if heard["not-heard"]:
        parts.append(_("Affected, not heard: {parties}.", parties=_.list(heard["not-heard"])))
    parts.append(_basis(case, results, names))
    return " ".join(parts)


def _with_id(party: Party, names: Names) -> str:
    """A party as it is named, with the id by which charts call it."""
    name = names.text(party.name)
    return name if name == party.id else f"{name} ({party.id})"


def _basis(case: Case, results: AssessmentResults, names: Names) -> str:
    _ = names.phrases
    if case.about.illustrative:
        return _("Basis: every number is illustrative, invented for training.")
    counts: dict[str, int] = {}
    for number in results.escalation.numbers:
        counts[number.provenance.basis] = counts.get(number.provenance.basis, 0) + 1
    words = {key: names.basis(key) for key in counts} | {"source": _("from sources")}
    stated = [f"{count} {words[basis]}" for basis, count in sorted(counts.items())]
    positions = sum(stand.row is not None for stand in results.stands)
    return _(
        "Basis: {positions} public positions; numbers on risk: {numbers}.",
        positions=positions,
        numbers=", ".join(stated) or _("none"),
    )


def lead(case: Case, results: AssessmentResults, names: Names) -> str:
    """The sentences on what both sides put first and where they part."""
    if results.elicitation.people and len(case.about.sides) > 1:
        return " ".join(_from_panels(case, results, names))
    return " ".join(_from_positions(case, results, names))


def _from_panels(case: Case, results: AssessmentResults, names: Names) -> list[str]:
    _ = names.phrases
    sides = [side.id for side in case.about.sides]
    first: list[set[str]] = []
    for side in sides:
        own = [one for one in results.elicitation.priorities if one.group == side]
        own.sort(key=lambda one: one.mean_rank.mid)
        first.append({one.risk for one in own[:3]})
    shared = [risk.id for risk in case.risks if all(risk.id in three for three in first)]
    sentences = []
    if shared:
        risks = _.list([_("“{words}”", words=names.risk(risk)) for risk in shared])
        sentences.append(_("All panels put {risks} in their first three.", risks=risks))
    else:
        sentences.append(_("No risk stands in the first three of every panel."))
    between = [d for d in results.elicitation.differences if {d.a, d.b} <= set(sides)]
    apart = sorted((d for d in between if d.tells), key=lambda d: -abs(math.log(d.odds_ratio.mid)))
    unclear = [d for d in between if not d.tells]
    if apart:
        d = apart[0]
        more, less = (d.a, d.b) if d.odds_ratio.mid > 1 else (d.b, d.a)
        ends = sorted(
            odds if d.odds_ratio.mid > 1 else 1 / odds
            for odds in (d.odds_ratio.low, d.odds_ratio.high)
        )
        sentences.append(
            _(
                "They part most on “{risk}”: by odds, the people of {more} hold it {low} to {high} "
                "times as likely as those of {less}.",
                risk=names.risk(d.risk),
                more=names.group(more),
                less=names.group(less),
                low=_.number(ends[0], 0 if ends[0] >= TENTHS else 1),
                high=_.number(ends[1], 0 if ends[1] >= TENTHS else 1),
            )
        )
    if unclear:
        d = max(unclear, key=lambda d: abs(math.log(d.odds_ratio.mid)))
        sentences.append(
            _(
                "Whether they part on “{risk}” cannot be told from {a} and {b} people.",
                risk=names.risk(d.risk),
                a=d.people_a,
                b=d.people_b,
            )
        )
    return sentences


def _from_positions(case: Case, results: AssessmentResults, names: Names) -> list[str]:
    _ = names.phrases
    kinds: dict[str, list[str]] = {}
    for one in results.ground:
        kinds.setdefault(one.kind, []).append(one.measure)
    shared, unknown = kinds.get("shared-ground", []), kinds.get("not-known", [])
    refused = kinds.get("tradeable", []) + kinds.get("contested", [])
    sentences = [
        _(
            "Nobody was asked in a panel; this page tells what public documents said up to {date}.",
            date=_.date(case.about.positions_until or case.about.as_of),
        )
    ]
    if shared:
        sentences.append(
            _.n(
                "On {n} measure of {total} every position found on both sides is an offer or an "
                "acceptance: {measures}.",
                "On {n} measures of {total} every position found on both sides is an offer or an "
                "acceptance: {measures}.",
                len(shared),
                total=len(results.ground),
                measures=_.list([names.measure(measure) for measure in shared]),
            )
        )
    else:
        sentences.append(_("On no measure are all positions found offers or acceptances."))
    possible = {state.measure: state.possible for state in results.states}
    lapsed = [names.measure(measure) for measure in shared if not possible[measure]]
    if lapsed:
        sentences.append(_("No longer possible today: {measures}.", measures=_.list(lapsed)))
    sentences.append(
        _(
            "On {some} some set conditions and none refused; on {refused} at least one party "
            "refused; on {unknown} a side has no position that could be found.",
            some=len(kinds.get("acceptable", [])),
            refused=len(refused),
            unknown=len(unknown),
        )
    )
    return sentences


def ledger_sentences(results: AssessmentResults, names: Names) -> list[str]:
    """For each direction: the gift that is not valued, and the cheap step that would be."""
    _ = names.phrases
    sentences = []
    pairs = dict.fromkeys((entry.giver, entry.receiver) for entry in results.ledger)
    for giver, receiver in pairs:
        entries = [e for e in results.ledger if (e.giver, e.receiver) == (giver, receiver)]
        gift = _most(entries, "gift-nobody-wants")
        opening = _most(entries, "unnoticed-opening") or _most(entries, "valued-and-cheap")
        who = {"giver": names.group(giver), "receiver": names.group(receiver)}
        if gift:
            sentences.append(
                _(
                    "{giver} expects {gift} to reassure {receiver}, which values it little.",
                    gift=names.measure(gift.measure),
                    **who,
                )
            )
        if opening:
            cheap = opening.cost is not None and opening.cost.high < 5
            text = (
                _(
                    "{receiver} would value {opening}, which {giver} says costs it little.",
                    opening=names.measure(opening.measure),
                    **who,
                )
                if cheap
                else _(
                    "{receiver} would value {opening}, which {giver} does not expect.",
                    opening=names.measure(opening.measure),
                    **who,
                )
            )
            sentences.append(text)
    return [" ".join(sentences)] if sentences else []


def _most(entries: list[LedgerEntry], kind: str) -> LedgerEntry | None:
    """The clearest entry of a class: the one with the widest gap."""
    found = [entry for entry in entries if entry.kind == kind]
    return max(found, key=lambda e: abs(e.gap.mid) if e.gap else 0.0, default=None)


def _missing(names: Names) -> Note:
    _ = names.phrases
    text = _(
        "Priorities, loops of policies, the reassurance ledger, what measures are worth and a "
        "package need people who answer: at least five on each side. The parties' own experts and "
        "officials could, in a track 1.5 or track 2 dialogue; no opinion is invented."
    )
    return Note(_("What is missing here, and who could supply it"), ((text,),))
