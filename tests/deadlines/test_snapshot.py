"""Every deadline rule of three whole routines over three years of trigger dates: what a change of a rule changes, in full.

The tables lie in ``tests/golden/deadlines``; ``pytest --update-golden`` writes them anew, and the difference is what to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, deadlines_of
from pipeline.deadlines.rule import work_out
from pipeline.findings import Place
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import LETTERS, Column, DeadlineRule, Profile
from pipeline.register.model import Record, Ref, Register, Value, View

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "deadlines"
PROFILES = {
    "alta": ROOT / "profile.toml",
    "osthammar": ROOT / "examples" / "osthammar" / "profile.toml",
    "thisted": ROOT / "examples" / "thisted" / "profile.toml",
}
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
DAY = timedelta(days=1)


def triggers() -> list[date]:
    """Every sixth day, so that each weekday has its turn, and the days on which people err."""
    days = [FIRST + DAY * n for n in range((LAST - FIRST).days + 1)]
    return [day for n, day in enumerate(days) if n % 6 == 0 or (day + DAY).day == 1 or _christmas(day)]


def _christmas(day: date) -> bool:
    return (day.month, day.day) in {(12, 24), (12, 31), (1, 2)}


def value_of(column: Column, day: date) -> Value:
    """The trigger date in every date cell; anything else does not matter to a date."""
    match column.type:
        case "date":
            return day
        case "number":
            found: Value = 2
        case "time":
            found = time(12)
        case "choice":
            found = column.choices[0]
        case "yesno":
            found = True
        case "ref":
            found = Ref(column.to or "", "1")
        case _:
            found = "1"
    return (found,) if column.many and not isinstance(found, tuple) else found  # type: ignore[return-value]


def letters(profile: Profile, day: date) -> Iterator[Record]:
    """A letter that is known to have arrived, and one for each channel of which only the dispatch is known."""
    person = next(sheet.name for sheet in profile.sheets.values() if sheet.recipient)
    letter = next(iter(profile.letters.values()))
    for key, channel, arrived in (
        ("arrived", EMPTY, day),
        ("sent", EMPTY, EMPTY),
        ("sent digital", "digital", EMPTY),
        ("sent digital post", "digital post", EMPTY),
    ):
        values: dict[str, Value] = {
            "letter": letter.name,
            "record": Ref(letter.on, "1"),
            "recipient": Ref(person, "1"),
            "role": "to",
            "channel": channel,
            "produced": day,
            "sent": day,
            "arrived": arrived,
        }
        yield Record(LETTERS, key, Place("", LETTERS), values)


def view_on(profile: Profile, rules: Rules, day: date) -> View:
    sheets = {
        sheet.name: {
            "1": Record(
                sheet.name, "1", Place("r.xlsx", sheet.title, 2), {c.name: value_of(c, day) for c in sheet.stored_columns}
            )
        }
        for sheet in profile.sheets.values()
    }
    register = Register(profile, sheets).with_sheet(LETTERS, letters(profile, day))
    return View(register, rules, day, {DEADLINES: deadlines_of})


def alone(rule: DeadlineRule) -> DeadlineRule:
    """The rule's dates, whether or not it applies and whatever was done."""
    return rule.model_copy(update={"when": "true", "done": None, "until": None})


def away(day: date | None, raw: date) -> str:
    return "." if day is None else f"{(day - raw).days:+d}"


def table(profile: Profile) -> str:
    office = profile.office
    rules = Rules(Calendar(office.country, office.closed), profile.terms)
    views = {day: view_on(profile, rules, day) for day in triggers()}
    return "".join(block(alone(rule), views) for rule in profile.deadlines.values())


def block(rule: DeadlineRule, views: dict[date, View]) -> str:
    keys = [row.record.key for row in views[FIRST].rows(rule.on)]
    return "".join(line for key in keys for line in lines(rule, key, views))


def lines(rule: DeadlineRule, key: str, views: dict[date, View]) -> Iterable[str]:
    yield f"\n[{rule.name}]{f' {key}' if rule.on == LETTERS else ''} {rule.whose}\n"
    yield "trigger    raw        due act soon (days from raw)\n"
    for day, view in views.items():
        row = view.row(Ref(rule.on, key))
        assert row is not None
        found = work_out(rule, row)
        if found.raw is None:
            yield f"{day} {found.status}{f': {found.cause.code}' if found.cause else ''}\n"
        else:
            away_from_raw = (away(each, found.raw) for each in (found.due, found.act_by, found.remind_from))
            yield f"{day} {found.raw} {' '.join(away_from_raw)}\n"


@pytest.mark.parametrize("name", PROFILES)
def test_every_rule_gives_the_dates_that_were_looked_at(name: str, request: pytest.FixtureRequest) -> None:
    seen = table(load_profile(PROFILES[name]))
    golden = GOLDEN / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(seen, encoding="utf-8", newline="\n")

    assert seen == golden.read_text(encoding="utf-8"), "read the difference; renew with --update-golden if it is what was meant"


def test_the_span_has_every_weekday_the_ends_of_months_and_the_leap_day() -> None:
    days = triggers()

    assert {day.weekday() for day in days} == set(range(7))
    assert {date(2028, 2, 29), date(2026, 12, 24), date(2027, 12, 31), date(2027, 2, 28)} <= set(days)
