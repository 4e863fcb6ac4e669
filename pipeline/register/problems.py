"""A problem at a cell, and the finding that it becomes once the row's key is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from pipeline.calendars import OutsideCalendar
from pipeline.findings import Finding, Place, Severity
from pipeline.profile.expressions import CellError, RuleError
from pipeline.profile.model import OPEN, Column, Profile, Sheet
from pipeline.register.model import Row, View

Facts = tuple[tuple[str, str], ...]

WITHHELD: Final = "…"
"""Stands for a fact that would give away a value which only the annotated copy may show."""

_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, before it is known whose it is.

    Attributes:
        code: a key of `pipeline.texts.messages.FINDINGS`.
        severity: an error makes the value unusable.
        facts: what the sentence names besides the value.
        revealing: the facts are made from the value and are as secret as it is.
        secret: the value is one that only the annotated copy may show, whatever the column's class.
    """

    code: str
    severity: Severity = Severity.ERROR
    facts: Facts = ()
    revealing: bool = False
    secret: bool = False


def finding_at(place: Place, sheet: Sheet, column: Column, problem: Problem, *, record: str, value: str) -> Finding:
    """The finding that a problem at a cell is."""
    secret = problem.secret or column.class_ != OPEN
    facts = problem.facts
    if secret and problem.revealing:
        facts = tuple((name, WITHHELD) for name, _ in facts)
    return Finding(
        problem.code,
        place,
        problem.severity,
        heading=column.heading,
        sheet=sheet.name,
        record=record,
        value=value,
        facts=facts,
        secret=secret,
    )


def worked_out(view: View, source: str, row: Row) -> Any:
    """The value of a rule on a row; a `Problem` where the values do not fit the rule.

    None where the rule uses a faulty cell: the cell has its own finding, and a second one would say nothing new.
    """
    try:
        return view.evaluate(source, row)
    except CellError:
        return None
    except OutsideCalendar:
        return Problem("outside-calendar", facts=(("rule", source),))
    except (RuleError, KeyError) as error:
        reason = str(error.__cause__ or error)
        return Problem("rule-failed", facts=(("rule", source), ("reason", discreet(view.register.profile, source, reason))))


def discreet(profile: Profile, source: str, fact: str) -> str:
    """The fact, unless the rule that gave it names a column, of any sheet, whose values lists may not show."""
    secret = {column.name for sheet in profile.sheets.values() for column in sheet.columns.values() if column.class_ != OPEN}
    return fact if secret.isdisjoint(_WORD.findall(source)) else WITHHELD
