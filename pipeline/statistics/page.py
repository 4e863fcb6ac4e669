"""Statistics as a page with charts: one file that opens without network and without server, and runs no script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from pipeline.lists.plain import plain_page
from pipeline.statistics import words
from pipeline.statistics.tables import Mark, Shown, Table, crossed
from pipeline.texts import Texts

_WIDTH: Final = 100.0
"""Of the longest bar, in the chart's own units."""


def statistics_page(tables: Sequence[Table], texts: Texts, title: str, today: date, smallest: int) -> str:
    """The page as HTML; everything in it is escaped, and the content security policy lets no script run.

    Args:
        tables: the figures.
        texts: the reader's language.
        title: the heading.
        today: the day that they are of.
        smallest: the least number that is shown, for the sentence where one is not.
    """
    return plain_page(
        "pipeline.statistics",
        "statistics.html.j2",
        tables=tables,
        texts=texts,
        words=words,
        title=title,
        today=today,
        smallest=smallest,
        bar=_bar,
        crossed=crossed,
        hides=any(table.hides for table in tables),
    )


def _bar(number: Shown, table: Table) -> float:
    """How long a number's bar is."""
    if isinstance(number, Mark) or not table.largest:
        return 0.0
    most = 100.0 if table.rule.how == "share" else table.largest
    return round(max(number, 0.0) / most * _WIDTH, 1)
