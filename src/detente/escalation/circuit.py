"""Boolean gates over named events: what fault trees, event trees and ladders have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Op = Literal["and", "or", "not", "xor", "iff", "nand", "nor", "imply", "at-least", "same"]


@dataclass(frozen=True)
class Gate:
    """A gate over other gates, events and constants, by name.

    ``same`` passes its one input on, ``not`` turns it; ``at-least`` holds where ``least`` of its
    inputs do; ``xor`` where an odd number does; ``imply`` has two inputs, the first implying the
    second.
    """

    name: str
    op: Op
    inputs: tuple[str, ...]
    least: int = 0


@dataclass(frozen=True)
class Circuit:
    """Gates by name, without a circle, over ``events`` that happen or not, and constants.

    A name is that of one gate, one event or one constant. ``events`` stand in the order in which
    the author names them.
    """

    gates: Mapping[str, Gate]
    events: tuple[str, ...]
    constants: Mapping[str, bool] = field(default_factory=dict)
