"""Who sees to a record: the owner of its deadlines, else of those of the records it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.deadlines.compute import Deadlines
from pipeline.register.model import Ref, Register, references

BETWEEN = ", "
"""Stands between the names of several who see to one record."""


def owners_by_record(register: Register, deadlines: Deadlines) -> Mapping[Ref, str]:
    """The display names of those who see to each record; a record that nobody sees to is left out.

    A record without an owner of its own is seen to by whoever owns what it refers to, such as a row of a case;
    one that refers to nothing with an owner by all those who own what refers to it, such as a person in several cases;
    and a row about such a person, such as a guardian's, by the same.
    """
    names = deadlines.owners
    owned: dict[Ref, dict[str, None]] = {}
    for deadline in deadlines.items:
        if deadline.owner:
            owned.setdefault(deadline.record, {})[names.get(deadline.owner, deadline.owner)] = None
    targets, referrers = _links(register)
    for links in (targets, referrers, targets):
        _hand_on(owned, links)
    return {ref: BETWEEN.join(found) for ref, found in owned.items()}


def _links(register: Register) -> tuple[Mapping[Ref, Iterable[Ref]], Mapping[Ref, Iterable[Ref]]]:
    """For each record what it refers to, and what refers to it."""
    targets: defaultdict[Ref, list[Ref]] = defaultdict(list)
    referrers: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for sheet in register.profile.sheets.values():
        columns = [column.name for column in sheet.stored_columns if column.to]
        for record in register.records.get(sheet.name, {}).values():
            for ref in (ref for column in columns for ref in references(record, column)):
                targets[record.ref].append(ref)
                referrers[ref].append(record.ref)
    return targets, referrers


def _hand_on(owned: dict[Ref, dict[str, None]], links: Mapping[Ref, Iterable[Ref]]) -> None:
    """Give records without an owner those of the records they are linked to; one step, so that nobody owns strangers."""
    handed = {
        ref: {name: None for other in others for name in owned.get(other, ())}
        for ref, others in links.items()
        if ref not in owned
    }
    owned |= {ref: found for ref, found in handed.items() if found}
