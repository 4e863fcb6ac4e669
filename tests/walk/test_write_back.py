"""Where the profile switches it on, the register's ``sent`` columns are filled; where they cannot be, nothing is lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.files import digest
from pipeline.findings import Place
from pipeline.ledger.store import Ledger
from pipeline.register.writeback import Change, write_back
from pipeline.run import Clock, Workspace, run
from tests.walk.small_office import PROFILE, SmallOffice

ON = PROFILE.replace('workbook = "registers/book.xlsx"', 'workbook = "registers/book.xlsx"\nwrite_back = true')
NEXT = "2026-11-24"
SENT = date(2026, 11, 23)


@pytest.fixture
def sent(office: SmallOffice) -> SmallOffice:
    """The office after its first night, with the notice to C-1 sent."""
    office.write_profile(ON)
    office.run()
    (path,) = (office.output / "2026-11-23").glob("dispatch 1.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if "C-1 Notice" in str(row[headings.index("File")].value):
            row[headings.index("Sent")].value = SENT
    book.save(path)
    return office


def notice_sent(office: SmallOffice) -> object:
    """What the register says about the notice to C-1."""
    return openpyxl.load_workbook(office.workbook)["Cases"]["E2"].value


def record(office: SmallOffice, day: str = NEXT, nth: int = 1) -> Mapping[str, Any]:
    """What the run's record says of the register."""
    text = (office.output / day / f"run {nth}.json").read_text(encoding="utf-8")
    return dict(json.loads(text)["register"])


def test_a_date_of_the_ledger_comes_into_the_empty_cell_of_the_register(sent: SmallOffice) -> None:
    before = sent.workbook.read_bytes()
    result = sent.run(day=NEXT)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "1 date was written into the register." in result.stdout
    assert notice_sent(sent) == datetime(2026, 11, 23)  # noqa: DTZ001 -- Excel knows no time zones
    assert record(sent) == {"written": ["Cases!E2"], "refused": {}, "waiting": 0, "faults": []}
    assert before in {path.read_bytes() for path in (sent.folder / "backups").glob("*.xlsx")}


def test_the_next_night_has_nothing_to_write_and_writes_nothing(sent: SmallOffice) -> None:
    sent.run(day=NEXT)
    before = sent.workbook.read_bytes()
    result = sent.run(day="2026-11-25")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "written into" not in result.stdout
    assert sent.workbook.read_bytes() == before
    kept = [path.read_bytes() for path in sorted((sent.folder / "backups").glob("*.xlsx"))]
    sent.run(day="2026-11-26")
    assert [path.read_bytes() for path in sorted((sent.folder / "backups").glob("*.xlsx"))] == kept


def test_switched_off_the_register_is_never_changed(sent: SmallOffice) -> None:
    sent.write_profile(PROFILE)
    before = sent.workbook.read_bytes()
    sent.run(day=NEXT)
    assert sent.workbook.read_bytes() == before


@pytest.mark.parametrize("command", [("run", "--lists-only"), ("letters",), ("deadlines",), ("validate",)])
def test_looking_and_making_lists_change_nothing_in_it(sent: SmallOffice, command: tuple[str, ...]) -> None:
    before = sent.workbook.read_bytes()
    sent.call(*command, "--as-of", NEXT)
    assert sent.workbook.read_bytes() == before


def test_while_somebody_has_it_open_the_date_waits_and_the_run_says_for_whom(sent: SmallOffice) -> None:
    before = sent.workbook.read_bytes()
    mark = sent.workbook.with_name(".~lock.book.xlsx#")
    mark.write_text("Kari Prøve,kari,pc7,23.11.2026 15:40,file:///x;", encoding="utf-8")
    result = sent.run(day=NEXT)
    sentence = (
        "Kari Prøve has the register book.xlsx open since 2026-11-23 15:40. "
        "What is to be written into it waits for the next run."
    )
    assert (result.exit_code, result.stderr.strip()) == (0, sentence)
    assert record(sent) == {"written": [], "refused": {}, "waiting": 1, "faults": [sentence]}
    assert sent.workbook.read_bytes() == before
    mark.unlink()
    sent.run(day="2026-11-25")
    assert notice_sent(sent) == datetime(2026, 11, 23)  # noqa: DTZ001 -- Excel knows no time zones


def test_a_cell_that_is_merged_with_others_is_left_and_the_date_stays_in_the_ledger(sent: SmallOffice) -> None:
    book = openpyxl.load_workbook(sent.workbook)
    book["Cases"].merge_cells("D2:E2")
    book.save(sent.workbook)
    before = sent.workbook.read_bytes()
    result = sent.run(day=NEXT)
    assert result.exit_code == 0
    assert sent.workbook.read_bytes() == before
    assert record(sent)["written"] == []


def test_a_copy_alone_that_was_sent_writes_no_date(sent: SmallOffice) -> None:
    (path,) = (sent.output / "2026-11-23").glob("dispatch 1.xlsx")
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows():
        if any("Notice to" in str(cell.value) for cell in row):
            for cell in row:
                cell.value = None if isinstance(cell.value, datetime) else cell.value
    book.save(path)
    before = sent.workbook.read_bytes()
    sent.run(day=NEXT)
    assert sent.workbook.read_bytes() == before


def test_what_a_killed_writer_left_beside_the_register_is_gone_after_the_next_run(sent: SmallOffice) -> None:
    class Killed(BaseException):
        pass

    journals: list[tuple[Path, bytes]] = []

    def die(step: str) -> None:
        if step == "new file":
            beside = [*sent.workbook.parent.iterdir(), *(sent.folder / "backups").glob(".*.json")]
            journals.extend((path, path.read_bytes()) for path in beside if path != sent.workbook)
            raise Killed

    change = {Place("book.xlsx", "Cases", 2, 5): Change(SENT)}
    read = digest(sent.workbook.read_bytes())
    with pytest.raises(Killed):
        write_back(sent.workbook, read, change, sent.folder / "backups", datetime(2026, 11, 24), done=die)  # noqa: DTZ001 -- as the clock
    for path, content in journals:
        path.write_bytes(content)
    assert len(journals) == 2
    sent.run(day=NEXT)
    assert notice_sent(sent) == datetime(2026, 11, 23)  # noqa: DTZ001 -- Excel knows no time zones
    assert [path.name for path in sent.workbook.parent.iterdir()] == ["book.xlsx"]


def test_a_run_that_was_killed_after_it_wrote_is_taken_up_on_what_it_read_unless_somebody_saved_since(
    sent: SmallOffice,
) -> None:
    class Killed(BaseException):
        pass

    read = sent.workbook.read_bytes()

    def ticks() -> float:
        if sent.workbook.read_bytes() != read:
            raise Killed
        return 0.0

    at = datetime(2026, 11, 24, 2, 0)  # noqa: DTZ001 -- the office's wall clock
    with pytest.raises(Killed):
        run(Workspace(sent.folder), Clock(at.date(), lambda: at, ticks))
    written = sent.workbook.read_bytes()

    sent.run(day=NEXT)
    assert record(sent)["written"] == ["Cases!E2"]
    assert sent.workbook.read_bytes() == written
    assert last_read(sent) == digest(read)

    with closing(sqlite3.connect(sent.folder / "fristbrev.sqlite")) as ledger:
        ledger.execute("update run set ended = null where number = 2")  # as if it had been killed after all
        ledger.commit()
    sent.change("Cases", "I2", "XYZ")
    saved = sent.workbook.read_bytes()
    sent.run(day=NEXT)
    assert record(sent)["written"] == []
    assert sent.workbook.read_bytes() == saved
    assert last_read(sent) == digest(saved)


def last_read(office: SmallOffice) -> str:
    """The digest of the register as the last run has read it."""
    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        return ledger.runs()[-1].register


def test_backups_are_listed_and_one_is_brought_back(sent: SmallOffice) -> None:
    before = sent.workbook.read_bytes()
    sent.run(day=NEXT)
    after = sent.workbook.read_bytes()
    listed = json.loads(sent.call("restore", "--json").stdout)
    assert [entry["file"] for entry in listed] == ["registers/book.xlsx"] * 2
    name = listed[0]["backup"]
    assert (sent.folder / "backups" / name).read_bytes() == before
    assert sent.call("restore").stdout.splitlines() == [name, listed[1]["backup"], "2 backups."]
    result = sent.call("restore", "--backup", name)
    assert (result.exit_code, result.stderr) == (0, "")
    assert sent.workbook.read_bytes() == before
    assert after in {path.read_bytes() for path in (sent.folder / "backups").glob("*.xlsx")}


def test_a_backup_that_is_not_there_is_told_and_nothing_changes(sent: SmallOffice) -> None:
    before = sent.workbook.read_bytes()
    result = sent.call("restore", "--backup", "book 2026-11-01 00000000.xlsx")
    assert result.exit_code == 2
    assert "There is no backup «book 2026-11-01 00000000.xlsx»." in result.stderr
    assert sent.workbook.read_bytes() == before
