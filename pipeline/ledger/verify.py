"""Whether the ledger agrees with itself and with the register; what lies in the output is compared by ``run/proof``.

Every event is sealed to the one before, a version is vouched for by the event that put it in its place, and what changes
without an event by the event that ends a run. So no row can be changed, added or deleted without being seen,
except by somebody who knows this module and computes every seal anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from pipeline.findings import Fact, Finding, Place, Severity
from pipeline.ledger.model import Accounts, Entry, Event, State, Version, What, facts_digest, seal
from pipeline.ledger.records import dates_for_register
from pipeline.profile.expressions import EMPTY
from pipeline.register.model import Ref, Register

_STATES: Final = {What.PRODUCED: State.PRODUCED, What.REPLACED: State.REPLACED, What.WITHDRAWN: State.WITHDRAWN}
"""What a version is after an event; such an event vouches for its content."""

_SAID: Final = {What.SENT, What.ARRIVED, What.RETURNED}
"""What can be said only of a letter that was made."""


def verify_ledger(accounts: Accounts, ledger: str) -> Iterator[Finding]:
    """What does not agree within the ledger.

    Args:
        accounts: the whole ledger.
        ledger: its file's name.
    """
    yield from _ownerless(accounts, ledger)
    yield from _chain(accounts, ledger)
    yield from _runs(accounts, ledger)
    for id_, entry in accounts.entries.items():
        if entry.obligation.id != id_:
            yield _changed(ledger, f"obligation {id_}")
            continue
        yield from _versions(entry, ledger)
        yield from _unproduced(entry, ledger)


def _gone(ledger: str, row: str) -> Finding:
    return Finding("ledger-row-gone", Place(ledger), facts=(("row", row),))


def _changed(ledger: str, row: str) -> Finding:
    return Finding("ledger-row-changed", Place(ledger), facts=(("row", row),))


def _ownerless(accounts: Accounts, ledger: str) -> Iterator[Finding]:
    for row in accounts.ownerless:
        yield _gone(ledger, row)


def _chain(accounts: Accounts, ledger: str) -> Iterator[Finding]:
    """The events by their numbers and seals, each beside the one before as it is: so a fault is told where it lies."""
    count, last = accounts.head
    by_number = {event.number: event for event in accounts.events}
    for number in range(1, count + 1):
        event, before = by_number.get(number), by_number.get(number - 1)
        if event is None:
            yield _gone(ledger, f"event {number}")
        elif (before is not None or number == 1) and event.seal != seal(before.seal if before else "", event):
            yield _changed(ledger, f"event {number}")
    for number in sorted(by_number):
        if not 1 <= number <= count:
            yield _changed(ledger, f"event {number}")
    final = by_number.get(count)
    if (final is not None or count == 0) and (final.seal if final else "") != last:
        yield _changed(ledger, "head")


def _runs(accounts: Accounts, ledger: str) -> Iterator[Finding]:
    ended = {event.run: event for event in accounts.events if event.what is What.RAN}
    known = {run.number for run in accounts.runs}
    purged = max((event.about[:10] for event in accounts.events if event.what is What.PURGED), default="")
    for number, event in ended.items():
        if number not in known:
            yield _gone(ledger, f"run {number}")
        elif event.day.isoformat() >= purged and event.about.split(" ")[0] != accounts.ran.get(number):
            yield _changed(ledger, f"run {number}")
    last = ended.get(accounts.runs[-1].number) if accounts.runs else None
    _, _, memory = last.about.partition(" ") if last else ("", "", "")
    if memory and memory != accounts.memory:
        yield _changed(ledger, "obligation, remembered")
    for run in accounts.runs:
        if run.finished and run.number not in ended:
            yield _changed(ledger, f"run {run.number}")


def _versions(entry: Entry, ledger: str) -> Iterator[Finding]:
    versions = {version.number: version for version in entry.versions}
    vouching: defaultdict[int, list[Event]] = defaultdict(list)
    for event in entry.events:
        if event.what in _STATES:
            vouching[event.version].append(event)
    for number in sorted(versions.keys() | vouching.keys()):
        row = f"version {entry.obligation.id} {number}"
        version, events = versions.get(number), vouching[number]
        if version is None:
            yield _gone(ledger, row)
        elif not _vouched_for(version, events):
            yield _changed(ledger, row)
        elif version.state is State.INTENDED or any(file.retires_to for file in version.files):
            yield _about(entry, "intent-unconfirmed", version.files[0].path if version.files else ledger, Severity.WARNING)


def _vouched_for(version: Version, events: list[Event]) -> bool:
    """Whether a version is what its events say; where its facts are forgotten their fingerprint still is."""
    if version.facts and facts_digest(version.facts) != version.facts_digest:
        return False
    state = _STATES[events[-1].what] if events else State.INTENDED
    return version.state is state and all(event.about == version.content for event in events)


def _unproduced(entry: Entry, ledger: str) -> Iterator[Finding]:
    made = {event.version for event in entry.events if event.what is What.PRODUCED}
    said = {event.version: event for event in entry.events if event.what in _SAID and event.version not in made}
    for event in said.values():
        facts = (("letter", entry.obligation.letter), ("day", event.dated or event.day))
        yield _about(entry, "sent-unproduced", ledger, facts=facts)


def _about(
    entry: Entry, code: str, path: str, severity: Severity = Severity.ERROR, facts: tuple[tuple[str, Fact], ...] = ()
) -> Finding:
    owed = entry.obligation
    return Finding(code, Place(path), severity, sheet=owed.record.sheet, record=owed.record.key, value=owed.id, facts=facts)


# ------------------------------------------------------------------ beside the register


def verify_register(register: Register, entries: Iterable[Entry], since: date | None) -> Iterator[Finding]:
    """Where ledger and register do not say the same of what was sent.

    Args:
        register: as it was read, without what the ledger knows.
        entries: what the ledger knows.
        since: the day of the first run; what was sent before is none of the ledger's business.
    """
    entries = tuple(entry for entry in entries if entry.obligation.letter in register.profile.letters)
    by_letter: defaultdict[tuple[str, Ref], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_letter[entry.obligation.letter, entry.obligation.record].append(entry)
    yield from _only_in_register(register, by_letter, since)
    for workbook in dates_for_register(register, entries).values():
        for place, day in workbook.items():
            yield Finding(
                "sent-only-in-ledger",
                place,
                Severity.WARNING,
                record=_record_at(register, place),
                facts=(("day", day),),
            )


def _only_in_register(
    register: Register, by_letter: Mapping[tuple[str, Ref], list[Entry]], since: date | None
) -> Iterator[Finding]:
    for rule in register.profile.letters.values():
        for record in register.records.get(rule.on, {}).values() if rule.sent else ():
            said = record.values.get(str(rule.sent), EMPTY)
            if not isinstance(said, date):
                continue
            made = [entry for entry in by_letter.get((rule.name, record.ref), ()) if entry.latest is not None]
            facts = (("letter", rule.title), ("day", said))
            heading = register.profile.sheets[rule.on].columns[str(rule.sent)].heading
            about = (record.cell(str(rule.sent)), Severity.WARNING, heading, rule.on, record.key)
            if not made:
                if since is not None and said >= since:
                    yield Finding("sent-without-letter", *about, facts=facts)
                continue
            occurrence = max(entry.obligation.occurrence for entry in made)
            now = [entry for entry in made if entry.obligation.occurrence == occurrence and entry.obligation.role != "copy"]
            first = min((entry.produced or date.max for entry in now), default=date.max)
            if said >= first and not any(entry.sent for entry in now):
                yield Finding("sent-only-in-register", *about, facts=facts)


def _record_at(register: Register, place: Place) -> str:
    """The key of the record in whose row a cell stands."""
    rows = (record for records in register.records.values() for record in records.values())
    return next((r.key for r in rows if (r.place.file, r.place.sheet, r.place.row) == (place.file, place.sheet, place.row)), "")
