"""The ledger's letters as records, so that deadline rules can count from dispatch and arrival."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from pipeline.findings import Place
from pipeline.ledger.model import Entry
from pipeline.profile.expressions import EMPTY
from pipeline.profile.model import LETTERS, Profile
from pipeline.register.model import Record, Ref, Register, Value


def with_letters(register: Register, entries: Iterable[Entry]) -> Register:
    """The register with what the ledger knows: its letters as the sheet ``letters``, its dates where the register has none.

    A ``sent`` column that is empty reads as the ledger's date once all of the letter's parties have been written to
    (``docs/profile.md``, convention 5).
    """
    entries = tuple(entry for entry in entries if entry.obligation.letter in register.profile.letters)
    dated = _with_dates(register, entries)
    return dated.with_sheet(LETTERS, [_record(entry, dated) for entry in entries if entry.current is not None])


def dated_by_ledger(register: Register, entries: Iterable[Entry]) -> frozenset[tuple[str, Ref]]:
    """The letters, by rule and record, whose ``sent`` column reads as the ledger's date since the register has none."""
    entries = tuple(entry for entry in entries if entry.obligation.letter in register.profile.letters)
    return frozenset((letter, ref) for letter, ref in _all_sent(entries) if _said(register, letter, ref) is EMPTY)


def _record(entry: Entry, register: Register) -> Record:
    obligation = entry.obligation
    sent = entry.sent or _said(register, obligation.letter, obligation.record)
    values: dict[str, Value] = {
        "letter": obligation.letter,
        "record": obligation.record,
        "recipient": obligation.recipient or EMPTY,
        "role": obligation.role,
        "channel": entry.channel or EMPTY,
        "produced": entry.produced or EMPTY,
        "sent": sent if entry.returned is None else EMPTY,  # it has reached nobody, so no clock counts from it
        "arrived": entry.arrived or EMPTY,
    }
    return Record(LETTERS, obligation.id, Place("", LETTERS), values)


def _said(register: Register, letter: str, ref: Ref) -> Value:
    """What the register's own ``sent`` column says."""
    column = register.profile.letters[letter].sent
    record = register.get(ref)
    return record.values.get(column, EMPTY) if record is not None and column is not None else EMPTY


def dates_for_register(register: Register, entries: Iterable[Entry]) -> Mapping[str, Mapping[Place, date]]:
    """The ledger's dates that the register's ``sent`` columns still lack, by workbook as the profile names it, and cell."""
    profile = register.profile
    lacking: dict[str, dict[Place, date]] = {}
    for ref, dates in _missing_dates(register, entries).items():
        workbook = profile.sheets[ref.sheet].workbook or profile.register_file.workbook
        record = register.records[ref.sheet][ref.key]
        for column, day in dates.items():
            if column in record.columns:
                lacking.setdefault(workbook, {})[record.cell(column)] = day
    return lacking


def _with_dates(register: Register, entries: tuple[Entry, ...]) -> Register:
    return _changed(register, register.profile, _missing_dates(register, entries))


def _missing_dates(register: Register, entries: Iterable[Entry]) -> Mapping[Ref, Mapping[str, date]]:
    changed: dict[Ref, dict[str, date]] = {}
    entries = tuple(entry for entry in entries if entry.obligation.letter in register.profile.letters)
    for (letter, ref), day in _all_sent(entries).items():
        column = register.profile.letters[letter].sent
        record = register.get(ref)
        if column is not None and record is not None and record.values.get(column) is EMPTY:
            changed.setdefault(ref, {})[column] = day
    return changed


def _changed(register: Register, profile: Profile, changes: Mapping[Ref, Mapping[str, Value]]) -> Register:
    for sheet in profile.sheets:
        if any(ref.sheet == sheet for ref in changes):
            records = register.records[sheet].values()
            register = register.with_sheet(
                sheet, [replace(record, values={**record.values, **changes.get(record.ref, {})}) for record in records]
            )
    return register


def _all_sent(entries: tuple[Entry, ...]) -> Mapping[tuple[str, Ref], date]:
    """The last day on which a letter's parties were written to, for the latest occurrence in which all of them have been."""
    parties: dict[tuple[int, str, Ref], list[date | None]] = {}
    for entry in entries:
        owed = entry.obligation
        if entry.current is not None and owed.role != "copy":
            parties.setdefault((owed.occurrence, owed.letter, owed.record), []).append(entry.sent)
    complete: dict[tuple[str, Ref], date] = {}
    for (_, letter, record), days in sorted(parties.items(), key=lambda item: item[0][0]):
        known = [day for day in days if day is not None]
        if len(known) == len(days):
            complete[letter, record] = max(known)
    return complete
