"""What must hold within a row, across rows and across sheets, once every cell has been read.

Each check has the same shape: it looks at the register as seen on a day and yields a finding for each cell or row that fails.
A cell that was not readable, or is empty, is passed over: it has its own finding, or nothing to check.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from pipeline.findings import Finding, Severity
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.model import OPEN, Column, Expression, Sheet
from pipeline.register.cells import Conventions
from pipeline.register.model import FaultyCell, Record, Register, Scalar, Value, View
from pipeline.register.national_ids import is_synthetic
from pipeline.register.problems import Problem, discreet, finding_at, worked_out
from pipeline.register.records import in_order, spoilt

Check = Callable[[View], Iterator[Finding]]


def check_register(register: Register, rules: Rules, today: date, whole: View | None = None) -> Register:
    """The register with what the checks found, its findings in the order of sheet, row and column.

    A value that a check calls an error is replaced by a `FaultyCell`, so that deadlines which count from it are unknown and
    letters which print it are withheld, on whatever sheet they are: a decision dated before its application was received
    starts no deadline that anyone should trust.
    A key stays, for it names the row and what refers to it.
    All checks look at the register as it was read, so that none depends on another's result.

    Args:
        register: as it was read.
        rules: to ask it by.
        today: the as-of day.
        whole: the same with deadlines and the ledger's letters, for the profile's own checks, which may ask for them.
    """
    view = View(register, rules, today)
    findings = [finding for check in CHECKS for finding in check(view)]
    if whole is not None:
        view = whole  # ten thousand rows as one view has seen them are let go of before another sees them
    findings += check_sheets(view)
    return replace(spoilt(register, findings), findings=in_order(register.profile, (*register.findings, *findings)))


def check_patterns(view: View) -> Iterator[Finding]:
    """Texts have the form that the profile gives them."""
    for sheet, column in _columns(view, lambda column: column.pattern is not None):
        fits = re.compile(column.pattern or "").fullmatch
        cells = list(_cells(view, sheet, column))
        wrong = [record for record, value in cells if not all(fits(str(item)) for item in _items(value))]
        right = (str(item) for _, value in cells for item in _items(value) if fits(str(item)))
        problem = _pattern_problem(column, next(right, "") if wrong else "")
        for record in wrong:
            yield _finding(view, record, column, _lost_nought(column, record) or problem)


_DIGITS: Final = re.compile(r"(?:\\d|\[0-9\])\{(\d+)\}")


def _pattern_problem(column: Column, example: str) -> Problem:
    """The form that is asked for as people would say it: by another cell of the column, or as a number of digits."""
    digits = _DIGITS.fullmatch(column.pattern or "")
    if example and column.class_ == OPEN:
        return Problem("pattern-mismatch-example", facts=(("example", example),))
    if digits:
        return Problem("pattern-mismatch-digits", facts=(("digits", digits[1]),))
    return Problem("pattern-mismatch")


def _lost_nought(column: Column, record: Record) -> Problem | None:
    """What to say of a number that lacks a digit, such as a postal code; never put back, for nothing proves the nought."""
    digits, value = _DIGITS.fullmatch(column.pattern or ""), record.values[column.name]
    if digits and isinstance(value, str) and value.isdigit() and len(value) == int(digits[1]) - 1:
        return Problem("digits-missing", facts=(("digits", digits[1]),))
    return None


def check_empty(view: View) -> Iterator[Finding]:
    """Cells that the profile wants empty in such a row are empty."""
    for sheet, column in _columns(view, lambda column: column.empty is not None):
        for record, _ in _cells(view, sheet, column):
            row = view.row(record.ref)
            unwanted = worked_out(view, column.empty or "", row) if row is not None else None
            if unwanted:
                problem = unwanted if isinstance(unwanted, Problem) else Problem("not-empty")
                yield _finding(view, record, column, problem)


def check_unique(view: View) -> Iterator[Finding]:
    """No two rows have the same value where the profile says so; each of the cells names another."""
    for sheet, column in _columns(view, lambda column: column.unique):
        seen: defaultdict[Value, list[Record]] = defaultdict(list)
        for record, value in _cells(view, sheet, column):
            seen[value].append(record)
        for alike in seen.values():
            for record in alike if len(alike) > 1 else ():
                other = alike[0] if record is not alike[0] else alike[1]
                facts = (("other", str(other.cell(column.name))),)
                yield _finding(view, record, column, Problem("not-unique", facts=facts))


def check_synthetic_ids(view: View) -> Iterator[Finding]:
    """No made-up national id stands among real ones; a demo register, in which all of them are made up, is left in peace."""
    country = view.register.profile.office.country
    for sheet, column in _columns(view, lambda column: column.type == "nin"):
        cells = [
            (record, all(is_synthetic(str(item), country) for item in _items(value)))
            for record, value in _cells(view, sheet, column)
        ]
        if not all(synthetic for _, synthetic in cells):
            yield from (_finding(view, record, column, SYNTHETIC) for record, synthetic in cells if synthetic)


SYNTHETIC: Final = Problem("nin-synthetic", Severity.WARNING)


def check_limits(view: View) -> Iterator[Finding]:
    """Numbers lie between ``min`` and ``max``, both included."""
    for sheet, column in _columns(view, lambda column: column.min is not None or column.max is not None):
        for record, value in _cells(view, sheet, column):
            numbers = [item for item in _items(value) if isinstance(item, int | float)]
            if column.min is not None and any(number < column.min for number in numbers):
                yield _finding(view, record, column, Problem("too-small", facts=(("limit", f"{column.min:g}"),)))
            elif column.max is not None and any(number > column.max for number in numbers):
                yield _finding(view, record, column, Problem("too-large", facts=(("limit", f"{column.max:g}"),)))


def check_date_order(view: View) -> Iterator[Finding]:
    """Dates do not lie before or after the date that the profile names; the cell with the rule is the one at fault."""
    for sheet, column in _columns(view, lambda column: column.not_before is not None or column.not_after is not None):
        for source, code in ((column.not_before, "too-early"), (column.not_after, "too-late")):
            if source is None:
                continue
            limit_of = _date_of(view, sheet, source)
            for record, value in _cells(view, sheet, column):
                limit = limit_of(record)
                if isinstance(limit, Problem):
                    yield _finding(view, record, column, limit)
                elif isinstance(limit, date) and any(_wrong(code, day, limit) for day in _items(value)):
                    yield _finding(view, record, column, _order_problem(view, sheet, code, source, limit))


def check_sheets(view: View) -> Iterator[Finding]:
    """The profile's own checks: a warning at the row where the sentence is not true."""
    for sheet in view.register.profile.sheets.values():
        for row in view.rows(sheet.name) if sheet.checks else ():
            for sentence, source in sheet.checks.items():
                value = worked_out(view, source, row)
                if value is None or (value and not isinstance(value, Problem)):
                    continue
                problem = value if isinstance(value, Problem) else Problem("check-failed", facts=(("sentence", sentence),))
                place, key = row.record.place, row.record.key
                yield Finding(problem.code, place, Severity.WARNING, sheet=sheet.name, record=key, facts=problem.facts)


CHECKS: Final[tuple[Check, ...]] = (
    check_patterns,
    check_empty,
    check_unique,
    check_synthetic_ids,
    check_limits,
    check_date_order,
)


def _columns(view: View, concerned: Callable[[Column], bool]) -> Iterator[tuple[Sheet, Column]]:
    for sheet in view.register.profile.sheets.values():
        for column in sheet.stored_columns:
            if concerned(column):
                yield sheet, column


def _cells(view: View, sheet: Sheet, column: Column) -> Iterator[tuple[Record, Any]]:
    """The records in which the column has a value that can be used."""
    for record in view.register.records.get(sheet.name, {}).values():
        value = record.values[column.name]
        if value is not EMPTY and not isinstance(value, FaultyCell):
            yield record, value


def _items(value: Value) -> tuple[Scalar, ...]:
    return value if isinstance(value, tuple) else (value,)  # type: ignore[return-value]  # _cells leaves the others out


def _date_of(view: View, sheet: Sheet, source: Expression) -> Callable[[Record], Any]:
    """What gives the rule's date on a record: a date, `EMPTY`, or a `Problem`.

    Most rules are the name of a column of the same sheet, which is read without the machinery of expressions.
    """
    named = sheet.columns.get(source)
    if named is not None and named.stored and named.type == "date" and not named.many:

        def stored(record: Record) -> Any:
            value = record.values[source]
            return EMPTY if isinstance(value, FaultyCell) else value

        return stored
    if source == "today":
        return lambda _: view.today

    def evaluated(record: Record) -> Any:
        row = view.row(record.ref)
        value = None if row is None else worked_out(view, source, row)
        if value is None:
            return EMPTY
        if value is EMPTY or isinstance(value, date | Problem):
            return value
        return Problem("rule-failed", facts=(("rule", source), ("reason", type(value).__name__)))

    return evaluated


def _wrong(code: str, day: Any, limit: date) -> bool:
    return bool(day < limit if code == "too-early" else day > limit)


def _order_problem(view: View, sheet: Sheet, code: str, source: Expression, limit: date) -> Problem:
    """What to say of a date on the wrong side of its limit: a column is named by its heading, another rule as it stands."""
    profile = view.register.profile
    shown = Conventions(profile.office.country, view.today).shown(limit)
    if (code, source) == ("too-late", "today"):
        return Problem("in-the-future", facts=(("today", shown),))
    rule = sheet.columns[source].heading if source in sheet.columns else source
    return Problem(code, facts=(("limit", discreet(profile, source, shown)), ("rule", rule)))


def _finding(view: View, record: Record, column: Column, problem: Problem) -> Finding:
    profile = view.register.profile
    value = record.values[column.name]
    conventions = Conventions(profile.office.country, view.today)
    shown = "; ".join(map(conventions.shown, _items(value)))
    sheet = profile.sheets[record.sheet]
    return finding_at(record.cell(column.name), sheet, column, problem, record=record.key, value=shown)
