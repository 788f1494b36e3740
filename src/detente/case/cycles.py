"""Circles among records that need each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def cycle_through(start: str, edges: Mapping[str, Iterable[str]]) -> list[str]:
    """The shortest chain of edges from ``start`` back to it; empty where there is none."""
    came: dict[str, str] = {}
    queue = [start]
    for name in queue:
        for following in edges.get(name, ()):
            if following == start:
                chain = [name]
                while chain[-1] != start:
                    chain.append(came[chain[-1]])
                return [*chain[::-1], start]
            if following not in came:
                came[following] = name
                queue.append(following)
    return []
