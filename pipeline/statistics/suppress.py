"""Which numbers of a table are not shown outside the office, so that none of them tells about a few people.

A number below the smallest is hidden; then as many others as it takes for nobody to work a hidden one out from the totals.
A table is groups by offices, with a total for each. Each line (the groups of an office with their total, the offices of a
group with theirs) is a sum: from a line with one hidden number it could be worked out, and from hidden numbers that are
together below the smallest one knows that each of them is. In a picture in which lines are points and each hidden number joins
the two lines that it stands in, a number can be worked out exactly where it is the only way between two parts: a bridge.

What an office shares of its own is a table too, and whoever has it reads it beside that of several offices together. So the
latter hides what the former hides, and nothing that the former shows: what it needs besides is hidden in the totals of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

Place = tuple[int, int]
"""Row and column of a number in a table; the totals are the last of each, where there are totals."""
Line = tuple[Place, ...]
"""The places of a sum: the last is the total of the others."""
Rank = tuple[bool, bool, int, Place]

_OPEN_END: Final = "no sum"


def hidden(
    table: Sequence[Sequence[int]],
    smallest: int,
    *,
    parts: Sequence[Sequence[int]] | None = None,
    first: Iterable[Place] = (),
    known: Iterable[Place] = (),
) -> frozenset[Place]:
    """The places of a table that are not shown.

    Args:
        table: of how many each number tells. Where it has more than one row, the last is the total of the others,
            and where it has more than one column, the last is.
        smallest: the least number that is shown; nought is shown always.
        parts: for shares, how many of those have what is asked: a share is as telling as the smaller of its two parts.
        first: places that are not shown in any case.
        known: places that are shown elsewhere, so that nothing is gained by hiding them here.
    """
    rows, columns = len(table), len(table[0]) if table else 0
    found = {
        (row, column)
        for row in range(rows)
        for column in range(columns)
        if _tells(table[row][column], parts[row][column] if parts else 0, smallest)
    }
    found.update(first)
    sizes = [table] if parts is None else [table, parts, _rest(table, parts)]
    seen = _Seen(tuple(_lines(rows, columns)), found, table, frozenset(known))
    while True:
        further = next(chain(_too_few(seen, sizes, smallest), _bridges(seen)), None)
        if further is None:
            return frozenset(found)
        found.add(further)


def _tells(size: int, part: int, smallest: int) -> bool:
    return any(0 < number < smallest for number in (size, part, size - part))


def _lines(rows: int, columns: int) -> Iterator[Line]:
    if rows > 1:
        yield from (tuple((row, column) for row in range(rows)) for column in range(columns))
    if columns > 1:
        yield from (tuple((row, column) for column in range(columns)) for row in range(rows))


def _rest(table: Sequence[Sequence[int]], parts: Sequence[Sequence[int]]) -> Sequence[Sequence[int]]:
    return [[size - part for size, part in zip(*row, strict=True)] for row in zip(table, parts, strict=True)]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a reader has before them: the sums of a table, which places of it are hidden so far, and which they know anyway."""

    lines: tuple[Line, ...]
    found: set[Place]
    table: Sequence[Sequence[int]]
    known: frozenset[Place]

    def cheapest(self, line: Line) -> Iterator[Place]:
        """What is lost least in a line: the smallest number not hidden yet, a total or a nought where nothing else is left."""

        def rank(place: Place) -> Rank:
            size = self.table[place[0]][place[1]]
            return place == line[-1], size == 0, size, place

        yield from sorted((place for place in line if place not in self.found | self.known), key=rank)[:1]


def _too_few(seen: _Seen, sizes: Sequence[Sequence[Sequence[int]]], smallest: int) -> Iterator[Place]:
    """A number to be hidden beside those of a line that are together too small to hide behind each other."""
    for line in seen.lines:
        *inner, total = line
        inside = [place for place in inner if place in seen.found]
        hides_total = total in seen.found
        alone = len(inside) + hides_total == 1
        together = [sum(size[row][column] for row, column in inside) for size in sizes]
        too_small = bool(inside) and not hides_total and (together[0] < smallest or any(0 < n < smallest for n in together))
        if alone or too_small:
            yield from seen.cheapest(line)


def _bridges(seen: _Seen) -> Iterator[Place]:
    """A number to be hidden beside one that can be worked out through several lines."""
    ends = _ends(seen.lines, seen.found)
    for place in sorted(seen.found):
        others = [ends[other] for other in seen.found if other != place]
        if ends[place] and not _joined(ends[place], others):
            for line in seen.lines:
                if place in line:
                    yield from seen.cheapest(line)


def _ends(lines: Sequence[Line], found: set[Place]) -> Mapping[Place, tuple[object, ...]]:
    """The lines that each hidden number stands in; what is in one sum alone has an open end."""
    ends: dict[Place, tuple[object, ...]] = {}
    for place in found:
        of_place: list[object] = [line for line in lines if place in line]
        ends[place] = tuple([*of_place, _OPEN_END][:2]) if of_place else ()
    return ends


def _joined(ends: tuple[object, ...], others: Sequence[tuple[object, ...]]) -> bool:
    """Whether others lead from one end to the other."""
    reached, grown = {ends[0]}, True
    while grown:
        grown = False
        for pair in others:
            if pair and len(reached & set(pair)) == 1:
                reached |= set(pair)
                grown = True
    return ends[1] in reached
