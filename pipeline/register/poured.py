"""The rows of large sheets put into a workbook that XlsxWriter has made, piece by piece: no sheet is ever in memory whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

_AT_ONCE: Final = 1000
"""How many rows are packed together: each by itself would cost as much as making it."""

Pour = Callable[[bytes], Iterator[bytes]]
"""Makes of a sheet's part, as XlsxWriter wrote it, the pieces of the whole part."""


def poured(made: io.BytesIO, sheets: Mapping[str, Pour]) -> bytes:
    """The workbook with the parts of some sheets, by their names in the package, as these make them."""
    whole = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            fresh = zipfile.ZipInfo(entry.filename, entry.date_time)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            with target.open(fresh, "w") as written:
                pour = sheets.get(entry.filename)
                for piece in (part,) if pour is None else pour(part):
                    written.write(piece)
    return whole.getvalue()


def in_pieces(rows: Iterable[str]) -> Iterator[bytes]:
    """Rows as XML, so many at once that it pays."""
    rows = iter(rows)
    while some := tuple(islice(rows, _AT_ONCE)):
        yield "".join(some).encode()


def sheet_part(number: int) -> str:
    """The name of the part of a workbook's sheet, counted from 1, as XlsxWriter gives it."""
    return f"xl/worksheets/sheet{number}.xml"
