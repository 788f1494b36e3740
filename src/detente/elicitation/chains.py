"""Whether each group's own estimates fit together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.case.case import Case
from detente.case.model import Chain
from detente.elicitation.coherence import Coherence, coherence_gap, spans_gap
from detente.elicitation.results import ChainCheck, QuantityBelief


def chain_checks(case: Case, beliefs: Iterable[QuantityBelief]) -> tuple[ChainCheck, ...]:
    """Every chain of the case held against the markers of every group that gave all its parts.

    What fits in each head need not fit in the aggregate; the check is on what would be printed.
    """
    by_group: dict[str, dict[str, QuantityBelief]] = {}
    for belief in beliefs:
        by_group.setdefault(belief.group, {})[belief.quantity] = belief
    return tuple(
        _checked(chain, group, own)
        for chain in case.chains
        for group, own in by_group.items()
        if set(_parts(chain)) <= own.keys()
    )


def _parts(chain: Chain) -> Sequence[str]:
    ends = (chain.direct, chain.shorter, chain.longer)
    return (*chain.steps, *(end for end in ends if end is not None))


def _checked(chain: Chain, group: str, own: dict[str, QuantityBelief]) -> ChainCheck:
    gap = _gap(chain, {name: belief.marker for name, belief in own.items()})
    return ChainCheck(
        chain=chain.id,
        group=group,
        given=gap.given,
        direct=gap.direct,
        factor=gap.factor,
        flagged=gap.flagged,
        people=min(own[part].people for part in _parts(chain)),
    )


def _gap(chain: Chain, marker: dict[str, float]) -> Coherence:
    if chain.direct is not None:
        return coherence_gap([marker[step] for step in chain.steps], marker[chain.direct])
    assert chain.shorter is not None
    assert chain.longer is not None
    assert chain.times is not None
    return spans_gap(marker[chain.shorter], marker[chain.longer], times=chain.times)
