"""What is wrong in the numbers of a model: probabilities, inputs of laws, common cause groups."""

from __future__ import annotations

from collections import Counter

from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.common_causes import expand
from detente.escalation.openpsa.evaluate import MISSION_HOURS, NumberError, Numbers, UndefinedError
from detente.escalation.openpsa.names import Names, Placed, Scope
from detente.escalation.openpsa.remarks import Remarks
from detente.ground.errors import UsageError

TESTS = ("test-initiating-event", "test-functional-event")


def check_numbers(names: Names, remarks: Remarks) -> None:
    """Remark on numbers; no parameter rests on itself."""
    checker = _Numbers(names, remarks)
    for one in names.parameters.values():
        assert isinstance(one.definition, mef.Parameter)
        checker.value(one, one.definition.expression)
    members = _members(names)
    for name, one in names.events.items():
        if isinstance(one.definition, mef.BasicEvent):
            checker.event(name, one, grouped=members[name] > 0)
    for name, count in members.items():
        if count > 1:
            checker.wrong(names.events[name], "stands in common cause groups more than once.",
                          "leave it in one group, once.")  # fmt: skip
    for group in names.groups:
        checker.group(group)


def _members(names: Names) -> Counter[str]:
    """How often each event is a member of a group."""
    found: Counter[str] = Counter()
    for group in names.groups:
        assert isinstance(group.definition, mef.CommonCause)
        for member in group.definition.members:
            event = names.find("event", member.name, group.scope)
            if event:
                found[event] += 1
    return found


class _Numbers:
    def __init__(self, names: Names, remarks: Remarks) -> None:
        self._names = names
        self._remarks = remarks
        self._numbers = Numbers(names, MISSION_HOURS)

    def wrong(self, one: Placed, problem: str, mend: str) -> None:
        self._remarks.at(one.definition.place, one.id, problem, mend)

    def value(self, one: Placed, expression: mef.Expression) -> float | None:
        """The value at the point, and None where it has none; a test of an event may decide."""
        if self._rests_on_tests(expression, one.scope, set()):
            return None
        try:
            return float(self._numbers.of(expression, one.scope))
        except NumberError as error:
            problem = f"it cannot be computed: {error}."
            self.wrong(one, problem, "correct the inputs of the expression.")
        except UndefinedError:  # found where names are looked up
            pass
        return None

    def event(self, name: str, one: Placed, *, grouped: bool) -> None:
        assert isinstance(one.definition, mef.BasicEvent)
        expression = one.definition.expression
        if grouped and expression is not None:
            problem = "has a probability of its own and one of its common cause group."
            self.wrong(one, problem, "leave one of them.")
        elif expression is None and not grouped:
            problem = "the basic event has no probability."
            mend = "state one; without it, only cut sets can be told."
            self._remarks.note(one.definition.place, name, problem, mend)
        elif expression is not None:
            if self._rests_on_tests(expression, one.scope, set()):
                problem = "its probability rests on a test of an event of an event tree."
                self.wrong(one, problem, "test events in instructions of event trees alone.")
            self._probability(one, expression, "its probability")

    def _probability(self, one: Placed, expression: mef.Expression, what: str) -> float | None:
        value = self.value(one, expression)
        if value is not None and not 0 <= value <= 1:
            problem = f"{what} is {value:g}, which is not in [0, 1]."
            self.wrong(one, problem, "correct the number.")
        return value

    def group(self, one: Placed) -> None:
        group = one.definition
        assert isinstance(group, mef.CommonCause)
        size, known = len(group.members), len(group.factors)
        if size < 2:
            self.wrong(one, f"has {size} members.", "name at least 2, or remove the group.")
        elif not known:
            self.wrong(one, "has no factor.", "state the factors of its model.")
        elif group.model == "beta-factor" and known != 1:
            self.wrong(one, f"has {known} factors where beta-factor has 1.", "leave one.")
        elif group.factors[-1][0] > size:
            problem = f"has a factor of level {group.factors[-1][0]} and {size} members."
            self.wrong(one, problem, "leave out levels above the number of members.")
        else:
            self._factors(one, group)

    def _factors(self, one: Placed, group: mef.CommonCause) -> None:
        self._probability(one, group.distribution, "the distribution")
        shares = [self._probability(one, factor, "a factor") for _, factor in group.factors]
        known = [share for share in shares if share is not None]
        complete = len(known) == len(shares)
        if group.model == "phi-factor" and complete and abs(sum(known) - 1) > 1e-4:
            problem = f"its factors sum to {sum(known):g}."
            mend = "let the phi factors sum to 1, as is usual."
            self._remarks.note(group.place, one.id, problem, mend)
        if group.model == "alpha-factor" and complete and sum(known) <= 0:
            self.wrong(one, "its alpha factors are all 0.", "state what share each level has.")
        try:
            expand(one, self._names)
        except NumberError as error:
            self.wrong(one, str(error), "correct the factors.")
        except UsageError as error:
            self.wrong(one, str(error), "use fewer members or levels.")

    def _known(self, expression: mef.Expression, scope: Scope) -> list[str]:
        named = [one.name for one in expression.all() if one.op == "parameter"]
        found = (self._names.find("parameter", name, scope) for name in named)
        return [name for name in found if name is not None]

    def _rests_on_tests(self, expression: mef.Expression, scope: Scope, seen: set[str]) -> bool:
        if any(one.op in TESTS for one in expression.all()):
            return True
        for name in self._known(expression, scope):
            if name not in seen:
                seen.add(name)
                inner = self._names.parameters[name]
                assert isinstance(inner.definition, mef.Parameter)
                if self._rests_on_tests(inner.definition.expression, inner.scope, seen):
                    return True
        return False
