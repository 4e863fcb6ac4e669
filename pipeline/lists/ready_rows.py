"""Rows of a worksheet written at once: XlsxWriter asks each cell a dozen questions, and a large office's lists have a million.

What comes here is settled already: a text is a text, whatever it begins with, and its column has a format. XlsxWriter writes
everything round the rows, and the table of texts, which is where they are escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from pipeline.register.poured import in_pieces

_EPOCH: Final = date(1899, 12, 30).toordinal()
"""Excel's day nought."""

_HERE: Final = "#"
"""Stands for the number of the row, so that the same row can stand in several sheets."""


_END: Final = b"</sheetData>"


class ReadyRows(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet under whose row of headings `ready` stands as it is."""

    def __init__(self) -> None:
        """Begin without rows."""
        super().__init__()
        self.ready: list[str] = []

    def stretch_table(self) -> None:
        """Let the table, made of its headings and one row, reach over all rows: XlsxWriter would look at each cell."""
        table = self.tables[-1]
        last = len(self.ready)
        table["range"] = table["a_range"] = table["autofilter"] = xl_range(0, 0, last, self.dim_colmax)
        self.dim_rowmax = last

    def pour(self, part: bytes) -> Iterator[bytes]:
        """The sheet's XML with the rows under its row of headings."""
        before, after = part.split(_END, 1)
        yield before
        yield from in_pieces(row.replace(_HERE, str(n)) for n, row in enumerate(self.ready, start=2))
        yield _END + after

    def _write_rows(self) -> None:
        self.dim_rowmax, last = 0, self.dim_rowmax
        super()._write_rows()
        self.dim_rowmax = last


class RowWriter:
    """Rows as XML: a cell that many rows have is written once."""

    def __init__(self, book: Any, formats: Sequence[Any], day: Any) -> None:
        """For rows of one table.

        Args:
            book: the XlsxWriter workbook.
            formats: of each column's cells.
            day: that of every date.
        """
        self._texts = book.str_table
        self._names = [xl_col_to_name(n) for n in range(len(formats))]
        self._styles = [each._get_xf_index() for each in formats]  # noqa: SLF001 -- as XlsxWriter's worksheets ask for it
        self._day = day._get_xf_index()  # noqa: SLF001 -- as above
        self._known: list[dict[object, str]] = [{} for _ in formats]
        self._rows: dict[tuple[object, ...], str] = {}

    def row(self, values: tuple[object, ...], height: Callable[[], float], first: Any) -> str:
        """A row, whose first cell may have a format of its own; the same row of several sheets is made once."""
        row = self._rows.get(values)
        if row is None:
            row = self._rows[values] = self.single(values, height(), first)
        return row

    def single(self, values: tuple[object, ...], height: float, first: Any) -> str:
        """A row that stands in one sheet only."""
        known = self._known[1:]
        name = f"{self._names[0]}{_HERE}"
        cells = [f'<row r="{_HERE}" ht="{height:g}" customHeight="1">']
        style = first._get_xf_index() if first else self._styles[0]  # noqa: SLF001 -- as above
        cells.append(self._cell(values[0], name, style))
        for n, (value, column) in enumerate(zip(values[1:], known, strict=True), start=1):
            cell = column.get(value)
            if cell is None:
                cell = column[value] = self._cell(value, f"{self._names[n]}{_HERE}", self._styles[n])
            cells.append(cell)
        cells.append("</row>")
        return "".join(cells)

    def _cell(self, value: object, name: str, style: int) -> str:
        match value:
            case str() if value:
                place = self._texts._get_shared_string_index(value)  # noqa: SLF001 -- as above
                return f'<c r="{name}" s="{style}" t="s"><v>{place}</v></c>'
            case date():
                return f'<c r="{name}" s="{self._day}"><v>{value.toordinal() - _EPOCH}</v></c>'
            case int() | float():
                return f'<c r="{name}" s="{style}"><v>{value}</v></c>'
        return ""
