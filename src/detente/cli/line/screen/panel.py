"""Where an officer types: one question at a time, below the message that it is about."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static


class Panel(Vertical):
    """Asks; shown while it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop", priority=True),
        Binding("tab,shift+tab", "stay", priority=True),
        Binding("pageup", "app.scroll_message(-1)"),
        Binding("pagedown", "app.scroll_message(1)"),
    ]

    def __init__(self) -> None:
        super().__init__(id="panel")
        self.display = False
        self._answer: asyncio.Future[str | None] | None = None

    def compose(self) -> ComposeResult:
        """What is asked, what is typed, and what is to be said about it."""
        yield Static(id="question", markup=False)
        yield Input(id="typed", select_on_focus=False)
        yield Static(id="remark", markup=False)

    @property
    def is_asking(self) -> bool:
        """Whether something is being asked, or what was typed is being looked at."""
        return bool(self.display)

    async def ask(
        self, question: str, *, remark: Content | str = "", secret: bool = False
    ) -> str | None:
        """What is typed; None where the officer stops."""
        typed = self.query_one(Input)
        self.query_one("#question", Static).update(question)
        self.query_one("#remark", Static).update(remark)
        typed.value, typed.password = "", secret
        self.display = True
        typed.focus()
        self._answer = asyncio.get_running_loop().create_future()
        said = await self._answer
        self._answer = None
        typed.value = ""
        return said

    def close(self) -> None:
        """Ask no more."""
        self.display = False

    def action_stay(self) -> None:
        """What is typed goes to the question and nowhere else."""
        self.query_one(Input).focus()

    def action_stop(self) -> None:
        """Let the officer go back; what was typed is gone."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(event.value)
