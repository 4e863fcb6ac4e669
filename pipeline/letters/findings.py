"""What withholds a letter, as findings at the row or cell that somebody can mend."""

from __future__ import annotations

from pipeline.calendars import OutsideCalendar
from pipeline.findings import Fact, Finding
from pipeline.letters.model import Reason
from pipeline.profile.expressions import CellError
from pipeline.profile.model import LetterRule
from pipeline.register.model import FaultyCell, Row


def about(code: str, rule: LetterRule, row: Row, /, **facts: Fact) -> Finding:
    """A finding at the row about one of its letters."""
    record = row.record
    return Finding(code, record.place, sheet=record.sheet, record=record.key, facts=(("letter", rule.title), *facts.items()))


def failure(rule: LetterRule, row: Row, error: Exception) -> Reason:
    """Why a rule of the letter could not be worked out: the cell that cannot be read, else the row."""
    if isinstance(error, CellError) and isinstance(error.cell, FaultyCell):
        return Reason(finding=error.cell.finding)
    code = "outside-calendar" if isinstance(error, OutsideCalendar) else "rule-failed"
    return Reason(finding=about(code, rule, row, rule=rule.title, reason=str(error)))
