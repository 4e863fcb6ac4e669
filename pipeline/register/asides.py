"""Rows that stand among the records and are none: the line of headings again, totals, and remarks below the table.

They are left out and told of, never lost in silence; where a row may be a record, it is one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.findings import Severity
from pipeline.register.cells import clean, folded
from pipeline.register.grid import Raw
from pipeline.register.problems import Problem

_TOTALS: Final = frozenset(
    (
        "sum",
        "summa",
        "total",
        "totalt",
        "totals",
        "totalsum",
        "totalsumma",
        "i alt",
        "ialt",
        "sammenlagt",
        "tilsammen",
        "til sammen",
        "antall",
        "antal",
        "snitt",
        "gjennomsnitt",
        "gennemsnit",
        "genomsnitt",
    )
)
_SIGNS: Final = ("*", "(", "→", "obs", "nb!", "nb:", "ps:", "merk:", "note:")
_WORDS: Final = 4
_SPANS: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is looked at before it counts as a record.

    Attributes:
        cells: what stands in the profile's columns from left to right, empty ones left out.
        headings: the names that each of these columns goes by, in the form of `bare`.
        keyed: the key's first column is filled in.
        lacking: as a record it would have an error.
        summing: a formula in it sums up or counts cells.
        last: no record follows.
        apart: a blank row stands above it.
    """

    cells: Sequence[Raw]
    headings: Sequence[Collection[str]]
    keyed: bool
    lacking: bool
    summing: bool
    last: bool
    apart: bool


def aside(line: Line) -> Problem | None:
    """Why the row is no record; None where it is one."""
    if _repeats_the_headings(line):
        return Problem("headings-again")
    if _is_total(line):
        return Problem("totals-row", Severity.WARNING)
    if _is_remark(line):
        return Problem("remark-below", Severity.WARNING)
    return None


def bare(text: str) -> str:
    """A heading or title without regard to case, spaces, line breaks and the star of a required column."""
    return "".join(folded(text).split()).rstrip("*:")


def may_be_aside(first: Raw, names: Collection[str]) -> bool:
    """Whether the first word of a row without errors makes it worth a second look; `names` are those of its column."""
    return isinstance(first, str) and (bare(first) in names or _is_totals_word(first))


def _is_totals_word(text: str) -> bool:
    return folded(text).rstrip(":= ") in _TOTALS


def _repeats_the_headings(line: Line) -> bool:
    same = sum(isinstance(raw, str) and bare(raw) in names for raw, names in zip(line.cells, line.headings, strict=True))
    return same * 2 > len(line.cells) and (same > 1 or line.lacking)


def _is_total(line: Line) -> bool:
    if line.summing and not line.keyed:
        return True
    first, others = line.cells[0], line.cells[1:]
    if not isinstance(first, str) or not _is_totals_word(first):
        return False
    return line.lacking or line.summing or all(isinstance(raw, float) for raw in others)


def _is_remark(line: Line) -> bool:
    [raw, *others] = line.cells
    if others or not line.last or not isinstance(raw, str):
        return False
    text = clean(raw).casefold()
    words = len(text.split())
    return (line.lacking and (words >= _WORDS or text.startswith(_SIGNS))) or (line.apart and words >= _WORDS - 1)


def spans(rows: Iterable[int]) -> str:
    """Numbers of rows as people write them: ``5–9, 12``; after some spans, only that there are more."""
    found: list[tuple[int, int]] = []
    for row in sorted(rows):
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in found[:_SPANS]]
    return ", ".join(shown) + (" …" if len(found) > _SPANS else "")
