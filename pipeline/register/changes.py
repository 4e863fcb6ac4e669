"""What has changed in a register since the last run, by record key: rows may be sorted, columns moved, headings renamed.

What is remembered of a row is what every list may show: values of open columns as text, of other columns a keyed fingerprint
that tells only whether they changed. Of a row that is protected, or refers to one that is, nothing but the key.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from pipeline.findings import Fact, Finding, Place, Severity
from pipeline.profile.expressions import Empty
from pipeline.profile.model import OPEN, Sheet
from pipeline.register.model import FaultyCell, Record, Ref, Register, Value

Remembered = Mapping[Ref, str]
"""What is kept of each record: its filled cells by column, as JSON."""

_UNREADABLE: Final = "?"
_CLOSED: Final = "#"
"""Begins what is kept of a cell that no list may show."""

_FEWEST: Final = 4
"""Rows that a sheet must have had for their loss to be more than a tidying up."""

_ALIKE: Final = 0.8
_FILLED: Final = 2
"""The share of its cells that a row must have kept under another key, and how many cells it must have at all."""

_PAIRS: Final = 250_000
"""More vanished and new rows than this are not compared with each other, but for those with the very same cells."""


class Kind(StrEnum):
    """What happened to a record."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that changed.

    Attributes:
        column: its name in the profile.
        before: what it held; empty for nothing, None where it may not be shown.
        after: what it holds now, likewise; a date as ISO text.
    """

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one record.

    Attributes:
        record: under its present key; a removed one under the last.
        before: a renamed record's former key; else empty.
        cells: of a changed one, in the profile's order.
    """

    kind: Kind
    record: Ref
    before: str = ""
    cells: tuple[Cell, ...] = ()


def remember(register: Register, protected: frozenset[Ref], secret: bytes) -> dict[Ref, str]:
    """What is to be kept of each record.

    Args:
        register: as it was read.
        protected: the rows that are protected, and those that refer to them.
        secret: the key of the fingerprints.
    """
    kept: dict[Ref, str] = {}
    for name, records in register.records.items():
        sheet = register.profile.sheets.get(name)
        if sheet is None:
            continue
        classes = {column.name: column.class_ for column in sheet.stored_columns}
        for record in records.values():
            cells = {} if record.ref in protected else _cells(record, classes, secret)
            kept[record.ref] = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    return kept


def _cells(record: Record, classes: Mapping[str, str], secret: bytes) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, class_ in classes.items():
        value = record.values.get(name)
        if value is None or isinstance(value, Empty):
            continue
        text = _text(value)
        if class_ != OPEN and text != _UNREADABLE:
            text = _CLOSED + hashlib.blake2b(text.encode(), key=secret, digest_size=9).hexdigest()
        cells[name] = text
    return cells


def _text(value: Value) -> str:
    match value:
        case FaultyCell():
            return _UNREADABLE
        case tuple():
            return "; ".join(map(_text, value))
        case Ref():
            return value.key
        case date():
            return value.isoformat()
        case _:
            return str(value)


# ------------------------------------------------------------------ what changed


def changes(before: Remembered, now: Remembered, register: Register) -> tuple[Change, ...]:
    """What changed between two memories of a register, in the order of the profile's sheets and the workbook's rows."""
    found: list[Change] = []
    for sheet in register.profile.sheets.values():
        old = {ref: cells for ref, cells in before.items() if ref.sheet == sheet.name}
        new = {ref: cells for ref, cells in now.items() if ref.sheet == sheet.name}
        gone = {ref: json.loads(cells) for ref, cells in old.items() if ref not in new}
        come = {ref: json.loads(cells) for ref, cells in new.items() if ref not in old}
        renamed = _renamed(sheet, gone, come)
        found += (Change(Kind.RENAMED, ref, former.key) for ref, former in renamed.items())
        found += (Change(Kind.REMOVED, ref) for ref in gone if ref not in renamed.values())
        found += (Change(Kind.ADDED, ref) for ref in come if ref not in renamed)
        for ref, cells in new.items():
            if ref in old and old[ref] != cells:
                altered = tuple(_altered(sheet, json.loads(old[ref]), json.loads(cells)))
                if altered:
                    found.append(Change(Kind.CHANGED, ref, cells=altered))
    return tuple(found)


def _altered(sheet: Sheet, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Cell]:
    if not old or not new:  # protected then or now: nothing is known of what it held
        return
    for column in sheet.stored_columns:
        before, after = old.get(column.name, ""), new.get(column.name, "")
        if before != after:
            closed = column.class_ != OPEN or before.startswith(_CLOSED)
            yield Cell(column.name, *((None if text and closed else text) for text in (before, after)))


def _renamed(sheet: Sheet, gone: Mapping[Ref, Mapping[str, str]], come: Mapping[Ref, Mapping[str, str]]) -> dict[Ref, Ref]:
    """New keys under which the cells of a vanished one turn up, each with the former key."""
    facts = {former: frozenset(item for item in cells.items() if item[0] not in sheet.key) for former, cells in gone.items()}
    facts = {former: cells for former, cells in facts.items() if len(cells) >= _FILLED}
    same: defaultdict[frozenset[tuple[str, str]], list[Ref]] = defaultdict(list)
    for ref, cells in come.items():
        same[frozenset(item for item in cells.items() if item[0] not in sheet.key)].append(ref)
    found = {same[cells].pop(0): former for former, cells in facts.items() if same.get(cells)}
    taken = set(found.values())
    left = [former for former in facts if former not in taken]
    if len(left) * (len(come) - len(found)) > _PAIRS:
        return found
    for former in left:
        alike = {
            ref: len(facts[former] & other.items()) / len(facts[former]) for ref, other in come.items() if ref not in found
        }
        best = max(alike, key=alike.__getitem__, default=None)
        if best is not None and alike[best] >= _ALIKE:
            found[best] = former
    return found


# ------------------------------------------------------------------ what a person ought to look at


def suspicious(found: Iterable[Change], before: Remembered, register: Register) -> tuple[Finding, ...]:
    """Findings about changes that are seldom meant: rows that are gone, keys that changed, dates that were emptied.

    A sheet that lost more than half of its rows is an error of the sheet; its rows are not named one by one.
    """
    by_sheet: defaultdict[str, list[Change]] = defaultdict(list)
    for change in found:
        by_sheet[change.record.sheet].append(change)
    told: list[Finding] = []
    for name, of_sheet in by_sheet.items():
        removed = [change for change in of_sheet if change.kind is Kind.REMOVED]
        had = sum(ref.sheet == name for ref in before)
        lost = had >= _FEWEST and 2 * len(removed) > had
        place = _place_of_sheet(register, name)
        if lost:
            facts = (("lost", str(len(removed))), ("had", str(had)))
            told.append(Finding(LOST, place, sheet=name, facts=facts))
        for change in of_sheet:
            told += _of_record(change, place, register, lost=lost)
    return tuple(told)


LOST: Final = "rows-lost"
"""The finding that holds the letters of a run until a person says that it was meant."""


def _of_record(change: Change, place: Place, register: Register, *, lost: bool) -> Iterator[Finding]:
    ref, warning = change.record, Severity.WARNING
    if change.kind is Kind.REMOVED and not lost:
        yield Finding("row-removed", place, warning, sheet=ref.sheet, record=ref.key)
    record, sheet = register.get(ref), register.profile.sheets[ref.sheet]
    if record is None:
        return
    if change.kind is Kind.RENAMED:
        key = sheet.columns[sheet.key[0]]
        facts = (("before", change.before),)
        yield Finding("key-changed", record.cell(key.name), warning, key.heading, ref.sheet, ref.key, ref.key, facts)
    for cell in change.cells:
        column = sheet.columns[cell.column]
        if column.type == "date" and cell.after == "" and cell.before:
            told = (("before", _day_or_text(cell.before)),)
            yield Finding("date-removed", record.cell(cell.column), warning, column.heading, ref.sheet, ref.key, facts=told)


def _day_or_text(remembered: str) -> Fact:
    """The day that a cell of dates held; what was none, or several, as it was kept."""
    try:
        return date.fromisoformat(remembered)
    except ValueError:
        return remembered


def _place_of_sheet(register: Register, name: str) -> Place:
    """The sheet as a whole, as the workbook writes its title."""
    records = register.records.get(name, {})
    if records:
        place = next(iter(records.values())).place
        return Place(place.file, place.sheet)
    sheet = register.profile.sheets[name]
    return Place((sheet.workbook or register.profile.register_file.workbook).rpartition("/")[2], sheet.title)
