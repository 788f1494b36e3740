"""What is wrong in event trees: forks, ends, branches, rules and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.evaluate import circles
from detente.escalation.openpsa.remarks import Remarks
from detente.escalation.openpsa.walk import (
    instructions,
    model_expressions,
    model_instructions,
    tree_branches,
    tree_targets,
)
from detente.ground.errors import Level


def check_trees(
    model: mef.MefModel, remarks: Remarks, *, undefined: Literal["error", "note"]
) -> None:
    """Remark on everything that is wrong in event trees, rules and initiating events."""
    checker = _Trees(model, remarks, undefined)
    checker.references()
    checker.links()
    checker.rings()
    checker.tests()
    for tree in model.event_trees:
        _Forks(tree, remarks).check()
    checker.unused()
    checker.shared()


@dataclass
class _Trees:
    model: mef.MefModel
    remarks: Remarks
    undefined: Level

    def __post_init__(self) -> None:
        self._trees = {one.name: one for one in self.model.event_trees}
        self._rules = {one.name: one for one in self.model.rules}

    def references(self) -> None:
        """Rules, event trees, sequences and branches that are not defined."""
        for event in self.model.initiating_events:
            if event.event_tree and event.event_tree not in self._trees:
                self._missing("event tree", event.event_tree, event.place)
        for _, one in model_instructions(self.model):
            if isinstance(one, mef.UseRule) and one.name not in self._rules:
                self._missing("rule", one.name, one.place)
            if isinstance(one, mef.Link) and one.name not in self._trees:
                self._missing("event tree", one.name, one.place)
        for tree in self.model.event_trees:
            known = {
                "sequence": {one.name for one in tree.sequences},
                "branch": {one.name for one in tree.branches},
            }
            for target in tree_targets(tree):
                if isinstance(target, mef.Target) and target.name not in known[target.kind]:
                    self._missing(target.kind, target.name, target.place, level="error")

    def _missing(
        self, kind: str, name: str, place: mef.Place, *, level: Level | None = None
    ) -> None:
        if name:
            problem = f"{kind} `{name}` is not defined."
            mend = "define it, or correct the name."
            self.remarks.at(place, name, problem, mend, level=level or self.undefined)

    def links(self) -> None:
        """Links stand in sequences, by themselves or in a rule that only sequences use."""
        for tree in self.model.event_trees:
            for branch in tree_branches(tree):
                for one in self._resolved(branch.instructions, set()):
                    if isinstance(one, mef.Link):
                        problem = f"links to `{one.name}` on a path that goes on here."
                        mend = "link in <define-sequence>, where a path ends."
                        self.remarks.at(one.place, one.name, problem, mend)

    def _resolved(self, listed: Iterable[mef.Instruction], seen: set[str]) -> list[mef.Instruction]:
        """Instructions with those of the rules that they use, each rule once."""
        found: list[mef.Instruction] = []
        for one in instructions(listed):
            found.append(one)
            if isinstance(one, mef.UseRule) and one.name in self._rules and one.name not in seen:
                seen.add(one.name)
                rule = self._rules[one.name]
                found += self._resolved(rule.instructions, seen)
        return found

    def rings(self) -> None:
        """Rules, links and branches that lead back to themselves."""
        rules = {
            name: [name for name in _used(rule.instructions) if name in self._rules]
            for name, rule in self._rules.items()
        }
        self._ring(rules, self._rules, "rules")
        links = {}
        for name, tree in self._trees.items():
            listed = [one for sequence in tree.sequences for one in sequence.instructions]
            every = self._resolved(listed, set())
            links[name] = [
                one.name for one in every if isinstance(one, mef.Link) and one.name in self._trees
            ]
        self._ring(links, self._trees, "event trees")
        for tree in self.model.event_trees:
            named = {one.name: one for one in tree.branches}
            edges = {name: _goes_on(one.branch, named) for name, one in named.items()}
            self._ring(edges, named, "branches")

    def _ring(self, edges: dict[str, list[str]], where: Mapping[str, mef.Named], kind: str) -> None:
        for ring in circles(edges):
            problem = f"the {kind} {' -> '.join(ring)} lead back to themselves in a circle."
            self.remarks.at(where[ring[0]].place, ring[0], problem, "cut the circle.")

    def tests(self) -> None:
        """Tests of events that ask for what there is not."""
        events = {one.name for one in self.model.initiating_events}
        asked = {one.name for tree in self.model.event_trees for one in tree.functional_events}
        for _, _, expression in model_expressions(self.model):
            for one in expression.all():
                if one.op == "test-initiating-event" and one.name not in events:
                    self._missing("initiating event", one.name, one.place)
                if one.op == "test-functional-event" and one.name not in asked:
                    self._missing("functional event", one.name, one.place)

    def shared(self) -> None:
        """Sequences of one name in several trees, which some tools do not tell apart."""
        first: dict[str, str] = {}
        for tree in self.model.event_trees:
            for one in tree.sequences:
                if first.setdefault(one.name, tree.name) != tree.name:
                    problem = f"the tree `{first[one.name]}` has a sequence of this name too."
                    mend = "rename one, if tools are to read it that know sequences by name alone."
                    self.remarks.note(one.place, one.name, problem, mend)

    def unused(self) -> None:
        """Event trees, rules, sequences, branches and functional events that nothing uses."""
        every = [one for _, one in model_instructions(self.model)]
        linked = {one.name for one in every if isinstance(one, mef.Link)}
        linked |= {one.event_tree for one in self.model.initiating_events}
        ruled = {one.name for one in every if isinstance(one, mef.UseRule)}
        self._unused(self.model.event_trees, linked, "event tree")
        self._unused(self.model.rules, ruled, "rule")
        for tree in self.model.event_trees:
            targets = list(tree_targets(tree))
            forks = {one.functional_event for one in targets if isinstance(one, mef.Fork)}
            ends = {(one.kind, one.name) for one in targets if isinstance(one, mef.Target)}
            self._unused(tree.functional_events, forks, "functional event")
            self._unused(tree.sequences, {n for k, n in ends if k == "sequence"}, "sequence")
            self._unused(tree.branches, {n for k, n in ends if k == "branch"}, "branch")

    def _unused(self, listed: Iterable[mef.Named], used: set[str], kind: str) -> None:
        for one in listed:
            if one.name not in used:
                problem = f"the {kind} is defined and nothing uses it."
                self.remarks.note(one.place, one.name, problem, "remove it, if it was forgotten.")


def _used(listed: Iterable[mef.Instruction]) -> list[str]:
    """The rules that instructions use themselves."""
    return [one.name for one in instructions(listed) if isinstance(one, mef.UseRule)]


def _goes_on(branch: mef.Branch, named: dict[str, mef.NamedBranch]) -> list[str]:
    """The named branches that the paths of a branch go on with."""
    target = branch.target
    if isinstance(target, mef.Fork):
        return [name for path in target.paths for name in _goes_on(path.branch, named)]
    return [target.name] if target.kind == "branch" and target.name in named else []


@dataclass
class _Forks:
    """Forks ask known functional events, each once on a path, in the order of their definition."""

    tree: mef.EventTree
    remarks: Remarks
    _seen: set[tuple[int, frozenset[str]]] = field(default_factory=set)

    def check(self) -> None:
        self._order = {one.name: n for n, one in enumerate(self.tree.functional_events)}
        self._named = {one.name: one.branch for one in self.tree.branches}
        for target in tree_targets(self.tree):
            if isinstance(target, mef.Fork) and target.functional_event not in self._order:
                name = target.functional_event
                problem = f"forks at the functional event `{name}`, which the tree does not define."
                mend = f'add <define-functional-event name="{name}"/>, or correct the name.'
                self.remarks.at(target.place, name, problem, mend)
        self._branch(self.tree.initial, (), frozenset())

    def _branch(self, branch: mef.Branch, asked: tuple[str, ...], above: frozenset[str]) -> None:
        key = (id(branch), frozenset(asked))
        if key in self._seen:
            return
        self._seen.add(key)
        target = branch.target
        if isinstance(target, mef.Fork):
            self._fork(target, asked)
            for path in target.paths:
                self._branch(path.branch, (*asked, target.functional_event), above)
        elif target.kind == "branch" and target.name in self._named and target.name not in above:
            self._branch(self._named[target.name], asked, above | {target.name})

    def _fork(self, fork: mef.Fork, asked: tuple[str, ...]) -> None:
        name = fork.functional_event
        if name in asked:
            problem = f"forks at `{name}` a second time on one path."
            self.remarks.at(fork.place, name, problem, "ask every functional event once.")
        elif name in self._order:
            later = [one for one in asked if self._order.get(one, -1) > self._order[name]]
            if later:
                problem = f"forks at `{name}` after `{later[0]}`, which is defined later."
                mend = "bring the definitions, or the forks, into one order."
                self.remarks.at(fork.place, name, problem, mend)
