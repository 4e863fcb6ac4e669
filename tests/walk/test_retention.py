"""What the office keeps no longer goes, is told by numbers alone, and is never made again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from pipeline.ledger.model import Source, What
from pipeline.ledger.store import Ledger
from tests.walk.small_office import PROFILE, TODAY, SmallOffice

LATER = "2027-11-25"


@pytest.fixture
def sent(office: SmallOffice) -> SmallOffice:
    """An office that keeps letters for a year, a year after two of its three were sent."""
    office.write_profile(f'{PROFILE}\n[run]\nretention = "1 year"\n')
    office.run()
    with Ledger(office.folder / "fristbrev.sqlite") as ledger:
        out = [key for key, entry in ledger.entries().items() if entry.obligation.letter == "notice" and entry.current]
        ledger.record(date(2026, 11, 23), What.SENT, dict.fromkeys(out, date(2026, 11, 23)), Source.COMMAND)
    office.run(day="2026-11-24")
    return office


def ledger_text(office: SmallOffice) -> str:
    with closing(sqlite3.connect(office.folder / "fristbrev.sqlite")) as connection:
        return "\n".join(connection.iterdump())


def test_what_is_too_old_goes_and_what_waits_to_be_sent_stays(sent: SmallOffice) -> None:
    result = sent.call("purge", "--as-of", LATER)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Of what is older than 2026-11-25, 2 letters, 3 lists and ")
    left = {path.name.rpartition(" ")[0] for path in sent.output.rglob("*.docx")}
    assert left == {"C-6 Decision to"}
    assert not list(sent.output.rglob("dispatch*"))
    assert "Gate 1" not in ledger_text(sent)


def test_the_trace_has_numbers_and_nobody(sent: SmallOffice) -> None:
    sent.call("purge", "--as-of", LATER)
    with Ledger(sent.folder / "fristbrev.sqlite", read_only=True) as ledger:
        (trace,) = [event for event in ledger.events() if event.what is What.PURGED]
    assert trace.obligation == ""
    assert trace.about.startswith("2026-11-25 letters 2 lists 3 standings ")


def test_no_letter_is_made_twice_after_a_purge_and_all_is_as_written_down(sent: SmallOffice) -> None:
    sent.call("purge", "--as-of", LATER)
    assert not [each for each in sent.json("verify", day=LATER) if each["severity"] == "error"]
    assert "No new letter" in sent.run(day=LATER).stdout
    assert not [each for each in sent.json("verify", day=LATER) if each["severity"] == "error"]


def test_a_night_purges_and_a_second_purge_has_nothing_to_do(sent: SmallOffice) -> None:
    sent.run(day=LATER)
    assert {path.name.rpartition(" ")[0] for path in sent.output.rglob("*.docx")} == {"C-6 Decision to"}
    sent.run(day=LATER)  # where deadlines stood at the end of the last run is kept until the next has ended
    result = sent.call("purge", "--as-of", LATER)
    assert "0 letters, 0 lists and 0 rows" in result.stdout


@pytest.mark.parametrize("day", [TODAY, "2027-11-23"])
def test_nothing_goes_before_its_time(sent: SmallOffice, day: str) -> None:
    before = sent.made()
    assert "0 letters, 0 lists and 0 rows" in sent.call("purge", "--as-of", day).stdout
    assert sent.made() == before


def test_the_story_says_who_told_of_the_dispatch_and_that_the_letter_is_deleted(sent: SmallOffice) -> None:
    sent.call("purge", "--as-of", LATER)
    told = [each["text"] for each in sent.json("explain", "--record", "C-1", day=LATER) if each["kind"] == "event"]
    assert any(text.endswith("sent on 2026-11-23, as the command line says") for text in told)
    assert sum(text.endswith("deleted: it is no longer kept here") for text in told) == 2


def test_a_letter_that_cannot_be_deleted_is_deleted_by_the_next_purge(sent: SmallOffice) -> None:
    (letter,) = (sent.output / TODAY / "notice").glob("C-1 Notice copy*.docx")
    letter.unlink()
    letter.mkdir()  # stands for a file that somebody has open
    assert "1 letters, 3 lists" in sent.call("purge", "--as-of", LATER).stdout
    letter.rmdir()
    letter.write_bytes(b"Gate 2")
    assert "1 letters, 0 lists" in sent.call("purge", "--as-of", LATER).stdout
    assert not letter.exists()
