"""The guide for the next municipality, walked with its own lines from a register and a Word letter to the first night."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import docx
from click.testing import CliRunner, Result
from openpyxl import Workbook

from pipeline.cli import main
from tests.walk.golden import words

SAKER = ("Saksnr", "Bruker", "Saksbehandler", "Mottatt", "Svar sendt")
BRUKERE = ("Nr", "Navn", "Adresse", "Postnr", "Poststed", "Adressesperre")


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def register(path: Path, today: date) -> Path:
    """Eksempelby's: cases of the last months, answered but for the two latest, and who they are about."""
    book = Workbook()
    cases, users, staff = book.worksheets[0], book.create_sheet("Brukere"), book.create_sheet("Ansatte")
    cases.title = "Saker"
    cases.append(SAKER)
    users.append(BRUKERE)
    staff.append(("Initialer", "Navn"))
    staff.append(("AKT", "Anne Prøve"))
    staff.append(("BSO", "Bo Prøve"))
    for n in range(1, 9):
        received = today - timedelta(days=7 * (10 - n))
        answered = received + timedelta(days=14) if n < 7 else None
        cases.append((f"2026/{n}", f"B{n}", ("AKT", "BSO")[n % 2], received, answered))
        users.append((f"B{n}", f"Bruker {n} Prøve", f"Prøveveien {n}", "9510", "Eksempelby", "fortrolig" if n == 8 else None))
    book.save(path)
    return path


def test_the_guides_own_lines_lead_from_a_register_to_the_first_night(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "ny-kommune.md").read_text(encoding="utf-8")
    today, folder = date.today(), tmp_path / "kontor"  # noqa: DTZ011, TID251 -- the proposal starts on the day it is made
    made = call("init", folder, "--from-register", register(tmp_path / "register.xlsx", today))
    profile = folder / "profile.toml"
    profile.write_text("\n".join((profile.read_text(encoding="utf-8"), *blocks(page, "toml"))), encoding="utf-8")
    letter = docx.Document()
    for line in blocks(page, "text")[0].splitlines():
        letter.add_paragraph(line)
    letter.save(str(folder / "templates" / "docx" / "kvittering.docx"))

    assert (made.exit_code, made.stderr) == (0, "")
    for command in (["validate"], ["templates"], ["letters"], ["letters", "--draft"], ["run"]):
        done = call("--workspace", folder, *command)
        assert done.exit_code == 0, (command, done.stderr)
    [written] = (folder / "output" / today.isoformat() / "kvittering").iterdir()
    told = words(written.read_bytes())
    assert "Bruker 7 Prøve" in told
    assert "Hilsen Bo Prøve, Kontoret" in told
    assert not [path for path in (folder / "output").rglob("*") if path.is_file() and b"Bruker 8" in path.read_bytes()]


def test_every_sentence_that_the_guide_explains_is_one_that_init_says(root: Path) -> None:
    page = (root / "docs" / "ny-kommune.md").read_text(encoding="utf-8")
    catalogue = (root / "pipeline" / "texts" / "locale" / "nb" / "LC_MESSAGES" / "fristbrev.po").read_text(encoding="utf-8")
    said = re.sub(r'"\n"', "", catalogue)
    table = page.split("| Det står | Gjør dette |")[1].split("\n\n")[0]
    quoted = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:]

    for sentence in (part for cell in quoted for part in re.split(r"…| / |: G9|S40 |C18|«[^»]*»", cell)):
        assert sentence.strip(" .") in said, sentence
