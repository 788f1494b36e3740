"""The evidence on an encounter, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detente.encounters.dossier.results import Dossier, EvidenceRow, OpenQuestion
from detente.encounters.results import Measured
from detente.encounters.tracks import Tracks


def evidence(of: Dossier, tracks: Tracks) -> tuple[EvidenceRow, ...]:
    """What was measured, each metric once, and what is said of each craft."""
    return (*_measured(of, tracks), *_said(of))


def _measured(of: Dossier, tracks: Tracks) -> Iterator[EvidenceRow]:
    found = of.encounter
    craft = (found.a, found.b)
    claims = [
        claim
        for one, claims in zip(tracks.ids, tracks.claims, strict=False)
        if one in craft
        for claim in claims
    ]
    sources = distinct(claim.source for claim in claims)
    alone = any(one.single_source for one in of.identities)
    metrics = {"separation": Measured("separation", found.separation, None, single_source=alone)}
    if found.vertical_separation is not None:
        metrics["vertical"] = Measured(
            "vertical", found.vertical_separation, None, single_source=alone
        )
    for finding in of.findings:
        for one in finding.metrics:
            if one.bound is not None or one.flag is not None:
                metrics.setdefault(one.metric, one)
    for name, one in metrics.items():
        yield EvidenceRow(
            "measured", " – ".join(craft), name, one.bound, one.flag, "", sources,
            single_source=one.single_source or alone,
        )  # fmt: skip


def distinct(sources: Iterable[str]) -> tuple[str, ...]:
    """Each source once; one that begins another is the same, less told."""
    known = [one for one in dict.fromkeys(sources) if one]
    return tuple(
        one for one in known if not any(other != one and other.startswith(one) for other in known)
    )


def _said(of: Dossier) -> Iterator[EvidenceRow]:
    for identity in of.identities:
        for one in identity.evidence:
            yield EvidenceRow(
                "said", identity.id, one.key, None, None, one.value, (one.source,),
                single_source=identity.single_source,
            )  # fmt: skip


def questions(of: Dossier) -> tuple[OpenQuestion, ...]:
    """What could still be asked, what decides most findings first."""
    return (*_deciding(of), *_of_craft(of), *_of_time(of), *_of_accounts(of), *_of_texts(of))


def _deciding(of: Dossier) -> Iterator[OpenQuestion]:
    rules: dict[str, list[str]] = {}
    for finding in of.findings:
        for what in finding.would_change:
            rules.setdefault(what, []).append(finding.rule)
    for what, names in sorted(rules.items(), key=lambda one: (-len(one[1]), one[1], one[0])):
        yield OpenQuestion("would-change", what, "", tuple(names))


def _of_craft(of: Dossier) -> Iterator[OpenQuestion]:
    for identity in of.identities:
        if identity.single_source:
            yield OpenQuestion("single-source", "", identity.id)
        for what in identity.disputed:
            yield OpenQuestion("disputed", what, identity.id)
    for path in of.paths:
        if path.domain == "air" and all(one.height is None for one in path.positions):
            yield OpenQuestion("height", "", path.id)


def _of_time(of: Dossier) -> Iterator[OpenQuestion]:
    for gap in of.gaps:
        yield OpenQuestion("gap", "", gap.craft, start=gap.start, end=gap.end)
    for flag in of.flags:
        yield OpenQuestion("flag", flag.kind, flag.craft)


def _of_accounts(of: Dossier) -> Iterator[OpenQuestion]:
    for one in of.accounts.compared if of.accounts is not None else ():
        if one.verdict == "apart":
            yield OpenQuestion("apart", one.about, one.of)
        elif one.verdict == "only-one" and of.accounts and of.accounts.accounts[1].received:
            yield OpenQuestion("only-one", one.about, one.of)


def _of_texts(of: Dossier) -> Iterator[OpenQuestion]:
    unread: dict[str, list[str]] = {}
    for one in of.findings:
        if not one.text_verified and one.outcome != "false":
            unread.setdefault(f"{one.instrument}, {one.article}", []).append(one.rule)
    for text, rules in unread.items():
        yield OpenQuestion("article", text, "", tuple(rules))
