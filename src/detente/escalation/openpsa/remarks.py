"""What is found while a model is read, each remark at its line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from detente.escalation.openpsa.elements import Element
from detente.escalation.openpsa.model import Attributes, Place
from detente.ground.errors import CaseError, Finding, Level


@dataclass
class Remarks:
    """All findings so far; nothing stops before `done`."""

    found: list[Finding] = field(default_factory=list)

    def wrong(self, element: Element, problem: str, mend: str) -> None:
        """An error at an element."""
        self.at(Place(element.file, element.line), element.name, problem, mend)

    def note(self, place: Place, key: str, problem: str, mend: str) -> None:
        """A note, which does not hinder."""
        self.at(place, key, problem, mend, level="note")

    def at(
        self, place: Place, key: str, problem: str, mend: str, *, level: Level = "error"
    ) -> None:
        """A finding at a place."""
        self.found.append(Finding(place.file, place.line, key, problem, mend, level))

    def done(self) -> tuple[Finding, ...]:
        """All notes, in order; raises `CaseError` with everything where there is an error."""
        found = tuple(sorted(set(self.found)))
        if any(one.level == "error" for one in found):
            raise CaseError(found)
        return found

    # --- what many elements have in common ---

    def attributes(self, element: Element, known: Collection[str]) -> None:
        """Find every attribute that is not known."""
        for name in element.attributes:
            if name not in known:
                mend = f"remove it; known are: {', '.join(sorted(known)) or 'none'}."
                self.wrong(element, f"has an attribute `{name}` that is not known here.", mend)

    def needed(self, element: Element, attribute: str) -> str:
        """A needed attribute; empty, with a finding, where it is missing."""
        value = element.attributes.get(attribute, "").strip()
        if not value:
            self.wrong(element, f"has no `{attribute}`.", f'write {attribute}="..." in its tag.')
        return value

    def name(self, element: Element) -> str:
        """The needed name of a definition, in which no dot may stand."""
        name = self.needed(element, "name")
        if "." in name:
            problem = f"the name `{name}` has a dot, which parts the names of a path."
            self.wrong(element, problem, "take another sign.")
        return name

    def unknown(self, element: Element, where: str) -> None:
        """An element that is not known here, or not supported."""
        problem = f"<{element.tag}> is not supported in {where}."
        mend = "remove it, or write it with elements that are."
        if element.tag == "include":
            mend = "give that file together with this one."
        self.wrong(element, problem, mend)

    def empty(self, element: Element) -> None:
        """Find what stands in an element in which nothing may stand."""
        for child in element.children:
            self.unknown(child, f"<{element.tag}>")
        self.no_text(element)

    def no_text(self, element: Element) -> None:
        """Find text where only elements may stand."""
        if element.text.strip():
            text = element.text.strip()[:30]
            self.wrong(element, f"has text `{text}` between its elements.", "remove the text.")

    def one(self, element: Element, children: list[Element], what: str) -> Element | None:
        """The only one of ``children``; None, with a finding, where there is not exactly one."""
        if len(children) == 1:
            return children[0]
        problem = f"has {len(children)} of {what} where exactly one may stand."
        self.wrong(element, problem, f"leave one {what}.")
        return None

    def head(self, element: Element) -> tuple[str, Attributes, list[Element]]:
        """Label, attributes and the other children of a definition."""
        self.no_text(element)
        label, attributes = "", []
        for child in element.all("label"):
            self.attributes(child, ())
            for inner in child.children:
                self.unknown(inner, "<label>")
            if label:
                self.wrong(child, "is a second label.", "join the labels.")
            label = " ".join(child.text.split())
        for child in element.all("attributes"):
            self.attributes(child, ())
            self.no_text(child)
            attributes += [one for inner in child.children for one in self._attribute(inner)]
        rest = [child for child in element.children if child.tag not in {"label", "attributes"}]
        return label, tuple(attributes), rest

    def _attribute(self, element: Element) -> Attributes:
        if element.tag != "attribute":
            self.unknown(element, "<attributes>")
            return ()
        self.attributes(element, ("name", "value", "type"))
        self.empty(element)
        if "value" not in element.attributes:
            self.wrong(element, "has no `value`.", 'write value="..." in its tag.')
        name, value = self.needed(element, "name"), element.attributes.get("value", "")
        return ((name, value, element.attributes.get("type", "")),)
