"""The look of a form in Excel: paper, formats, protection. What people write in is open, what is reckoned is locked."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from tools.letters.filling import Filling

MADE: Final = datetime(2026, 1, 1)  # noqa: DTZ001 -- the file format knows no time zones
MONTHS: Final = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
NO_NAMES: Final = "Skriv aldri navnet på den du har oppdrag for."


class FormBook:
    """One sheet on one page, with the formats that all forms share."""

    def __init__(self, workbook: xlsxwriter.Workbook, name: str, widths: Sequence[float]) -> None:
        base = {"font_name": "Calibri", "font_size": 11, "valign": "vcenter"}
        ruled = {**base, "border": 1, "border_color": "#8A9BA1"}
        field = {**ruled, "locked": False}
        summed = {**ruled, "bold": True, "bg_color": "#E4EDF0"}

        def looks(values: dict[str, Any]) -> Any:
            return workbook.add_format(values)

        self.sheet = workbook.add_worksheet(name)
        self.sender = looks({**base, "font_size": 14, "bold": True, "font_color": "#174A5B"})
        self.unit = looks({**base, "font_size": 10, "font_color": "#595959"})
        self.title = looks({**base, "font_size": 16, "bold": True, "font_color": "#174A5B"})
        self.label = looks({**base, "bold": True})
        self.note = looks({**base, "font_size": 10, "text_wrap": True, "valign": "top"})
        self.heading = looks({**ruled, "bold": True, "bg_color": "#E4EDF0", "indent": 1, "text_wrap": True})
        self.entry = looks(field)
        self.text = looks({**field, "num_format": "@", "indent": 1})
        self.date = looks({**field, "num_format": "dd.mm.yyyy", "align": "left", "indent": 1})
        self.time = looks({**field, "num_format": "hh:mm"})
        self.whole = looks({**field, "num_format": "0"})
        self.amount = looks({**field, "num_format": "#,##0.00"})
        self.reckoned = looks({**ruled, "num_format": "#,##0.00"})
        self.hours = looks({**ruled, "num_format": "0.00"})
        self.whole_total = looks({**summed, "num_format": "0"})
        self.total = looks({**summed, "num_format": "#,##0.00"})
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 1)
        self.sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.6)
        self.sheet.hide_gridlines(2)
        self.sheet.set_default_row(19)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def top(self, filling: Filling, title: str) -> None:
        """Whose form it is, and what it is for."""
        self.sheet.write_string(0, 0, filling.municipality, self.sender)
        self.sheet.write_string(1, 0, filling.unit, self.unit)
        self.sheet.write_string(3, 0, title, self.title)

    def asked(self, row: int, label: str, value: str, last: int = 4) -> None:
        """A line with a field, filled in or to fill in."""
        self.sheet.write_string(row, 0, label, self.label)
        self.sheet.merge_range(row, 1, row, last, value, self.text)

    def month(self, row: int) -> None:
        """The month from a list, and the year."""
        self.sheet.write_string(row, 0, "Måned og år", self.label)
        self.sheet.merge_range(row, 1, row, 3, "", self.text)
        self.sheet.write_blank(row, 4, None, self.whole)
        self.sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(MONTHS)})

    def headings(self, row: int, words: Sequence[str]) -> None:
        for column, word in enumerate(words):
            self.sheet.write_string(row, column, word, self.heading)

    def blanks(self, row: int, formats: Sequence[Any]) -> None:
        for column, style in enumerate(formats):
            self.sheet.write_blank(row, column, None, style)

    def summed(self, row: int, column: int, first: int, last: int, style: Any) -> None:
        """The sum of a column's rows; all are counted from zero."""
        letter = "ABCDEFGHIJKLMNOP"[column]
        self.sheet.write_formula(row, column, f"=SUM({letter}{first + 1}:{letter}{last + 1})", style, 0)

    def no_less_than_zero(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Only numbers, and none below zero."""
        self.sheet.data_validation(
            *first,
            *last,
            {
                "validate": "decimal", "criteria": ">=", "value": 0,
                "error_title": "Tall", "error_message": "Skriv et tall uten enhet, for eksempel 12,5",
            },
        )  # fmt: skip

    def signatures(self, row: int, labels: Sequence[str], columns: tuple[int, int]) -> None:
        for number, label in enumerate(labels):
            self.sheet.write_string(row + 2 * number, 0, label, self.label)
            self.sheet.merge_range(row + 2 * number, columns[0], row + 2 * number, columns[1], "", self.entry)
            self.sheet.set_row(row + 2 * number, 24)

    def protect(self) -> None:
        """Without a password: the office opens it where it wants another form."""
        self.sheet.protect("", {"format_cells": True, "select_locked_cells": True})


def book(title: str, widths: Sequence[float], write: Callable[[FormBook], None]) -> bytes:
    """The workbook's bytes, the same each time.

    Args:
        title: of the sheet and of the document.
        widths: of the columns.
        write: what fills the sheet.
    """
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": title, "created": MADE})
        form = FormBook(workbook, title, widths)
        write(form)
        form.protect()
    return made.getvalue()
