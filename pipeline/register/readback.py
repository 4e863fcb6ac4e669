"""What a spliced workbook must show before it may take the register's place.

An independent reader looks at the whole workbook before and after:
every member that nobody wanted to change is byte for byte the same, every other cell reads the same,
and the cells concerned hold what they should.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from pipeline.findings import Place
from pipeline.register.archive import Archive, Unspliceable
from pipeline.register.grid import Raw
from pipeline.register.splice import New, Spliced
from pipeline.texts import message

HARMED: Final = message("a trial showed that more than the cells concerned would change; tell the makers of Fristbrev")

Cells = Mapping[str, Sequence[Sequence[Raw]]]
"""The cells by sheet title; Excel's row r and column c, counted from 1, are ``[r - 1][c - 1]``."""


def cells_of(file: str, content: bytes) -> Cells:
    """All cells of a workbook, as the register's reader gives them.

    Raises:
        Unspliceable: it cannot be read.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            titles = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            return {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in titles}
    except CalamineError as error:
        raise Unspliceable(file=file, reason=HARMED) from error


def cell_at(cells: Cells, place: Place) -> Raw:
    """What stands at a place; an empty text where nothing does."""
    rows = cells.get(place.sheet, ())
    row = rows[place.row - 1] if place.row <= len(rows) else ()
    return row[place.column - 1] if place.column <= len(row) else ""


def assure_unharmed(file: str, before: bytes, spliced: Spliced) -> None:
    """See to it that a spliced workbook differs in nothing but the cells that were to be written.

    Raises:
        Unspliceable: it differs in more, or a cell does not read as it should.
    """
    old, new = Archive(file, before), Archive(file, spliced.content)
    if list(old.by_name) != list(new.by_name):
        raise Unspliceable(file=file, reason=HARMED)
    changed = {name.lower() for name in spliced.parts}
    for name, member in old.by_name.items():
        if name not in changed and new.by_name[name].raw != member.raw:
            raise Unspliceable(file=file, reason=HARMED)
    cells = cells_of(file, spliced.content)
    if not _same_elsewhere(cells_of(file, before), cells, spliced.written):
        raise Unspliceable(file=file, reason=HARMED)
    if not all(_is(value, cell_at(cells, place)) for place, value in spliced.written.items()):
        raise Unspliceable(file=file, reason=HARMED)


def _same_elsewhere(before: Cells, after: Cells, written: Collection[Place]) -> bool:
    if list(before) != list(after):
        return False
    aside = {(place.sheet, place.row, place.column) for place in written}
    return all(
        (title, row + 1, column + 1) in aside
        for title in before
        for row, (old, new) in enumerate(zip_longest(before[title], after[title], fillvalue=()))
        if old != new
        for column, (was, is_now) in enumerate(zip_longest(old, new, fillvalue=""))
        if was != is_now or type(was) is not type(is_now)
    )


def _is(value: New, read: Raw) -> bool:
    """Whether a cell that was given the value reads as it; a time of day of zero is none."""
    if isinstance(read, datetime) and not isinstance(value, datetime):
        return read == datetime.combine(value, datetime.min.time()) if isinstance(value, date) else False
    if isinstance(value, str):
        return isinstance(read, str) and read.replace("\r\n", "\n") == value.replace("\r\n", "\n")
    return type(read) in _READ_AS[type(value)] and read == value


_READ_AS: Final[Mapping[type, frozenset[type]]] = {
    bool: frozenset({bool}),
    int: frozenset({int, float}),
    float: frozenset({int, float}),
    date: frozenset({date}),
}
