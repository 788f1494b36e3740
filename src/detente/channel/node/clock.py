"""The one clock of the channel: what it says is handed to everything else as an argument."""

from __future__ import annotations

import time

from detente.channel.protocol.state import Moment


def moment() -> Moment:
    """The instant: UTC seconds as the machine claims, and milliseconds that never jump."""
    return Moment(int(time.time()), time.monotonic_ns() // 1_000_000)
