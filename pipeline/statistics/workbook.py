"""Statistics as a workbook: the numbers on one sheet and, within the office, the records behind each on another."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from pipeline.lists.sheets import OPTIONS, Column, Look, frame_table, set_properties
from pipeline.lists.words import plain
from pipeline.statistics import words
from pipeline.statistics.tables import Mark, Table
from pipeline.texts import Texts, message


def statistics_workbook(
    tables: Sequence[Table], texts: Texts, title: str, today: date, titles: Mapping[str, str] | None = None
) -> bytes:
    """The workbook; the same bytes for the same tables.

    Args:
        tables: the figures.
        texts: the reader's language.
        title: on top of every page.
        today: the day that they are of.
        titles: of the register's sheets by name, where the records behind each number are listed; None outside the office.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    look = Look(book, texts)
    _numbers(book.add_worksheet(texts(words.TITLE)), tables, look, texts, title)
    if titles is not None:
        _basis(book.add_worksheet(texts(words.BASIS)), tables, look, texts, title, titles)
    set_properties(book, title, today)
    book.close()
    return buffer.getvalue()


def _numbers(sheet: Any, tables: Sequence[Table], look: Look, texts: Texts, title: str) -> None:
    names = words.columns(tables[0], texts) if tables else ()
    columns = (
        Column(words.FIGURE, 44, "key"),
        Column(words.GROUP, 40),
        *(Column(name if len(names) > 1 else words.VALUE, 14, "whole") for name in names),
        Column(words.UNIT, 28),
    )
    rows = [
        (table.rule.title, words.label(line.labels, texts), *line.numbers, words.unit(table.rule, texts))
        for table in tables
        for line in (*table.lines, table.total)
    ]
    _write(sheet, columns, rows, look, texts, title)


def _basis(sheet: Any, tables: Sequence[Table], look: Look, texts: Texts, title: str, titles: Mapping[str, str]) -> None:
    columns = (
        Column(words.FIGURE, 44, "key"),
        Column(words.GROUP, 40),
        Column(words.SHEET, 22),
        Column(words.RECORD, 22),
    )
    rows = [
        (table.rule.title, group, titles.get(ref.sheet, ref.sheet), plain(ref.key))
        for table in tables
        for group, records in [
            *((words.label(line.labels, texts), line.records) for line in (table.lines or (table.total,))),
            (texts(message("Cannot be counted")), table.uncounted),
        ]
        for ref in records
    ]
    _write(sheet, columns, rows, look, texts, title)


def _write(sheet: Any, columns: Sequence[Column], rows: Sequence[Sequence[Any]], look: Look, texts: Texts, title: str) -> None:
    """The rows; numbers show at most one decimal, as on the page, and keep the others."""
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            kind = columns[column].kind
            if isinstance(value, str | Mark):
                sheet.write_string(at, column, str(value), look.of[kind])
            else:
                whole = round(value, 1) == round(value)
                sheet.write_number(at, column, value, look.of["whole" if whole else "decimal"])
    frame_table(sheet, columns, rows, look, texts, title)
