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
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook

from pipeline.cli.main import main
from pipeline.ledger.store import Ledger
from tests.walk.test_watch import Box, free_port

TODAY = "2026-11-23"
REGISTER = "registers/saksregister.xlsx"


THE_OFFICES_OWN = ("registers/", "templates/", "backups/", "profile.toml")
"""What Fristbrev did not make, and the backups."""


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

    def call(self, *arguments: str, day: str = TODAY, codes: Collection[int] = (0, 1)) -> str:
        dated = () if arguments[0] in {"templates", "restore", "doctor", "init"} or "--code" in arguments else ("--as-of", day)
        result = CliRunner().invoke(main, ["--workspace", str(self.folder), *arguments, *dated])
        assert result.exit_code in codes, result.output
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

    def letters(self) -> list[Path]:
        return sorted(self.folder.glob("output/2*/*/*.docx"))

    def living_in(self, letter: Path) -> str:
        """Who lives at the address in a letter."""
        text = "".join(said for _, said in _unpacked(letter))
        return next(person["Nummer"] for person in self.people() if person["Adresse"] and person["Adresse"] in text)

    def everything(self, pdf_to_text: Callable[[Path], str] | None = None) -> Iterator[tuple[str, str]]:
        """Each file that Fristbrev made, opened, and each thing that it printed, with its name."""
        yield from self.printed
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_dir() or name.startswith((*THE_OFFICES_OWN, "ny/registers/")):
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
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo after every command that looks, checks, makes and explains, one after the other, with its e-mail."""
    demo = Demo(Path(__file__).parents[2], tmp_path_factory.mktemp("protected"))
    assert demo.protected()
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    profile = demo.folder / "profile.toml"
    mail = f'[mail]\nserver = "127.0.0.1:{server.port}"\nfrom = "a@alta.invalid"\nto = ["b@alta.invalid"]\n'
    profile.write_text(f"{profile.read_text(encoding='utf-8')}\n{mail}", encoding="utf-8")
    demo.call("validate", "--annotate")
    demo.call("letters")
    demo.call("run")
    for command in ("validate", "deadlines", "letters", "run", "templates", "verify", "doctor"):
        demo.call(command, "--json")
    demo.call("deadlines", "--days", "90")
    demo.call("restore")
    case, person = _about_the_protected(demo)
    for arguments in (("--record", case), ("--record", case, "--json"), ("--record", person), ("--code", "protected")):
        demo.call("explain", *arguments)
    demo.call("sent", "--letter", "velkommen")
    demo.call("sent", "--letter", "avslag", "--arrived", "--json")
    demo.call("withdraw", "--letter", "velkommen", "--sent", "--json")
    demo.call("withdraw", "--letter", "velkommen", "--json")
    demo.call("withdraw", "--letter", "referanser")
    demo.call("statistics")
    demo.call("run", "--lists-only")
    for command in ("run", "statistics"):
        demo.call(command, str(demo.folder))
    for command in ("deadlines", "statistics"):
        demo.call(command, "--as-it-stood")
    looser = demo.folder / "tanke.toml"
    looser.write_text('[deadlines.svar]\nremind = "5 weeks"\n', encoding="utf-8")
    demo.call("deadlines", "--what-if", str(looser))
    demo.call("deadlines", "--overdue")
    for command in ("deadlines", "validate"):
        demo.call(command, "--owner", "BSO")
    demo.call("explain", "--record", _contractor_of(demo))
    demo.call("templates", "--fields", "vedtak", "--docx", str(demo.folder / "felt.docx"))
    demo.call("init", "--from-register", str(demo.folder / REGISTER), str(demo.folder / "ny"))
    demo.call("purge")
    _break(demo.folder / "templates" / "docx" / "klage_mottatt.docx")
    demo.call("templates")
    demo.call("run", codes=(3,))
    demo.call("letters", "--draft")
    demo.printed += (("e-mail", str(message)) for message in box.messages)
    yield demo
    server.stop()


def _break(template: Path) -> None:
    document = Document(str(template))
    document.add_paragraph("{{ sak.brukr.navn }}")
    document.save(str(template))


def _about_the_protected(demo: Demo) -> tuple[str, str]:
    """The case of a protected user, and the user."""
    numbers = {person["Nummer"] for person in demo.protected() if person["Adresse"]}
    with closing(load_workbook(demo.folder / REGISTER, read_only=True)) as book:
        return next(
            (str(row[0]), str(row[1])) for row in book["Saker"].iter_rows(min_row=2, values_only=True) if str(row[1]) in numbers
        )


def _contractor_of(demo: Demo) -> str:
    """A contractor who is protected."""
    numbers = {person["Nummer"] for person in demo.protected() if person["Adressesperre"]}
    with closing(load_workbook(demo.folder / REGISTER, read_only=True)) as book:
        return next(
            str(row[0]) for row in book["Oppdragstakere"].iter_rows(min_row=2, values_only=True) if str(row[0]) in numbers
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


def test_every_kind_of_file_is_searched(morning: Demo) -> None:
    names = {name.partition(":")[0] for name, _ in morning.everything()}
    kinds = {Path(name).suffix for name in names}
    assert {".docx", ".xlsx", ".html", ".csv", ".json", ".ics", ".sqlite", ".log", ""} <= kinds
    assert "e-mail" in names
    for folder in (
        "utkast",
        "erstattet",
        "oversikt/maler",
        "oversikt/registerkontroll",
        "oversikt/oversikt samlet",
        "statistikk/statistikk til deling",
        "statistikk/statistikk samlet",
        "2026-11-23/utsending",
    ):
        assert any(name.startswith(f"output/{folder}") for name in names), folder
    assert {"felt.docx", "ny/profile.toml"} <= names


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
    demo.call("run", codes=(3,))
    demo.call("explain", "--record", person["Nummer"])

    assert person["Nummer"] in {each["Nummer"] for each in demo.protected()}
    assert demo.leaks() == []


@pytest.mark.long
def test_a_letter_that_was_sent_goes_as_well_and_stays_sent(root: Path, tmp_path: Path) -> None:
    """Of two people who are protected from the next day on; the letter of the second has been edited in Word since."""
    demo = Demo(root, tmp_path)
    demo.call("run")
    demo.call("sent", "--run", f"{TODAY}/1")
    decisions = [path for path in demo.letters() if path.parent.name == "vedtak"]
    homes = {path: demo.living_in(path) for path in decisions}
    letter, edited = list({home: path for path, home in homes.items()}.values())[:2]
    _break(edited)
    id_, kept_id = (path.stem.rpartition(" ")[2] for path in (letter, edited))
    for path in (letter, edited):
        demo.mark(homes[path])

    demo.call("run", day="2026-11-24")

    assert not letter.exists()
    assert {leak.partition(" in ")[2].partition(": ")[0] for leak in demo.leaks()} == {edited.relative_to(tmp_path).as_posix()}
    page = (tmp_path / "output" / "oversikt" / "oversikt.html").read_text(encoding="utf-8")
    assert f"({id_}), sendt 23.11.2026, ligger ikke her lenger" in page
    assert f"{kept_id}.docx røper en sperret adresse og kunne ikke slettes" in page
    with Ledger(tmp_path / "fristbrev.sqlite", read_only=True) as ledger:
        entry = ledger.entries()[id_]
    assert (entry.sent, entry.unsent) == (date(2026, 11, 23), None)
    assert all(version.facts == () and version.purged == date(2026, 11, 24) for version in entry.versions)
    assert not any(id_ in json.dumps(found) for found in json.loads(demo.call("verify", "--json", day="2026-11-24")))
    assert "slettet: det ligger ikke her lenger" in demo.call("explain", "--record", entry.obligation.record.key)

    edited.unlink()
    demo.call("run", day="2026-11-25")

    assert demo.leaks() == []
    assert "røper en sperret adresse" not in (tmp_path / "output" / "oversikt" / "oversikt.html").read_text(encoding="utf-8")
    assert not any(path.name == letter.name for path in demo.letters())


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
