"""The calendars that caseworkers subscribe to: an all-day event for each open deadline, cancelled when nobody has to act on it.

An event names the record and the kind of deadline, and nothing that stands in the register besides.
RFC 5545: what an event is (§ 3.6.1), how lines are folded and text is escaped (§ 3.1, 3.3.11).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from pipeline.deadlines.model import Deadline, Status
from pipeline.files import digest, safe_name
from pipeline.ledger.model import Appointment
from pipeline.lists.words import plain, record_key
from pipeline.register.model import Register
from pipeline.texts import Texts

KEPT: Final = timedelta(days=92)
"""How long a cancelled event stays in a calendar, so that a program that looks in seldom hears of it."""

OCTETS: Final = 75
"""The longest line of a calendar, its end not counted."""

_LONGEST_NAME: Final = 80
"""Bytes of an owner in a file name."""

_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\r": None, "\n": "\\n"})


def appointments(
    deadlines: Iterable[Deadline], register: Register, before: Mapping[str, Appointment], today: date, texts: Texts
) -> tuple[Appointment, ...]:
    """What stands in all calendars on a day: the open deadlines, and what was cancelled lately.

    An event whose day or words have changed, that was cancelled or has come back, counts its sequence up.
    One whose deadline nobody can date stands on the day on which that was first seen.

    Args:
        deadlines: all of them.
        register: whose they are.
        before: what stood there until now, by `Appointment.uid`.
        today: the as-of day.
        texts: the office's language.
    """
    now = {event.uid: event for d in deadlines if d.status.open for event in [_event(d, register, before, today, texts)]}
    gone = (replace(old, cancelled=True) for uid, old in before.items() if uid not in now)
    together = (_followed(event, before.get(event.uid), today) for event in (*now.values(), *gone))
    return tuple(sorted((event for event in together if not _forgotten(event, today)), key=_order))


def _event(deadline: Deadline, register: Register, before: Mapping[str, Appointment], today: date, texts: Texts) -> Appointment:
    title = plain(register.profile.deadlines[deadline.rule].title)
    summary = f"{record_key(deadline.record, register)} {title}"
    if deadline.status is Status.UNKNOWN:
        summary = texts("Date unknown: {summary}", summary=summary)
    note = texts("Due {day}.", day=deadline.due) if deadline.due else texts("The overview says which cell to mend.")
    if deadline.stands_in_for:
        note += " " + texts("For {away}.", away=plain(deadline.stands_in_for))
    uid = _uid(deadline, register.profile.office.municipality)
    old = before.get(uid)
    seen = old.day if old and not old.cancelled and old.summary == summary else today
    return Appointment(
        uid=uid,
        calendar=deadline.owner,
        day=deadline.act_by or deadline.due or seen,
        summary=summary,
        note=note,
        sequence=0,
        changed=today,
    )


def _uid(deadline: Deadline, municipality: str) -> str:
    """The same for as long as the deadline is the same person's; another calendar's event has its own."""
    record = deadline.record
    named = [municipality, deadline.rule, record.sheet, record.key, deadline.occurrence, deadline.owner]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:32]


def _followed(event: Appointment, old: Appointment | None, today: date) -> Appointment:
    """The event as the next version of what stood there, which is itself where nothing has changed."""
    if old is None:
        return event
    same = replace(event, sequence=old.sequence, changed=old.changed)
    return same if same == old else replace(event, sequence=old.sequence + 1, changed=today)


def _forgotten(event: Appointment, today: date) -> bool:
    return event.cancelled and event.changed + KEPT < today


def _order(event: Appointment) -> tuple[str, date, str, str]:
    return (event.calendar, event.day, event.summary, event.uid)


# ------------------------------------------------------------------ the files


def calendars(events: Iterable[Appointment], texts: Texts) -> Iterator[tuple[str, bytes]]:
    """The calendars one after the other, each with its file name; the same bytes for the same events."""
    of: dict[str, list[Appointment]] = {}
    for event in events:
        of.setdefault(event.calendar, []).append(event)
    names = file_names(of, texts)
    return ((names[owner], _calendar(owner, found, texts)) for owner, found in of.items())


def file_names(owners: Iterable[str], texts: Texts) -> Mapping[str, str]:
    """A file name for each owner that stays theirs whoever else comes and goes.

    A digest of the owner's own text tells apart what no file may be called, and what differs in capital letters alone.
    """
    word = texts.name("deadlines")
    names = {owner: f"{word}-{owner or texts.name('nobody')}" for owner in owners}
    alike = Counter(name.casefold() for name in names.values())
    return {
        owner: f"{name}.ics"
        if safe_name(name, _LONGEST_NAME) == name and alike[name.casefold()] == 1
        else f"{safe_name(name, _LONGEST_NAME)}-{digest(owner.encode())[:6]}.ics"
        for owner, name in names.items()
    }


def _calendar(owner: str, events: Sequence[Appointment], texts: Texts) -> bytes:
    name = texts("Deadlines, {owner}", owner=plain(owner) or texts("nobody named"))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Fristbrev//Fristbrev//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        folded(f"NAME:{_text(name)}"),
        folded(f"X-WR-CALNAME:{_text(name)}"),
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        *map(_lines, events),
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines).encode()


def _lines(event: Appointment) -> str:
    """An event; free time, since a deadline keeps nobody from meeting anybody. Only words can make a line too long."""
    changed = _day(event.changed)
    return "\r\n".join(
        (
            "BEGIN:VEVENT",
            f"UID:{event.uid}@fristbrev",
            f"DTSTAMP:{changed}T000000Z",
            f"LAST-MODIFIED:{changed}T000000Z",
            f"SEQUENCE:{event.sequence}",
            f"DTSTART;VALUE=DATE:{_day(event.day)}",
            f"DTEND;VALUE=DATE:{_day(event.day + timedelta(days=1))}",
            folded(f"SUMMARY:{_text(event.summary)}"),
            folded(f"DESCRIPTION:{_text(event.note)}"),
            f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        )
    )


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(value: str) -> str:
    """As a property holds it: escaped, and without control characters."""
    value = value.translate(_ESCAPED)
    return value if value.isprintable() else "".join(c for c in value if c >= " " and c != "\x7f")


def folded(line: str) -> str:
    r"""The line in pieces of at most `OCTETS` octets, each but the first begun with a blank; no character is cut in two.

    >>> [len(part) for part in folded("x" * 100).split("\r\n")]
    [75, 26]
    """
    if len(line) * 4 <= OCTETS or len(line.encode()) <= OCTETS:
        return line
    parts: list[str] = []
    piece, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > OCTETS:
            parts.append(piece)
            piece, size = " ", 1
        piece += character
        size += width
    return "\r\n".join((*parts, piece))
