"""The duty officer's screen: what stands always on top, two lists, a message, a place to type.

The screen reads the log that the node writes and adds to its queue; it holds no state of the line.
All that waits for the disk runs in a thread beside the loop.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path
from textwrap import wrap
from typing import Any, ClassVar, Concatenate, Literal, ParamSpec, TypeVar

from textual import on
from textual.app import App, ComposeResult, ScreenStackError
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from detente.channel.node.clock import moment
from detente.cli.line.heading import no_notice
from detente.cli.line.place import Line
from detente.cli.line.screen import asking, desk, lists, pages, pane, said
from detente.cli.line.screen.box import Box
from detente.cli.line.screen.panel import Panel
from detente.cli.line.screen.source import Clock, Look, Source
from detente.cli.line.screen.theme import BANNER, FLASH, THEME
from detente.cli.words import _
from detente.ground.errors import DetenteError
from detente.ground.forms.catalogue import LANGUAGES
from detente.ground.forms.model import Message

READ_EVERY_S, CLOCK_EVERY_S = 2.0, 1.0
TALL = 34  # lines from which lists and message stand below each other
_FAULTS = (DetenteError, sqlite3.Error, OSError)
_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")
Mode = Literal["lists", "message", "page"]


def _now() -> int:
    return moment().at


class LineScreen(App[None]):
    """The screen of one party's folder."""

    CSS_PATH = "screen.tcss"
    ENABLE_COMMAND_PALETTE = False
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next"),
        Binding("r", "read"),
        Binding("a", "answer"),
        Binding("l", "language"),
        Binding("w", "page('whom')"),
        Binding("h", "page('heads')"),
        Binding("j", "page('journal')"),
        Binding("question_mark", "page('keys')"),
        Binding("escape", "leave"),
        Binding("q", "quit"),
    ]

    def __init__(self, folder: Path, *, clock: Clock = _now, language: str = "en") -> None:
        # Said here, too: with NO_COLOR the library chooses a filter before it knows the theme.
        super().__init__(ansi_color=True)
        self.register_theme(THEME)
        self.theme = THEME.name
        self.language = language
        self._clock = clock
        self._folder = str(folder)
        self._source = Source(folder, clock)
        self._look: Look | None = None
        self._opening: desk.Opening | None = None
        self._mode: Mode = "lists"
        self._box = "#inbox"
        self._heard: frozenset[str] = frozenset()
        self._is_reading = self._had_problem = False

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        with Horizontal(classes="row"):
            yield Static(said.title(), id="title", markup=False)
            yield Static(id="name", markup=False)
        with Horizontal(classes="row"):
            yield Static(id="fingerprint", markup=False)
            yield Static(id="clock", markup=False)
        yield Static(id="drill", classes="banner", markup=False)
        yield Static(id="flash", classes="banner", markup=False)
        yield Static(_("Reading the log …"), id="life", markup=False)
        yield Static(id="node", markup=False)
        with Vertical(id="lists"):
            yield Box("inbox")
            yield Box("outbox")
        with VerticalScroll(id="message"):
            yield Static(id="text", markup=False)
        with VerticalScroll(id="page"):
            yield Static(id="page-text", markup=False)
        yield Panel()
        yield Static(id="word", markup=False)
        yield Static(id="keys", markup=False)

    async def on_mount(self) -> None:
        """Begin to read and to tell the time."""
        self._write("drill", "")
        self._write("flash", "")
        self._write("word", "")
        self.query_one("#message").border_subtitle = no_notice()
        self._go("lists")
        self._tell_time()
        self.set_interval(CLOCK_EVERY_S, self._tell_time)
        self.set_interval(READ_EVERY_S, self._read_soon)
        self._read_soon()

    async def on_unmount(self) -> None:
        """Let go of the folder."""
        await asyncio.to_thread(self._source.close)

    @property
    def panel(self) -> Panel:
        """Where an officer types."""
        return self.query_one(Panel)

    async def at_desk(
        self,
        what: Callable[Concatenate[Line, _Given], _Found],
        *args: _Given.args,
        **kwargs: _Given.kwargs,
    ) -> _Found:
        """What a function makes of the line, beside the loop."""
        return await asyncio.to_thread(lambda: self._source.do(what, *args, **kwargs))

    def say(self, words: str) -> None:
        """A line above the keys, until the next key that does something."""
        self._write("word", words)

    # --- what is always seen ------------------------------------------------------------------

    def _write(self, id_: str, words: Content | str) -> None:
        """Write a line; an empty one takes no room."""
        if self._is_left:
            return
        for line in self.query(f"#{id_}").results(Static):  # none, while the screen is taken down
            line.update(words)
            line.display = bool(str(words))

    @property
    def _is_left(self) -> bool:
        """Whether the screen was left while something was read or a second passed."""
        try:
            return not self.screen.query(Panel)
        except ScreenStackError:
            return True

    def _tell_time(self) -> None:
        self._write("clock", said.clock(self._clock()))

    def _read_soon(self) -> None:
        if not self._is_reading:
            self.run_worker(self.read_again(), group="reading")

    async def read_again(self) -> None:
        """Read what has changed, and show it."""
        self._is_reading = True
        try:
            look = await asyncio.to_thread(self._source.look)
        except _FAULTS as error:
            self._had_problem = True
            if self._look is None:
                self._write("life", said.trouble(str(error)))
            self._show_head(self._look, problem=str(error))
            return
        finally:
            self._is_reading = False
        if self._is_left or (look is self._look and not self._had_problem):
            return
        self._look, self._had_problem = look, False
        self._show_head(look)
        self._show_lists(look)
        self._show_opening(look)
        self._ring(look)

    def _show_head(self, look: Look | None, *, problem: str = "") -> None:
        if look is None:
            return
        view = look.view
        self._write("name", f"{view.title} · {view.me}")
        self._write("fingerprint", said.fingerprint(view))
        is_shown = self._opening is not None and self._opening.view.drill
        words = said.drill(view, is_shown=is_shown)
        self._write("drill", said.banner(words, BANNER, self.size.width))
        self._write("flash", said.banner(said.flash(view), FLASH, self.size.width))
        self._write("life", said.life(view))
        runs = look.line.standing.runs
        self._write("node", said.node(view, self._folder, runs=runs, problem=problem))

    def _ring(self, look: Look) -> None:
        """One stroke of the bell for what is new at flash, and no other sound."""
        urgent = frozenset(said.urgent(look.view))
        if urgent - self._heard:
            self.bell()
        self._heard = urgent

    # --- lists --------------------------------------------------------------------------------

    def _show_lists(self, look: Look) -> None:
        view, counts, width = look.view, look.view.counts, self.size.width - 3
        titles = {
            "inbox": _("RECEIVED {n}, to read {unread}", n=counts.received, unread=counts.unread),
            "outbox": _("SENT {n}, not answered {open}, waiting {waiting}", n=counts.sent,
                        open=counts.unanswered, waiting=counts.waiting),
        }  # fmt: skip
        for box in self.query(Box):
            messages = view.inbox if box.id == "inbox" else view.outbox
            box.border_title = titles[str(box.id)]
            box.fill(lists.rows(messages, view.me, width, self.language))

    def on_resize(self) -> None:
        """Banners and columns fit the terminal."""
        self._show_head(self._look)
        if self._look is not None:
            self._show_lists(self._look)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option_list, Box):
            self._box = f"#{event.option_list.id}"
            self._open_soon(event.option_list.number_at(event.option_index))

    # --- a message ----------------------------------------------------------------------------

    def _open_soon(self, number: str) -> None:
        if self._is_typing:
            return
        self.run_worker(self._guard(self.open_message(number)), group="open", exclusive=True)

    async def open_message(self, number: str) -> None:
        """Show a message, and say to the other side that it was shown."""
        self._opening = await self.at_desk(desk.open_message, number)
        self._go("message")
        self.query_one("#message").scroll_home(animate=False)
        self._show_message()
        self._show_head(self._look)
        self._read_soon()

    def _show_opening(self, look: Look) -> None:
        """Keep the message that is open as the record has it."""
        if self._opening is None:
            return
        number = self._opening.view.number
        boxes = (*look.view.inbox, *look.view.outbox)
        fresh = next((one for one in boxes if one.number == number), None)
        if fresh is not None and fresh != self._opening.view:
            self._opening = desk.seen_again(self._opening, fresh)
            if not self.panel.is_asking:
                self._show_message()

    def _show_message(self) -> None:
        if self._opening is not None and self._look is not None:
            me = self._look.view.me
            self._write("text", pane.text(self._opening, me, self.language))
            for shown in self.query("#message"):
                shown.border_title = self._opening.view.number

    def preview(self, message: Message) -> None:
        """Show a reply that is not released yet in the place of the message."""
        self._write("text", pane.preview(message, self.language))
        title = _("NOT SENT YET: {number}", number=message.header.number)
        self.query_one("#message").border_title = title
        self.query_one("#message").scroll_home(animate=False)

    def show_field(self, label: str) -> None:
        """Move the message so that the line of a field is seen while it is typed again."""
        shown, width = self.query_one("#message", VerticalScroll), max(20, self.size.width - 4)
        above = 0
        for row in str(self.query_one("#text", Static).visual).splitlines():
            if row.partition(". ")[2].startswith(f"{label}:") or row.startswith(f"{label}:"):
                shown.scroll_to(y=max(0, above - 1), animate=False)
                return
            above += max(1, len(wrap(row, width)))

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except _FAULTS as error:
            self.say(str(error))

    # --- keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While an officer types, letters are letters."""
        return action in {"scroll_message", "quit"} or not self._is_typing

    @property
    def _is_typing(self) -> bool:
        return any(panel.is_asking for panel in self.query(Panel))

    def _go(self, mode: Mode) -> None:
        self._mode = mode
        for one in ("lists", "message", "page"):
            self.screen.set_class(one == mode, f"-in-{one}")
        self.query_one({"lists": self._box, "message": "#message", "page": "#page"}[mode]).focus()
        self._show_keys()
        self.say("")

    def _show_keys(self) -> None:
        self._write("keys", said.keys("panel" if self.panel.display else self._mode))

    def action_leave(self) -> None:
        """From a page to where it was opened, from a message to the lists."""
        is_page = self._mode == "page" and self._opening is not None
        if not is_page:
            self._opening = None
            self._show_head(self._look)
        self._go("message" if is_page else "lists")

    def action_next(self) -> None:
        """Open the next message that no officer has read."""
        if self._look is None:
            return
        here = "" if self._opening is None else self._opening.view.number
        unread = [one.number for one in self._look.view.inbox if one.standing in desk.UNREAD]
        after = unread[unread.index(here) + 1 :] if here in unread else unread
        if after:
            self._open_soon(after[0])
        else:
            self.say(_("There is no other message to read."))

    def action_language(self) -> None:
        """The next language of the forms."""
        place = [*LANGUAGES].index(self.language) if self.language in LANGUAGES else -1
        self.language = LANGUAGES[(place + 1) % len(LANGUAGES)]
        self.say(_("Forms are shown in {language}.", language=self.language))
        if self._look is not None:
            self._show_lists(self._look)
            self._show_message()

    def action_scroll_message(self, pages_down: int) -> None:
        """Move the message while an officer types."""
        shown = self.query_one("#message", VerticalScroll)
        shown.scroll_relative(y=pages_down * max(1, shown.size.height - 1), animate=False)

    def action_page(self, name: str) -> None:
        """Show whom to call, heads, journal or keys."""
        self.run_worker(self._guard(self._turn_to(name)), group="page", exclusive=True)

    async def _turn_to(self, name: str) -> None:
        if name == "whom":
            languages = dict.fromkeys((self.language, "en", "ru"))
            words = await self.at_desk(pages.whom, tuple(languages))
        elif name == "heads":
            words = await self.at_desk(pages.heads, self._folder)
        elif name == "journal" and self._look is not None:
            words = pages.journal(self._look.view, self._folder)
        else:
            words = pages.keys(self._folder)
        self._write("page-text", words)
        self._go("page")
        self.query_one("#page").scroll_home(animate=False)

    def action_read(self) -> None:
        """Let an officer read the message back and sign."""
        opening = self._opening
        if self._mode != "message" or opening is None:
            self.say(_("Open a message first: Enter."))
        elif opening.form is None or opening.problem:
            self.say(opening.problem or _("There is no form to read back. Ask by voice."))
        else:
            self._ask_soon(asking.read(self, opening.view.number, opening.form))

    def action_answer(self) -> None:
        """Let officers write and release a short reply."""
        if self._mode != "message" or self._opening is None:
            self.say(_("Open a message first: Enter."))
        else:
            self._ask_soon(asking.answer(self, self._opening.view))

    def _ask_soon(self, flow: Coroutine[Any, Any, str]) -> None:
        self.run_worker(self._guard(self._ask(flow)), group="asking", exclusive=True)

    async def _ask(self, flow: Coroutine[Any, Any, str]) -> None:
        self.say("")
        self.panel.display = True
        self._show_keys()
        try:
            words = await flow
        except asking.Stopped:
            words = _("Stopped: nothing was signed or sent.")
        except _FAULTS as error:
            words = str(error)
        self.panel.close()
        self._go("message")
        self._show_message()
        self.say(words)
        self._read_soon()
