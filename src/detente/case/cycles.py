"""Circles among records that need each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def cycles(edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Circles of edges, each as a chain that ends where it begins; of those that touch, one.

    Takes a time linear in the edges. There is none exactly where there is no circle.
    """
    found: list[list[str]] = []
    done: set[str] = set()
    for start in edges:
        chain: dict[str, None] = {}
        ahead = [(start, False)]
        while ahead:
            name, leaving = ahead.pop()
            if leaving:
                del chain[name]
                done.add(name)
            elif name in chain:
                names = list(chain)
                found.append([*names[names.index(name) :], name])
                done.update(names)
                break
            elif name not in done:
                chain[name] = None
                ahead.append((name, True))
                ahead += [(following, False) for following in edges.get(name, ())]
    return found
