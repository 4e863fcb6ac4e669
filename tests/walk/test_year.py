"""A year of nights: each edit of the staff causes the letters that were written down beforehand, once, and none besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from pipeline.ledger.model import State, What
from pipeline.ledger.store import Ledger
from pipeline.run import Clock, Selection, Workspace, note, run
from tests.walk.small_office import CASES, PEOPLE, PROFILE, SmallOffice

START = date(2026, 11, 23)
NIGHT = datetime(2026, 11, 24, 2, 0)  # noqa: DTZ001 -- the office's wall clock
CASES_A_YEAR = 12
A_CASE_EVERY = 25

HEADINGS = (*CASES[0], "Ended")
WITH_ENDINGS = (
    PROFILE.replace("clerk = {", 'ended = { type = "date" }\nclerk = {')
    + """
[letters.ending]
on = "case"
title = "Ending"
template = "ending.docx"
when = "ended"
dated = "ended"
to = "person"
"""
)
ENDING = ("{{ recipient.name }}", "{{ letter.date }}: the service has ended on {{ case.ended }}.")

Letter = tuple[str, str, str]
"""Record, letter rule, recipient."""


@dataclass
class Staff:
    """What staff type, and where."""

    office: SmallOffice
    rows: dict[str, list[Any]] = field(default_factory=dict)
    streets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.office.write_profile(WITH_ENDINGS)
        self.office.write_template("ending.docx", *ENDING)

    def save(self) -> None:
        people = [PEOPLE[0], ("P-0", "Ola Informert", "Gate 0", "0150 Sted", None, None)]
        people += [(key, f"Kari {key}", street, "0150 Sted", None, None) for key, street in self.streets.items()]
        self.office.write_register((HEADINGS, *self.rows.values()), people)

    def set(self, record: str, heading: str, value: Any) -> None:
        self.rows[record][HEADINGS.index(heading)] = value
        self.save()

    def add(self, record: str, person: str, informed: str | None, received: date) -> None:
        self.streets.setdefault(person, f"Gate {person}")
        self.rows[record] = [record, person, informed, received, *[None] * (len(HEADINGS) - 4)]
        self.save()

    def delete(self, record: str) -> None:
        del self.rows[record]
        self.save()

    def sort(self, *, backwards: bool) -> None:
        self.rows = dict(sorted(self.rows.items(), reverse=backwards))
        self.save()

    def move_house(self, person: str) -> None:
        self.streets[person] = "Ny vei 1"
        self.save()

    def on_list(self, heading: str, value: Any, record: str, title: str) -> None:
        """Type into the latest dispatch list that has a row for this letter."""
        for path in sorted(self.office.output.glob("2*/dispatch *.xlsx"), reverse=True):
            book = openpyxl.load_workbook(path)
            sheet = book.worksheets[0]
            headings = [cell.value for cell in sheet[1]]
            found = [row for row in sheet.iter_rows(min_row=2) if (row[1].value, row[2].value) == (record, title)]
            if found and heading in headings:
                for row in found:
                    row[headings.index(heading)].value = value
                book.save(path)
                return
        raise AssertionError(f"no dispatch list has {record} {title}")

    def by_command(self, record: str, letter: str, day: date) -> None:
        with Ledger(self.office.folder / "fristbrev.sqlite", read_only=True) as ledger:
            ids = [
                id_
                for id_, entry in ledger.entries().items()
                if (entry.obligation.record.key, entry.obligation.letter) == (record, letter)
            ]
        note(Workspace(self.office.folder), Selection(ids=tuple(ids)), What.SENT, day, day, NIGHT)


Edit = tuple[Callable[[], None], set[Letter]]
"""What somebody does on a day, and which letters the night must make for it."""


def script(staff: Staff) -> Mapping[date, list[Edit]]:
    """The year as it will be, with what it must cause."""
    year: defaultdict[date, list[Edit]] = defaultdict(list)
    for n in range(CASES_A_YEAR):
        _case(year, staff, n, START + timedelta(days=A_CASE_EVERY * n))
    year[START + timedelta(days=23)].append((lambda: staff.sort(backwards=True), set()))
    year[START + timedelta(days=221)].append((lambda: staff.sort(backwards=False), set()))
    template = ("New head", "{{ recipient.name }}", "{{ letter.date }}: {{ case.outcome }}, since {{ case.reason }}")
    year[START + timedelta(days=246)].append((lambda: staff.office.write_template("decision.docx", *template), set()))
    return year


def _case(year: defaultdict[date, list[Edit]], staff: Staff, n: int, first: date) -> None:
    record, person, informed = f"C-{n:02}", f"P-{n + 1}", "P-0" if n % 3 == 0 else None
    notices = {(record, "notice", person)} | ({(record, "notice", "P-0")} if informed else set())
    decision = {(record, "decision", person)}

    def on(day: int, do: Callable[[], None], made: set[Letter] | None = None) -> None:
        year[first + timedelta(days=day)].append((do, made or set()))

    def send(day: int, letter: str, title: str, ways: int) -> None:
        sent = first + timedelta(days=day)
        on(
            day,
            (
                lambda: staff.on_list("Sent", sent, record, title),
                lambda: staff.by_command(record, letter, sent),
                lambda: staff.set(record, "Notice sent", sent),
            )[n % ways],
        )

    on(0, lambda: staff.add(record, person, informed, first), notices)
    if n == 5:  # decided before the notice was sent: it is not needed any more
        on(1, lambda: staff.set(record, "Decided", first + timedelta(days=1)))
    else:
        send(1, "notice", "Notice", 3)
    match n % 4:
        case 0:  # a fact that the notice told: proposed; every other time somebody wants it made again
            on(3, lambda: staff.set(record, "Received", first - timedelta(days=1)))
            yes = n % 8 == 0
            on(4, lambda: staff.on_list("Yes or no", "yes" if yes else "no", record, "Notice"), notices if yes else set())
        case 1:  # the address that the notice was sent to: proposed, and nobody answers
            on(3, lambda: staff.move_house(person))
        case 2:  # nothing that a letter tells
            on(3, lambda: staff.set(record, "Clerk", "XYZ"))
        case 3:
            on(3, lambda: staff.sort(backwards=n % 8 == 3))
    on(10, lambda: staff.set(record, "Decided", first + timedelta(days=10)))
    on(11, lambda: staff.set(record, "Outcome", "granted"))  # no reason yet: withheld
    on(12, lambda: staff.set(record, "Reason", "Because."), decision)
    on(13, lambda: staff.set(record, "Reason", "Because of that."), decision)  # unsent: replaced
    send(14, "decision", "Decision", 2)
    if n % 3 == 1:
        on(16, lambda: staff.set(record, "Ended", first + timedelta(days=16)), {(record, "ending", person)})
        send(17, "ending", "Ending", 2)
    if n % 2:
        on(18, lambda: staff.set(record, "Reason", "Because of this."))  # sent: proposed, and nobody answers
    else:
        on(18, lambda: staff.delete(record))


@pytest.mark.long
def test_a_year_of_nights(office: SmallOffice) -> None:
    staff = Staff(office)
    staff.add("C-99", "P-99", None, date(2026, 8, 1))  # from before the start: asked about, never answered
    year = script(staff)
    caused: defaultdict[Letter, int] = defaultdict(int)
    for day in (START + timedelta(days=n) for n in range(365)):
        edits = year.get(day, [])
        for do, _ in edits:
            do()
        wanted = [letter for _, made in edits for letter in made]
        report = run(Workspace(office.folder), Clock(day, lambda: NIGHT, lambda: 0.0))
        owed = [each.letter.obligation for each in report.made]
        made = [(each.record.key, each.letter, each.recipient.key if each.recipient else "") for each in owed]
        assert sorted(made) == sorted(wanted), day
        for letter in made:
            caused[letter] += 1
    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        entries = [entry for entry in ledger.entries().values() if entry.versions]
    stand = {
        (
            entry.obligation.record.key,
            entry.obligation.letter,
            entry.obligation.recipient.key if entry.obligation.recipient else "",
        )
        for entry in entries
        if entry.current is not None
    }
    assert {letter for made in year.values() for _, letters in made for letter in letters} - stand == {
        ("C-05", "notice", "P-6")
    }
    assert {letter: len(entry_versions) for letter, entry_versions in _versions(entries).items()} == dict(caused)
    files = [path.stem.rpartition(" ")[2] for path in office.output.glob("2*/*/*.docx")]
    standing = [id_ for entry in entries for id_ in [entry.obligation.id] * _standing(entry)]
    assert sorted(files) == sorted(standing)


def _versions(entries: list[Any]) -> Mapping[Letter, tuple[Any, ...]]:
    return {
        (entry.obligation.record.key, entry.obligation.letter, entry.obligation.recipient.key): entry.versions
        for entry in entries
    }


def _standing(entry: Any) -> int:
    return sum(version.state is State.PRODUCED for version in entry.versions)
