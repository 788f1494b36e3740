"""Negotiation domains and utility profiles in the XML of GENIUS (Lin et al. 2014).

A domain has issues; a package has exactly one value of each. A profile says what a party gains: a
weight for each issue and an evaluation for each of its values, or a bonus for each hyper-rectangle
of whole-numbered issues (the ``nonlinear`` profiles). Utilities are read as they stand; GENIUS
itself divides evaluations by the largest of their issue, and bonuses by ``maxutility``, which
`problem` does where asked. Issues with real values, nested objectives and evaluators given as
functions are told as findings, never guessed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from detente.assessment.bargain.problem import Floats, Problem, Rules, Synergy
from detente.escalation.openpsa.elements import Element, parse
from detente.ground.errors import CaseError, Finding, UsageError

MOST_VALUES = 10_000  # of one issue


@dataclass(frozen=True)
class Issue:
    """What is negotiated, and its values in order; ``first`` is the number of a whole one's."""

    index: int
    name: str
    values: tuple[str, ...]
    first: int | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """The id of each value as a measure."""
        return tuple(f"{self.name} = {value}" for value in self.values)


@dataclass(frozen=True)
class Domain:
    """The issues of a negotiation."""

    name: str
    issues: tuple[Issue, ...]

    @property
    def outcomes(self) -> int:
        """How many packages there are."""
        return math.prod(len(issue.values) for issue in self.issues)


@dataclass(frozen=True)
class Rectangle:
    """A bonus where each issue of ``sides``, by its index, has a value from low to high."""

    bonus: float
    sides: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Profile:
    """What one party gains.

    ``evaluations`` has, in the order of the domain's issues, a number for each value, and
    ``weights`` one for each issue. ``most`` is the ``maxutility`` of a nonlinear profile.
    """

    evaluations: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    rectangles: tuple[Rectangle, ...] = ()
    reservation: float = 0.0
    discount: float = 1.0
    most: float | None = None


@dataclass
class _File:
    """One file, and what is wrong with it."""

    name: str
    findings: list[Finding] = field(default_factory=list)

    def find(self, element: Element, problem: str, mend: str) -> None:
        key = element.attributes.get("name") or element.attributes.get("value") or element.tag
        self.findings.append(Finding(self.name, element.line, key, problem, mend))

    def done(self) -> None:
        if self.findings:
            raise CaseError(tuple(sorted(self.findings)))

    def number(self, element: Element, key: str, default: float | None = None) -> float:
        """A finite number in an attribute; a finding, and 0, where it is none."""
        text = element.attributes.get(key)
        if text is None and default is not None:
            return default
        try:
            value = float(text or "")
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            told = "is missing" if text is None else f"`{text[:40]}` is no number"
            self.find(element, f"its {key} {told}.", f"write a number as {key}.")
            return 0.0
        return value

    def whole(self, element: Element, key: str) -> int:
        """A whole number in an attribute; a finding, and 0, where it is none."""
        before = len(self.findings)
        value = self.number(element, key)
        if len(self.findings) == before and value != round(value):
            self.find(element, f"its {key} is {value:g}.", f"write a whole number as {key}.")
        return round(value)


def read_domain(file: str, data: bytes) -> Domain:
    """The domain in a file, a ``negotiation_template`` or the issues of a utility space.

    Raises
    ------
    CaseError
        With every finding: no XML, no issues, issues of another kind than discrete or integer, the
        same issue or value twice, bounds that are no whole numbers.

    """
    found = _File(file)
    objective = _objective(found, data)
    issues = [_issue(found, element) for element in _issues(found, objective)]
    if not issues:
        found.find(objective, "has no issue.", "give the objective at least one issue.")
    _unique(found, objective, [str(issue.index) for issue in issues], "index")
    _unique(found, objective, [issue.name for issue in issues], "name")
    found.done()
    return Domain(objective.name, tuple(issues))


def _unique(found: _File, element: Element, names: list[str], kind: str) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        found.find(element, f"has the {kind} `{name[:40]}` twice.", f"give each its own {kind}.")


def _objective(found: _File, data: bytes) -> Element:
    """The objective that holds the issues."""
    root = parse(found.name, data.lstrip(), found.findings.append)
    found.done()
    assert root is not None, "an unreadable file has a finding"
    space = root
    if root.tag == "negotiation_template":
        space = next(root.all("utility_space"), root)
    objective = next(space.all("objective"), None)
    if space.tag != "utility_space" or objective is None:
        mend = "let a `utility_space` with an `objective` stand in it."
        found.find(root, "is no domain or profile of GENIUS.", mend)
        found.done()
    assert objective is not None, "a missing objective has a finding"
    for nested in objective.all("objective"):
        found.find(nested, "stands inside an objective.", "let its issues stand in the outer one.")
    return objective


def _issues(found: _File, objective: Element) -> Iterator[Element]:
    for element in objective.all("issue"):
        kind = element.attributes.get("type") or element.attributes.get("vtype") or "discrete"
        if kind in ("discrete", "integer"):
            yield element
        else:
            mend = "list the values that matter as a discrete issue."
            found.find(element, f"is of type `{kind[:40]}`, which is not read.", mend)


def _issue(found: _File, element: Element) -> Issue:
    index = found.whole(element, "index")
    if element.attributes.get("type", element.attributes.get("vtype")) == "integer":
        low, high = found.whole(element, "lowerbound"), found.whole(element, "upperbound")
        if not 0 <= high - low < MOST_VALUES:
            mend = f"let it rise over at most {MOST_VALUES:,} values."
            found.find(element, f"runs from {low} to {high}.", mend)
            high = low
        return Issue(index, element.name, tuple(map(str, range(low, high + 1))), low)
    values = [item.attributes.get("value", "").strip() for item in element.all("item")]
    if not values or not all(values):
        found.find(element, "has no value, or one without a name.", "name at least one value.")
    _unique(found, element, values, "value")
    return Issue(index, element.name, tuple(values))


def read_profile(file: str, data: bytes, domain: Domain) -> Profile:
    """The profile in a file, for the issues of a domain.

    Raises
    ------
    CaseError
        With every finding: no XML, an issue or value that the domain has not or the profile lacks,
        a missing weight, an evaluation that is no number, a hyper-rectangle outside the domain, an
        aggregation other than the sum.

    """
    found = _File(file)
    objective = _objective(found, data)
    given: dict[int, Element] = {}
    for element in _issues(found, objective):
        given.setdefault(found.whole(element, "index"), element)
    for index in sorted(set(given) - {issue.index for issue in domain.issues}):
        found.find(given[index], "is no issue of the domain.", "take the index that it has there.")
    utility = next(objective.all("utility"), None)
    rectangles = tuple(_rectangles(found, utility, domain)) if utility else ()
    if utility:
        weights, evaluations = (0.0,) * len(domain.issues), _zeros(domain)
    else:
        weights = _weights(found, objective, domain)
        evaluations = tuple(_evaluated(found, objective, given, one) for one in domain.issues)
    reservation, discount = _around(found, data)
    most = found.number(utility, "maxutility", math.inf) if utility else math.inf
    found.done()
    bounded = most if math.isfinite(most) else None
    return Profile(evaluations, weights, rectangles, reservation, discount, bounded)


def _zeros(domain: Domain) -> tuple[tuple[float, ...], ...]:
    return tuple((0.0,) * len(issue.values) for issue in domain.issues)


def _weights(found: _File, objective: Element, domain: Domain) -> tuple[float, ...]:
    weights: dict[int, float] = {}
    for element in objective.all("weight"):
        weights[found.whole(element, "index")] = found.number(element, "value")
    for issue in domain.issues:
        if issue.index not in weights:
            mend = f'write `<weight index="{issue.index}" value=.../>`.'
            found.find(objective, f"has no weight of issue `{issue.name[:40]}`.", mend)
    return tuple(weights.get(issue.index, 0.0) for issue in domain.issues)


def _evaluated(
    found: _File, objective: Element, given: Mapping[int, Element], issue: Issue
) -> tuple[float, ...]:
    """The evaluation of each value of an issue."""
    element = given.get(issue.index)
    nothing = (0.0,) * len(issue.values)
    if element is None:
        found.find(objective, f"lacks issue `{issue.name[:40]}`.", "give it, as in the domain.")
        return nothing
    if issue.first is not None:
        mend = "list its values as a discrete issue, each with its evaluation."
        found.find(element, "is evaluated by a function, which is not read.", mend)
        return nothing
    values: dict[str, float] = {}
    for item in element.all("item"):
        name = item.attributes.get("value", "").strip()
        if name not in issue.values:
            found.find(item, "is no value of the issue.", "write it as in the domain.")
        elif name in values:
            found.find(item, "is evaluated twice.", "keep one of the evaluations.")
        values[name] = found.number(item, "evaluation")
    for name in issue.values:
        if name not in values:
            found.find(element, f"does not evaluate `{name[:40]}`.", "evaluate every value.")
    return tuple(values.get(name, 0.0) for name in issue.values)


def _rectangles(found: _File, utility: Element, domain: Domain) -> Iterator[Rectangle]:
    whole = {issue.index: issue for issue in domain.issues if issue.first is not None}
    for function in utility.all("ufun"):
        kinds = (function.attributes.get("type"), function.attributes.get("aggregation", "sum"))
        if kinds != ("PlainUfun", "sum"):
            told = f"is `{kinds[0]}` with `{kinds[1]}`, which is not read."
            found.find(function, told, "write a PlainUfun whose hyper-rectangles are summed.")
        weight = found.number(function, "weight", 1.0)
        for element in function.all("hyperRectangle"):
            sides = tuple(_sides(found, element, whole))
            yield Rectangle(weight * found.number(element, "utility"), sides)


def _sides(
    found: _File, element: Element, whole: Mapping[int, Issue]
) -> Iterator[tuple[int, int, int]]:
    seen: set[int] = set()
    for side in element.children:
        index = found.whole(side, "index")
        low, high = found.whole(side, "min"), found.whole(side, "max")
        issue = whole.get(index)
        if side.tag != "INCLUDES" or issue is None or index in seen:
            mend = "write INCLUDES once for each of some integer issues of the domain."
            found.find(side, f"is no side on an integer issue ({index}).", mend)
            continue
        seen.add(index)
        assert issue.first is not None
        if low > high or low < issue.first or high >= issue.first + len(issue.values):
            mend = "keep it within the bounds of the issue."
            found.find(side, f"runs from {low} to {high}.", mend)
            continue
        yield index, low, high


def _around(found: _File, data: bytes) -> tuple[float, float]:
    """The reservation value and the discount factor, which stand beside the objective."""
    root = parse(found.name, data.lstrip(), found.findings.append)
    assert root is not None, "it was read before"
    space = next(root.all("utility_space"), root)
    numbers = []
    for tag, default in (("reservation", 0.0), ("discount_factor", 1.0)):
        element = next(space.all(tag), None)
        numbers.append(found.number(element, "value") if element else default)
    return numbers[0], numbers[1]


def problem(
    domain: Domain,
    profiles: Mapping[str, Profile],
    *,
    units: Literal["raw", "normalised"] = "raw",
    disagreement: Literal["reservation", "worst"] = "reservation",
) -> Problem:
    """The choice of one value of each issue by all parties, against what each has without it.

    Parameters
    ----------
    domain
        The issues.
    profiles
        By party.
    units
        ``raw`` for the numbers as they stand, or ``normalised`` as GENIUS has them: evaluations by
        the largest of their issue, bonuses by ``maxutility``.
    disagreement
        What each party has without agreement: its ``reservation`` value as it stands (0 where the
        profile has none), or its ``worst`` outcome where that is more, from which NegMAS measures.

    Raises
    ------
    UsageError
        Where there is no party, ids come twice, or the worst outcome of a nonlinear profile is
        asked for.

    """
    scale = _normal if units == "normalised" else _raw
    gains = np.zeros((len(profiles), sum(len(issue.values) for issue in domain.issues)))
    constants = np.array([-profile.reservation for profile in profiles.values()])
    synergies: list[Synergy] = []
    for row, profile in enumerate(profiles.values()):
        linear, size = scale(profile)
        gains[row] = linear
        if disagreement == "worst":
            constants[row] = -max(profile.reservation, _worst(domain, profile, linear))
        for one in profile.rectangles:
            bonus = one.bonus / size
            clauses = tuple(_clauses(domain, one))
            if not clauses:
                constants[row] += bonus
            elif len(clauses) == 1:
                gains[row, _columns(domain, clauses[0])] += bonus
            else:
                alone = tuple(bonus if row == p else 0.0 for p in range(len(profiles)))
                synergies.append(Synergy(clauses, alone))
    return Problem(
        measures=tuple(name for issue in domain.issues for name in issue.measures),
        parties=tuple(profiles),
        gains=gains,
        constants=constants,
        synergies=tuple(synergies),
        rules=Rules(choices=tuple(issue.measures for issue in domain.issues)),
    )


def _worst(domain: Domain, profile: Profile, linear: Floats) -> float:
    """The least that a weighted profile says any outcome is worth."""
    if profile.rectangles:
        raise UsageError("The worst outcome of hyper-rectangles is not computed; state it.")
    ends = np.cumsum([len(issue.values) for issue in domain.issues])[:-1]
    return float(sum(values.min() for values in np.split(linear, ends)))


def _raw(profile: Profile) -> tuple[Floats, float]:
    return _weighted(profile, lambda _: 1.0), 1.0


def _normal(profile: Profile) -> tuple[Floats, float]:
    linear = _weighted(profile, lambda values: max(values) or 1.0)
    return linear, profile.most or 1.0


def _weighted(profile: Profile, size: Callable[[tuple[float, ...]], float]) -> Floats:
    parts = zip(profile.weights, profile.evaluations, strict=True)
    return np.concatenate([weight * np.array(values) / size(values) for weight, values in parts])


def _clauses(domain: Domain, one: Rectangle) -> Iterator[tuple[str, ...]]:
    """The values on each side of a rectangle, without sides that span their issue."""
    issues = {issue.index: issue for issue in domain.issues}
    for index, low, high in one.sides:
        issue = issues[index]
        assert issue.first is not None
        values = issue.measures[low - issue.first : high - issue.first + 1]
        if len(values) < len(issue.values):
            yield values


def _columns(domain: Domain, names: tuple[str, ...]) -> list[int]:
    measures = [name for issue in domain.issues for name in issue.measures]
    return [measures.index(name) for name in names]
