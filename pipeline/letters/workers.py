"""Letters filled by several processes: each has the register and the templates once, and is sent letters a batch at a time."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

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
    gc.freeze()  # what was inherited stays shared with the parent
    _made_by[:] = [make]


def _make(batch: Sequence[Any]) -> Any:
    return _made_by[0](batch)
