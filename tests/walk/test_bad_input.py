"""Every kind of bad input, each with its own sentence and exit code; never a traceback, and nothing half written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.walk.small_office import CASES, PROFILE, TODAY, SmallOffice, cases

Spoil = Callable[[SmallOffice], object]

COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)


def workbook(content: bytes) -> Spoil:
    """Other bytes under the register's name."""
    return lambda office: office.workbook.write_bytes(content)


def cut_short(office: SmallOffice) -> None:
    content = office.workbook.read_bytes()
    office.workbook.write_bytes(content[: len(content) // 2])


def without_sheet(office: SmallOffice) -> None:
    book = openpyxl.load_workbook(office.workbook)
    book["Cases"].title = "Sheet2"
    book.save(office.workbook)


def profile(old: str, new: str) -> Spoil:
    """A slip of the pen in the profile."""
    assert old in PROFILE
    return lambda office: office.write_profile(PROFILE.replace(old, new, 1))


STOPPING = [
    pytest.param(lambda o: o.workbook.unlink(), 2, "The register book.xlsx is not there.", id="workbook missing"),
    pytest.param(workbook(b""), 2, "The register book.xlsx is empty: the file holds nothing.", id="zero bytes"),
    pytest.param(workbook(bytes(4096)), 2, "The register book.xlsx is empty: the file holds nothing.", id="nothing but zeros"),
    pytest.param(workbook(b"Number;Person\nC-1;P-1\n"), 2, "is no Excel workbook but CSV", id="csv renamed"),
    pytest.param(workbook(b"<html><table></table>"), 2, "is no Excel workbook but HTML", id="web page renamed"),
    pytest.param(workbook(b"%PDF-1.7\n"), 2, "is no Excel workbook but PDF", id="pdf renamed"),
    pytest.param(
        workbook(COMPOUND + "EncryptedPackage".encode("utf-16-le")), 2, "is protected by a password or encrypted", id="password"
    ),
    pytest.param(workbook(COMPOUND), 2, "is no Excel workbook but Excel 97–2003 (.xls)", id="old Excel"),
    pytest.param(cut_short, 2, "The register book.xlsx is damaged or cut short.", id="truncated"),
    pytest.param(
        workbook(b"PK\x03\x04 and no more"), 2, "The register book.xlsx is damaged or cut short.", id="no zip after all"
    ),
    pytest.param(
        without_sheet, 2, "The sheet «Cases» is missing from book.xlsx; it has «People», «Sheet2».", id="sheet missing"
    ),
    pytest.param(
        lambda o: o.change("Cases", "D1", "Recieved"),
        2,
        "The column «Received» is missing from the sheet «Cases» in book.xlsx; «Recieved» in D1 may be it.",
        id="column misspelt",
    ),
    pytest.param(
        lambda o: o.change("Cases", "D1", None),
        2,
        "The column «Received» is missing from the sheet «Cases» in book.xlsx.",
        id="column missing",
    ),
    pytest.param(
        lambda o: o.change("Cases", "I1", "Reason"),
        2,
        "has the heading «Reason» twice, in H1 and I1.",
        id="column twice",
    ),
    pytest.param(lambda o: (o.folder / "profile.toml").unlink(), 2, "There is no profile.toml in ", id="profile missing"),
    pytest.param(profile("[terms]", "[terms"), 2, "Line 8, «[terms»: this is not TOML", id="profile no TOML"),
    pytest.param(profile("remind", "reminds"), 2, "[deadlines.answer] reminds: ", id="profile unknown key"),
    pytest.param(
        profile('due = "received', 'due = "recieved'),
        2,
        "[deadlines.answer] due: «recieved» is unknown; did you mean «received»?",
        id="profile unknown name",
    ),
    pytest.param(
        profile('when = "decided"', 'when = "decided and"'),
        2,
        "[letters.decision] when: «decided and» is no expression",
        id="profile wrong expression",
    ),
    pytest.param(
        lambda o: (o.folder / "profile.toml").write_bytes(PROFILE.replace("Sted", "Bodø").encode("latin-1")),
        2,
        "The file is not saved as UTF-8",
        id="profile in another encoding",
    ),
    pytest.param(
        lambda o: (o.folder / "fristbrev.sqlite").write_bytes(b"this is no database at all" * 100),
        2,
        "fristbrev.sqlite cannot be used: ",
        id="ledger no database",
    ),
    pytest.param(
        lambda o: o.output.write_bytes(b"a file where the folder belongs"),
        3,
        "cannot be written: something else stands in its place. Nothing was left half done",
        id="output is a file",
    ),
]


@pytest.mark.parametrize(("spoil", "code", "sentence"), STOPPING)
def test_what_stops_a_run_is_told_in_a_sentence_and_leaves_everything_as_it_was(
    office: SmallOffice, spoil: Spoil, code: int, sentence: str
) -> None:
    spoil(office)
    before = office.tree()
    result = office.call("--language", "en", "run", "--as-of", TODAY)
    assert (result.exit_code, result.stdout) == (code, "")
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert "unforeseen" not in result.stderr
    assert office.tree() == before


@pytest.mark.parametrize(("spoil", "code", "sentence"), [case for case in STOPPING if "output" not in str(case.id)])
@pytest.mark.parametrize("command", [("letters",), ("deadlines",), ("explain", "--record", "C-1")])
def test_the_commands_that_only_look_say_the_same(
    office: SmallOffice, command: tuple[str, ...], spoil: Spoil, code: int, sentence: str
) -> None:
    spoil(office)
    before = office.tree()
    result = office.call("--language", "en", *command, "--as-of", TODAY)
    assert (result.exit_code, result.stdout) == (code, "")
    assert sentence in result.stderr
    assert office.tree() == before


def test_nothing_but_the_log_is_made_where_the_profile_is_broken(office: SmallOffice) -> None:
    office.write_profile("[office")
    office.run()
    found = sorted(path.name for path in office.folder.iterdir())
    assert found == ["fristbrev.log", "profile.toml", "registers", "templates"]


def test_several_faults_are_told_at_once(office: SmallOffice) -> None:
    office.change("People", "B1", "Nmae")
    office.change("Cases", "D1", "Recieved")
    result = office.run()
    assert result.exit_code == 2
    assert [line.split("«")[1].split("»")[0] for line in result.stderr.splitlines()] == ["Name", "Received"]


def test_several_mistakes_in_the_profile_are_told_at_once(office: SmallOffice) -> None:
    office.write_profile(PROFILE.replace("received +", "recieved +").replace('to = "person"\ncopy', 'to = "persn"\ncopy'))
    result = office.run()
    assert "has 2 mistakes; nothing was made." in result.stderr
    assert "[deadlines.answer] due" in result.stderr
    assert "[letters.notice] to" in result.stderr


# ------------------------------------------------------------------ data faults: values, not faults of the run

RECEIVED = date(2026, 11, 10)

DATA = [
    pytest.param(
        "G", "maybe", "«maybe» is not one of the choices. Write one of these: granted · refused.", id="unknown choice"
    ),
    pytest.param("B", "P-9", "Cases!B2, Person, C-1: «(not shown)» is not found in «People».", id="broken reference"),
    pytest.param("D", "31.02.2026", "There is no day «31.02.2026» in the calendar.", id="impossible date"),
    pytest.param("D", "last week", "«last week» is not a date.", id="text where a date belongs"),
    pytest.param("D", "3/4/2026", "«3/4/2026» can be ", id="ambiguous date"),
    pytest.param("D", "#REF!", "The cell shows the error #REF! instead of a value.", id="error value"),
    pytest.param("D", "=TODAY()", "The cell holds a formula whose result is not stored in the file.", id="no stored result"),
    pytest.param("D", True, "«TRUE» is not a date.", id="truth value where a date belongs"),
    pytest.param("D", None, "«Received» is empty and must be filled in.", id="required and empty"),
    pytest.param("D", date(2026, 12, 24), "24.12.2026 is after 23.11.2026, and «Received»", id="in the future"),
    pytest.param("D", date(1905, 7, 18), "lies in a year that cannot be meant", id="a year alone"),
]


@pytest.mark.parametrize(("column", "typed", "sentence"), DATA)
def test_a_fault_in_the_data_withholds_its_letter_and_no_other(
    office: SmallOffice, column: str, typed: object, sentence: str
) -> None:
    office.write_register(cases(("C-1", "P-1", None, RECEIVED), ("C-2", "P-2", None, RECEIVED)))
    office.change("Cases", f"{column}2", typed)
    result = office.run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert list(office.letters()) == ["C-2 Notice to"]
    letter = next(each for each in office.json("letters") if (each["record"], each["letter"]) == ("C-1", "notice"))
    assert letter["outcome"] == "withheld"
    assert sentence in letter["reasons"]
    validated = office.call("validate", "--as-of", TODAY)
    assert validated.exit_code == 1
    assert f"error: Cases!{column}2, {CASES[0]['ABCDEFGHI'.index(column)]}, C-1: " in validated.stdout


def test_a_duplicate_key_withholds_the_letters_of_both_rows(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, RECEIVED), ("C-1", "P-2", None, RECEIVED), ("C-2", "P-2", None, RECEIVED)))
    assert office.run().exit_code == 0
    assert list(office.letters()) == ["C-2 Notice to"]
    validated = office.call("validate", "--as-of", TODAY)
    assert validated.exit_code == 1
    assert "Cases!A2, Number, C-1: «C-1» stands here and in Cases!A3." in validated.stdout
    assert "5 rows read" not in validated.stdout
    assert "6 rows read, 1 left out" in validated.stdout


# ------------------------------------------------------------------ what the system refuses


def test_a_file_where_the_letters_folder_belongs_is_told_and_the_next_run_goes_on(office: SmallOffice) -> None:
    office.output.mkdir()
    (office.output / TODAY).write_bytes(b"in the way")
    result = office.run()
    assert result.exit_code == 3
    assert f"{TODAY}" in result.stderr
    assert "cannot be written: something else stands in its place." in result.stderr
    assert office.letters() == {}
    assert (office.output / TODAY).read_bytes() == b"in the way"
    (office.output / TODAY).unlink()
    assert "3 new letters" in office.run().stdout
    assert sorted(path.name for path in office.output.iterdir()) == [TODAY, "overview"], "nothing staged is left behind"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody without the right")
def test_an_output_folder_without_the_right_to_write_is_told(office: SmallOffice) -> None:
    nobody = 65534
    office.run()  # what it imports lies where nobody else may read
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        other = SmallOffice(Path(name) / "office")
        other.output.mkdir()
        os.chown(other.folder, nobody, nobody)
        os.seteuid(nobody)
        try:
            result = other.run()
            looked = other.call("letters", "--as-of", TODAY)
        finally:
            os.seteuid(0)
        assert result.exit_code == 3
        assert "cannot be written: there is no right to write there, or someone has the file open." in result.stderr
        assert list(other.output.iterdir()) == []
        assert looked.exit_code == 0
        assert "3 new letters" in other.run().stdout


HOLDING = """
import sys
from datetime import datetime
from pathlib import Path
from pipeline.files import run_lock
with run_lock(Path(sys.argv[1]), datetime(2026, 11, 23, 2, 0)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_run_that_meets_another_run_says_whose_it_is_and_to_try_again(office: SmallOffice, root: Path) -> None:
    command = [sys.executable, "-c", HOLDING, str(office.folder)]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        result = office.run()
        looked = office.call("letters", "--as-of", TODAY)
        other.communicate("")
    assert result.exit_code == 4
    assert f"Another run is under way in this workspace ({other.pid}@" in result.stderr
    assert looked.exit_code == 0, "who only looks need not wait"
    assert office.run().exit_code == 0, "the lock is gone with its holder"


def test_a_ledger_that_another_program_holds_is_busy(office: SmallOffice) -> None:
    office.run()
    connection = sqlite3.connect(office.folder / "fristbrev.sqlite")
    try:
        connection.execute("begin exclusive")
        result = office.run(day="2026-11-24")
    finally:
        connection.close()
    assert result.exit_code == 4
    assert "Traceback" not in result.stderr


def test_a_list_that_cannot_be_replaced_stops_nothing_half_way(office: SmallOffice) -> None:
    """A folder in the list's place cannot be replaced by a file; the letters are made all the same and known to the ledger."""
    (office.output / "overview" / "overview.html").mkdir(parents=True)
    result = office.run()
    assert result.exit_code == 3
    assert "cannot be written" in result.stderr
    (office.output / "overview" / "overview.html").rmdir()
    before = office.letters()
    assert len(before) == 3
    again = office.run()
    assert again.exit_code == 0
    assert "No new letter" in again.stdout, "they stand on the dispatch list of the first run"
    assert (office.output / "overview" / "overview.html").is_file()
    assert office.letters() == before
    assert [path.name for path in office.output.glob("*/dispatch*.xlsx")] == ["dispatch 1.xlsx"]


def test_a_language_of_the_messages_may_be_asked_for(office: SmallOffice) -> None:
    office.workbook.unlink()
    said = {
        language: office.call("--language", language, "run", "--as-of", TODAY).stderr for language in ("en", "nb", "sv", "da")
    }
    assert "is not there" in said["en"]
    assert all("book.xlsx" in sentence for sentence in said.values())


def test_a_list_cut_off_by_the_reader_is_no_fault(office: SmallOffice, root: Path) -> None:
    """``fristbrev deadlines | head``: the reader has gone, and nobody is told to report it."""
    rows = [(f"C-{number}", "P-1", None, RECEIVED) for number in range(2000)]
    office.write_register(cases(*rows))
    command = [sys.executable, "-m", "pipeline", "--workspace", str(office.folder), "deadlines", "--as-of", TODAY]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert said == ""
