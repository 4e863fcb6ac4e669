"""The contact person's monthly account of meetings: dates and hours, never a name of the one who gets the support."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Final

import xlsxwriter

MADE: Final = datetime(2026, 1, 1)  # noqa: DTZ001 -- the file format knows no time zones
HEADINGS: Final = ("Datum", "Från", "Till", "Timmar", "Det här gjorde vi", "Utlägg, kr")
WIDTHS: Final = (14, 9, 9, 9, 38, 12)
MONTHS: Final = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
FIRST: Final = 9
"""Counted from zero: the first meeting's row."""
LINES: Final = 16


def account_form() -> bytes:
    """The workbook's bytes, the same each time."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"title": "Redovisning av träffar", "created": MADE})
        _write(book)
    return made.getvalue()


def _write(book: xlsxwriter.Workbook) -> None:
    base = {"font_name": "Calibri", "font_size": 11, "valign": "vcenter"}
    ruled = {**base, "border": 1, "border_color": "#8A9BA1"}
    plain, bold = book.add_format(base), book.add_format({**base, "bold": True})
    small = book.add_format({**base, "font_size": 10, "font_color": "#595959", "text_wrap": True, "valign": "top"})
    title = book.add_format({**base, "font_size": 16, "bold": True, "font_color": "#174A5B"})
    heading = book.add_format({**ruled, "bold": True, "bg_color": "#E4EDF0", "text_wrap": True})
    entry = {**ruled, "locked": False}
    day = book.add_format({**entry, "num_format": "yyyy-mm-dd", "align": "left"})
    clock, text = book.add_format({**entry, "num_format": "hh:mm"}), book.add_format({**entry, "num_format": "@"})
    crowns, hours = book.add_format({**entry, "num_format": "0"}), book.add_format({**ruled, "num_format": "0.00"})
    total = book.add_format({**ruled, "bold": True, "num_format": "0.00", "bg_color": "#E4EDF0"})
    whole = book.add_format({**ruled, "bold": True, "num_format": "0", "bg_color": "#E4EDF0"})
    sheet = book.add_worksheet("Redovisning")
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.6)
    sheet.hide_gridlines(2)
    sheet.set_default_row(19)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, "{{ kontor.kommun }}", bold)
    sheet.write_string(1, 0, "{{ kontor.enhet }}", plain)
    sheet.write_string(3, 0, "Redovisning av träffar", title)
    for row, label, value in ((4, "Uppdrag", "{{ uppdrag.nummer }}"), (5, "Kontaktperson", "{{ mottagare.namn }}")):
        sheet.write_string(row, 0, label, bold)
        sheet.merge_range(row, 1, row, 4, value, text)
    sheet.write_string(6, 0, "Månad och år", bold)
    sheet.merge_range(6, 1, 6, 3, "", text)
    sheet.write_blank(6, 4, None, crowns)
    sheet.data_validation(6, 1, 6, 1, {"validate": "list", "source": list(MONTHS)})
    sheet.merge_range(7, 0, 7, 5, "Skriv aldrig namnet på den som du är kontaktperson för.", small)
    last = FIRST + LINES - 1
    for column, word in enumerate(HEADINGS):
        sheet.write_string(FIRST - 1, column, word, heading)
    for row in range(FIRST, last + 1):
        for column, look in enumerate((day, clock, clock, hours, text, crowns)):
            sheet.write_blank(row, column, None, look)
        line = row + 1
        sheet.write_formula(row, 3, f'=IF(COUNT(B{line}:C{line})=2,ROUND(MOD(C{line}-B{line},1)*24,2),"")', hours, "")
    sheet.merge_range(last + 1, 0, last + 1, 2, "Summa", heading)
    sheet.write_formula(last + 1, 3, f"=SUM(D{FIRST + 1}:D{last + 1})", total, 0)
    sheet.write_blank(last + 1, 4, None, heading)
    sheet.write_formula(last + 1, 5, f"=SUM(F{FIRST + 1}:F{last + 1})", whole, 0)
    sheet.merge_range(
        last + 3, 0, last + 3, 5,
        "Lämna redovisningen senast den 5 i månaden efter till {{ kontor.kommun }}, {{ kontor.enhet }}, "
        "{{ kontor.postadress }}.",
        small,
    )  # fmt: skip
    sheet.set_row(last + 3, 30)
    for offset, label in ((5, "Kontaktpersonens underskrift och datum"), (7, "Kontaktsekreterarens namn och datum")):
        sheet.write_string(last + offset, 0, label, bold)
        sheet.merge_range(last + offset, 4, last + offset, 5, "", text)
        sheet.set_row(last + offset, 24)
    sheet.protect("", {"format_cells": True, "select_locked_cells": True})
