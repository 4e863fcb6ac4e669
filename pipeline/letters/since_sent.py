"""Which of the letters that were sent may say something else now: told from the facts that they printed, none is filled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipeline.letters.fields import plain_fact
from pipeline.letters.model import Obligation
from pipeline.letters.plan import letter_view
from pipeline.letters.recipients import protected_refs, recipients
from pipeline.profile.expressions import FAULTS
from pipeline.register.model import Ref, Row, View


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that was sent: what it met, its date, and what it said of the register."""

    obligation: Obligation
    dated: date
    facts: tuple[tuple[str, str], ...]


def altered(view: View, letters: Iterable[SentLetter]) -> frozenset[str]:
    """The ids of those whose facts read otherwise now, on the date that they were sent with.

    A letter to somebody who would not receive it any more is left out: another recipient is another letter.
    So is one in which somebody is protected now, or whose cells cannot be read: these are told elsewhere.
    """
    protected = protected_refs(view)
    return frozenset(
        letter.obligation.id
        for letter in letters
        if letter.facts
        and not {letter.obligation.record, letter.obligation.recipient} & protected
        and letter.obligation.letter in view.register.profile.letters
        and _is_altered(view, letter)
    )


def _is_altered(view: View, letter: SentLetter) -> bool:
    rule, row = view.register.profile.letters[letter.obligation.letter], view.row(letter.obligation.record)
    if row is None or rule.on != letter.obligation.record.sheet:
        return False
    try:
        seen = letter_view(view, rule, row, letter.dated)
        people = [person for person in recipients(rule, seen) if person.ref == letter.obligation.recipient]
        if not people:
            return False
        now = {" name": people[0].name, " address": plain_fact(people[0].address)}
        return any(_now(field, seen, now) != value for field, value in letter.facts)
    except FAULTS:
        return False


def _now(field: str, seen: Row, of_recipient: dict[str, str]) -> str | None:
    """What a field says now; None where its row or column is gone."""
    if field in of_recipient:
        return of_recipient[field]
    sheet, _, rest = field.partition(" ")
    key, _, column = rest.rpartition(" ")
    row = seen.view.row(Ref(sheet, key))
    try:
        return plain_fact(row.lookup(column)) if row is not None else None
    except KeyError:
        return None
