"""A node in a process of its own: `child.py HOME CARRIER…`; one line a thing that it tells."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from detente.channel.node.carriers.parse import parse
from detente.channel.node.clock import moment
from detente.channel.node.home import Home
from detente.channel.node.loop import run


def _tell(what: object) -> None:
    sys.stdout.write(json.dumps(what.__dict__) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    folder = Home(Path(sys.argv[1]))
    asyncio.run(run(folder, parse(folder, sys.argv[2:]), tell=_tell, moment=moment))
