"""The contractor's time sheet: one month, one case number, sums as formulas."""

from __future__ import annotations

from tools.letters.filling import ENCLOSED, YOUR_NAME, Filling
from tools.letters.form_book import NO_NAMES, FormBook, book

HEADINGS = ("Dato", "Fra", "Til", "Timer", "Kilometer", "Aktivitet")
WIDTHS = (15, 9, 9, 9, 11, 36)
FIRST_ROW = 9
"""Counted from zero: the first day's row."""
LINES = 26


def time_sheet(filling: Filling = ENCLOSED) -> bytes:
    """The workbook's bytes."""
    return book("Timeliste", WIDTHS, lambda form: _write(form, filling))


def _write(form: FormBook, filling: Filling) -> None:
    form.sheet.set_portrait()
    form.sheet.repeat_rows(FIRST_ROW - 1)
    form.top(filling, "Timeliste")
    form.asked(4, "Saksnummer", filling.case)
    form.asked(5, YOUR_NAME, filling.contractor)
    form.month(6)
    form.sheet.write_string(7, 0, NO_NAMES, form.unit)
    _write_days(form)
    _write_end(form, filling, FIRST_ROW + LINES + 2)


def _write_days(form: FormBook) -> None:
    last = FIRST_ROW + LINES - 1
    form.headings(FIRST_ROW - 1, HEADINGS)
    for row in range(FIRST_ROW, last + 1):
        form.blanks(row, (form.date, form.time, form.time, form.hours, form.whole, form.text))
        line = row + 1
        hours = f'=IF(COUNT(B{line}:C{line})=2,ROUND(MOD(C{line}-B{line},1)*24,2),"")'
        form.sheet.write_formula(row, 3, hours, form.hours, "")
    form.sheet.data_validation(
        FIRST_ROW, 1, last, 2,
        {
            "validate": "time", "criteria": "between", "minimum": 0, "maximum": 0.99999,
            "error_title": "Klokkeslett", "error_message": "Skriv klokkeslettet slik: 17:30",
        },
    )  # fmt: skip
    form.sheet.merge_range(last + 1, 0, last + 1, 2, "Sum", form.heading)
    form.summed(last + 1, 3, FIRST_ROW, last, form.total)
    form.summed(last + 1, 4, FIRST_ROW, last, form.whole_total)
    form.sheet.write_blank(last + 1, 5, None, form.heading)


def _write_end(form: FormBook, filling: Filling, row: int) -> None:
    form.sheet.merge_range(
        row, 0, row, 5,
        f"Lever timelisten senest den {filling.time_sheet_day}. i måneden etter, sammen med kvitteringer for avtalte utgifter. "
        f"Send den til {filling.office}.",
        form.note,
    )  # fmt: skip
    form.sheet.set_row(row, 30)
    form.signatures(row + 2, ("Underskriften din og dato", "Godkjent av kommunen, navn og dato"), (4, 5))
