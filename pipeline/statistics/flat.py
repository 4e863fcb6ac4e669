"""Statistics for programs: one line a number, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from pipeline.statistics import words
from pipeline.statistics.tables import Mark, Table
from pipeline.texts import Texts

_LIVE = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that Excel would take for a formula."""


def as_csv(tables: Sequence[Table], texts: Texts) -> bytes:
    """The tables as CSV that Excel opens: semicolons, UTF-8 with its mark, the language's decimal sign.

    A number that is not shown is «:», one that does not exist is empty. The same tables give the same bytes.
    """
    written = io.StringIO(newline="")
    out = csv.writer(written, delimiter=";", lineterminator="\r\n")
    heads = (words.FIGURE, words.GROUP, words.VALUE, words.UNIT)
    out.writerow([texts(heads[0]), "id", texts(heads[1]), texts("Municipality"), texts(heads[2]), texts(heads[3])])
    for table in tables:
        for line in (*table.lines, table.total):
            for column, number in zip(words.columns(table, texts), line.numbers, strict=True):
                shown = "" if number is Mark.NONE else str(number) if isinstance(number, Mark) else _number(number, texts)
                row = (table.rule.title, table.rule.name, words.label(line.labels, texts), column)
                out.writerow([*(_harmless(text) for text in row), shown, words.unit(table.rule, texts)])
    return written.getvalue().encode("utf-8-sig")


def _number(number: float, texts: Texts) -> str:
    said = repr(int(number) if number == int(number) else round(number, 4))
    return said if texts.language == "en" else said.replace(".", ",")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_LIVE) else text
