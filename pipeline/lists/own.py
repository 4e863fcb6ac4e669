"""The lists that a profile defines: which rows stand on each, and what is told of them (``docs/profile.md``, ``lists``).

A row of which nobody can tell whether it belongs there, or what stands there, is on the list with the cell to mend.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from pipeline.lists.words import plain, record_key
from pipeline.profile import model
from pipeline.profile.expressions import EMPTY, FAULTS, CellError, Rows
from pipeline.register.model import FaultyCell, Row, View
from pipeline.texts import Texts

Cell = str | float | date | None


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row of an office's own list.

    Attributes:
        record: the key of the record.
        cells: what stands below each heading.
        cause: the cell to mend before it can be told, as ``Cases!D14``; else empty.
    """

    record: str
    cells: tuple[Cell, ...]
    cause: str = ""


@dataclass(frozen=True, slots=True)
class OwnList:
    """An office's own list: first what cannot be told, then in the order of the first column."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[OwnRow, ...]

    @property
    def to_mend(self) -> bool:
        """Whether a cell has to be mended before all of it can be told."""
        return any(row.cause for row in self.rows)


def own_lists(view: View, texts: Texts) -> tuple[OwnList, ...]:
    """Every list of the profile, in its order; what is neither day nor number is in the language of `texts`."""
    return tuple(_list(rule, view, texts) for rule in view.register.profile.lists.values())


def _list(rule: model.OwnList, view: View, texts: Texts) -> OwnList:
    found = [row for each in view.rows(rule.on) if (row := _row(rule, each, texts)) is not None]
    return OwnList(
        plain(rule.title),
        tuple(map(plain, rule.columns)),
        tuple(sorted(found, key=lambda row: (not row.cause, *map(_place, row.cells[:1]), row.record))),
    )


def _row(rule: model.OwnList, row: Row, texts: Texts) -> OwnRow | None:
    record = record_key(row.record.ref, row.view.register)
    try:
        if not row.view.evaluate(rule.when, row):
            return None
        return OwnRow(record, tuple(_cell(row.view.evaluate(source, row), texts) for source in rule.columns.values()))
    except FAULTS as error:
        cell = error.cell if isinstance(error, CellError) else None
        place = cell.finding.place if isinstance(cell, FaultyCell) else row.record.place
        return OwnRow(record, (None,) * len(rule.columns), plain(str(place)))


def _cell(value: Any, texts: Texts) -> Cell:
    found: Cell
    match value:
        case _ if value is EMPTY:
            found = None
        case bool():
            found = texts("yes") if value else texts("no")
        case timedelta():
            found = value.days
        case int() | float() | date():
            found = value
        case time():
            found = f"{value:%H:%M}"
        case Row():
            found = record_key(value.record.ref, value.view.register)
        case Rows() | list() | tuple():
            found = ", ".join(shown(_cell(each, texts), texts) for each in value)
        case _:
            found = plain(str(value))
    return found


def shown(cell: Cell, texts: Texts) -> str:
    """A cell as people read it."""
    match cell:
        case None:
            return ""
        case date():
            return texts.short_date(cell)
        case int() | float():
            return texts.number(cell)
    return cell


def _place(cell: Cell) -> tuple[int, float, str]:
    """Where a cell stands among those of its column: days and numbers by size, texts by letter, nothing last."""
    match cell:
        case None:
            return (2, 0, "")
        case date():
            return (0, cell.toordinal(), "")
        case int() | float():
            return (0, cell, "")
    return (1, 0, cell.casefold())
