"""What the loop asks of a carrier, and a carrier of the loop.

A carrier is asked whether it can take a bundle for a party now (*pull*): so a slow one is never
given more than it can move, and what it is given is made at the last moment, with all there is.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from detente.channel.node.notice import Notice

# What became of a bundle: empty where it was taken and is on the disk, else why not.
Verdict = str
NOT_WRITTEN: Verdict = "It was not written; it is to be brought again."


class Desk(Protocol):
    """The side of the loop that a carrier sees."""

    async def bring(self, raw: bytes) -> asyncio.Future[Verdict]:
        """Hand in a bundle that came; returns once there is room for the next one."""

    def reached(self, party: str) -> None:
        """Say that a party can be reached afresh: what was under way may be lost."""

    def wake(self) -> None:
        """Say that this carrier may take a bundle again."""

    def say(self, notice: Notice) -> None:
        """Tell what happened."""


class Carrier(Protocol):
    """One way to move bundles."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def most_bytes(self) -> int:
        """The most bytes of entries that one bundle should hold."""

    @property
    def is_whole(self) -> bool:
        """Whether each bundle stands in the place of the last one, and so must hold all."""

    def is_ready(self, party: str) -> bool:
        """Whether it can take a bundle for this party now."""

    def give(self, party: str, raw: bytes) -> None:
        """Take a bundle; only asked when ready."""

    def patience_ms(self, size: int) -> int:
        """How long the answer to a bundle of that many bytes may take."""

    async def serve(self, desk: Desk) -> None:
        """Move bundles until cancelled; `OSError` where it is to be started again later."""
