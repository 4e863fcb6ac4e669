"""Work done by several processes: each has the register and the templates once, and is sent letters a batch at a time."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
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

    def tell(done: Iterable[int]) -> None:
        if hands.tell is not None:
            hands.tell(sum(len(batches[number]) for number in done), len(work))

    alone = hands.workers < 2 or len(work) < FEW
    for made in _each_alone(make, batches, tell) if alone else _each_by_one(make, batches, hands.workers, tell):
        yield from made


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


Tell = Callable[[Iterable[int]], None]
"""Is told the numbers of all batches that are made."""


def _each_alone(
    make: Callable[[Sequence[Work]], list[Done]], batches: Sequence[Sequence[Work]], tell: Tell
) -> Iterator[list[Done]]:
    for number, batch in enumerate(batches):
        yield make(batch)
        tell(range(number + 1))


def _each_by_one(
    make: Callable[[Sequence[Work]], list[Done]], batches: Sequence[Sequence[Work]], workers: int, tell: Tell
) -> Iterator[list[Done]]:
    """Each batch by one of the processes, of which this is one: the others begin at the front, this one at the end.

    With one process fewer, one fewer has its own copy of what was inherited and looked at.
    Where the others are ended from outside, this one makes the rest.
    """
    with ProcessPoolExecutor(min(workers, len(batches)) - 1, multiprocessing.get_context(START), _begin, (make,)) as pool:
        theirs = [pool.submit(_make, batch) for batch in batches]
        made: dict[int, list[Done]] = {}

        def done() -> Iterator[int]:
            return (number for number, other in enumerate(theirs) if number in made or (other.done() and not other.cancelled()))

        for number in reversed(range(len(batches))):
            if theirs[number].cancel():
                made[number] = make(batches[number])
                tell(done())
        for number, batch in enumerate(batches):
            if number not in made:
                made[number] = _theirs_or(make, theirs[number], batch)
                tell(done())
        for number in range(len(batches)):
            yield made.pop(number)


def _theirs_or(make: Callable[[Sequence[Work]], list[Done]], other: Future[list[Done]], batch: Sequence[Work]) -> list[Done]:
    try:
        return other.result()
    except BrokenProcessPool:
        return make(batch)


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
