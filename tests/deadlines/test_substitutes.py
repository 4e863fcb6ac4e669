"""While somebody is away their deadlines are their substitute's, who is shown to act for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import compute
from pipeline.deadlines.model import Deadline, Status
from pipeline.findings import Finding, Place
from pipeline.letters.model import Outcome
from pipeline.lists.feed import appointments
from pipeline.lists.words import responsible
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.model import Profile
from pipeline.register.model import FaultyCell, Record, Ref, Register, Value, View
from tests.lists.made_up import ENGLISH, overview
from tests.lists.made_up import deadline as listed
from tests.lists.made_up import letter as held

TODAY = date(2026, 11, 23)
STAFF = {
    "initials": {"type": "text"},
    "name": {"type": "text"},
    "stand_in": {"type": "ref", "to": "staff"},
    "away_from": {"type": "date"},
    "back": {"type": "date"},
}
CASE = {"nr": {"type": "text"}, "clerk": {"type": "ref", "to": "staff"}, "received": {"type": "date"}}
PROFILE = Profile.model_validate(
    {
        "office": {"municipality": "Sted", "country": "NO", "language": "en"},
        "register": {"workbook": "book.xlsx"},
        "sheets": {
            name: {
                "name": name,
                "title": name,
                "key": key,
                "columns": {n: {"name": n, "heading": n, **column} for n, column in columns.items()},
                **more,
            }
            for name, key, columns, more in (
                (
                    "staff",
                    "initials",
                    STAFF,
                    {
                        "recipient": {"name": "name", "address": []},
                        "substitute": "stand_in if away_from <= today and not (back < today)",
                    },
                ),
                ("case", "nr", CASE, {}),
            )
        },
        "deadlines": {"answer": {"name": "answer", "on": "case", "title": "Answer", "due": "received", "owner": "clerk"}},
    }
)
AWAY = {"away_from": date(2026, 11, 20), "back": date(2026, 11, 30)}
UNREADABLE = FaultyCell(Finding("date-unreadable", Place("book.xlsx", "staff", 2, 4), value="soon"))


def answer(**staff: Mapping[str, Value]) -> tuple[Deadline, Mapping[str, str]]:
    """The one deadline, which is Anne's, and the names of those who are responsible."""
    everybody: dict[str, Mapping[str, Value]] = {"A": {}, "B": {}, "C": {}, **staff}
    rows = {
        initials: Record(
            "staff",
            initials,
            Place("book.xlsx", "staff", 2),
            {**dict.fromkeys(STAFF, EMPTY), "initials": initials, "name": f"{initials}-name", **values},
        )
        for initials, values in everybody.items()
    }
    case = Record("case", "1", Place("book.xlsx", "case", 2), {"nr": "1", "clerk": Ref("staff", "A"), "received": TODAY})
    register = Register(PROFILE, {"staff": rows, "case": {"1": case}})
    found = compute(View(register, Rules(Calendar("NO")), TODAY, {}))
    return found.items[0], found.owners


TO_B: Mapping[str, Value] = {"stand_in": Ref("staff", "B")}
TO_C: Mapping[str, Value] = {"stand_in": Ref("staff", "C")}
TO_A: Mapping[str, Value] = {"stand_in": Ref("staff", "A")}


@pytest.mark.parametrize(
    ("staff", "owner", "away"),
    [
        ({}, "A", ""),
        ({"A": TO_B}, "A", ""),  # a substitute who is named, and nobody away
        ({"A": {**TO_B, **AWAY}}, "B", "A"),
        ({"A": {**TO_B, "away_from": date(2026, 11, 24)}}, "A", ""),
        ({"A": {**TO_B, "away_from": TODAY, "back": TODAY}}, "B", "A"),
        ({"A": {**TO_B, "away_from": date(2026, 11, 1), "back": date(2026, 11, 22)}}, "A", ""),
        ({"A": {**TO_B, "away_from": date(2026, 11, 1)}}, "B", "A"),  # until nobody knows when
        ({"A": AWAY}, "A", ""),  # away, and nobody named
        ({"A": {**TO_B, **AWAY}, "B": {**TO_C, **AWAY}}, "C", "A"),  # the substitute's substitute
        ({"A": {**TO_B, **AWAY}, "B": AWAY}, "B", "A"),
        ({"A": {**TO_B, **AWAY}, "B": {**TO_A, **AWAY}}, "A", ""),  # both away, each for the other
        ({"A": {**TO_B, "away_from": UNREADABLE}}, "A", ""),
    ],
)
def test_the_substitute_is_responsible_while_the_owner_is_away(
    staff: Mapping[str, Mapping[str, Value]], owner: str, away: str
) -> None:
    deadline, names = answer(**staff)
    assert (deadline.owner, deadline.stands_in_for) == (owner, away)
    assert {names[key] for key in (owner, away) if key} == {f"{key}-name" for key in (owner, away) if key}


def test_the_lists_show_for_whom_the_substitute_acts() -> None:
    due = TODAY
    made = overview(
        [listed(Status.OVERDUE, due=due, owner="KH")._replace(stands_in_for="OS")],
        [replace(held(Outcome.WITHHELD), stands_in_for="OS")],
        owners={"KH": "Kari Hætta", "OS": "Odd Svendsen"},
    )
    shown = [(row.owner, row.stands_in_for) for row in made.deadlines]
    shown += [(row.owner, row.stands_in_for) for row in made.held]
    assert [responsible(*each, ENGLISH) for each in shown] == ["Kari Hætta (for Odd Svendsen)"] * 2


def test_the_event_stands_in_the_substitutes_calendar_and_names_whom_it_is_for() -> None:
    deadline, _ = answer(A={**TO_B, **AWAY})
    [event] = appointments([deadline], Register(PROFILE, {}), {}, TODAY, ENGLISH)
    assert (event.calendar, event.note) == ("B", "Due 2026-11-23. For A.")
