"""Calendars are read back by an independent library; identity stays, sequences rise, nothing personal stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deadlines.model import Deadline, Status
from pipeline.ledger.model import Appointment
from pipeline.ledger.store import Ledger
from pipeline.lists.feed import KEPT, OCTETS, appointments, calendars, file_names, folded
from tests.lists.made_up import ENGLISH, TODAY, deadline, register, sent_letter

TOMORROW = TODAY + timedelta(days=1)
OPEN = deadline(Status.DUE_SOON, due=TODAY + timedelta(days=4))

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|'/C calc'!A0",
    "a\r\nEND:VEVENT\r\nBEGIN:VALARM",
    "a;b,c\\n\\;",
    "å" * 10_000,
    "\N{RIGHT-TO-LEFT OVERRIDE}avsluttet\N{HEBREW LETTER ALEF}",
    "\x00\x0b\x7f\u2028",
    "../../etc/passwd",
    "con",
)


def _next(
    deadlines: Sequence[Deadline], before: Sequence[Appointment] = (), today: date = TODAY, sent: Sequence[str] = ()
) -> tuple[Appointment, ...]:
    of = register([sent_letter(key, "2026/41") for key in sent])
    return appointments(deadlines, of, {event.uid: event for event in before}, today, ENGLISH)


def _read(content: bytes) -> list[icalendar.Event]:
    """The events of a file that keeps the rules of RFC 5545 which a subscriber needs."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= OCTETS and b"\n" not in line and b"\r" not in line for line in lines)  # § 3.1
    calendar = icalendar.Calendar.from_ical(content)
    assert not calendar.errors
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar["PRODID"]  # § 3.6
    events = [part for part in calendar.subcomponents if isinstance(part, icalendar.Event)]
    assert len(events) == len(calendar.subcomponents) > 0
    for event in events:
        assert not event.errors
        assert all(key in event for key in ("UID", "DTSTAMP", "DTSTART"))  # § 3.6.1
        assert event["DTSTART"].params["VALUE"] == event["DTEND"].params["VALUE"] == "DATE"
        assert event.decoded("DTEND") == event.decoded("DTSTART") + timedelta(days=1)  # § 3.6.1: the end is not included
        assert event.decoded("DTSTAMP").utcoffset() == timedelta()  # § 3.8.7.2
        assert event["STATUS"] in {"CONFIRMED", "CANCELLED"}  # § 3.8.1.11
        assert "ORGANIZER" not in event
        assert "ATTENDEE" not in event
    assert len({event["UID"] for event in events}) == len(events)
    return events


def _only(content: Mapping[str, bytes]) -> icalendar.Event:
    [file] = content.values()
    [event] = _read(file)
    return event


def test_an_open_deadline_is_an_all_day_event_on_the_day_to_act() -> None:
    one = OPEN._replace(act_by=date(2026, 11, 25))
    files = dict(calendars(_next([one]), ENGLISH))
    assert list(files) == ["deadlines-KH.ics"]
    event = _only(files)
    assert event.decoded("DTSTART") == date(2026, 11, 25)
    assert event.decoded("DTSTAMP") == datetime(2026, 11, 23, tzinfo=UTC)
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == ("2026/41 Foreløpig melding", "Due 2026-11-27.")
    assert (event.decoded("SEQUENCE"), event["STATUS"], event["TRANSP"]) == (0, "CONFIRMED", "TRANSPARENT")


def test_the_next_night_changes_nothing_where_nothing_has_changed() -> None:
    some = [OPEN, deadline(Status.UNKNOWN, "2026/42"), deadline(Status.OVERDUE, "2026/43", due=TODAY)]
    first = _next(some)
    second = _next(some, first, TOMORROW)
    assert second == first
    assert list(calendars(second, ENGLISH)) == list(calendars(first, ENGLISH))


LATER = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("changed", "sequence", "status", "day"),
    [
        (OPEN, 0, "CONFIRMED", OPEN.act_by),
        (OPEN._replace(status=Status.OVERDUE), 0, "CONFIRMED", OPEN.act_by),
        (OPEN._replace(act_by=LATER, due=LATER), 1, "CONFIRMED", LATER),
        (OPEN._replace(due=LATER), 1, "CONFIRMED", OPEN.act_by),
        (OPEN._replace(status=Status.DONE), 1, "CANCELLED", OPEN.act_by),
        (OPEN._replace(status=Status.NOT_NEEDED), 1, "CANCELLED", OPEN.act_by),
    ],
)
def test_what_changes_counts_the_sequence_up_under_the_same_identity(
    changed: Deadline, sequence: int, status: str, day: date
) -> None:
    [before] = first = _next([OPEN])
    event = _only(dict(calendars(_next([changed], first, TOMORROW), ENGLISH)))
    assert str(event["UID"]) == f"{before.uid}@fristbrev"
    assert (event.decoded("SEQUENCE"), event["STATUS"], event.decoded("DTSTART")) == (sequence, status, day)
    assert event.decoded("DTSTAMP").date() == (TOMORROW if sequence else TODAY)


def test_a_deadline_that_is_gone_is_cancelled_once_and_comes_back_under_the_same_identity() -> None:
    first = _next([OPEN])
    gone = _next([], first, TOMORROW)
    assert [(event.sequence, event.cancelled) for event in gone] == [(1, True)]
    assert _next([], gone, TOMORROW + timedelta(days=1)) == gone
    back = _next([OPEN], gone, TOMORROW + timedelta(days=2))
    assert [(event.uid, event.sequence, event.cancelled) for event in back] == [(first[0].uid, 2, False)]


def test_a_cancelled_event_is_forgotten_after_three_months() -> None:
    gone = _next([], _next([OPEN]), TOMORROW)
    assert _next([], gone, TOMORROW + KEPT) == gone
    assert _next([], gone, TOMORROW + KEPT + timedelta(days=1)) == ()


def test_a_deadline_that_passes_to_another_is_cancelled_here_and_stands_there() -> None:
    moved = _next([OPEN._replace(owner="OS")], _next([OPEN]), TOMORROW)
    files = dict(calendars(moved, ENGLISH))
    assert {name: [e["STATUS"] for e in _read(file)] for name, file in files.items()} == {
        "deadlines-KH.ics": ["CANCELLED"],
        "deadlines-OS.ics": ["CONFIRMED"],
    }
    assert len({event.uid for event in moved}) == 2


def test_a_deadline_that_nobody_can_date_stands_on_the_day_on_which_that_was_seen() -> None:
    unknown = deadline(Status.UNKNOWN)
    first = _next([unknown])
    assert [(event.day, event.summary) for event in first] == [(TODAY, "Date unknown: 2026/41 Foreløpig melding")]
    assert _next([unknown], first, TOMORROW) == first
    told = _next([deadline(Status.OVERDUE, due=LATER)], first, TOMORROW)
    assert [(event.day, event.summary, event.sequence) for event in told] == [(LATER, "2026/41 Foreløpig melding", 1)]


def test_a_deadline_on_a_letter_names_the_record_and_not_the_recipient() -> None:
    some = [deadline(Status.UPCOMING, key, "klage", due=LATER) for key in ("ABCDEFGH", "IJKLMNOP")]
    events = _next(some, sent=("ABCDEFGH", "IJKLMNOP"))
    assert {event.summary for event in events} == {"2026/41 Klagefrist"}
    assert len({event.uid for event in events}) == 2


def test_what_nobody_is_named_for_has_a_calendar_too() -> None:
    assert list(dict(calendars(_next([OPEN._replace(owner="")]), ENGLISH))) == ["deadlines-nobody.ics"]


@pytest.mark.parametrize(
    ("owners", "names"),
    [
        (["KH", "Kari Hætta"], ["deadlines-KH.ics", "deadlines-Kari Hætta.ics"]),
        (["KH", "kh"], ["deadlines-KH-??????.ics", "deadlines-kh-??????.ics"]),
        (["", "nobody"], ["deadlines-nobody-??????.ics", "deadlines-nobody-??????.ics"]),
        (["a/b", "a\\b"], ["deadlines-a-b-??????.ics", "deadlines-a-b-??????.ics"]),
        (["../x"], ["deadlines-..-x-??????.ics"]),
    ],
)
def test_each_owner_has_a_file_that_every_system_takes(owners: list[str], names: list[str]) -> None:
    found = file_names(owners, ENGLISH)
    assert len({name.casefold() for name in found.values()}) == len(owners)
    for name, expected in zip(found.values(), names, strict=True):
        assert re.fullmatch(re.escape(expected).replace(r"\?", "[0-9a-f]"), name)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_one_harmless_event_in_one_file(text: str, tmp_path: Path) -> None:
    [(name, content)] = calendars(_next([deadline(Status.OVERDUE, text, due=TODAY, owner=text)]), ENGLISH)
    (tmp_path / name).write_bytes(content)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert len(name.encode()) < 120
    [event] = _read(content)
    assert str(event["SUMMARY"]).endswith("Foreløpig melding")
    assert {str(key) for key in event} == {
        "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "TRANSP",
    }  # fmt: skip


@given(st.text(max_size=300))
def test_a_folded_line_is_short_and_unfolds_to_what_it_was(line: str) -> None:
    parts = folded(line).encode().split(b"\r\n") if "\r\n" not in line else []
    assert all(len(part) <= OCTETS for part in parts)
    assert folded(line).replace("\r\n ", "") == line or not parts


def test_the_ledger_remembers_what_the_calendars_said(tmp_path: Path) -> None:
    events = _next([OPEN, deadline(Status.UNKNOWN, "2026/42")])
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.appointments() == {}
        ledger.keep_appointments(events)
        assert ledger.appointments() == {event.uid: event for event in events}
        ledger.keep_appointments(events[:1])
    with Ledger(tmp_path / "ledger.sqlite", read_only=True) as ledger:
        assert ledger.appointments() == {events[0].uid: events[0]}
