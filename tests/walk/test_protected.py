"""What Fristbrev gives away of people whose address is protected: nothing, in whatever it prints, writes or remembers.

Every file is opened: documents and workbooks unpacked, PDF turned to text, the ledger read as its rows and as its bytes.
Only the backups of the register are left out, which hold it whole.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pipeline.cli.main import main

TODAY = "2026-11-23"
REGISTER = "registers/saksregister.xlsx"


@dataclass(frozen=True)
class Secret:
    """What must be found nowhere: a street with its number, or a telephone number; and whose it is."""

    person: str
    text: str


class Demo:
    """The root workspace, copied, and all that was ever printed by its commands."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        self.printed: list[tuple[str, str]] = []
        for name in ("registers", "templates"):
            shutil.copytree(root / name, folder / name)
        shutil.copy(root / "profile.toml", folder)

    def call(self, *arguments: str) -> str:
        dated = () if arguments[0] in {"templates", "restore"} or "--code" in arguments else ("--as-of", TODAY)
        result = CliRunner().invoke(main, ["--workspace", str(self.folder), *arguments, *dated])
        assert result.exit_code in {0, 1}, result.output
        self.printed.append((" ".join(arguments), result.output))
        return result.stdout

    def people(self) -> list[dict[str, str]]:
        """The rows of people, as the register writes them."""
        with closing(load_workbook(self.folder / REGISTER, read_only=True)) as book:
            rows = list(book["Personer"].iter_rows(values_only=True))
        return [{str(head): str(cell or "") for head, cell in zip(rows[0], row, strict=True)} for row in rows[1:]]

    def protected(self) -> list[dict[str, str]]:
        """Those who are marked, and those who live where one of them does."""
        people = self.people()
        homes = {person["Adresse"] for person in people if person["Adressesperre"]} - {""}
        return [person for person in people if person["Adressesperre"] or person["Adresse"] in homes]

    def secrets(self) -> list[Secret]:
        return [
            Secret(person["Nummer"], person[heading])
            for person in self.protected()
            for heading in ("Adresse", "Telefon")
            if person[heading]
        ]

    def mark(self, number: str) -> None:
        """Protect a person from now on."""
        book = load_workbook(self.folder / REGISTER)
        sheet = book["Personer"]
        headings = {str(cell.value): number for number, cell in enumerate(sheet[1], start=1)}
        row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, headings["Nummer"]).value == number)
        sheet.cell(row, headings["Adressesperre"]).value = "fortrolig"
        book.save(self.folder / REGISTER)

    def everything(self, pdf_to_text: Callable[[Path], str] | None = None) -> Iterator[tuple[str, str]]:
        """Each file that Fristbrev made, opened, and each thing that it printed, with its name."""
        yield from self.printed
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_dir() or name.startswith(("registers/", "templates/", "backups/", "profile.toml")):
                continue
            yield name, name
            yield name, path.read_bytes().decode("utf-8", "replace")
            if zipfile.is_zipfile(path):
                yield from ((f"{name}: {part}", text) for part, text in _unpacked(path))
            elif path.suffix == ".sqlite":
                yield name, _rows(path)
            elif path.suffix == ".pdf" and pdf_to_text is not None:
                yield name, pdf_to_text(path)

    def leaks(self, pdf_to_text: Callable[[Path], str] | None = None) -> list[str]:
        secrets = self.secrets()
        assert secrets
        return [
            f"{secret.person}: {secret.text} in {name}"
            for name, said in self.everything(pdf_to_text)
            for plain in (_plain(said),)
            for secret in secrets
            if _plain(secret.text) in plain
        ]


def _plain(text: str) -> str:
    """A text without spaces and capitals: an address is one, however it is set."""
    return "".join(text.split()).casefold()


def _unpacked(path: Path) -> Iterator[tuple[str, str]]:
    """The parts of a document or workbook, with and without their tags: a street may be split between two runs of text."""
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            text = package.read(part).decode("utf-8", "replace")
            yield part, text
            yield part, html.unescape(re.sub(r"<[^>]+>", "", text))


def _rows(path: Path) -> str:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as ledger:
        tables = [name for (name,) in ledger.execute("select name from sqlite_master where type = 'table'")]
        return "\n".join(str(row) for table in tables for row in ledger.execute(f"select * from {table}"))  # noqa: S608 -- our own tables


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo after every command that looks, checks, makes and explains, one after the other."""
    demo = Demo(Path(__file__).parents[2], tmp_path_factory.mktemp("protected"))
    assert demo.protected()
    demo.call("validate", "--annotate")
    demo.call("letters")
    demo.call("run")
    for command in ("validate", "deadlines", "letters", "run"):
        demo.call(command, "--json")
    demo.call("deadlines", "--days", "90")
    demo.call("restore")
    case, person = _about_the_protected(demo)
    demo.call("explain", "--record", case)
    demo.call("explain", "--record", case, "--json")
    demo.call("explain", "--record", person)
    return demo


def _about_the_protected(demo: Demo) -> tuple[str, str]:
    """The case of a protected user, and the user."""
    numbers = {person["Nummer"] for person in demo.protected() if person["Adresse"]}
    with closing(load_workbook(demo.folder / REGISTER, read_only=True)) as book:
        return next(
            (str(row[0]), str(row[1])) for row in book["Saker"].iter_rows(min_row=2, values_only=True) if str(row[1]) in numbers
        )


def test_the_demo_has_protected_people_at_every_place(morning: Demo) -> None:
    grades = [person["Adressesperre"] for person in morning.protected()]
    assert {"fortrolig", "strengt fortrolig", ""} == set(grades), "the last are the parents of a protected child"
    assert len(morning.secrets()) >= 12


def test_each_secret_stands_but_once_in_the_demo(morning: Demo) -> None:
    """Otherwise its being found would prove nothing; those who live together have the same street."""
    everybody = [person["Adresse"] for person in morning.people()] + [person["Telefon"] for person in morning.people()]
    protected = [secret.text for secret in morning.secrets()]
    for secret in set(protected):
        assert everybody.count(secret) == protected.count(secret)


def test_no_command_prints_or_writes_where_a_protected_person_lives(morning: Demo) -> None:
    assert morning.leaks() == []


def test_the_search_finds_what_is_there(morning: Demo) -> None:
    """The search itself: in a letter to somebody who is not protected, the address is found."""
    letter = next(name for name, _ in morning.everything() if name.endswith(".docx") and "/vedtak/" in name)
    said = _plain("".join(text for name, text in morning.everything() if name.startswith(letter)))
    open_homes = {person["Adresse"] for person in morning.people()} - {secret.text for secret in morning.secrets()} - {""}
    assert sum(_plain(home) in said for home in open_homes) == 1


def test_what_must_be_made_by_hand_is_told_by_number_and_caseworker_alone(morning: Demo) -> None:
    letters = json.loads(next(said for command, said in reversed(morning.printed) if command == "letters --json"))
    manual = [letter for letter in letters if letter["outcome"] == "manual"]
    names = {person["Navn"] for person in morning.protected()}
    assert manual
    assert not any(letter["file"] for letter in manual)
    assert not any(name in json.dumps(manual, ensure_ascii=False) for name in names)


def test_an_address_that_no_register_may_hold_is_an_error_whose_value_is_not_shown(morning: Demo) -> None:
    findings = json.loads(next(said for command, said in morning.printed if command == "validate --json"))
    strict = [finding for finding in findings if finding["code"] == "not-empty"]
    assert [(finding["severity"], finding["heading"], finding["value"]) for finding in strict] == [("error", "Adresse", "")]


def test_who_is_protected_from_the_next_day_on_is_found_in_nothing_that_lies_there(morning: Demo, tmp_path: Path) -> None:
    demo = Demo(morning.folder, tmp_path)
    shutil.copytree(morning.folder / "output", tmp_path / "output")
    shutil.copy(morning.folder / "fristbrev.sqlite", tmp_path)
    lying = [path for path in demo.folder.glob("output/2*/*/*.docx") if "vedtak" in path.parent.name]
    text = "".join(said for path in lying for _, said in _unpacked(path))
    person = next(each for each in demo.people() if each["Adresse"] and each["Adresse"] in text)

    demo.mark(person["Nummer"])
    demo.call("run")
    demo.call("explain", "--record", person["Nummer"])

    assert person["Nummer"] in {each["Nummer"] for each in demo.protected()}
    assert demo.leaks() == []


@pytest.mark.long
def test_no_page_shows_where_a_protected_person_lives_now_or_from_the_next_day_on(
    root: Path, program: Callable[[str], str], tmp_path: Path
) -> None:
    program("soffice")
    pdftotext = program("pdftotext")

    def said(path: Path) -> str:
        return subprocess.run([pdftotext, str(path), "-"], check=True, capture_output=True, text=True, timeout=60).stdout

    demo = Demo(root, tmp_path)
    demo.call("run", "--pdf")
    assert demo.leaks(said) == []
    printed = next(demo.folder.glob("output/2*/*.pdf"))
    person = next(each for each in demo.people() if each["Adresse"] and each["Adresse"] in said(printed))

    demo.mark(person["Nummer"])
    demo.call("run", "--pdf")

    assert demo.leaks(said) == []
