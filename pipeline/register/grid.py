"""A workbook once read: its cells as they stand, with their addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

Raw = str | float | bool | date | datetime | time | timedelta
"""What calamine gives for a cell: an empty text for an empty one, every number as float."""

UNCOMPUTED: Final = ""
"""What `SheetCells.faulty` holds for a formula without a stored result."""


@dataclass(frozen=True, slots=True)
class SheetCells:
    """The cells of one sheet.

    Attributes:
        title: the tab's title.
        rows: the cells; Excel's row r and column c, counted from 1, are ``rows[r - 1][c - 1]``.
        faulty: cells that hold an error or an uncomputed formula, by row and column;
            what Excel shows there, or `UNCOMPUTED`.
    """

    title: str
    rows: Sequence[Sequence[Raw]]
    faulty: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as it was when it was read.

    Attributes:
        file: its name, without the folder.
        sheets: by title, in the order of the tabs.
        digest: SHA-256 of the file's bytes, in hexadecimal.
        content: the file's bytes.
        date1904: its numbers count days from 1904, as old Excel for Mac did; dates in `sheets` are right in any case.
    """

    file: str
    sheets: Mapping[str, SheetCells]
    digest: str = ""
    content: bytes = field(default=b"", repr=False)
    date1904: bool = False
