"""The dossier of one encounter: both accounts first, then what tracks show, then what rules say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from detente.encounters.dossier.results import Dossier, OpenQuestion, QuestionKind
from detente.report.document import Block, Document, Heading, Inline, Listing, Note, Paragraph
from detente.report.language import Phrases
from detente.report.pages import encounter_accounts, encounter_rules, encounter_tracks
from detente.report.pages.encounter_words import between, claim_key, flag, metric, moment
from detente.report.two_accounts import sheet


def page(found: Dossier, phrases: Phrases, *, digest: str, as_of: str) -> Document:
    """The printable dossier.

    Parameters
    ----------
    found
        The dossier.
    phrases
        The reader's language.
    digest
        Of the files that it was built from.
    as_of
        The day of this edition, as ISO 8601.

    """
    _ = phrases
    pair = f"{found.encounter.a} – {found.encounter.b}"
    return Document(
        title=found.title,
        subtitle=_("Dossier of one encounter: {pair}", pair=pair),
        language=phrases.language,
        edition=pair,
        date=as_of,
        digest=digest,
        marking=_marking(found, phrases),
        running=_("encounter of {day}", day=_.date(f"{moment(found.encounter.closest):%Y-%m-%d}")),
        contents=_("Contents"),
        blocks=tuple(_blocks(found, phrases, digest)),
    )


def _marking(found: Dossier, phrases: Phrases) -> str:
    _ = phrases
    marking = {
        "own-side": _("For the own side only"),
        "other-side": _("For both sides"),
        "mediator": _("For both sides and the mediator"),
        "public": _("For the public"),
    }[found.shown_to]
    told = found.accounts.accounts if found.accounts is not None else ()
    if found.reconstruction or any(one.reconstruction for one in told):
        reconstruction = _("Reconstruction from published reports")
        return f"{reconstruction} · {marking}"
    return marking


def _blocks(found: Dossier, phrases: Phrases, digest: str) -> Iterator[Block]:
    if found.accounts is not None:
        yield from sheet(found.accounts, phrases, digest=digest).blocks
    yield from encounter_tracks.section(found, phrases)
    yield from encounter_accounts.section(found, phrases)
    yield from encounter_rules.section(found, phrases)
    yield from encounter_tracks.evidence(found, phrases)
    yield from _open(found, phrases)


def _open(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    """What is not known and could be asked."""
    _ = phrases
    yield Heading(_("What is open"), 2, "open")
    items: tuple[Inline, ...] = tuple((text,) for text in _questions(found, phrases))
    if items:
        yield Listing(items, numbered=True)
    else:
        yield Paragraph((_("Nothing that was looked at is open."),))
    yield Note(
        _("How to read this"),
        (
            (
                _(
                    "A dossier says what is known of one encounter and how surely. It does not say "
                    "who was right, and its findings are no determination of law."
                ),
            ),
        ),
    )


def _questions(found: Dossier, phrases: Phrases) -> Iterator[str]:
    _ = phrases
    if found.encounter.met == "could-have-met":
        a, b = found.encounter.a, found.encounter.b
        yield _("Did {a} and {b} come near at all? It was only possible.", a=a, b=b)
    for rules, some in groupby(_of(found, "would-change"), key=lambda one: one.rules):
        what = "; ".join(metric(one.what, phrases) for one in some)
        yield _(
            "Still to be known: {what}. It bears on {rules}.", what=what, rules=", ".join(rules)
        )
    for one in found.questions:
        if one.kind not in _TOGETHER:
            yield _question(one, phrases)
    unread = "; ".join(f"{one.what} ({', '.join(one.rules)})" for one in _of(found, "article"))
    if unread:
        yield _("These texts were not read for the rules: {texts}.", texts=unread)
    apart, only = (len(_of(found, kind)) for kind in ("apart", "only-one"))
    if apart or only:
        yield _(
            "Between the accounts: {apart} subjects on which they part and {only} of which only "
            "one speaks; the questions stand with the accounts.",
            apart=apart,
            only=only,
        )


_TOGETHER = ("would-change", "article", "apart", "only-one")


def _of(found: Dossier, kind: QuestionKind) -> list[OpenQuestion]:
    return [one for one in found.questions if one.kind == kind]


def _question(one: OpenQuestion, phrases: Phrases) -> str:
    """One question in words."""
    _ = phrases
    craft = one.of
    if one.kind == "disputed":
        what = claim_key(one.what, phrases)
        return _("What is said of {craft} contradicts itself: {what}.", craft=craft, what=what)
    if one.kind == "flag":
        what = flag(one.what, phrases)
        return _("What explains this in the track of {craft}: {what}?", craft=craft, what=what)
    if one.kind == "gap":
        when = between(one.start or 0.0, one.end or 0.0, phrases)
        return _("Where was {craft} in this time? Nothing saw it: {when}.", craft=craft, when=when)
    if one.kind == "height":
        return _("How high was {craft}? Its height is not known.", craft=craft)
    return _("Who else saw {craft}? It is known by one source alone.", craft=craft)
