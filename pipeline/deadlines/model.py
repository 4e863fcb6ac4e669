"""A due date and where it stands on a day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pipeline.findings import Finding
from pipeline.register.model import Ref


class Status(StrEnum):
    """Where a deadline stands on the as-of day, the most urgent first."""

    UNKNOWN = "unknown"
    OVERDUE = "overdue"
    DUE_SOON = "due soon"
    UPCOMING = "upcoming"
    NOT_STARTED = "not started"
    OVER = "over"
    DONE_LATE = "done late"
    DONE = "done"
    NOT_NEEDED = "not needed"

    @property
    def open(self) -> bool:
        """Somebody still has to act, or to find out whether."""
        return self in {Status.UNKNOWN, Status.OVERDUE, Status.DUE_SOON, Status.UPCOMING}


class Deadline(NamedTuple):
    """One deadline of one record; of a recurring one, the occurrence that is open.

    Attributes:
        rule: the rule's name in the profile.
        record: whose deadline; for rules on letters, a row of the ledger's letters.
        status: on the as-of day.
        occurrence: 1 for a deadline that comes once; n for the n-th of a recurring one.
        raw: trigger plus period; None where it has not started or cannot be told. An unknown deadline may have one: then nobody
            can tell whether it was met, or whether it applies.
        due: the last day on which it is kept (``docs/design.md``, «Dates, exactly»).
        act_by: the office's last working day for it; None for a citizen's right.
        remind_from: the day from which it is due soon.
        done: when it was met, at the latest on the as-of day; None where it was not, or where only a yes is recorded.
        owner: who has to act; empty where nobody is named or nobody can be told.
        stands_in_for: whose deadline it is while the owner, their substitute, has to act; else empty.
        cause: for an unknown one, the finding that says which cell to mend.
        missed: of a recurring one, the raw dates of earlier occurrences that nothing was held for: skipped is missed.
            Only where the rule reads a date for each time; a single cell that is overwritten tells nothing of the times before.
    """

    rule: str
    record: Ref
    status: Status
    occurrence: int = 1
    raw: date | None = None
    due: date | None = None
    act_by: date | None = None
    remind_from: date | None = None
    done: date | None = None
    owner: str = ""
    stands_in_for: str = ""
    cause: Finding | None = None
    missed: tuple[date, ...] = ()
