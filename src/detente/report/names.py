"""What things are called on the pages, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from detente.case.case import Case
from detente.escalation.results import Agreement, Verdict
from detente.report.language import Phrases


@dataclass(frozen=True)
class Names:
    """Names of the things of a case, and of detente's own classes."""

    case: Case
    phrases: Phrases

    def text(self, texts: dict[str, str]) -> str:
        """A text of the case in the reader's language, else in the case's first."""
        return self.case.words(texts, self.phrases.language)

    def party(self, party: str) -> str:
        """The name of a party."""
        return self.text(self.case.party_by_id[party].name)

    def group(self, group: str) -> str:
        """The name of a side, a track or a party."""
        for side in self.case.about.sides:
            if side.id == group:
                return self.text(side.name)
        for track in self.case.about.tracks:
            if track.id == group:
                return self.text(track.name)
        return self.party(group)

    def risk(self, risk: str) -> str:
        """The title of a risk."""
        return self.text(next(one.title for one in self.case.risks if one.id == risk))

    def quantity(self, quantity: str) -> str:
        """The title of a quantity, with its unit."""
        found = next(one for one in self.case.quantities if one.id == quantity)
        title = self.text(found.title)
        return f"{title} ({found.unit})" if found.unit else title

    def policy(self, policy: str) -> str:
        """The title of a policy."""
        return self.text(next(one.title for one in self.case.policies if one.id == policy))

    def statement(self, statement: str) -> str:
        """The words of a statement."""
        return self.text(next(one.text for one in self.case.statements if one.id == statement))

    def theme(self, theme: str) -> str:
        """The title of a theme of reasons."""
        return self.text(next(one.title for one in self.case.themes if one.id == theme))

    def item(self, item: str) -> str:
        """The title of a risk, a measure, a quantity or a statement."""
        if any(one.id == item for one in self.case.risks):
            return self.risk(item)
        if any(one.id == item for one in self.case.measures):
            return self.measure(item)
        if any(one.id == item for one in self.case.quantities):
            return self.quantity(item)
        return self.statement(item)

    def measure(self, measure: str) -> str:
        """The id and the title of a measure."""
        return f"{measure} {self.measure_title(measure)}"

    def measure_title(self, measure: str) -> str:
        """The title of a measure without its id."""
        return self.text(next(one.title for one in self.case.measures if one.id == measure))

    def criterion(self, criterion: str) -> str:
        """The title of a criterion."""
        return self.text(next(one.title for one in self.case.criteria if one.id == criterion))

    def belief(self, belief: str) -> str:
        """The title of a set of numbers."""
        if belief == "base":
            return self.phrases("The case's own numbers")
        return self.text(next(b.title for b in self.case.ladder.beliefs if b.id == belief))

    def ladder(self, ladder: str) -> str:
        """The title of a ladder of the case, or of one that only a belief has."""
        file = self.case.ladder
        own = (one for belief in file.beliefs for one in belief.ladders)
        return self.text(next(one.title for one in (*file.ladders, *own) if one.id == ladder))

    def number(self, number: str, belief: str = "base") -> str:
        """A number that the ladders rest on, in words: a parameter, or what a measure does to it.

        The n-th act of a measure is ``<measure>#<n>``, of those that the belief states itself
        where it states any for that measure.
        """
        measure, is_act, place = number.partition("#")
        if not is_act:
            return self.parameter(number)
        beliefs = (one for one in self.case.ladder.beliefs if one.id == belief)
        own = [act.on for one in beliefs for act in one.acts if act.measure == measure]
        measures = (one for one in self.case.measures if one.id == measure)
        targets = own or [act.on for one in measures for act in one.acts]
        what = self.parameter(targets[int(place) - 1])
        return self.phrases("effect of {measure} on: {what}", measure=measure, what=what)

    def parameter(self, parameter: str) -> str:
        """The title of a parameter of the ladders, else its id."""
        title = self.case.parameter_by_id[parameter].title
        return self.text(title) if title else parameter

    def area(self, area: int) -> str:
        """An area of the experts' recommendations, with its number."""
        _ = self.phrases
        titles = {
            1: _("dialogue and contacts"),
            2: _("common rules against incidents"),
            3: _("transparency, restraint and lines"),
            4: _("declared restraint"),
            5: _("limits on deployments"),
            6: _("missiles and nuclear arms"),
            7: _("observation flights"),
        }
        return f"{area} {titles[area]}"

    def level(self, level: str) -> str:
        """A level of the ladder as words."""
        return level.replace("-", " ")

    def verdict(self, verdict: Verdict) -> str:
        """A verdict in one word."""
        _ = self.phrases
        return {
            "better": _("better"),
            "no-difference": _("no difference"),
            "worse": _("worse"),
            "unknown": _("cannot tell"),
        }[verdict]

    def agreement(self, agreement: Agreement) -> str:
        """Whether two estimates of the same outcome go together, in a word."""
        _ = self.phrases
        return {
            "agrees": _("in agreement"),
            "strained": _("strained"),
            "conflicts": _("conflict"),
            "not-comparable": _("not comparable"),
            "cannot-tell": _("cannot tell"),
        }[agreement]

    def sign(self, verdict: Verdict) -> str:
        """A verdict as one sign, for narrow columns; the legend stands beside."""
        return {"better": "+", "no-difference": "=", "worse": "−", "unknown": "?"}[verdict]

    def ground(self, kind: str) -> str:
        """A class of common ground."""
        _ = self.phrases
        return {
            "shared-ground": _("shared ground"),
            "acceptable": _("acceptable"),
            "tradeable": _("tradeable"),
            "contested": _("contested"),
            "red-line": _("red line"),
            "not-known": _("not known"),
        }[kind]

    def ledger(self, kind: str) -> str:
        """A class of the reassurance ledger."""
        _ = self.phrases
        return {
            "valued-and-cheap": _("valued and cheap"),
            "valued-and-dear": _("valued and dear"),
            "gift-nobody-wants": _("gift nobody wants"),
            "unnoticed-opening": _("unnoticed opening"),
            "cannot-tell": _("cannot tell"),
        }[kind]

    def tally(self, low: int, high: int, people: int) -> str:
        """How many of the people, as a number or a range."""
        _ = self.phrases
        if low == 0 and high == people:
            return _("too few to tell")
        if low == high:
            return _("{n} of {people}", n=low, people=people)
        return _("{low}–{high} of {people}", low=low, high=high, people=people)

    def position(self, position: str) -> str:
        """A public position."""
        _ = self.phrases
        return {
            "offered": _("offered"),
            "accepted": _("accepted"),
            "conditional": _("conditional"),
            "refused": _("refused"),
            "silent": _("silent"),
            "not-found": _("not found"),
            "": "",
        }[position]

    def weight_form(self, form: str) -> str:
        """The form in which a party stated its weights."""
        _ = self.phrases
        return {
            "swing": _("swing points"),
            "order": _("order of importance"),
            "ratios": _("bounds on ratios"),
            "pairs": _("ratios of pairs"),
            "best-worst": _("best and worst against the others"),
            "exact": _("weights"),
        }[form]

    def constraint(self, group: str) -> str:
        """A group of what a package or a path must keep, in words."""
        _ = self.phrases
        plain = {
            "needs": _("what measures need"),
            "exclusions": _("measures that exclude each other"),
            "required": _("required measures"),
            "windows": _("the steps in which measures may begin"),
            "balance": _("the balance between the sides"),
            "measures a step": _("how many measures may begin in a step"),
        }
        kind, _of, name = group.partition(" ")
        if kind == "budget":
            return _("budget: {name}", name=self.budget(name))
        if kind == "count":
            return _("how many of: {name}", name=self.measure_group(name))
        kind, of, side = group.rpartition(" of ")
        if not of:
            return plain.get(group, group)
        who = self.group(side)
        return {
            "red lines": _("red lines of {party}", party=who),
            "gain": _("no loss for {party}", party=who),
            "scenarios": _("no loss for {party} in enough samples", party=who),
            "walking away": _("no step from which {party} walks away", party=who),
        }[kind]

    def budget(self, budget: str) -> str:
        """What is spent of a budget of packages.yaml."""
        known = self.case.packages_file.budgets
        return self.text(next(one.title for one in known if one.id == budget))

    def measure_group(self, group: str) -> str:
        """What the measures of a group of packages.yaml have in common."""
        known = self.case.packages_file.groups
        return self.text(next(one.title for one in known if one.id == group))

    def state(self, state: str) -> str:
        """The state of a measure."""
        _ = self.phrases
        return {
            "in-force": _("in force"),
            "suspended": _("suspended"),
            "expired": _("expired"),
            "overtaken": _("overtaken"),
            "possible-without-agreement": _("possible without agreement"),
            "needs-agreement": _("needs agreement"),
        }[state]

    def basis(self, basis: str) -> str:
        """Where a number comes from."""
        _ = self.phrases
        return {
            "source": _("source"),
            "elicited": _("elicited"),
            "computed": _("computed"),
            "assumed": _("assumed"),
            "illustrative": _("illustrative"),
        }[basis]

    def status(self, status: str) -> str:
        """How far an origin was checked."""
        _ = self.phrases
        return {
            "verified": _("verified"),
            "second-hand": _("second-hand"),
            "unverified": _("unverified"),
        }[status]
