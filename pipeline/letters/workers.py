"""Work done by several processes: each has the register and the templates once, and is sent letters a batch at a time."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

Work = TypeVar("Work")
Done = TypeVar("Done")

FEW: Final = 200
"""Below this many letters, starting processes costs more than they save."""

_BATCH: Final = 50

START: Final = "fork" if sys.platform == "linux" else "spawn"
"""Only Linux forks safely; there the register need not be sent."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who makes the letters.

    Attributes:
        workers: how many processes, where there are many letters.
        tell: is told how many are done, and of how many.
    """

    workers: int = 1
    tell: Callable[[int, int], None] | None = None


ALONE: Final = Hands()


def by_several(make: Callable[[Sequence[Work]], list[Done]], work: Sequence[Work], hands: Hands) -> Iterator[Done]:
    """What `make` makes of all the work, in its order.

    Args:
        make: makes a batch; picklable where processes cannot be forked, and ready to be inherited where they can.
        work: what is to be made; small, since it is sent.
        hands: who makes it.
    """
    batches = [work[start : start + _BATCH] for start in range(0, len(work), _BATCH)]
    done = 0
    for made in (
        _each_alone(make, batches) if hands.workers < 2 or len(work) < FEW else _each_by_one(make, batches, hands.workers)
    ):
        yield from made
        done += len(made)
        if hands.tell is not None:
            hands.tell(done, len(work))


def meanwhile(work: Callable[[], Done], hands: Hands) -> Callable[[], Done]:
    """Begin a work in a process of its own while this one goes on, where there are hands for it and processes can be forked.

    Args:
        work: is inherited; what it gives is sent back.
        hands: who works.

    Returns:
        What waits until it is done, and gives what `work` gives or raises what it raises.
    """
    if hands.workers < 2 or START != "fork":
        return work
    pool = ProcessPoolExecutor(1, multiprocessing.get_context(START), _begin, (lambda _: work(),))
    begun = pool.submit(_make, ())

    def done() -> Done:
        with pool:
            try:
                return cast("Done", begun.result())
            except BrokenProcessPool:  # ended from outside
                return work()

    return done


def _each_alone(make: Callable[[Sequence[Work]], list[Done]], batches: Sequence[Sequence[Work]]) -> Iterator[list[Done]]:
    return map(make, batches)


def _each_by_one(
    make: Callable[[Sequence[Work]], list[Done]], batches: Sequence[Sequence[Work]], workers: int
) -> Iterator[list[Done]]:
    """Each batch by one of the processes; where they are ended from outside, the rest is made here."""
    made = 0
    with (
        suppress(BrokenProcessPool),
        ProcessPoolExecutor(min(workers, len(batches)), multiprocessing.get_context(START), _begin, (make,)) as pool,
    ):
        for found in pool.map(_make, batches):
            yield found
            made += 1
    yield from map(make, batches[made:])


_made_by: list[Callable[..., Any]] = []
"""In a worker: what makes a batch."""


def _begin(make: Callable[..., Any]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()  # what was inherited stays shared with the parent
    _made_by[:] = [make]


def _end_with_parent() -> None:
    """Where the run is killed, its processes go too: they would hold its lock, and wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(batch: Sequence[Any]) -> Any:
    return _made_by[0](batch)
