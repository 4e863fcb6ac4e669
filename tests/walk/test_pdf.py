"""«run --pdf» through LibreOffice: which letters get pages, when these go again, and what the printer gets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pikepdf
import psutil
import pytest

from pipeline.files import digest
from pipeline.letters.beside import WORK
from pipeline.letters.pdf import source_of
from tests.letters.test_pdf import Interference, ours, text_of_pages
from tests.walk.small_office import PEOPLE, PROFILE, TODAY, SmallOffice, cases

NEXT = "2026-11-24"
TWO = cases(("C-1", "P-1", "P-2", date(2026, 11, 10)))
"""A case with a letter to Kari and a copy to Ola."""

PRINTING = """
[run]
paper = ["post"]
print_order = ["postal_code"]
"""
CHANNELS = PROFILE.replace('language = "tongue" }', 'language = "tongue", channel = "way" }').replace(
    "[sheets.person.columns]\n", '[sheets.person.columns]\nway = { type = "choice", choices = ["post", "digital"] }\n'
)


@pytest.fixture
def office(office: SmallOffice, program: Callable[[str], str]) -> SmallOffice:
    """The small office, where LibreOffice is installed."""
    program("soffice")
    office.write_register(TWO)
    return office


def pdfs(office: SmallOffice) -> Mapping[str, bytes]:
    """The PDF of letters by record, title and role, and the print files by their name."""
    found = {path.stem.rpartition(" ")[0]: path.read_bytes() for path in sorted(office.output.glob("2*/*/*.pdf"))}
    return found | {path.name: path.read_bytes() for path in sorted(office.output.glob("2*/*.pdf"))}


def letter(office: SmallOffice, name: str) -> Path:
    """The Word file of a letter by record, title and role."""
    (path,) = office.output.glob(f"2*/*/{name} ????????.docx")
    return path


def edit(path: Path, text: str) -> None:
    """What staff do in Word."""
    document = docx.Document(str(path))
    document.add_paragraph(text)
    document.save(str(path))


def shows(path: Path) -> bool:
    """Whether the PDF beside a Word file shows what that says now."""
    return source_of(path.with_suffix(".pdf")) == digest(path.read_bytes())


def test_each_letter_gets_its_pdf_and_the_printer_one_file(office: SmallOffice, program: Callable[[str], str]) -> None:
    result = office.run("--pdf")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "2 PDF were made." in result.stdout
    assert "To be printed on both sides, 3 sheets: " in result.stdout
    assert list(pdfs(office)) == ["C-1 Notice copy", "C-1 Notice to", "print file 1.pdf"]
    assert all(shows(letter(office, f"C-1 Notice {role}")) for role in ("to", "copy"))
    cover, _, first, *_ = text_of_pages(office.output / TODAY / "print file 1.pdf", program("pdftotext"))
    assert "Letters: 2. Pages: 2. Sheets, printed on both sides: 2, and this list." in cover
    assert not any(name in cover for name in ("Kari", "Ola", "Gate")), "the list names nobody"
    assert "Ola Prøve" in first, "without an order of its own, as the files lie in their folder: copy before to"
    record = json.loads((office.output / TODAY / "run 1.json").read_text(encoding="utf-8"))["pdf"]
    assert (record["printed"], record["sheets"], record["missing"]) == (f"{TODAY}/print file 1.pdf", 3, [])
    assert not (office.output / WORK).exists()


def test_a_second_run_makes_no_pdf_again(office: SmallOffice) -> None:
    office.run("--pdf")
    before = pdfs(office)
    result = office.run("--pdf")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "PDF" not in result.stdout
    assert pdfs(office) == before


def test_letters_of_earlier_runs_get_theirs_and_two_offices_the_same_bytes(office: SmallOffice, tmp_path: Path) -> None:
    other = SmallOffice(tmp_path / "other")
    other.write_register(TWO)
    office.run("--pdf")
    other.run()
    assert not pdfs(other)
    other.run("--pdf", day=NEXT)
    ones, others = pdfs(office), pdfs(other)
    assert {name: content for name, content in others.items() if "print" not in name} == {
        name: content for name, content in ones.items() if "print" not in name
    }
    assert [path.parent.name for path in other.output.glob("*/print file 1.pdf")] == [NEXT]


def test_the_printer_gets_what_goes_by_post_in_the_order_that_the_office_wants(
    office: SmallOffice, program: Callable[[str], str]
) -> None:
    office.write_profile(CHANNELS + PRINTING)
    ways = ("Way", "post", "digital", None, None)
    people = [
        *PEOPLE[:3],
        ("P-4", "Far Away", "Gate 4", "9510 Nord", None, None),
        ("P-5", "Near By", "Gate 5", "0050 Sør", None, None),
    ]
    numbered = [(*person, way) for person, way in zip(people, ways, strict=True)]
    rows = [(f"C-{n}", f"P-{n}", None, date(2026, 11, 10)) for n in (1, 2, 4, 5)]
    office.write_register(cases(*rows), numbered)

    office.run("--pdf")

    assert [name for name in pdfs(office) if "Notice" in name] == [f"C-{n} Notice to" for n in (1, 2, 4, 5)]
    pages = text_of_pages(office.output / TODAY / "print file 1.pdf", program("pdftotext"))
    assert [page.splitlines()[0] for page in pages[2::2]] == ["Near By", "Kari Prøve", "Far Away"], "0050, 0150, 9510"
    listed = [line for line in pages[0].splitlines() if line.startswith("C-")]
    assert listed == ["C-5", "C-1", "C-4"], "the list is in the order of the file; who has no channel gets paper"


def test_enclosures_follow_their_letter_and_pages_add_up(office: SmallOffice, program: Callable[[str], str]) -> None:
    enclosures = 'enclosures = ["rights.docx", "leaflet.pdf", "hours.xlsx"]'
    office.write_profile(PROFILE.replace('template = "notice.docx"', f'template = "notice.docx"\n{enclosures}'))
    office.write_template("rights.docx", "Your rights", *["A long line."] * 80)
    with pikepdf.new() as leaflet:
        for _ in range(3):
            leaflet.add_blank_page()
        leaflet.save(office.folder / "templates" / "docx" / "leaflet.pdf")
    openpyxl.Workbook().save(office.folder / "templates" / "docx" / "hours.xlsx")

    result = office.run("--pdf")

    assert (result.exit_code, result.stderr) == (0, "")
    pages = text_of_pages(office.output / TODAY / "print file 1.pdf", program("pdftotext"))
    assert [page.split("\n")[0] for page in pages[2:6]] == ["Ola Prøve", "", "Your rights", "A long line."]
    parts = []
    for path in office.output.glob("2*/*/*.pdf"):
        with pikepdf.open(path) as pdf:
            parts.append(len(pdf.pages))
    sheets = sum((part + 1) // 2 for part in parts)
    assert max(parts) > 2
    assert f"Letters: 2. Pages: {sum(parts)}. Sheets, printed on both sides: {sheets}, and this list." in pages[0]
    assert pages[0].count("hours.xlsx") == 2, "to be enclosed by hand"
    with pikepdf.open(office.output / TODAY / "print file 1.pdf") as pdf:
        assert len(pdf.pages) == 2 * (1 + sheets), "the list and the letters"


def test_without_libreoffice_letters_and_lists_are_made_and_the_cure_is_told(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        result = office.run("--pdf")
    assert result.exit_code == 3
    assert result.stderr.startswith("No PDF was made, since LibreOffice is not installed")
    assert "apt-get install libreoffice-writer" in result.stderr
    assert len(office.letters()) == 2
    assert (office.output / "overview" / "overview.html").exists()
    assert not pdfs(office)

    assert office.run("--pdf").exit_code == 0, "once it is installed, the next run makes them"
    assert list(pdfs(office)) == ["C-1 Notice copy", "C-1 Notice to", "print file 2.pdf"]


def test_where_no_letters_are_made_there_is_nothing_to_show(office: SmallOffice) -> None:
    assert office.run("--lists-only", "--pdf").exit_code == 2


def test_a_letter_that_staff_edit_gets_new_pages_and_never_keeps_the_old(office: SmallOffice) -> None:
    office.run("--pdf")
    path = letter(office, "C-1 Notice to")
    edit(path, "And one thing more.")

    office.run(day=NEXT)
    assert list(pdfs(office)) == ["C-1 Notice copy", "print file 1.pdf"], "what it shows is not what the letter says"

    office.run("--pdf", day=NEXT)
    assert shows(path)
    assert sorted(name for name in pdfs(office) if "print" in name) == ["print file 1.pdf", "print file 2.pdf"]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "left"),
    [
        pytest.param("Cases", "D2", date(2026, 11, 9), [], id="the facts have changed, so the letters are replaced"),
        pytest.param("Cases", "F2", date(2026, 11, 23), [], id="nobody needs them any more"),
        pytest.param("People", "F2", "yes", [], id="somebody is protected now"),
        pytest.param("Cases", "E2", date(2026, 11, 23), ["C-1 Notice copy", "C-1 Notice to"], id="they were sent"),
    ],
)
def test_the_pdf_goes_with_its_letter(office: SmallOffice, sheet: str, cell: str, value: object, left: list[str]) -> None:
    office.run("--pdf")
    office.change(sheet, cell, value)
    office.run(day=NEXT)
    assert [name for name in pdfs(office) if "print" not in name] == left
    assert not list(office.output.glob("replaced/*.pdf"))


def test_an_edited_letter_that_is_no_longer_right_keeps_no_pdf_and_gets_none(office: SmallOffice) -> None:
    office.run("--pdf")
    edit(letter(office, "C-1 Notice to"), "And one thing more.")
    office.run("--pdf")
    office.change("People", "F2", "yes")
    result = office.run("--pdf", day=NEXT)
    assert "was left as it lies" in result.stderr
    assert [name for name in pdfs(office) if "Notice" in name] == []


def test_a_pdf_of_somebody_else_is_left_alone_and_told(office: SmallOffice) -> None:
    office.run()
    theirs = letter(office, "C-1 Notice to").with_suffix(".pdf")
    theirs.write_bytes(b"%PDF-1.7 signed")
    result = office.run("--pdf")
    assert result.exit_code == 0
    assert "that was not made here" in result.stderr
    assert theirs.read_bytes() == b"%PDF-1.7 signed"
    assert sorted(pdfs(office)) == ["C-1 Notice copy", "C-1 Notice to", "print file 2.pdf"]


def test_a_letter_that_cannot_be_shown_costs_only_itself(office: SmallOffice, program: Callable[[str], str]) -> None:
    office.run()
    broken = letter(office, "C-1 Notice to")
    broken.write_bytes(broken.read_bytes()[:2000])

    result = office.run("--pdf")

    id_of = broken.stem.rpartition(" ")[2]
    assert result.exit_code == 3
    assert f"Letter {id_of} has no PDF: LibreOffice could not make one of {TODAY}/notice/" in result.stderr
    assert list(pdfs(office)) == ["C-1 Notice copy", "print file 2.pdf"]
    cover = text_of_pages(office.output / TODAY / "print file 2.pdf", program("pdftotext"))[0]
    assert id_of in cover
    assert "Missing here: print it from Word" in " ".join(cover.split())


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.long
def test_libreoffice_killed_in_the_middle_costs_no_letter(office: SmallOffice) -> None:
    office.write_register(cases(*((f"C-{n}", "P-1", None, date(2026, 11, 10)) for n in range(40))))
    interference = Interference(office.output / WORK, signal.SIGKILL)
    interference.start()

    result = office.run("--pdf")

    assert interference.hit
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(pdfs(office)) == 41
    assert all(shows(path) for path in office.output.glob("2*/*/*.docx"))
    assert not ours(office.folder)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.long
def test_a_run_killed_while_it_makes_pdf_is_as_if_it_had_not_been(office: SmallOffice, tmp_path: Path) -> None:
    rows = cases(*((f"C-{n}", "P-1", None, date(2026, 11, 10)) for n in range(40)))
    office.write_register(rows)
    undisturbed = SmallOffice(tmp_path / "undisturbed")
    undisturbed.write_register(rows)
    command = [sys.executable, "-m", "pipeline", "--workspace", str(office.folder), "run", "--as-of", TODAY, "--pdf"]
    killed = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and not list((office.output / WORK).glob("*/raw/*.pdf")):
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    left = ours(office.folder)
    assert not pdfs(office), "nothing comes to its place before all is ready"

    assert office.run("--pdf").exit_code == 0
    undisturbed.run("--pdf")

    assert pdfs(office) == pdfs(undisturbed)
    psutil.wait_procs(left, timeout=60)
    office.run("--pdf")
    assert not (office.output / WORK).exists()


def test_a_libreoffice_that_makes_nothing_is_one_sentence(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch, program: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "soffice").symlink_to(program("false"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    result = office.run("--pdf")
    assert result.exit_code == 3
    assert result.stderr.startswith("LibreOffice made no PDF of any letter.")
    assert len(office.letters()) == 2
