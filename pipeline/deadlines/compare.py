"""What another routine would change: the deadlines of one register by two profiles, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from pipeline.deadlines.model import Deadline

_TELLING = attrgetter("occurrence", "raw", "due", "act_by", "remind_from", "status")
"""What people see of a deadline."""


@dataclass(frozen=True, slots=True)
class Change:
    """A deadline that stands otherwise by the other routine.

    Attributes:
        before: as it is; None where only the other routine has it.
        after: as it would be; None where only the present routine has it.
    """

    before: Deadline | None
    after: Deadline | None

    @property
    def deadline(self) -> Deadline:
        """The one that is there, rather as it would be."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change without a deadline")
        return found


def changes(before: Sequence[Deadline], after: Sequence[Deadline]) -> tuple[Change, ...]:
    """The deadlines whose dates or status differ, in the order of the present routine, then what is new."""
    others = {(deadline.rule, deadline.record): deadline for deadline in after}
    found = [Change(deadline, others.pop((deadline.rule, deadline.record), None)) for deadline in before]
    found += [Change(None, deadline) for deadline in others.values()]
    return tuple(
        change
        for change in found
        if change.before is None or change.after is None or _TELLING(change.before) != _TELLING(change.after)
    )
