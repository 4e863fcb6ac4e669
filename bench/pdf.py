"""What a letter costs as PDF: one LibreOffice per letter, as is usual, beside many letters per start and two starts at a time.

``python -m bench.pdf`` takes one-page letters of the demo; every way makes tagged PDF/A-2b with the same options, and the
pages are compared word by word. Figures move from run to run: only the ratios of one run count.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import pypdf

from bench.registers import make_workspace
from pipeline.letters import pdf
from pipeline.run import Clock, Workspace, run

ROOT: Final = Path(__file__).parent.parent
AS_OF: Final = date(2026, 11, 23)
LETTERS: Final = 100
SINGLES: Final = 10
"""So many are enough to tell what one start costs; the first, which furnishes the profile folder, is not counted."""


def main() -> None:
    """Measure and print the table."""
    program = pdf.find_libreoffice()
    with tempfile.TemporaryDirectory(prefix="fristbrev-bench-") as name:
        letters = one_page_letters(Path(name), program)
        peers = Path(name) / "peers"
        _soffice(program, letters[:1], peers)
        alone = sum(_seconds(partial(_soffice, program, [letter], peers)) for letter in letters[:SINGLES]) / SINGLES
        together = _seconds(lambda: _soffice(program, letters, peers)) / LETTERS
        ours = {lanes: _ours(program, letters, Path(name) / f"ours-{lanes}", lanes) for lanes in (1, 2)}
        for number, letter in enumerate(letters):
            assert _words(peers / f"{letter.stem}.pdf") == _words(Path(name) / "ours-2" / f"{number}.pdf"), letter.name  # noqa: S101
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout.split()  # noqa: S603
    print(
        f"PDF of {LETTERS} one-page letters, PDF/A-2b and PDF/UA, LibreOffice {version[1]}, Python {sys.version.split()[0]}\n"
    )
    print(f"{'':46}ms/letter     times")
    for what, seconds in (
        ("one soffice per letter", alone),
        ("one soffice of all, as it writes them", together),
        ("run --pdf, one start at a time", ours[1]),
        ("run --pdf, two starts at a time", ours[2]),
    ):
        print(f"{what:46}{1000 * seconds:9.1f}{alone / seconds:9.1f} ×")


def one_page_letters(folder: Path, program: str) -> Sequence[Path]:
    """The demo's letters that fit on a page, each as often as it takes."""
    demo, shown = folder / "demo", folder / "shown"
    for each in (demo, shown, folder / "letters"):
        each.mkdir()
    make_workspace(ROOT, demo, "sak", 100)
    night = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 2, tzinfo=UTC)
    made = [
        demo / "output" / letter.file for letter in run(Workspace(demo), Clock(AS_OF, lambda: night, time.perf_counter)).made
    ]
    pages = pdf.convert(program, [pdf.Word(path, "", "nb", AS_OF) for path in made], shown, lanes=2)
    single = [path.read_bytes() for number, path in enumerate(made) if pages[number].pages == 1]
    for number, content in enumerate(islice(cycle(single), LETTERS)):
        (folder / "letters" / f"{number:03}.docx").write_bytes(content)
    return sorted((folder / "letters").iterdir())


def _soffice(program: str, letters: Sequence[Path], target: Path) -> None:
    """LibreOffice as anybody would call it, with a profile folder that is there already."""
    profile = f"-env:UserInstallation={(target.parent / 'profile').as_uri()}"
    options = ["--headless", "--convert-to", pdf.FILTER, "--outdir", str(target)]
    subprocess.run([program, profile, *options, *map(str, letters)], check=True, capture_output=True)  # noqa: S603


def _ours(program: str, letters: Sequence[Path], folder: Path, lanes: int) -> float:
    folder.mkdir()
    words = [pdf.Word(path, "", "nb", AS_OF) for path in letters]
    seconds = _seconds(lambda: pdf.convert(program, words, folder, lanes=lanes))
    assert len(list(folder.iterdir())) == LETTERS  # noqa: S101
    return seconds / LETTERS


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _words(path: Path) -> Sequence[str]:
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


if __name__ == "__main__":
    main()
