"""What a node's shell has to say beside the protocol's own events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from detente.channel.step import Event

NoticeKind = Literal[
    "carrier failed",  # it is tried again
    "connected",
    "disconnected",
    "file refused",
    "listening",
    "log missing",  # an empty one was started, which heals from the other parties
    "log set aside",  # it was damaged; an empty one was started, which heals the same way
    "not written",  # the disk did not take it; nothing was acknowledged, it is tried again
    "written again",
]


@dataclass(frozen=True)
class Notice:
    """What happened to this node's disk or to a carrier, with which party, and in what detail."""

    kind: NoticeKind
    party: str = ""
    detail: str = ""


Tell = Callable[[Event | Notice], None]
