"""The overview as a workbook: a sheet for all, one for each owner, letters not made and not sent, and what to mend."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import quote

import xlsxwriter

from pipeline.deadlines.model import Status
from pipeline.findings import Severity
from pipeline.letters.model import Outcome
from pipeline.lists import words
from pipeline.lists.overview import HeldLetter, ListedDeadline, ListedFinding, LyingLetter, Overview, by_name
from pipeline.lists.own import Cell, OwnList
from pipeline.lists.ready_rows import ReadyRows, RowWriter
from pipeline.lists.sheets import (
    OPTIONS,
    Column,
    Kind,
    Look,
    frame_ready,
    frame_table,
    height,
    set_properties,
    sheet_names,
    unlike,
)
from pipeline.lists.words import plain
from pipeline.register.poured import poured, sheet_part
from pipeline.texts import Texts, message

_DEADLINES: Final = (
    Column(message("Status"), 12),
    Column(message("New"), 6),
    Column(message("Record"), 12, "key"),
    Column(message("Deadline"), 26),
    Column(message("Responsible"), 18),
    Column(message("Due"), 11, "day"),
    Column(message("Act by"), 11, "day"),
    Column(message("Working days late"), 13, "number"),
    Column(message("Working days left"), 13, "number"),
    Column(message("Cell to mend"), 13),
    Column(message("To do first"), 60),
    Column(message("Legal basis"), 36),
)

_HELD: Final = (
    Column(message("Status"), 14),
    Column(message("Record"), 14, "key"),
    Column(message("Letter"), 32),
    Column(message("Responsible"), 22),
    Column(message("Why"), 90),
)

_LYING: Final = (
    Column(message("Status"), 14),
    Column(message("Made on"), 11, "day"),
    Column(message("Record"), 14, "key"),
    Column(message("Letter"), 32),
    Column(message("Goes to"), 10),
    Column(message("Responsible"), 22),
    Column(message("File"), 60, "link"),
    Column(message("Note"), 40),
)

_FINDINGS: Final = (
    Column(message("Kind"), 11),
    Column(message("File"), 20),
    Column(message("Sheet"), 16),
    Column(message("Cell"), 8),
    Column(message("Heading"), 22),
    Column(message("Record"), 14, "key"),
    Column(message("Shows"), 22),
    Column(message("What is wrong"), 44),
    Column(message("What to write instead"), 44),
)

_RED: Final = ("#9C2A1C", "#FBECE9")
_AMBER: Final = ("#7A4A00", "#FCF2DF")
_BLUE: Final = ("#1C4F5E", "#E9F1F3")
_VIOLET: Final = ("#5A2D82", "#F3ECF9")

_COLOURS: Final[Mapping[Status | Outcome | Severity, tuple[str, str]]] = {
    Status.UNKNOWN: _VIOLET,
    Status.OVERDUE: _RED,
    Status.DUE_SOON: _AMBER,
    Status.UPCOMING: _BLUE,
    Outcome.WITHHELD: _AMBER,
    Outcome.MANUAL: _BLUE,
    Outcome.REVIEW: _BLUE,
    Outcome.HELD: _AMBER,
    Outcome.DUE: _BLUE,
    Outcome.PRODUCED: _BLUE,
    Outcome.NOT_NEEDED: _AMBER,
    Severity.ERROR: _RED,
    Severity.WARNING: _AMBER,
}
"""Ink and fill of the words in a table's first column; the word says the same without colour."""


class _Link(str):
    """A file below the output folder, which the cell leads to; quoting leaves no scheme in it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet to be: `marks` are what the words in the first column stand for, where they stand for anything."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[tuple[object, ...]]
    marks: Sequence[Status | Outcome | Severity | None]


def overdue_workbook(overview: Overview, texts: Texts) -> bytes:
    """``forfalt.xlsx``: the same bytes for the same overview and language."""
    tables = _tables(overview, texts)
    title = f"{texts(words.TITLE)} · {overview.municipality} · {texts.short_date(overview.today)}"
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        look = Look(book, texts)
        coloured = {mark: look.coloured(colours) for mark, colours in _COLOURS.items()}
        shared = RowWriter(book, [look.of[column.kind] for column in _DEADLINES], look.of["day"])
        for name, table in zip(sheet_names(table.title for table in tables), tables, strict=True):
            firsts = [coloured[mark] if mark else None for mark in table.marks]
            if not table.rows or table.columns is _LYING:
                sheet = book.add_worksheet(name)
                frame_table(sheet, table.columns, table.rows, look, texts, title)
                for n, (first, row) in enumerate(zip(firsts, table.rows, strict=True), start=1):
                    _write_row(sheet, n, row, first, look.of["day"], look.of["link"])
                continue
            sheet = book.add_worksheet(name, ReadyRows)
            if table.columns is _DEADLINES:
                sheet.ready = [
                    shared.row(row, partial(height, row, _DEADLINES), first)
                    for row, first in zip(table.rows, firsts, strict=True)
                ]
            else:
                writer = RowWriter(book, [look.of[column.kind] for column in table.columns], look.of["day"])
                sheet.ready = [
                    writer.single(row, height(row, table.columns), first) for row, first in zip(table.rows, firsts, strict=True)
                ]
            frame_ready(sheet, table.columns, look, texts, title)
        set_properties(book, title, overview.today)
        sheets = {sheet_part(n): sheet.pour for n, sheet in enumerate(book.worksheets(), 1) if isinstance(sheet, ReadyRows)}
    return poured(buffer, sheets)


def _write_row(sheet: Any, n: int, row: Sequence[object], first: Any, day: Any, link: Any) -> None:
    """The cells of a row; its first in the colours of what it says, the others in their column's format."""
    for column, value in enumerate(row):
        match value:
            case _Link() if value:
                sheet.write_url(n, column, f"external:../{quote(value)}", link, value)
            case str() if value:
                sheet.write_string(n, column, value, None if column else first)
            case date():
                sheet.write_datetime(n, column, value, day)
            case int() | float():
                sheet.write_number(n, column, value)


def _tables(overview: Overview, texts: Texts) -> list[_Table]:
    every = [(deadline, _deadline_row(deadline, texts)) for deadline in overview.deadlines]
    of_owner: dict[str, list[tuple[ListedDeadline, tuple[object, ...]]]] = {
        owner: [] for owner in sorted({deadline.owner for deadline in overview.deadlines}, key=by_name)
    }
    for deadline, row in every:
        of_owner[deadline.owner].append((deadline, row))
    return [
        _deadlines(texts("All"), every),
        *(_own(own, texts) for own in overview.own),
        *(_deadlines(owner or texts(words.NOBODY), rows) for owner, rows in of_owner.items()),
        _Table(
            texts("Letters not made"),
            _HELD,
            [_held_row(letter, texts) for letter in overview.held],
            [letter.outcome for letter in overview.held],
        ),
        _Table(
            texts("Made, not sent"),
            _LYING,
            [_lying_row(letter, texts) for letter in overview.lying],
            [letter.outcome for letter in overview.lying],
        ),
        _findings(texts("To mend"), overview.findings, texts),
        _findings(texts("Rows left out"), overview.excluded, texts),
    ]


def _deadlines(title: str, rows: Sequence[tuple[ListedDeadline, tuple[object, ...]]]) -> _Table:
    return _Table(title, _DEADLINES, [row for _, row in rows], [deadline.status for deadline, _ in rows])


def _own(own: OwnList, texts: Texts) -> _Table:
    kinds: list[Kind] = ["key", *(_kind([row.cells[n] for row in own.rows]) for n in range(len(own.headings)))]
    headings = [texts("Record"), *own.headings]
    rows: list[tuple[object, ...]] = [(row.record, *row.cells) for row in own.rows]
    if own.to_mend:
        kinds, headings = [*kinds, "text"], [*headings, texts("Cell to mend")]
        rows = [(*row, of.cause) for row, of in zip(rows, own.rows, strict=True)]
    widths = ({"text": 30}.get(kind, 14) for kind in kinds)
    columns = [Column(*each) for each in zip(unlike(headings), widths, kinds, strict=True)]
    return _Table(own.title, columns, rows, [None] * len(rows))


def _kind(cells: Sequence[Cell]) -> Kind:
    """How a column of these cells looks."""
    if all(isinstance(cell, date) for cell in cells if cell is not None):
        return "day"
    return "number" if all(isinstance(cell, int | float) for cell in cells if cell is not None) else "text"


def _findings(title: str, rows: Sequence[ListedFinding], texts: Texts) -> _Table:
    return _Table(title, _FINDINGS, [_finding_row(row, texts) for row in rows], [row.severity for row in rows])


def _deadline_row(row: ListedDeadline, texts: Texts) -> tuple[object, ...]:
    late = row.status is Status.OVERDUE
    return (
        texts(words.STATUS[row.status]),
        texts("new") if row.new else "",
        row.record,
        row.title,
        words.responsible(row.owner, row.stands_in_for, texts),
        row.due,
        row.act_by,
        row.working_days if late else None,
        None if late else row.working_days,
        row.cause,
        row.first_step,
        "\n".join(row.basis),
    )


def _held_row(letter: HeldLetter, texts: Texts) -> tuple[object, ...]:
    return (
        texts(words.OUTCOME[letter.outcome]),
        letter.record,
        letter.title,
        words.responsible(letter.owner, letter.stands_in_for, texts),
        "\n".join(letter.why),
    )


def _lying_row(letter: LyingLetter, texts: Texts) -> tuple[object, ...]:
    return (
        texts(words.OUTCOME[letter.outcome]),
        letter.made,
        letter.record,
        letter.title,
        texts(words.ROLE[letter.role]) if letter.role else "",
        words.responsible(letter.owner, letter.stands_in_for, texts),
        _Link(plain(letter.file)),
        letter.note,
    )


def _finding_row(row: ListedFinding, texts: Texts) -> tuple[object, ...]:
    return (
        texts(words.SEVERITY[row.severity]),
        row.file,
        row.sheet,
        row.cell,
        row.heading,
        row.record,
        row.value,
        row.message,
        row.cure,
    )
