"""What the register's ``sent`` columns say of the letters in the ledger, and where the two disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline.findings import Finding, Severity
from pipeline.ledger.model import Entry, Source, What
from pipeline.letters.plan import occurrence_sent
from pipeline.profile.expressions import EMPTY, FAULTS
from pipeline.profile.model import LetterRule
from pipeline.register.model import Row, View
from pipeline.texts import texts_in


@dataclass(frozen=True, slots=True)
class ByRegister:
    """What the register says that the ledger does not have.

    Attributes:
        sent: by obligation's id, the version that was sent, and when.
        not_sent: by obligation's id, the version whose date came from the register, where it stands no more, and the day.
        findings: where the ledger has another date from somebody else.
    """

    sent: Mapping[str, tuple[int, date]] = field(default_factory=dict)
    not_sent: Mapping[str, tuple[int, date]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def by_register(view: View, entries: Iterable[Entry]) -> ByRegister:
    """Compare the register's own dates with the ledger's.

    Args:
        view: the register as it was read, without the ledger's dates in it.
        entries: what the ledger knows.

    A date that came from the register follows it. One from a dispatch list or a command stands, and where the register has
    another one, that is found.
    """
    together: defaultdict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        owed = entry.obligation
        rule = view.register.profile.letters.get(owed.letter)
        if rule is not None and rule.sent is not None and entry.latest is not None and rule.on == owed.record.sheet:
            together[owed.letter, owed.record.sheet, owed.record.key].append(entry)
    sent: dict[str, tuple[int, date]] = {}
    not_sent: dict[str, tuple[int, date]] = {}
    found: list[Finding] = []
    for (letter, _, _), of_record in together.items():
        rule, row = view.register.profile.letters[letter], view.row(of_record[0].obligation.record)
        if row is None:
            continue
        try:
            said = row.lookup(str(rule.sent))
            occurrence = occurrence_sent(rule, row, said) if isinstance(said, date) else None
        except FAULTS:
            continue
        if said is EMPTY:
            not_sent |= {each.obligation.id: gone for each in of_record if (gone := _gone(each)) is not None}
        elif isinstance(said, date):
            of_it = [each for each in of_record if occurrence is None or each.obligation.occurrence == occurrence]
            sent |= {each.obligation.id: new for each in of_it if (new := _new(each, said)) is not None}
            found += _differing(rule, row, of_it, said)
    return ByRegister(sent, not_sent, tuple(found))


def never_sent(view: View, entries: Mapping[str, Entry], noted: Iterable[str] = ()) -> Iterator[Finding]:
    """Letters that arrived or came back though nobody has written down when they were sent.

    Args:
        view: the register.
        entries: what the ledger knows.
        noted: the ids of letters whose day of sending the register has told just now.
    """
    told = frozenset(noted)
    for id_, entry in entries.items():
        owed, version = entry.obligation, entry.sent_version
        way = entry.last_said(version, What.ARRIVED, What.RETURNED) if version else None
        row = view.row(owed.record)
        rule = view.register.profile.letters.get(owed.letter)
        if id_ in told or way is None or row is None or rule is None or entry.last_said(version, What.SENT) is not None:
            continue
        place, facts = row.record.place, (("letter", rule.title), ("day", way.dated or way.day), ("id", id_))
        yield Finding("arrived-unsent", place, Severity.WARNING, sheet=owed.record.sheet, record=owed.record.key, facts=facts)


def _gone(entry: Entry) -> tuple[int, date] | None:
    version = entry.sent_version
    last = entry.last_said(version, What.SENT)
    by_register = last is not None and last.source is Source.REGISTER and last.dated is not None
    return (version, last.dated) if by_register and last is not None and last.dated is not None else None


def _new(entry: Entry, said: date) -> tuple[int, date] | None:
    version = entry.version_sent_on(said)
    if version < entry.sent_version:
        return None
    last = entry.last_said(version, What.SENT, What.NOT_SENT)
    if last is not None and last.dated == said:
        return None  # known, or taken back by a command
    ours = last is None or last.source is Source.REGISTER or last.what is What.NOT_SENT
    return (version, said) if version and ours else None


def _differing(rule: LetterRule, row: Row, entries: Iterable[Entry], said: date) -> Iterator[Finding]:
    """The finding where no party's date is the register's, since the register has one cell for all of them."""
    dates = [
        (event.dated, event.source)
        for entry in entries
        if entry.obligation.role != "copy"
        and (event := entry.last_said(entry.sent_version, What.SENT)) is not None
        and event.dated is not None
        and entry.sent is not None
    ]
    others = [day for day, source in dates if source is not Source.REGISTER]
    if others and said not in {day for day, _ in dates}:
        column = row.view.register.profile.sheets[rule.on].columns[str(rule.sent)]
        facts = (("letter", rule.title), ("day", max(others)))
        record, shown = row.record, texts_in(row.view.register.profile.office.language).short_date(said)
        yield Finding(
            "sent-differs",
            record.cell(column.name),
            Severity.WARNING,
            column.heading,
            rule.on,
            record.key,
            shown,
            facts,
        )
