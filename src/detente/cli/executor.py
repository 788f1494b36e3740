"""Where larger runs are computed: a pool of processes on this machine, or a Dask cluster.

Both give the same numbers: work is cut into parts that never depend on how many there are to do it.
"""

from __future__ import annotations

import copyreg
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from types import MappingProxyType
from typing import Any, TypeVar

from detente.cli.words import _
from detente.ground.errors import PeerError, StoreError, UsageError

# What is asked holds mappings that nobody can change; they are sent as copies.
copyreg.pickle(MappingProxyType, lambda own: (frozen, (dict(own),)))

Part = TypeVar("Part")
Done = TypeVar("Done")


def frozen(own: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """A mapping that nobody can change, made again where it was sent."""
    return MappingProxyType(own)


@contextmanager
def executor(address: str | None = None, *, workers: int | None = None) -> Iterator[Any]:
    """An executor with ``submit`` and ``shutdown``: local processes, or the cluster at an address.

    Raises
    ------
    UsageError
        Where an address is given and Dask is not installed.
    PeerError
        Where no scheduler answers there.

    """
    if address is None:
        many = workers or os.cpu_count() or 1
        with ProcessPoolExecutor(many, mp_context=get_context("spawn")) as pool:
            yield pool
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(_("Dask is not installed: install detente[cluster].")) from error
    try:
        client: Any = Client(address, timeout=20)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise PeerError(_("No scheduler answers at {address}.", address=address)) from error
    with client:
        cluster = client.get_executor(pure=False)  # equal calls are calls of their own
        try:
            yield cluster
        finally:
            cluster.shutdown()


def in_parts(
    pool: Executor | None, work: Callable[[Part], Done], parts: Sequence[Part],
    told: Callable[[int], None] = lambda _done: None,
) -> list[Done]:  # fmt: skip
    """What ``work`` makes of each part, in their order; here and now without a pool.

    Parameters
    ----------
    pool
        From `executor`; None for this process.
    work
        A function of a module, so that it can be sent.
    parts
        Whatever it takes.
    told
        Is called with the place of each part that is done.

    Raises
    ------
    StoreError
        Where a process of the pool was ended, as one is that takes too much memory.
    PeerError
        Where workers of the cluster were lost again and again.

    """
    found: list[Any] = [None] * len(parts)
    if pool is None:
        for place, one in enumerate(parts):
            found[place] = work(one)
            told(place)
        return found
    try:
        for place, done in _as_done(pool, work, parts):
            found[place] = done
            told(place)
    except BrokenProcessPool as error:
        raise StoreError(
            _("A worker process ended before its time; memory may not have sufficed. Run it again.")
        ) from error
    except Exception as error:
        if _lost(error):
            raise PeerError(
                _("The cluster, or its workers at one part, were lost. Run it again.")
            ) from error
        raise
    return found


def _as_done(
    pool: Any, work: Callable[[Part], Done], parts: Sequence[Part]
) -> Iterator[tuple[int, Done]]:
    futures = {pool.submit(work, one): place for place, one in enumerate(parts)}
    for future in as_completed(futures):
        yield futures[future], future.result()


def _lost(error: Exception) -> bool:
    """Whether a cluster was lost, or gave up on a part that lost its workers."""
    if "distributed" not in sys.modules:
        return False
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    return isinstance(error, KilledWorker | CommClosedError | CancelledError)
