"""Random small ladders with measures on them, and the plain way to evaluate a package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest

from detente.case.case import Case
from detente.elicitation.assess import assess_elicitation
from detente.escalation.effects import headline, total
from detente.escalation.ladder import CompiledLadder
from detente.escalation.packages.payoff import Plan, plan
from detente.escalation.prepare import prepared
from detente.escalation.uncertainty import Belief, Sample


@dataclass(frozen=True)
class Setting:
    """A case whose ladders can be run."""

    case: Case
    held: tuple[Belief, ...]
    sample: Sample
    structures: Mapping[str, tuple[CompiledLadder, ...]]

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(measure.id for measure in self.case.measures)

    @property
    def saturates(self) -> dict[str, tuple[str, ...]]:
        return {measure.id: measure.saturates_with for measure in self.case.measures}

    @property
    def named(self) -> frozenset[str]:
        every = (one for structure in self.structures.values() for one in structure)
        return frozenset().union(*(one.named for one in every))

    def of(self, belief: Belief) -> list[CompiledLadder]:
        return list(self.structures[belief.id])

    def plan(self, belief: Belief, measures: Iterable[str] | None = None) -> Plan:
        chosen = self.measures if measures is None else tuple(measures)
        return plan(belief, chosen, self.of(belief), saturates=self.saturates)


def _setting(case: Case, points: int = 2**8) -> Setting:
    answers = assess_elicitation(case).quantities if case.answers else ()
    made = prepared(case, points=points, answers=answers)
    return Setting(made.case, made.held, made.sample, made.at_headline)


@pytest.fixture(scope="session")
def setting() -> Callable[..., Setting]:
    """A case with all that packages are evaluated with."""
    return _setting


@pytest.fixture(scope="session")
def random_case(make_case) -> Callable[..., Case]:
    """A case of a few ladders that share parameters, and measures that act on some of them."""

    def made(seed: int, *, measures: int = 5, ladders: int = 3, saturation: float = 0.3) -> Case:
        rng = np.random.default_rng(seed)
        rates = [f"r{i}" for i in range(ladders)]
        chances = [f"p{i}" for i in range(6)]
        return make_case(
            _ladder_text(rng, rates, chances),
            "measures:\n"
            + "".join(
                _measure_text(rng, name, measures, rates, chances, saturation)
                for name in range(measures)
            ),
            seed=seed,
        )

    return made


def _ladder_text(rng: np.random.Generator, rates: list[str], chances: list[str]) -> str:
    lines = ["levels: [calm, shots, war]", "headline: shots", "parameters:"]
    for name in rates:
        low = rng.uniform(0.1, 2)
        high = low * rng.uniform(1.2, 5)
        lines.append(f"  - {{id: {name}, kind: rate, low: {low}, high: {high}}}")
    for name in chances:
        low = rng.uniform(0.05, 0.4)
        high = low + rng.uniform(0.05, 0.4)
        lines.append(f"  - {{id: {name}, kind: probability, low: {low}, high: {high}}}")
    first, second, third = rng.choice(chances, 3, replace=False)
    lines += ["events:", f"  - {{id: a, p: {first}}}", f"  - {{id: b, p: {second}}}"]
    lines += [f"  - {{id: g, any_of: [a, {third}]}}", "  - {id: h, none_of: [b, a]}", "ladders:"]
    for place, name in enumerate(rates):
        used = rng.choice([*chances, "g", "h"], 3, replace=False)
        rungs = ", ".join(f"{{event: x, p: {p}, otherwise: calm}}" for p in used)
        lines.append(
            f"  - {{id: L{place}, title: x, branch: accident, starts: {name}, "
            f"ends: war, path: [{rungs}]}}"
        )
    return "\n".join(lines) + "\n"


def _measure_text(
    rng: np.random.Generator,
    place: int,
    measures: int,
    rates: list[str],
    chances: list[str],
    saturation: float,
) -> str:
    acts = []
    for on in rng.choice([*rates, *chances], rng.integers(1, 4), replace=False):
        is_rate = on in rates
        how = "replacement" if rng.random() < 0.25 else "rate-ratio" if is_rate else "odds-ratio"
        low = rng.uniform(0.1, 0.7) if how == "replacement" else rng.uniform(0.2, 1.2)
        acts.append(f"{{on: {on}, how: {how}, value: {{low: {low}, high: {low * 1.4}}}}}")
    others = [f"M{i}" for i in range(place) if rng.random() < saturation]
    return (
        f"  - {{id: M{place}, area: 1, title: x, seen: unverified, unilateral: false, "
        f"verifiability: none, saturates_with: [{', '.join(others)}], acts: [{', '.join(acts)}]}}\n"
    )


@pytest.fixture(scope="session")
def plainly() -> Callable[..., np.ndarray]:
    """The headline frequency with a package, point by point, in log-odds, act by act."""
    return _plainly


def _plainly(made: Setting, belief: Belief, package: Iterable[str]) -> np.ndarray:
    held = [name for name in made.measures if name in set(package)]
    values = dict(made.sample.parameters(belief))
    for name in {act.on for m in held for act in belief.changes.get(m, ())}:
        values[name] = _one(made, belief, held, name)
    return total({one.id: headline(one, values) for one in made.of(belief)})


def _one(made: Setting, belief: Belief, held: list[str], name: str) -> np.ndarray:
    """A parameter under a package, as the rule says it: strongest of each set, both directions."""
    start = made.sample.values(belief.parameters[name])
    is_rate = belief.parameters[name].spread.scale == "log"
    acts = {m: [act for act in belief.changes.get(m, ()) if act.on == name] for m in made.measures}
    replaces = {m for m, own in acts.items() if any(act.how == "replacement" for act in own)}
    groups = _groups([m for m in made.measures if acts[m]], made.saturates, replaces)
    groups.sort(key=lambda group: not group & replaces)
    found = np.empty_like(start)
    for point in range(len(start)):
        x = float(start[point])
        for group in groups:
            weights = []
            for m in group & set(held):
                y = x
                for act in acts[m]:
                    size = float(made.sample.values(act.size)[point])
                    y = size if act.how == "replacement" else _times(y, size, is_rate)
                weights.append(_size(y, is_rate) - _size(x, is_rate))
            shift = min([0.0, *weights]) + max([0.0, *weights])
            x = _from(_size(x, is_rate) + shift, is_rate)
        found[point] = x
    return found


def _groups(
    names: list[str], saturates: Mapping[str, tuple[str, ...]], replaces: set[str]
) -> list[set[str]]:
    """Connected measures: each carries the least place of those that it is linked with."""
    place = {name: i for i, name in enumerate(names)}
    for _ in names:
        for m, n in product(names, names):
            if n in saturates[m] or m in saturates[n] or {m, n} <= replaces:
                place[m] = place[n] = min(place[m], place[n])
    return [{m for m in names if place[m] == i} for i in sorted(set(place.values()))]


def _size(x: float, is_rate: bool) -> float:
    return np.log(x) if is_rate else np.log(x / (1 - x))


def _from(size: float, is_rate: bool) -> float:
    return np.exp(size) if is_rate else 1 / (1 + np.exp(-size))


def _times(x: float, ratio: float, is_rate: bool) -> float:
    return x * ratio if is_rate else x * ratio / (1 - x + x * ratio)
