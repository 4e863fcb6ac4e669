"""What staff wrote on the dispatch lists of earlier runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from pipeline.faults import Fault
from pipeline.files import shown_name
from pipeline.findings import Finding, Place, Severity
from pipeline.ledger.model import Entry, Event, Source, What
from pipeline.ledger.store import Ledger
from pipeline.lists.filled_in import Row, heading_of, read_dispatch
from pipeline.profile.kinds import nearest
from pipeline.profile.model import Profile
from pipeline.register.workbook import read_workbook
from pipeline.run.workspace import Workspace
from pipeline.texts import Texts, texts_in

ANSWERED_WITHIN: Final = timedelta(days=92)
"""How long after a dispatch list was made the nightly run still reads what staff write into it."""

_SAID: Final = (What.SENT, What.ARRIVED, What.RETURNED)


@dataclass(slots=True)
class _Said:
    """What all lists together say: of each letter's version, when what happened, and where it stands or would stand.

    Where two lists name the same version, the one that was made later counts, unless its cell is empty.
    """

    dates: dict[tuple[What, str, int], date] = field(default_factory=dict)
    places: dict[tuple[What, str, int], Place] = field(default_factory=dict)
    answers: list[tuple[str, str, bool]] = field(default_factory=list)


def take_answers(workspace: Workspace, profile: Profile, today: date, ledger: Ledger) -> tuple[Finding, ...]:
    """Write down what staff filled in on the dispatch lists; what cannot be read or does not fit is found."""
    texts = texts_in(profile.office.language)
    entries = ledger.entries()
    runs = {(run.day, run.nth): run.number for run in ledger.runs()}
    found: list[Finding] = []
    said = _Said()
    for path in dispatch_lists(workspace, texts, today):
        try:
            rows, unread = read_dispatch(read_workbook(path), profile, texts, today)
        except Fault:
            found.append(Finding("dispatch-unreadable", Place(f"{path.parent.name}/{path.name}")))
            continue
        found += unread
        day, nth = nth_list(path)
        run = runs.get((date.fromisoformat(day), nth), 0)
        for row in rows:
            entry = entries.get(row.obligation)
            if entry is None:
                found.append(_unknown(row, entries, texts))
            else:
                _take(row, entry, run, said)
    taken_back = {key for key, day in said.dates.items() if _was_taken_back(entries[key[1]], key, day)}
    for what in _SAID:
        of_what = {key: day for key, day in said.dates.items() if key[0] is what and key not in taken_back}
        for number in sorted({version for _, _, version in of_what}):
            dates = {obligation: day for (_, obligation, version), day in of_what.items() if version == number}
            ledger.record(today, what, dates, Source.DISPATCH, versions=dict.fromkeys(dates, number))
    ledger.answer(today, said.answers, Source.DISPATCH)
    found += _doubles(workspace, texts, today)
    found += _emptied(said, entries, texts)
    found += (_finding("dispatch-taken-back", key, said, entries, texts, day=said.dates[key]) for key in sorted(taken_back))
    return tuple(found)


def _unknown(row: Row, entries: Mapping[str, Entry], texts: Texts) -> Finding:
    """That no letter has the row's id, with the one that is probably meant."""
    guess = nearest(row.obligation, entries)
    code, facts = ("letter-mistyped", (("guess", guess),)) if guess else ("letter-unknown", ())
    return Finding(code, row.place, value=row.obligation, heading=texts("Letter id"), facts=facts)


def dispatch_lists(workspace: Workspace, texts: Texts, today: date) -> Iterator[Path]:
    """The lists that are still read, in the order in which they were made."""
    for path in sorted(_like_lists(workspace, texts, today), key=nth_list):
        if _is_list(path, texts):
            yield path


def _like_lists(workspace: Workspace, texts: Texts, today: date) -> Iterator[Path]:
    word = texts.name("dispatch")
    return (path for path in workspace.output.glob(f"*/{word}*.xlsx") if _is_recent(path.parent.name, today))


def _is_list(path: Path, texts: Texts) -> bool:
    word, _, number = path.stem.rpartition(" ")
    return word == texts.name("dispatch") and number.isdecimal()


def _doubles(workspace: Workspace, texts: Texts, today: date) -> Iterator[Finding]:
    """Copies of lists, into which somebody may have written what the list lacks."""
    for path in sorted(_like_lists(workspace, texts, today)):
        if not _is_list(path, texts):
            yield Finding(
                "dispatch-double", Place(path.parent.name), Severity.WARNING, facts=(("other", shown_name(path.name)),)
            )


def _take(row: Row, entry: Entry, run: int, said: _Said) -> None:
    version = entry.version_on(run)
    for what, day in row.dates.items():
        key = (what, row.obligation, version)
        if day is not None and version:
            said.dates[key] = day
        said.places[key] = row.places[what]
    if row.answer is not None:
        about = {event.about for event in entry.events if event.run == run and event.what is What.ASKED}
        said.answers += ((row.obligation, each, row.answer) for each in sorted(about))


def _was_taken_back(entry: Entry, key: tuple[What, str, int], day: date) -> bool:
    """Whether just this date was taken back by a command, so that the cell must not bring it up again."""
    last = entry.last_said(key[2], What.SENT, What.NOT_SENT)
    return key[0] is What.SENT and last is not None and (last.what, last.dated) == (What.NOT_SENT, day)


def _emptied(said: _Said, entries: Mapping[str, Entry], texts: Texts) -> Iterator[Finding]:
    """The cells that held a date which the ledger has, and hold none now."""
    for key in sorted(said.places.keys() - said.dates.keys()):
        event = _by_list(entries[key[1]], key)
        if event is not None and event.dated is not None:
            yield _finding("dispatch-date-removed", key, said, entries, texts, day=event.dated)


def _by_list(entry: Entry, key: tuple[What, str, int]) -> Event | None:
    what, _, version = key
    kinds = (What.SENT, What.NOT_SENT) if what is What.SENT else (what,)
    last = entry.last_said(version, *kinds)
    return last if last is not None and last.what is what and last.source is Source.DISPATCH else None


def _finding(
    code: str, key: tuple[What, str, int], said: _Said, entries: Mapping[str, Entry], texts: Texts, day: date
) -> Finding:
    what, obligation, _ = key
    record = entries[obligation].obligation.record
    facts = (("day", day), ("id", obligation))
    return Finding(code, said.places[key], Severity.WARNING, texts(heading_of(what)), record.sheet, record.key, facts=facts)


def nth_list(path: Path) -> tuple[str, int]:
    """The day of a dispatch list and which of the day it is."""
    number = path.stem.rpartition(" ")[2]
    return path.parent.name, int(number) if number.isdecimal() else 0


def _is_recent(folder: str, today: date) -> bool:
    try:
        return today - ANSWERED_WITHIN <= date.fromisoformat(folder) <= today
    except ValueError:
        return False
