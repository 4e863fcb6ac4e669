"""The contractor's time sheet: one month, one case number, sums as formulas."""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 -- the file format knows no time zones
HEADINGS = ("Dato", "Fra", "Til", "Timer", "Kilometer", "Aktivitet")
WIDTHS = (15, 9, 9, 9, 11, 36)
FIRST_ROW = 9
"""Counted from zero: the first day's row."""
LINES = 26
MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip


def time_sheet() -> bytes:
    """The workbook's bytes, the same each time."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": "Timeliste", "created": MADE})
        _Form(workbook).write()
    return made.getvalue()


class _Form:
    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        base = {"font_name": "Calibri", "font_size": 11, "valign": "vcenter"}
        ruled = {**base, "border": 1, "border_color": "#8A9BA1"}
        field = {**ruled, "locked": False}
        self.sheet = workbook.add_worksheet("Timeliste")
        self.sender = workbook.add_format({**base, "font_size": 14, "bold": True, "font_color": "#174A5B"})
        self.unit = workbook.add_format({**base, "font_size": 10, "font_color": "#595959"})
        self.title = workbook.add_format({**base, "font_size": 16, "bold": True, "font_color": "#174A5B"})
        self.label = workbook.add_format({**base, "bold": True})
        self.note = workbook.add_format({**base, "font_size": 10, "text_wrap": True, "valign": "top"})
        self.heading = workbook.add_format({**ruled, "bold": True, "bg_color": "#E4EDF0", "indent": 1})
        self.entry = workbook.add_format(field)
        self.text = workbook.add_format({**field, "num_format": "@", "indent": 1})
        self.date = workbook.add_format({**field, "num_format": "dd.mm.yyyy", "align": "left", "indent": 1})
        self.time = workbook.add_format({**field, "num_format": "hh:mm"})
        self.whole = workbook.add_format({**field, "num_format": "0"})
        self.hours = workbook.add_format({**ruled, "num_format": "0.00"})
        self.whole_total = workbook.add_format({**ruled, "bold": True, "num_format": "0", "bg_color": "#E4EDF0"})
        self.total = workbook.add_format({**ruled, "bold": True, "num_format": "0.00", "bg_color": "#E4EDF0"})

    def write(self) -> None:
        self._set_up_page()
        self._write_top()
        self._write_days()
        self._write_signatures(FIRST_ROW + LINES + 2)
        self.sheet.protect("", {"format_cells": True, "select_locked_cells": True})

    def _set_up_page(self) -> None:
        self.sheet.set_paper(9)
        self.sheet.set_portrait()
        self.sheet.fit_to_pages(1, 1)
        self.sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.6)
        self.sheet.hide_gridlines(2)
        self.sheet.set_default_row(19)
        self.sheet.repeat_rows(FIRST_ROW - 1)
        for column, width in enumerate(WIDTHS):
            self.sheet.set_column(column, column, width)

    def _write_top(self) -> None:
        self.sheet.write_string(0, 0, "{{ kontor.kommune }}", self.sender)
        self.sheet.write_string(1, 0, "{{ kontor.enhet }}", self.unit)
        self.sheet.write_string(3, 0, "Timeliste", self.title)
        for row, label, value in (
            (4, "Saksnummer", "{{ oppdrag.sak.saksnummer }}"),
            (5, "Oppdragstaker", "{{ mottaker.navn }}"),
        ):
            self.sheet.write_string(row, 0, label, self.label)
            self.sheet.merge_range(row, 1, row, 4, value, self.text)
        self.sheet.write_string(6, 0, "Måned og år", self.label)
        self.sheet.merge_range(6, 1, 6, 3, "", self.text)
        self.sheet.write_blank(6, 4, None, self.whole)
        self.sheet.data_validation(6, 1, 6, 1, {"validate": "list", "source": list(MONTHS)})
        self.sheet.write_string(7, 0, "Skriv aldri navnet på den du har oppdrag for.", self.unit)

    def _write_days(self) -> None:
        last = FIRST_ROW + LINES - 1
        for column, heading in enumerate(HEADINGS):
            self.sheet.write_string(FIRST_ROW - 1, column, heading, self.heading)
        for row in range(FIRST_ROW, last + 1):
            for column, style in enumerate((self.date, self.time, self.time, self.hours, self.whole, self.text)):
                self.sheet.write_blank(row, column, None, style)
            line = row + 1
            hours = f'=IF(COUNT(B{line}:C{line})=2,ROUND(MOD(C{line}-B{line},1)*24,2),"")'
            self.sheet.write_formula(row, 3, hours, self.hours, "")
        self.sheet.data_validation(
            FIRST_ROW, 1, last, 2,
            {
                "validate": "time", "criteria": "between", "minimum": 0, "maximum": 0.99999,
                "error_title": "Klokkeslett", "error_message": "Skriv klokkeslettet slik: 17:30",
            },
        )  # fmt: skip
        self.sheet.merge_range(last + 1, 0, last + 1, 2, "Sum", self.heading)
        self.sheet.write_formula(last + 1, 3, f"=SUM(D{FIRST_ROW + 1}:D{last + 1})", self.total, 0)
        self.sheet.write_formula(last + 1, 4, f"=SUM(E{FIRST_ROW + 1}:E{last + 1})", self.whole_total, 0)
        self.sheet.write_blank(last + 1, 5, None, self.heading)

    def _write_signatures(self, row: int) -> None:
        self.sheet.merge_range(
            row, 0, row, 5,
            "Lever timelisten senest den {{ timelistedag }}. i måneden etter, sammen med kvitteringer for avtalte utgifter. "
            "Send den til {{ kontor.kommune }}, {{ kontor.enhet }}, {{ kontor.postadresse }}.",
            self.note,
        )  # fmt: skip
        self.sheet.set_row(row, 30)
        for offset, label in ((2, "Oppdragstakerens underskrift og dato"), (4, "Godkjent av kommunen, navn og dato")):
            self.sheet.write_string(row + offset, 0, label, self.label)
            self.sheet.merge_range(row + offset, 4, row + offset, 5, "", self.entry)
            self.sheet.set_row(row + offset, 24)
