"""Legal references that a deadline has none of: none of the profile's versions is valid on the deadline's day."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.calendars import OutsideCalendar
from pipeline.deadlines.compute import Deadlines
from pipeline.findings import Finding, Severity
from pipeline.profile.expressions import CellError, RuleError
from pipeline.profile.model import LETTERS, DeadlineRule, Profile, conditional
from pipeline.register.model import Row, View


def without_reference(view: View, deadlines: Deadlines) -> Iterator[Finding]:
    """A warning for each open deadline and legal reference of its rule that no version is valid for on the raw date."""
    profile = view.register.profile
    bounded = {rule.name: subjects for rule in profile.deadlines.values() if (subjects := _bounded(profile, rule))}
    for deadline in deadlines.items:
        if deadline.rule not in bounded or not deadline.status.open or deadline.raw is None:
            continue
        row = view.row(deadline.record)
        for subject, condition in bounded[deadline.rule]:
            if row is not None and profile.reference(subject, deadline.raw) is None and _holds(condition, row):
                facts = (
                    ("rule", profile.deadlines[deadline.rule].title),
                    ("subject", subject),
                    ("day", deadline.raw),
                )
                record = _belongs_to(row).record
                yield Finding(
                    "deadline-reference", record.place, Severity.WARNING, sheet=record.sheet, record=record.key, facts=facts
                )


def _bounded(profile: Profile, rule: DeadlineRule) -> tuple[tuple[str, str], ...]:
    """The references of a rule, with their conditions, of which no version is valid for ever."""
    return tuple(
        (subject, condition)
        for subject, condition in map(conditional, rule.basis)
        if all(version.valid_from or version.valid_to for version in profile.law.get(subject, ()))
    )


def _holds(condition: str, row: Row) -> bool:
    try:
        return bool(row.view.evaluate(condition, row))
    except (CellError, RuleError, OutsideCalendar):
        return False


def _belongs_to(row: Row) -> Row:
    """The row of the register that a deadline is about; for one on letters, the row that the letter is about."""
    if row.record.sheet != LETTERS:
        return row
    about = row.lookup("record")
    return about if isinstance(about, Row) else row
