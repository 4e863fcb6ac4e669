"""Words and numbers of statistics in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.lists.words import plain
from pipeline.profile.model import Statistic
from pipeline.statistics.tables import Mark, Shown, Table
from pipeline.texts import Texts, message

TITLE: Final = message("Statistics")
TOGETHER: Final = message("All together")
TOTAL: Final = message("In total")
UNNAMED: Final = message("(not said)")
VALUE: Final = message("Value")
FIGURE: Final = message("Figure")
GROUP: Final = message("Group")
UNIT: Final = message("Unit")
SHEET: Final = message("Sheet")
RECORD: Final = message("Record")
NOT_SHOWN: Final = message(
    "«:» stands where a number is not shown: it would tell about fewer than {smallest} people, or lead to one that does."
)
BASIS: Final = message("Counted from")

_HOW: Final = {
    "count": message("counted"),
    "distinct": message("counted, each once"),
    "share": message("share"),
    "sum": message("sum"),
    "average": message("average"),
    "median": message("median"),
}


def shown(number: Shown, how: str, texts: Texts) -> str:
    """A number as people read it: counts whole, others with at most one decimal, a share in per cent."""
    if isinstance(number, Mark):
        return str(number)
    rounded = round(number, 1)
    said = texts.number(int(rounded) if rounded == int(rounded) else rounded)
    return f"{said} %" if how == "share" else said


def unit(rule: Statistic, texts: Texts) -> str:
    """What the numbers are: how they came about, and their unit."""
    return ", ".join(part for part in (texts(_HOW[rule.how]), "%" if rule.how == "share" else rule.unit) if part)


def label(labels: Sequence[str], texts: Texts) -> str:
    """The name of a group; that of all of them for the total."""
    return " · ".join(named(each, texts) for each in labels) if labels else texts(TOTAL)


def named(group: str, texts: Texts) -> str:
    """A group's name as any list may show it: it may come from a cell."""
    return plain(group) or texts(UNNAMED)


def columns(table: Table, texts: Texts) -> tuple[str, ...]:
    """The headings of the numbers."""
    return tuple(name or texts(TOGETHER) for name in table.columns)
