"""``verify`` finds what is not as it was written down: each fault is put there by hand and is the only one found."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from pipeline.ledger.model import Source, What
from pipeline.ledger.store import REMEMBERED, SCHEMA, Ledger
from tests.walk.small_office import TODAY, SmallOffice, cases

NEXT = "2026-11-24"
SENT = date(2026, 11, 23)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office after two nights: three letters made, one of them replaced, one sent and entered in both places."""
    office = SmallOffice(tmp_path_factory.mktemp("kept") / "office")
    office.run()
    with Ledger(office.folder / "fristbrev.sqlite") as ledger:
        sent = [key for key, entry in ledger.entries().items() if entry.obligation.letter == "notice" and entry.latest]
        ledger.record(SENT, What.SENT, dict.fromkeys(sent, SENT), Source.COMMAND)
    office.change("Cases", "E2", SENT)
    office.change("Cases", "H7", "Because of this.")
    office.run(day=NEXT)
    return office.folder


@pytest.fixture
def office(kept: Path, tmp_path: Path) -> SmallOffice:
    shutil.copytree(kept, tmp_path / "office")
    office = SmallOffice.__new__(SmallOffice)
    office.folder = tmp_path / "office"
    office.output, office.workbook = office.folder / "output", office.folder / "registers" / "book.xlsx"
    return office


def sql(*statements: str) -> Callable[[SmallOffice], None]:
    """Whoever is in the ledger with another program."""

    def tamper(office: SmallOffice) -> None:
        with closing(sqlite3.connect(office.folder / "fristbrev.sqlite")) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount != 0
            connection.commit()

    return tamper


def letter(office: SmallOffice, pattern: str) -> Path:
    (path,) = office.output.glob(pattern)
    return path


def only_in_ledger(office: SmallOffice) -> None:
    office.change("Cases", "E2", None)


def only_in_register(office: SmallOffice) -> None:
    """A letter that is made on the third night and whose date is then typed into the register alone."""
    office.change("Cases", "D3", date(2026, 11, 23))
    office.run(day="2026-11-25")
    office.change("Cases", "E3", date(2026, 11, 25))


def never_made(office: SmallOffice) -> None:
    office.change("Cases", "E8", SENT)


def sent_on_another_day(office: SmallOffice) -> None:
    """The register gets another date than the one that the dispatch list has told."""
    office.change("Cases", "E2", date(2026, 11, 22))


def arrived_alone(office: SmallOffice) -> None:
    (id_,) = (path.stem.rpartition(" ")[2] for path in office.output.glob(f"{NEXT}/decision/*.docx"))
    assert office.call("sent", "--id", id_, "--arrived", "--on", NEXT, "--as-of", NEXT).exit_code == 0


FAULTS: Mapping[str, tuple[Callable[[SmallOffice], object], list[tuple[str, str]]]] = {
    "nothing": (lambda _: None, []),
    "a letter is missing": (lambda o: letter(o, f"{NEXT}/decision/*.docx").unlink(), [("letter-missing", "error")]),
    "a sent letter was moved": (lambda o: letter(o, f"{TODAY}/notice/* to *.docx").unlink(), [("letter-missing", "warning")]),
    "a replaced letter is missing": (lambda o: letter(o, "replaced/*.docx").unlink(), [("letter-missing", "warning")]),
    "a letter is changed": (
        lambda o: letter(o, f"{NEXT}/decision/*.docx").write_bytes(b"something else"),
        [("letter-changed", "warning")],
    ),
    "a copy of a letter": (
        lambda o: shutil.copy(letter(o, f"{NEXT}/decision/*.docx"), o.output / NEXT / "decision" / "copy.docx"),
        [("file-unknown", "warning")],
    ),
    "a file beside the days": (lambda o: (o.output / "note.txt").write_text("x"), [("file-unknown", "warning")]),
    "what Windows leaves": (lambda o: (o.output / NEXT / "Thumbs.db").write_text("x"), []),
    "what Word leaves": (lambda o: (o.output / NEXT / "decision" / "~$letter.docx").write_text("x"), []),
    "an event is deleted": (
        sql("delete from event where number = (select max(number) from event where what = 'sent')"),
        [("ledger-row-gone", "error")],
    ),
    "the last event is deleted": (
        sql("delete from event where number = (select max(number) from event)"),
        [("ledger-row-gone", "error"), ("ledger-row-changed", "error")],
    ),
    "the last event is deleted with its trace": (
        sql(
            "delete from event where number = (select max(number) from event)",
            "update head set events = events - 1, seal = (select seal from event order by number desc limit 1)",
        ),
        [("ledger-row-changed", "error")],
    ),
    "a version is deleted": (
        sql("delete from file where version = 2", "delete from version where number = 2"),
        [("ledger-row-gone", "error"), ("file-unknown", "warning")],
    ),
    "a file is deleted": (
        sql("delete from file where version = 2"),
        [("ledger-row-changed", "error"), ("file-unknown", "warning")],
    ),
    "a standing is deleted": (sql("delete from standing where record = 'C-5'"), [("ledger-row-changed", "error")] * 2),
    "a remembered row is deleted": (sql("delete from remembered where record = 'C-5'"), [("ledger-row-changed", "error")]),
    "an event is changed": (
        sql("update event set dated = '2026-11-20' where what = 'sent'"),
        [*[("ledger-row-changed", "error")] * 2, ("sent-differs", "warning")],
    ),
    "an event is added": (
        sql(
            "insert into event select 99, run, day, what, obligation, version, dated, source, about, seal from event"
            " where number = 1"
        ),
        [("ledger-row-changed", "error")],
    ),
    "a version is changed": (
        sql("update version set dated = '2026-11-01' where number = 2"),
        [("ledger-row-changed", "error")],
    ),
    "what a letter said is changed": (
        sql("update version set facts = replace(facts, 'Because', 'Though') where number = 2"),
        [("ledger-row-changed", "error")],
    ),
    "a state is changed": (
        sql("update version set state = 'withdrawn' where number = 2"),
        [("ledger-row-changed", "error")],
    ),
    "a digest is changed": (
        sql("update file set digest = 'abc' where version = 2"),
        [("ledger-row-changed", "error"), ("letter-changed", "warning")],
    ),
    "a run is changed": (sql("update run set day = '2026-11-22' where number = 1"), [("ledger-row-changed", "error")]),
    "a channel is changed": (sql("update obligation set channel = 'x'"), [("ledger-row-changed", "error")]),
    "an event makes sent what was never made": (
        sql("update event set version = 7 where number = (select min(number) from event where what = 'sent')"),
        [("ledger-row-changed", "error"), ("sent-unproduced", "error"), ("sent-only-in-register", "warning")],
    ),
    "sent by the register, and never made": (never_made, [("sent-without-letter", "warning")]),
    "sent by the register alone": (only_in_register, [("sent-only-in-register", "warning")]),
    "sent by the ledger alone": (only_in_ledger, [("sent-only-in-ledger", "warning")]),
    "register and ledger have different days": (sent_on_another_day, [("sent-differs", "warning")]),
    "it arrived and nobody has said that it was sent": (arrived_alone, [("arrived-unsent", "warning")]),
    "a snapshot is missing": (
        lambda o: max((o.folder / "backups").glob("*.xlsx")).unlink(),
        [("snapshot-missing", "warning")],
    ),
    "a snapshot is another file": (
        lambda o: max((o.folder / "backups").glob("*.xlsx")).write_bytes(b"x"),
        [("snapshot-missing", "warning")],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_and_nothing_else(office: SmallOffice, fault: str) -> None:
    spoil, expected = FAULTS[fault]
    spoil(office)
    result = office.call("verify", "--as-of", "2026-11-25", "--json")
    found = json.loads(result.stdout)
    assert [(each["code"], each["severity"]) for each in found] == expected, found
    assert result.exit_code == (1 if ("error" in {severity for _, severity in expected}) else 0)
    assert result.stderr == ""


def test_an_intent_that_was_never_confirmed_is_found_until_the_next_run(office: SmallOffice) -> None:
    """As after a run that was killed between the ledger and the letter's way to its place."""
    sql(
        "insert into version select obligation, 3, dated, facts, facts_digest, template_digest, 'intended', run, null"
        " from version where number = 2",
        "insert into file select obligation, 3, 0, path || '.docx', digest, null from file where version = 2",
    )(office)
    result = office.call("verify", "--as-of", "2026-11-25")
    assert "warning: " in result.stdout
    assert "was about to be put in its place" in result.stdout
    assert "0 errors, 1 warning." in result.stdout
    office.run(day="2026-11-25")
    assert office.json("verify", day="2026-11-25") == []


def test_a_finding_says_where_the_letter_lies_and_of_which_case_it_is(office: SmallOffice) -> None:
    path = letter(office, f"{NEXT}/decision/*.docx")
    path.unlink()
    (found,) = office.json("verify", day="2026-11-25")
    assert found == {
        "code": "letter-missing",
        "severity": "error",
        "file": path.relative_to(office.output).as_posix(),
        "sheet": "",
        "cell": "",
        "heading": "",
        "record": "C-6",
        "value": path.stem[-8:],
        "message": f"Letter {path.stem[-8:]} should lie here, and does not.",
        "cure": "Put it back from a backup of the folder. If it was moved on purpose after it was sent, all is well.",
    }


def test_a_register_that_cannot_be_read_is_told_and_the_rest_compared(office: SmallOffice) -> None:
    letter(office, f"{NEXT}/decision/*.docx").unlink()
    office.workbook.write_bytes(b"")
    result = office.call("verify")
    assert result.exit_code == 2
    assert "letter-missing" in [each["code"] for each in json.loads(office.call("verify", "--json").stdout)]
    assert "So the register was not compared." in result.stderr


def test_a_ledger_of_the_first_version_is_brought_along_and_proved(office: SmallOffice) -> None:
    """Its events were sealed from the first version on; what was not vouched for then is not asked about."""
    path = office.folder / "fristbrev.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        tables = {
            table: [tuple(row) for row in connection.execute(f"select * from {table}")]  # noqa: S608 -- our own tables
            for table in ("run", "obligation", "version", "file", "event", "standing")
        }
        head = connection.execute("select * from head").fetchone()
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA)
        for table, rows in tables.items():
            for row in rows:
                values = row[:-1] if table == "version" else row
                connection.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)  # noqa: S608 -- as above
        connection.execute("update head set events = ?, seal = ?", head)
        connection.executescript("pragma application_id = 1179796054; pragma user_version = 1;")
        connection.commit()
    assert [each["severity"] for each in office.json("verify", day="2026-11-25")] == ["error"]  # what it remembers is empty
    assert office.run(day="2026-11-25").exit_code == 0
    assert office.json("verify", day="2026-11-25") == []
    assert REMEMBERED.count("create table") == 2


def test_an_office_without_a_run_has_nothing_to_prove(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path / "office")
    office.write_register(cases(("C-1", "P-1", None, SENT, SENT)))
    result = office.call("verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "0 letters in 0 files and 0 events compared: 0 errors, 0 warnings.\n"
