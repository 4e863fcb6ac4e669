"""Who receives a letter, worked out from the register on the letter's date; and whom no automatic letter may concern."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

from pipeline.letters.model import Recipient, Role
from pipeline.profile.expressions import EMPTY, FAULTS, CellError, RuleError, rows_of
from pipeline.profile.model import LetterRule, RecipientRule
from pipeline.register.model import FaultyCell, Ref, Row, View, references


def recipients(rule: LetterRule, row: Row) -> tuple[Recipient, ...]:
    """Who gets the letter: parties first, then who is informed; each person once, as a party where both.

    Args:
        rule: the letter.
        row: its record, seen on the letter's date.

    Raises:
        CellError: a cell that decides who receives it, or where, cannot be read.
        RuleError: an expression does not fit the row.
    """
    if rule.to is None:
        return (Recipient(None, "file"),)
    parties = tuple(dict.fromkeys(_people(rule.to, row)))
    informed = tuple(person for person in dict.fromkeys(_people(rule.copies, row)) if person not in parties)
    return (*(addressed(person, "to") for person in parties), *(addressed(person, "copy") for person in informed))


def addressed(person: Row, role: Role) -> Recipient:
    """A person as the address block prints them; raises as `recipients` does."""
    profile = person.view.register.profile
    rule = profile.sheets[person.record.sheet].recipient
    if rule is None:
        raise RuleError(f"the sheet {person.record.sheet} has no «recipient», so nobody there can be written to")
    return Recipient(
        person.record.ref,
        role,
        name=_text(rule.name, person),
        address=_address(rule, person),
        language=_text(rule.language, person) or profile.office.language,
        channel=_text(rule.channel, person),
    )


@lru_cache(maxsize=2)
def protected_refs(view: View) -> frozenset[Ref]:
    """The rows that are protected, those that live at the same address, and every row that refers to one, however far.

    A cell that decides it and cannot be read protects: a wrong letter cannot be called back.
    """
    protected = {row.record.ref for sheet in view.register.profile.sheets.values() for row in _protected_rows(view, sheet.name)}
    protected |= _under_one_roof(view, protected)
    referrers = _referrers(view)
    waiting = list(protected)
    while waiting:
        for ref in referrers[waiting.pop()]:
            if ref not in protected:
                protected.add(ref)
                waiting.append(ref)
    return frozenset(protected)


def _protected_rows(view: View, sheet: str) -> Iterator[Row]:
    rule = view.register.profile.sheets[sheet].protected
    if rule is None:
        return
    for row in view.rows(sheet):
        try:
            if view.evaluate(rule, row):
                yield row
        except FAULTS:
            yield row


def _under_one_roof(view: View, protected: Collection[Ref]) -> set[Ref]:
    """Whoever has the address of one who is protected: their letters would give it away."""
    homes = {
        ref: home
        for ref, row in _people_of(view, {ref.sheet for ref in protected})
        if (home := _home(row)) and ref in protected
    }
    if not homes:
        return set()
    hidden = set(homes.values())
    everybody = {sheet.name for sheet in view.register.profile.sheets.values() if sheet.recipient is not None}
    return {ref for ref, row in _people_of(view, everybody) if _home(row) in hidden}


def _people_of(view: View, sheets: Iterable[str]) -> Iterator[tuple[Ref, Row]]:
    for sheet in sheets:
        if view.register.profile.sheets[sheet].recipient is not None:
            yield from ((row.record.ref, row) for row in view.rows(sheet))


def _home(person: Row) -> str:
    """The address without regard to case, spaces and punctuation; a line that has a fault as it stands in its cell."""
    rule = person.view.register.profile.sheets[person.record.sheet].recipient
    lines: list[str] = []
    for source in rule.address if rule is not None else ():
        try:
            lines.append(_text(source, person))
        except CellError as error:
            lines.append(error.cell.finding.value if isinstance(error.cell, FaultyCell) else "")
        except RuleError:
            continue
    return "".join(re.findall(r"\w+", " ".join(lines))).casefold()


def _referrers(view: View) -> defaultdict[Ref, list[Ref]]:
    found: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for sheet in view.register.profile.sheets.values():
        columns = [column.name for column in sheet.stored_columns if column.type == "ref"]
        for record in view.register.records.get(sheet.name, {}).values():
            for ref in (ref for column in columns for ref in references(record, column)):
                found[ref].append(record.ref)
    return found


def _people(sources: Iterable[str], row: Row) -> Iterator[Row]:
    for source in sources:
        value = row.view.evaluate(source, row)
        for person in rows_of(value):
            if not isinstance(person, Row):
                raise RuleError(f"{source}: «{person}» is nobody that can be written to")
            yield person


def _text(source: str | None, person: Row) -> str:
    value: Any = EMPTY if source is None else person.view.evaluate(source, person)
    return str(value).strip()


def _address(rule: RecipientRule, person: Row) -> tuple[str, ...]:
    lines = (_text(line, person) for line in rule.address)
    return tuple(line for line in lines if line)
