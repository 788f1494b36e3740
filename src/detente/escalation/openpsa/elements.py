"""XML as elements that know their line; nothing outside the given bytes is ever read.

A document type may be named, as the examples of the standard do, but it declares nothing: neither
entities nor defaults, so that a file says what it shows and cannot grow when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from detente.ground.errors import Finding

MOST_BYTES = 64 * 2**20
DEEPEST = 200


@dataclass
class Element:
    """A tag with its attributes, the elements inside, and the text before and between them."""

    file: str
    line: int
    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    @property
    def name(self) -> str:
        """What findings call the element: its name, else its tag."""
        return self.attributes.get("name", self.tag)

    def all(self, tag: str) -> Iterator[Element]:
        """The children with one tag."""
        return (child for child in self.children if child.tag == tag)


class _Refused(Exception):  # noqa: N818 (never leaves this module)
    def __init__(self, problem: str, mend: str) -> None:
        self.problem, self.mend = problem, mend


def parse(file: str, data: bytes, find: Callable[[Finding], None]) -> Element | None:
    """The root element of an XML file; None, with a finding, where it is not to be read."""
    if len(data) > MOST_BYTES:
        problem = f"has {len(data):,} bytes; at most {MOST_BYTES:,} are read."
        find(Finding(file, 0, "", problem, "split the model into several files."))
        return None
    tree = _Tree(file)
    try:
        tree.parser.Parse(data, True)  # noqa: FBT003 (the parser names it not)
    except expat.ExpatError as error:
        problem = f"is no well-formed XML: {expat.ErrorString(error.code)}."
        mend = "close every element, quote every attribute, and save it in UTF-8."
        find(Finding(file, error.lineno, "", problem, mend))
        return None
    except (LookupError, ValueError) as error:  # an encoding that Python does not know
        find(Finding(file, 1, "", f"cannot be decoded: {error}.", "save the file in UTF-8."))
        return None
    except _Refused as refused:
        line = tree.parser.CurrentLineNumber
        find(Finding(file, line, "", refused.problem, refused.mend))
        return None
    return tree.root


class _Tree:
    """Builds elements from the parser's events."""

    def __init__(self, file: str) -> None:
        self.root: Element | None = None
        self._file = file
        self._open: list[Element] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.EntityDeclHandler = self._declaration
        self.parser.SkippedEntityHandler = self._declaration

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) == DEEPEST:
            raise _Refused(f"nests deeper than {DEEPEST} elements.", "name the inner parts.")
        line = self.parser.CurrentLineNumber
        element = Element(self._file, line, tag, attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._open[-1].text += text

    def _document_type(self, *declared: object) -> None:
        if declared[-1]:  # it has declarations of its own
            raise _Refused("declares a document type of its own.", "remove `[...]` of DOCTYPE.")

    def _declaration(self, *_: object) -> None:
        raise _Refused("uses an entity that it declares.", "write the text itself in its place.")
