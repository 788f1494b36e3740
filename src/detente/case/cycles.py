"""Circles among records that need each other, and how far they reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Edges = Mapping[str, Iterable[str]]


def cycles(edges: Edges) -> list[list[str]]:
    """Circles of edges, each as a chain that ends where it begins; empty where there is none.

    At least one of any set of circles that share a name is told, in time linear in the edges.
    """
    found: list[list[str]] = []
    done: set[str] = set()
    for start in edges:
        chain: dict[str, None] = {}  # the names on the way from `start`, in order
        ahead = [(start, iter([start]))]
        while ahead:
            name, following = ahead[-1]
            following_name = next(following, None)
            ...
    return found
