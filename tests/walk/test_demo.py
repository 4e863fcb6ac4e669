"""The demo of the project's root: what everyone sees who runs it, and every letter of it through LibreOffice."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

import pikepdf
import pytest

from pipeline.letters.model import Outcome, Recipient
from pipeline.profile.load import load_profile
from pipeline.register.workbook import read_workbook
from pipeline.run import Clock, Report, Workspace, run
from tests.walk.golden import is_golden, words

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Report]:
    """The root workspace, copied and run on its day."""
    workspace = _copy(Path(__file__).parents[2], tmp_path_factory.mktemp("demo"))
    return workspace, run(workspace, _clock())


def _copy(root: Path, folder: Path) -> Workspace:
    for name in ("registers", "templates"):
        shutil.copytree(root / name, folder / name)
    shutil.copy(root / "profile.toml", folder)
    return Workspace(folder)


def _clock() -> Clock:
    return Clock(TODAY, lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC), lambda: 0.0)


def test_the_demo_makes_every_kind_of_letter(demo: tuple[Workspace, Report]) -> None:
    workspace, report = demo
    kinds = {made.letter.obligation.letter for made in report.made}

    assert report.complete
    assert kinds == {path.stem for path in workspace.templates[0].glob("*.docx")} & kinds
    assert {"foreløpig_melding", "vedtak", "avslag", "forhåndsvarsel", "politiattest", "velkommen", "oppdragsavtale"} <= kinds


@pytest.mark.parametrize(("language", "ending", "count"), [("nb", "", 27), ("nn", ".nn", 15)])
def test_every_letter_reads_as_its_golden_text(
    demo: tuple[Workspace, Report], tmp_path: Path, request: pytest.FixtureRequest, language: str, ending: str, count: int
) -> None:
    """With everybody preferring the same language, each letter that exists in it."""
    source, _ = demo
    for name in ("registers", "templates"):
        shutil.copytree(source.folder / name, tmp_path / name)
    routine = (source.folder / "profile.toml").read_text(encoding="utf-8")
    everyone = routine.replace('language = "målform"', f"""language = "'{language}'\"""")
    (tmp_path / "profile.toml").write_text(everyone, encoding="utf-8")
    workspace = Workspace(tmp_path)
    examples = {made.letter.obligation.letter: made for made in reversed(run(workspace, _clock()).made)}
    written = {letter for letter in examples if (workspace.templates[0] / f"{letter}{ending}.docx").exists()}
    texts = {f"{letter}{ending}": words((workspace.output / examples[letter].file).read_bytes()) for letter in sorted(written)}

    assert set(examples) == set(load_profile(workspace.folder / "profile.toml").letters), "the demo has every kind of letter"
    assert len(texts) == count
    different = [letter for letter, text in texts.items() if not is_golden(f"letters/{letter}", text, request)]

    assert not different, f"look at tests/golden/letters/*.actual.txt; renew with --update-golden: {different}"


def test_no_letter_carries_a_template_mark_or_a_word_of_python(demo: tuple[Workspace, Report]) -> None:
    workspace, report = demo

    for made in report.made:
        text = words((workspace.output / made.file).read_bytes())
        for mark in ("{{", "{%", r"\bNone\b", r"\bNaT\b", r"\bnan\b", "Undefined", "EMPTY", "00:00:00"):
            assert not re.search(mark, text), f"{made.file}: {mark}"


def test_a_second_run_makes_nothing_new(demo: tuple[Workspace, Report]) -> None:
    workspace, _ = demo

    assert run(workspace, _clock()).made == ()


def test_the_protected_are_on_no_list_and_in_no_letter(demo: tuple[Workspace, Report]) -> None:
    workspace, report = demo
    assert report.numbers.manual > 0

    assert all(made.letter.outcome is Outcome.PRODUCED for made in report.made)
    made_by_us = [path for path in workspace.output.rglob("*") if path.is_file()]
    assert len(made_by_us) > len(report.made)
    for secret in _protected_addresses(workspace):
        for path in (*made_by_us, workspace.folder / "fristbrev.sqlite"):
            assert secret.encode() not in _opened(path), path.name


def test_no_calendar_tells_an_age(demo: tuple[Workspace, Report]) -> None:
    workspace, _ = demo
    feeds = [path.read_text(encoding="utf-8").replace("\r\n ", "") for path in workspace.output.rglob("*.ics")]

    assert any("Foreløpig melding" in feed for feed in feeds)
    assert not [feed for feed in feeds if "Bruker når alderen" in feed or "Bruker fyller 18" in feed]


def _opened(path: Path) -> bytes:
    """Everything that stands in a file, documents and workbooks unpacked."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as package:
        return b"".join(package.read(name) for name in package.namelist())


def _protected_addresses(workspace: Workspace) -> list[str]:
    """Streets and telephone numbers of the protected, each unique in the demo."""
    rows = [list(row) for row in read_workbook(workspace.folder / "registers" / "saksregister.xlsx").sheets["Personer"].rows]
    protected, *secret = (rows[0].index(heading) for heading in ("Adressesperre", "Adresse", "Telefon"))
    found = [str(row[column]) for row in rows[1:] if row[protected] for column in secret if row[column]]
    assert found, "the demo has protected people whose address stands in the register"
    return found


@pytest.mark.long
def test_every_letter_of_the_demo_becomes_tagged_pages_of_its_own_fonts(
    root: Path, program: Callable[[str], str], tmp_path: Path
) -> None:
    program("soffice")
    pdftotext, pdffonts = program("pdftotext"), program("pdffonts")
    workspace = _copy(root, tmp_path)

    report = run(workspace, _clock(), pdf=True)

    assert report.complete
    words = {path.relative_to(workspace.output).as_posix() for path in workspace.output.glob("2*/*/*.docx")}
    assert {path.replace(".docx", ".pdf") for path in words} == set(report.paper.made)
    for made in report.paper.made:
        path = workspace.output / made
        text = _said([pdftotext, str(path), "-"])
        assert "Alta kommune" in text
        assert "{{" not in text
        fonts = [line.split() for line in _said([pdffonts, str(path)]).splitlines()[2:]]
        assert all(font[-5] == "yes" for font in fonts), "embedded"
        boxes = {"OpenSymbol", "DejaVuSans"}  # bullets, and boxes to tick
        assert {font[0].partition("+")[2] for font in fonts} - boxes <= {"Carlito", "Carlito-Bold"}, "as wide as Calibri"
        with pikepdf.open(path) as pdf:
            marks = pdf.open_metadata()
            assert (marks.pdfa_status, marks["pdfuaid:part"]) == ("2B", "1")
            assert str(pdf.Root.Lang) in {"nb-NO", "nn-NO"}
            assert str(pdf.docinfo["/Title"]) == marks["dc:title"] != ""
            assert pdf.Root.StructTreeRoot.K is not None
            assert bool(pdf.Root.MarkInfo.Marked)
    for letter in report.made:
        if letter.letter.recipient.role != "file":
            assert_in_window(workspace.output / letter.file.replace(".docx", ".pdf"), letter.letter.recipient, pdftotext)
    printed = report.paper.printed
    assert printed is not None
    with pikepdf.open(printed) as pdf:
        assert len(pdf.pages) == 2 * report.paper.sheets
    owners = re.findall("Saksbehandler: (.*)", _said([pdftotext, str(printed), "-"]))
    assert [owner for owner, _ in groupby(owners)] == list(dict.fromkeys(owners)), "a heap for each caseworker"


def _said(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


EVERY_WINDOW = (15, 44, 110, 70)
"""What the windows of E6/5, C5 and C4 all show, from the sheet's left and upper edge in mm; the address stands inside."""
ANY_WINDOW = (15, 40, 120, 82)
"""What at least one of them shows; nothing but the address stands there."""


def assert_in_window(page: Path, recipient: Recipient, pdftotext: str) -> None:
    """The recipient's name and address stand where every envelope shows them, and nothing else where any of them does."""
    boxes = subprocess.run(
        [pdftotext, "-bbox", "-l", "1", str(page), "-"], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    found = re.findall(r'xMin="([^"]+)" yMin="([^"]+)" xMax="([^"]+)" yMax="([^"]+)">([^<]*)<', boxes)
    words = [(html.unescape(word), [float(edge) * 25.4 / 72 for edge in edges]) for *edges, word in found]
    shown = [(word, box) for word, box in words if _meets(box, ANY_WINDOW)]

    address = " ".join((recipient.name, *recipient.address)).split()
    assert [word for word, _ in shown] == address
    left, top, right, bottom = EVERY_WINDOW
    assert all(left < x1 and top <= y1 and x2 < right and y2 <= bottom for _, (x1, y1, x2, y2) in shown)


def _meets(box: Sequence[float], window: Sequence[float]) -> bool:
    x1, y1, x2, y2 = box
    left, top, right, bottom = window
    return x1 < right and x2 > left and y1 < bottom and y2 > top
