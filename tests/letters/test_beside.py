from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from pipeline.files import digest
from pipeline.letters.beside import WORK, Coming, Stands, bring, discard, finish, stands_beside

LETTER, PDF = "2026-11-23/notice/A-1 Notice to 7KQ4MZ2P.docx", "2026-11-23/notice/A-1 Notice to 7KQ4MZ2P.pdf"
WORD = b"what the letter says"


def pdf_of(path: Path, source: bytes) -> bytes:
    """A PDF as ours: it says what it was made from, and both of its identifiers are one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        with pdf.open_metadata() as said:
            said["dc:source"] = f"sha256:{digest(source)}"
        pdf.save(path, deterministic_id=True)
    return path.read_bytes()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    letter = tmp_path / LETTER
    letter.parent.mkdir(parents=True)
    letter.write_bytes(WORD)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "stands"),
    [
        pytest.param(None, Stands.NOTHING, id="no pdf"),
        pytest.param(WORD, Stands.FRESH, id="of the letter"),
        pytest.param(b"before", Stands.STALE, id="of what it said before"),
        pytest.param("theirs", Stands.THEIRS, id="saved from Word by somebody"),
    ],
)
def test_what_lies_beside_a_letter_is_told_from_the_pdf_itself(
    output: Path, source: bytes | str | None, stands: Stands
) -> None:
    if isinstance(source, bytes):
        pdf_of(output / PDF, source)
    elif source:
        (output / PDF).write_bytes(b"%PDF-1.7")
    assert stands_beside(output, LETTER, digest(WORD)) is stands
    discard(output, LETTER)
    assert (output / PDF).exists() == (stands is Stands.THEIRS), "a letter that goes takes our PDF with it"


def test_only_word_files_take_a_pdf_with_them(output: Path) -> None:
    pdf_of(output / PDF, WORD)
    discard(output, PDF)
    discard(output, LETTER.replace(".docx", ".xlsx"))
    assert (output / PDF).exists()


def test_finished_pdf_come_to_their_place_all_at_once(output: Path) -> None:
    shown = pdf_of(output / WORK / "0.pdf", WORD)
    printed = pdf_of(output / WORK / "print.pdf", b"")
    assert bring(output, [Coming("print.pdf", "2026-11-23/print file 1.pdf"), Coming("0.pdf", PDF, digest(WORD))]) == ()
    assert (output / PDF).read_bytes() == shown
    assert (output / "2026-11-23/print file 1.pdf").read_bytes() == printed


@pytest.mark.parametrize(
    ("beside", "existing"),
    [
        pytest.param(b"edited since", None, id="the letter was edited in the meantime"),
        pytest.param(None, None, id="the letter was taken away in the meantime"),
        pytest.param(WORD, b"%PDF-1.7", id="somebody put a pdf there in the meantime"),
    ],
)
def test_a_pdf_that_would_not_show_the_letter_beside_it_does_not_come(
    output: Path, beside: bytes | None, existing: bytes | None
) -> None:
    pdf_of(output / WORK / "0.pdf", WORD)
    (output / LETTER).unlink()
    if beside:
        (output / LETTER).write_bytes(beside)
    if existing:
        (output / PDF).write_bytes(existing)
    bring(output, [Coming("0.pdf", PDF, digest(WORD))])
    assert (output / PDF).exists() == (existing is not None)
    assert not existing or (output / PDF).read_bytes() == existing


@pytest.mark.parametrize("ready", [True, False], ids=["killed while they came", "killed before they were ready"])
def test_what_a_killed_run_left_is_finished_or_removed(output: Path, *, ready: bool) -> None:
    shown = pdf_of(output / WORK / "0.pdf", WORD)
    if ready:
        coming = [{"name": "1.pdf", "path": "x.pdf", "source": ""}, {"name": "0.pdf", "path": PDF, "source": digest(WORD)}]
        (output / WORK / "ready.json").write_text(json.dumps(coming))
    finish(output)
    assert (output / PDF).exists() is ready
    assert not ready or (output / PDF).read_bytes() == shown
    assert not (output / WORK).exists()


def test_without_anything_left_there_is_nothing_to_finish(output: Path) -> None:
    finish(output)
    assert [path.name for path in output.iterdir()] == [date(2026, 11, 23).isoformat()]
