"""LibreOffice itself makes these pages: what they are marked as, and what a bad letter, a crash or a hang costs."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pikepdf
import psutil
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from pipeline.files import digest
from pipeline.letters.pdf import NoLibreOffice, Patience, Word, convert, find_libreoffice, source_of

DAY = date(2026, 11, 23)


def write_letter(path: Path, *, pages: int = 1, title: str = "Vedtak") -> Word:
    """A letter of so many pages, with a running head and page numbers."""
    document = docx.Document()
    document.core_properties.title = title
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "nb-NO")
    document.styles["Normal"].font.name = "Calibri"
    document.sections[0].header.paragraphs[0].text = "Sted kommune"
    footer = document.sections[0].footer.paragraphs[0]
    for text, field in (("Side ", "PAGE"), (" av ", "NUMPAGES")):
        footer.add_run(text)
        add_field(footer, field)
    for page in range(1, pages + 1):
        document.add_heading(f"Del {page}", 1).paragraph_format.page_break_before = page > 1
        document.add_paragraph("Blåbær på tørrfisk: «ÆØÅ» – æøå.")
    document.save(str(path))
    return Word(path, "Letter", "nb", DAY)


def add_field(paragraph: Paragraph, name: str) -> None:
    """Let Word count."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


def text_of_pages(path: Path, pdftotext: str) -> list[str]:
    said = subprocess.run([pdftotext, str(path), "-"], check=True, capture_output=True, text=True, timeout=60).stdout
    return said.split("\f")[:-1]


def ours(folder: Path) -> list[psutil.Process]:
    """The processes of LibreOffice that work in a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if "soffice.bin" in process.name() and any(folder.as_posix() in part for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


class Interference(threading.Thread):
    """Sends a signal to the first LibreOffice that has made a page in the folder, once."""

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(daemon=True)
        self.folder, self.number, self.hit = folder, number, 0

    def run(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and not self.hit:
            if any(self.folder.glob("*/raw/*.pdf")):
                for process in ours(self.folder)[:1]:
                    process.send_signal(self.number)
                    self.hit = process.pid
            time.sleep(0.005)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def test_a_letter_of_several_pages_is_marked_tagged_and_whole(
    program: Callable[[str], str], tmp_path: Path, folder: Path
) -> None:
    soffice, pdftotext, pdffonts = program("soffice"), program("pdftotext"), program("pdffonts")
    letter = write_letter(tmp_path / "letter.docx", pages=3)

    shown = convert(soffice, [letter], folder, lanes=1)[0]

    assert shown.pages == 3
    assert shown.source == source_of(shown.path) == digest(letter.path.read_bytes())
    with pikepdf.open(shown.path) as pdf:
        said = pdf.open_metadata()
        assert (said.pdfa_status, said["pdfuaid:part"], said["dc:title"]) == ("2B", "1", "Vedtak")
        assert b"pdfaSchema:prefix>pdfuaid<" in pdf.Root.Metadata.read_bytes()
        assert (str(pdf.Root.Lang), str(pdf.docinfo["/Title"])) == ("nb-NO", "Vedtak")
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261123000000+00'00"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert kinds(pdf.Root.StructTreeRoot) >= {"/Document", "/H1", "/Standard"}
    for number, text in enumerate(text_of_pages(shown.path, pdftotext), start=1):
        assert "Sted kommune" in text
        assert f"Side {number} av 3" in text
        assert "«ÆØÅ» – æøå" in text
    fonts = subprocess.run([pdffonts, str(shown.path)], check=True, capture_output=True, text=True, timeout=60).stdout
    names = [line.split()[0] for line in fonts.splitlines()[2:]]
    assert names
    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:]), "embedded"
    assert any(name.endswith("+Carlito") for name in names), "as wide as Calibri"


def kinds(structure: pikepdf.Object) -> set[str]:
    """The kinds of elements below a node of the structure."""
    found: set[str] = set()
    below = [structure.get("/K")]
    while below:
        node = below.pop()
        if isinstance(node, pikepdf.Array):
            below += list(node.as_list())
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.add(str(node.S))
            below.append(node.get("/K"))
    return found


def test_what_a_letter_does_not_say_of_itself_is_said_for_it(
    program: Callable[[str], str], tmp_path: Path, folder: Path
) -> None:
    write_letter(tmp_path / "letter.docx", title="")
    shown = convert(program("soffice"), [Word(tmp_path / "letter.docx", "Melding", "nb", DAY)], folder, lanes=1)[0]
    with pikepdf.open(shown.path) as pdf:
        assert pdf.open_metadata()["dc:title"] == pdf.docinfo["/Title"] == "Melding"


def test_the_same_letter_gives_the_same_bytes(program: Callable[[str], str], tmp_path: Path) -> None:
    letter = write_letter(tmp_path / "letter.docx", pages=2)
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(convert(program("soffice"), [letter], tmp_path / name, lanes=1)[0].path.read_bytes())
        time.sleep(1.1)  # the clock shows another second
    assert made[0] == made[1]


def test_a_bad_letter_costs_only_itself(program: Callable[[str], str], tmp_path: Path, folder: Path) -> None:
    whole = [write_letter(tmp_path / f"{n}.docx") for n in range(4)]
    cut = whole[0].path.read_bytes()
    bad = {"cut": cut[: len(cut) // 2], "text": b"Dear all,\n", "empty": b"", "other": b"%PDF-1.7\n"}
    for name, content in bad.items():
        (tmp_path / f"{name}.docx").write_bytes(content)
    words = [*whole, *(Word(tmp_path / f"{name}.docx", "Letter", "nb", DAY) for name in (*bad, "gone"))]

    shown = convert(program("soffice"), words, folder, lanes=2)

    assert set(shown) == {0, 1, 2, 3}
    assert sorted(path.name for path in folder.iterdir()) == ["0.pdf", "1.pdf", "2.pdf", "3.pdf"], "nothing else is left"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    "number", [pytest.param("SIGKILL", id="killed"), pytest.param("SIGSTOP", id="hanging", marks=pytest.mark.long)]
)
def test_a_libreoffice_that_dies_or_hangs_in_the_middle_costs_no_letter(
    program: Callable[[str], str], tmp_path: Path, folder: Path, number: str
) -> None:
    words = [write_letter(tmp_path / f"{n}.docx", pages=3) for n in range(16)]
    interference = Interference(folder, signal.Signals[number])
    interference.start()

    shown = convert(program("soffice"), words, folder, lanes=2, patience=Patience(start=10, each=0.5))

    assert interference.hit, "LibreOffice was met while it worked"
    assert set(shown) == set(range(16))
    assert all(each.pages == 3 and source_of(each.path) for each in shown.values())
    assert not ours(folder)
    assert not psutil.pid_exists(interference.hit)
    assert {path.suffix for path in folder.iterdir()} == {".pdf"}


def test_a_program_that_makes_nothing_is_given_up_soon(program: Callable[[str], str], tmp_path: Path, folder: Path) -> None:
    letter = write_letter(tmp_path / "letter.docx")
    started = time.monotonic()
    assert convert(program("false"), [letter] * 500, folder, lanes=2) == {}
    assert time.monotonic() - started < 60


def test_the_absence_of_libreoffice_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoLibreOffice, match="apt-get install libreoffice-writer"):
        find_libreoffice()


def test_a_pdf_that_somebody_has_changed_is_no_longer_ours(program: Callable[[str], str], tmp_path: Path, folder: Path) -> None:
    shown = convert(program("soffice"), [write_letter(tmp_path / "letter.docx")], folder, lanes=1)[0]
    changed = tmp_path / "changed.pdf"
    with pikepdf.open(shown.path) as pdf:
        pdf.pages[0].rotate(90, relative=True)
        pdf.save(changed)
    (tmp_path / "text.pdf").write_bytes(b"no PDF")
    assert source_of(shown.path) is not None
    assert source_of(changed) is None
    assert source_of(tmp_path / "text.pdf") is None
