"""A workbook once read: its cells as they stand, with their addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from pipeline.findings import column_letters

Raw = str | float | bool | date | datetime | time | timedelta
"""What calamine gives for a cell: an empty text for an empty one, every number as float."""

UNCOMPUTED: Final = ""
"""What `SheetCells.faulty` holds for a formula without a stored result."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells; rows and columns count from 1, and the last ones belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        """As Excel writes it: ``A5:C7``."""
        first, last = column_letters(self.first_column), column_letters(self.last_column)
        return f"{first}{self.first_row}:{last}{self.last_row}"


@dataclass(frozen=True, slots=True)
class SheetCells:
    """The cells of one sheet, and what they look like where that says something about their meaning.

    Attributes:
        title: the tab's title.
        rows: the cells; Excel's row r and column c, counted from 1, are ``rows[r - 1][c - 1]``.
        faulty: cells that hold an error or an uncomputed formula, by row and column;
            what Excel shows there, or `UNCOMPUTED`.
        hidden: numbers of the rows that are hidden, by hand or by a filter.
        struck: cells whose text is struck through, wholly or in part, by row and column.
        merged: areas of merged cells, of which only the first cell holds anything.
        summing: numbers of the rows in which a formula sums up or counts cells.
    """

    title: str
    rows: Sequence[Sequence[Raw]]
    faulty: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    struck: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[Area, ...] = ()
    summing: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as it was when it was read.

    Attributes:
        file: its name, without the folder.
        sheets: by title, in the order of the tabs; without their rows where those have been let go of
            (`pipeline.register.workbook.without_rows`).
        digest: SHA-256 of the file's bytes, in hexadecimal.
        content: the file's bytes.
        date1904: its numbers count days from 1904, as old Excel for Mac did; dates in `sheets` are right in any case.
    """

    file: str
    sheets: Mapping[str, SheetCells]
    digest: str = ""
    content: bytes = field(default=b"", repr=False)
    date1904: bool = False
