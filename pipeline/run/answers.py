"""What staff wrote on the dispatch lists of earlier runs."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from pipeline.calendars import Calendar
from pipeline.faults import Fault
from pipeline.findings import Finding, Place
from pipeline.ledger.model import Source, What
from pipeline.ledger.store import Ledger
from pipeline.lists.filled_in import read_dispatch
from pipeline.profile.expressions import Rules
from pipeline.profile.model import Profile
from pipeline.register.workbook import read_workbook
from pipeline.run.workspace import Workspace
from pipeline.texts import texts_in

ANSWERED_WITHIN: Final = timedelta(days=92)
"""How long after a dispatch list was made the nightly run still reads what staff write into it."""


def take_answers(workspace: Workspace, profile: Profile, today: date, ledger: Ledger) -> tuple[Finding, ...]:
    """Write down what staff filled in on the dispatch lists; what cannot be read is found."""
    texts, rules = texts_in(profile.office.language), Rules(Calendar(profile.office.country, profile.office.closed))
    entries = ledger.entries()
    found: list[Finding] = []
    said: dict[What, dict[str, date]] = {What.SENT: {}, What.ARRIVED: {}, What.RETURNED: {}}
    for path in sorted(workspace.output.glob(f"*/{texts.name('dispatch')} *.xlsx"), key=_nth_list):
        if not _is_recent(path.parent.name, today):
            continue
        try:
            answers, unread = read_dispatch(read_workbook(path), profile, rules, texts, today)
        except Fault:
            found.append(Finding("dispatch-unreadable", Place(f"{path.parent.name}/{path.name}")))
            continue
        found += unread
        for answer in answers:  # where two lists name a letter, the later one was made since
            said[answer.what][answer.obligation] = answer.day
    for what, dates in said.items():
        known = {obligation: day for obligation, day in dates.items() if obligation in entries and entries[obligation].latest}
        ledger.record(today, what, known, Source.DISPATCH)
    return tuple(found)


def _nth_list(path: Path) -> tuple[str, int]:
    number = path.stem.rpartition(" ")[2]
    return path.parent.name, int(number) if number.isdecimal() else 0


def _is_recent(folder: str, today: date) -> bool:
    try:
        return today - ANSWERED_WITHIN <= date.fromisoformat(folder) <= today
    except ValueError:
        return False
