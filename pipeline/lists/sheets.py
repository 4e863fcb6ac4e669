"""What the workbooks share: sheets that hold a table with filters, print on A4 and can carry no formula from data."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final, Literal

from pipeline.lists.ready_rows import ReadyRows
from pipeline.texts import Texts, message

OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""XlsxWriter's: a text from the register stays a text, whatever it begins with."""

A4: Final = 9
LONGEST_NAME: Final = 31
PER_WIDTH: Final = 1.2  # letters are narrower than the digits that a column's width counts
LINE: Final = 15.0
PADDING: Final = 3.0
TALLEST: Final = 409.0

_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED: Final = "history"

Kind = Literal["text", "key", "day", "number", "whole", "decimal", "link", "fill in", "fill in day"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        heading: before translation.
        width: in characters.
        kind: how its cells look.
    """

    heading: str
    width: int
    kind: Kind = "text"


class Look:
    """The formats of one workbook."""

    def __init__(self, book: Any, texts: Texts) -> None:
        """Make the formats; `book` is an XlsxWriter workbook."""
        day = {"num_format": "yyyy-mm-dd" if texts.language in {"sv", "en"} else "dd.mm.yyyy", "align": "left"}
        rule = {"bottom": 1, "bottom_color": "#E2DDD3"}
        top = {"valign": "top", **rule}
        wrap = {**top, "text_wrap": True}
        entry = {"bg_color": "#FFFBEB", "border": 1, "border_color": "#E2DDD3"}
        self._book = book
        self._top = top
        self.heading = book.add_format(
            {"bold": True, "valign": "vcenter", "bg_color": "#1C4F5E", "font_color": "#FFFFFF", "text_wrap": True}
        )
        self.of: dict[Kind, Any] = {
            "text": book.add_format(wrap),
            "key": book.add_format({**wrap, "bold": True}),
            "day": book.add_format({**top, **day}),
            "number": book.add_format({**top, "align": "right"}),
            "whole": book.add_format({**top, "align": "right", "indent": 1, "num_format": "#,##0"}),
            "decimal": book.add_format({**top, "align": "right", "indent": 1, "num_format": "#,##0.0"}),
            "link": book.add_format({**wrap, "font_color": "#1C4F5E", "underline": 1}),
            "fill in": book.add_format({**wrap, **entry}),
            "fill in day": book.add_format({**top, **entry, **day}),
        }

    def coloured(self, colours: tuple[str, str]) -> Any:
        """The format of a status word: ink and fill."""
        ink, fill = colours
        return self._book.add_format({**self._top, "bold": True, "font_color": ink, "bg_color": fill})


def set_properties(book: Any, title: str, today: date) -> None:
    """Title and a fixed date, so that two workbooks of a day are the same bytes."""
    book.set_properties({"title": title, "created": datetime.combine(today, time())})


def frame_table(
    sheet: Any, columns: Sequence[Column], rows: Sequence[Sequence[object]], look: Look, texts: Texts, title: str
) -> None:
    """Put a table with filters round rows that stand from row 2 on, and set the sheet up for reading and printing.

    Args:
        sheet: an XlsxWriter worksheet.
        columns: of the table, from A on.
        rows: what stands in the table, for the height of its lines; where there are none, one row says so.
        look: the workbook's formats.
        texts: the reader's language.
        title: printed on top of every page.
    """
    for n, row in enumerate(rows, start=1):
        sheet.set_row(n, height(row, columns))
    if not rows:
        sheet.write_string(1, 0, texts(message("None")), look.of["text"])
    _frame(sheet, columns, max(len(rows), 1), look, texts, title)


def frame_ready(sheet: ReadyRows, columns: Sequence[Column], look: Look, texts: Texts, title: str) -> None:
    """The same round rows that are ready, at least one."""
    _frame(sheet, columns, 1, look, texts, title)
    sheet.stretch_table()


def _frame(sheet: Any, columns: Sequence[Column], rows: int, look: Look, texts: Texts, title: str) -> None:
    for n, column in enumerate(columns):
        sheet.set_column(n, n, column.width, look.of[column.kind])
    sheet.add_table(
        0,
        0,
        rows,
        len(columns) - 1,
        {
            "style": None,
            "columns": [{"header": texts(column.heading), "header_format": look.heading} for column in columns],
        },
    )
    sheet.set_row(0, 30)
    sheet.freeze_panes(1, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.set_header(f"&L{title[:120].replace('&', '&&')}&R&A")
    sheet.set_footer("&R&P / &N")


def height(row: Sequence[object], columns: Sequence[Column]) -> float:
    """The height of a row in points, as its longest text wraps: not every program works it out when it opens the file."""
    lines = 1
    for value, column in zip(row, columns, strict=False):
        if value.__class__ is str and (len(value) > column.width or "\n" in value):
            lines = max(lines, _lines(value, column.width))
    return min(LINE * lines + PADDING, TALLEST)


@lru_cache(maxsize=10_000)
def _lines(value: str, width: int) -> int:
    """How many lines a text takes in a column."""
    return sum(max(1, math.ceil(len(line) / (width * PER_WIDTH))) for line in value.split("\n"))


def sheet_names(titles: Iterable[str]) -> tuple[str, ...]:
    """Names that Excel accepts, one for each title in the same order, all different also without regard to case.

    >>> sheet_names(["Kari/Ola", "kari-ola", "History"])
    ('Kari-Ola', 'kari-ola 2', 'History 2')
    """
    taken = {_RESERVED}
    names = []
    for title in titles:
        plain = _NOT_IN_NAMES.sub("-", title).strip(" '") or "-"
        name, n = _shortened(plain, LONGEST_NAME).rstrip(" '"), 1
        while name.casefold() in taken:
            n += 1
            name = f"{_shortened(plain, LONGEST_NAME - len(f' {n}')).rstrip()} {n}"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def unlike(headings: Iterable[str]) -> tuple[str, ...]:
    """Headings that one table of Excel accepts: all different, also without regard to case.

    >>> unlike(["Record", "Since", "record"])
    ('Record', 'Since', 'record 2')
    """
    found: list[str] = []
    taken: set[str] = set()
    for heading in headings:
        new, n = heading, 1
        while new.casefold() in taken:
            n += 1
            new = f"{heading} {n}"
        taken.add(new.casefold())
        found.append(new)
    return tuple(found)


def _shortened(text: str, longest: int) -> str:
    """As much of a text as fits, counted as Excel counts: a character beyond the first plane is two."""
    return text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", errors="ignore")
