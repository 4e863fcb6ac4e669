"""A profile of one sheet and one deadline, and a row of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, deadlines_of
from pipeline.deadlines.model import Deadline
from pipeline.deadlines.rule import work_out
from pipeline.findings import Finding, Place
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.model import Profile
from pipeline.register.model import FaultyCell, Record, Ref, Register, Row, Value, View

TODAY = date(2026, 11, 23)
COLUMNS = {
    "nr": "text",
    "start": "date",
    "until": "date",
    "met": "date",
    "noted": "yesno",
    "stopped": "yesno",
    "owner": "text",
    "channel": "text",
    "amount": "number",
}
OFFICES: Mapping[str, Mapping[str, object]] = {
    "NO": {"language": "nb", "closed": ["12-24", "12-31"]},
    "SE": {"language": "sv"},
    "DK": {"language": "da"},
}


def profile(deadlines: Mapping[str, Mapping[str, object]], *, country: str = "NO", **tables: object) -> Profile:
    columns = {name: {"name": name, "heading": name.capitalize(), "type": kind} for name, kind in COLUMNS.items()}
    for name, value in (("later", "start + days(1)"), ("reached", "later if until < later else until")):
        columns[name] = {"name": name, "heading": name.capitalize(), "type": "date", "value": value}
    held = {
        "of": {"name": "of", "heading": "Of", "type": "ref", "to": "case", "back": "meetings"},
        "held": {"name": "held", "heading": "Held", "type": "date"},
        "waited": {"name": "waited", "heading": "Waited", "type": "number", "value": "((held or today) - of.start).days"},
    }
    return Profile.model_validate(
        {
            "office": {"municipality": "Sted", "country": country, **OFFICES[country]},
            "register": {"workbook": "book.xlsx"},
            "sheets": {
                "case": {"name": "case", "title": "Cases", "key": "nr", "columns": columns},
                "meeting": {"name": "meeting", "title": "Meetings", "key": ["of", "held"], "columns": held},
            },
            "deadlines": {name: {"name": name, "on": "case", "title": name, **rule} for name, rule in deadlines.items()},
            **tables,
        }
    )


def faulty(column: str = "start") -> FaultyCell:
    """A date that is in no calendar, in the row of the case."""
    place = Place("book.xlsx", "Cases", 2, list(COLUMNS).index(column) + 1)
    return FaultyCell(Finding("not-a-date", place, heading=column.capitalize(), sheet="case", record="1", value="31.02.2026"))


def record(**values: Value) -> Record:
    columns = {name: number for number, name in enumerate(COLUMNS, start=1)}
    return Record("case", "1", Place("book.xlsx", "Cases", 2), {**dict.fromkeys(COLUMNS, EMPTY), **values}, columns)


def meetings(*held: Value) -> dict[str, Record]:
    return {
        str(n): Record(
            "meeting",
            str(n),
            Place("book.xlsx", "Meetings", n + 2),
            {"of": Ref("case", "1"), "held": day},
            {"of": 1, "held": 2},
        )
        for n, day in enumerate(held)
    }


def view(rules: Profile, case: Record, today: date = TODAY, held: tuple[Value, ...] = ()) -> View:
    register = Register(rules, {"case": {case.key: case}, "meeting": meetings(*held)})
    office = rules.office
    return View(register, Rules(Calendar(office.country, office.closed), rules.terms), today, {DEADLINES: deadlines_of})


def row(rules: Profile, case: Record, today: date = TODAY, held: tuple[Value, ...] = ()) -> Row:
    found = view(rules, case, today, held).row(case.ref)
    assert found is not None
    return found


def deadline(
    rule: Mapping[str, Any], today: date = TODAY, *, country: str = "NO", held: tuple[Value, ...] = (), **values: Value
) -> Deadline:
    """The one deadline of a rule on a case with these values."""
    rules = profile({"it": rule}, country=country)
    return work_out(rules.deadlines["it"], row(rules, record(**values), today, held))
