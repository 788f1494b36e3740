"""A list of messages in which the chosen line is reversed, so that it is seen without colours."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

Row = tuple[str, Content]  # a message's number, and its line


class Box(OptionList):
    """Inbox or outbox."""

    def __init__(self, id_: str) -> None:
        super().__init__(id=id_, markup=False)
        self._rows: list[Row] = []
        self._marked = -1

    def fill(self, rows: Sequence[Row]) -> None:
        """Show these lines; the chosen message stays chosen, and nothing moves if none changed."""
        if [*rows] == self._rows:
            return
        chosen = None if self.highlighted is None else self._rows[self.highlighted][0]
        numbers = [number for number, _ in rows]
        self._rows, self._marked = [*rows], -1
        self.clear_options()
        self.add_options(Option(line) for _, line in rows)
        if numbers:
            self.highlighted = numbers.index(chosen) if chosen in numbers else 0
        self._mark()

    def number_at(self, place: int) -> str:
        """The number of the message in that line."""
        return self._rows[place][0]

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Another line was chosen."""
        super().watch_highlighted(highlighted)
        self._mark()

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - the library's own
        """The keys go to this list, or to it no more."""
        super().watch_has_focus(has_focus)
        self._mark()

    def _mark(self) -> None:
        """Reverse the chosen line while the keys go to this list."""
        chosen = self.highlighted if self.has_focus and self.highlighted is not None else -1
        if chosen == self._marked:
            return
        for place in (self._marked, chosen):
            if 0 <= place < len(self._rows):
                line = self._rows[place][1]
                shown = line.stylize("reverse") if place == chosen else line
                self.replace_option_prompt_at_index(place, shown)
        self._marked = chosen
