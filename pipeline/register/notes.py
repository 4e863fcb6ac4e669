"""Where the notes of a workbook's cells stand and how large they are.

openpyxl gives a note a size and no place, so that all notes of a sheet lie on each other at its top.
Excel and LibreOffice read the place from an anchor: the cells in which the note begins and ends, with offsets in pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final

from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

_EXCEL: Final = "{urn:schemas-microsoft-com:office:excel}"
_AWAY: Final = 12
"""Pixels between the cell and its note."""

_CHARACTER: Final = 7
_MARGIN: Final = 5
"""Pixels of a unit of a column's width, and of what stands on its sides."""

_POINT: Final = 4 / 3
_COLUMN: Final = 64
_ROW: Final = 20
"""Pixels of a point, and of a column and a row that nobody has changed."""


def with_anchors(drawing: bytes, sheet: Worksheet) -> bytes:
    """A sheet's drawing of its notes, as openpyxl writes it, with an anchor for each of them: to the right of its cell."""
    root = etree.fromstring(drawing)
    widths, heights = _widths(sheet), _heights(sheet)
    for data in root.iter(f"{_EXCEL}ClientData"):
        row, column = (int(data.findtext(f"{_EXCEL}{name}", "0")) for name in ("Row", "Column"))
        note = sheet.cell(row + 1, column + 1).comment
        if note is None:
            continue
        top = max(row - 1, 0)
        right, right_offset = _end(column + 1, _AWAY + int(note.width), widths)
        bottom, bottom_offset = _end(top, _AWAY + int(note.height), heights)
        anchor = etree.Element(f"{_EXCEL}Anchor")
        anchor.text = ", ".join(map(str, (column + 1, _AWAY, top, _AWAY, right, right_offset, bottom, bottom_offset)))
        data.insert(2, anchor)
    return etree.tostring(root)


def _end(start: int, length: int, size: Callable[[int], int]) -> tuple[int, int]:
    """The column or row, counted from 0, in which a length in pixels ends, and how far into it."""
    left = length
    for index in count(start):
        if left <= (room := size(index)):
            return index, left
        left -= room
    raise AssertionError("count has no end")


def _widths(sheet: Worksheet) -> Callable[[int], int]:
    known = {
        index: 0 if dimension.hidden else int(dimension.width * _CHARACTER) + _MARGIN
        for dimension in sheet.column_dimensions.values()
        for index in range((dimension.min or 1) - 1, dimension.max or 1)
    }
    return lambda index: known.get(index, _COLUMN)


def _heights(sheet: Worksheet) -> Callable[[int], int]:
    def height(index: int) -> int:
        own = sheet.row_dimensions[index + 1].height if index + 1 in sheet.row_dimensions else None
        return _ROW if own is None else int(own * _POINT)

    return height
