"""What has changed since the last run: in the register, and in due dates that had passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.deadlines.compute import Deadlines
from pipeline.deadlines.explain import trigger_cell
from pipeline.deadlines.model import Status
from pipeline.findings import Finding, Severity
from pipeline.ledger.store import Ledger
from pipeline.letters.recipients import protected_refs
from pipeline.profile.model import LETTERS
from pipeline.register.changes import LOST, Change, Kind, Remembered, changes, remember, suspicious
from pipeline.register.model import Ref, View


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since the last finished run.

    Attributes:
        day: that run's as-of day; None where there was none, or where the register is looked at as of an earlier day.
        changes: by record key.
        findings: those that a person ought to look at.
    """

    day: date | None
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]

    @property
    def lost(self) -> frozenset[str]:
        """The sheets that lost more than half of their rows; a run makes no letter until a person says that it was meant."""
        return frozenset(finding.sheet for finding in self.findings if finding.code == LOST)

    @property
    def renamed(self) -> frozenset[str]:
        """The sheets in which keys changed; a run that asks nobody about it leaves that to the next one."""
        return frozenset(change.record.sheet for change in self.changes if change.kind is Kind.RENAMED)


NOTHING: Final = Since(None, (), ())


def since_last_run(ledger: Ledger, view: View, deadlines: Deadlines) -> Since:
    """Compare the register and its deadlines with what the ledger remembers."""
    last = next((run for run in reversed(ledger.runs()) if run.finished), None)
    if last is None or last.day > view.today:
        return NOTHING
    before = ledger.remembered()
    found = changes(before, to_remember(ledger, view), view.register) if before else ()
    findings = (*suspicious(found, before, view.register), *_moved(ledger, view, deadlines))
    return Since(last.day, found, findings)


def to_remember(ledger: Ledger, view: View) -> Remembered:
    """What the next run is to know of the register as this one saw it; held by nobody, for it is as large as the register."""
    return remember(view.register, protected_refs(view), ledger.secret())


def _moved(ledger: Ledger, view: View, deadlines: Deadlines) -> Iterator[Finding]:
    """Deadlines that were overdue at the last run, are not met, and are due later now."""
    overdue = {
        (standing.rule, Ref(standing.sheet, standing.record), standing.occurrence): standing.due
        for standing in ledger.standings_last()
        if standing.status is Status.OVERDUE and standing.sheet != LETTERS
    }
    for deadline in deadlines.items if overdue else ():
        due = overdue.get((deadline.rule, deadline.record, deadline.occurrence))
        if due is None or deadline.due is None or deadline.due <= due or not deadline.status.open:
            continue
        rule, row = view.register.profile.deadlines[deadline.rule], view.row(deadline.record)
        if row is None:
            continue
        place, heading = trigger_cell(rule, row)
        facts = (("rule", rule.title), ("before", due), ("after", deadline.due))
        record = deadline.record
        yield Finding("deadline-moved", place, Severity.WARNING, heading, record.sheet, record.key, facts=facts)
