"""The PDF beside its letter: whether it still shows the Word file, how it comes to its place, and that it goes with it.

A PDF of ours lies there only as long as it shows what the Word file says. One that was not made here, or that somebody has
changed since, is theirs: it is neither overwritten nor removed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline.files import digest, make_folder, sync, write_atomically, writing

WORK: Final = ".pdf"
"""The folder below the output where PDF are made; what a killed run has left in it, the next one finishes or removes."""

_READY: Final = "ready.json"
_SYNCS: Final = 16


class Stands(StrEnum):
    """What lies beside a Word file: nothing, its pages, pages of what it said before, or somebody else's PDF."""

    NOTHING = "nothing"
    FRESH = "fresh"
    STALE = "stale"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Coming:
    """A finished PDF on its way.

    Attributes:
        name: in the work folder.
        path: where it goes, below the output.
        source: the digest of the Word file that it shows and that must lie beside it; empty for one that stands alone.
    """

    name: str
    path: str
    source: str = ""


def pdf_path(path: str) -> str:
    """Where the PDF of a Word file lies.

    >>> pdf_path("2026-11-23/notice/A-1 Notice to 7KQ4MZ2P.docx")
    '2026-11-23/notice/A-1 Notice to 7KQ4MZ2P.pdf'
    """
    return str(PurePosixPath(path).with_suffix(".pdf"))


def stands_beside(output: Path, path: str, source: str) -> Stands:
    """What lies beside a Word file.

    Args:
        output: the output folder.
        path: of the Word file, below it.
        source: the digest of what the Word file says now.
    """
    pdf = output / pdf_path(path)
    if not pdf.exists():
        return Stands.NOTHING
    from pipeline.letters.pdf import source_of

    shown = source_of(pdf)
    if shown is None:
        return Stands.THEIRS
    return Stands.FRESH if shown == source else Stands.STALE


def discard(output: Path, path: str) -> None:
    """Remove our PDF beside a Word file that is about to leave its place.

    Raises:
        PermissionError: somebody has it open.
    """
    if path.endswith(".docx") and stands_beside(output, path, "") is Stands.STALE:
        (output / pdf_path(path)).unlink()


def bring(output: Path, coming: Sequence[Coming]) -> tuple[str, ...]:
    """Bring finished PDF from the work folder to their places: killed in the middle, `finish` brings the others.

    Returns:
        The paths of those that could not come, since somebody has the old one open.

    Raises:
        Unwritable: a file cannot be written or moved.
    """
    folder = output / WORK
    with ThreadPoolExecutor(_SYNCS) as many:
        list(many.map(sync, (folder / each.name for each in coming)))
    write_atomically(folder / _READY, json.dumps([asdict(each) for each in coming]).encode())
    return _bring(output, coming)


def finish(output: Path) -> None:
    """Bring what a killed run had finished to its place, and remove its work folder.

    Raises:
        Unwritable: a file cannot be moved.
    """
    folder = output / WORK
    if folder.exists():
        from pipeline.letters.pdf import end_left_behind

        end_left_behind(folder)
    with suppress(FileNotFoundError):
        said = json.loads((folder / _READY).read_bytes())
        _bring(output, [Coming(**each) for each in said if (folder / each["name"]).exists()])
    clear(output)


def clear(output: Path) -> None:
    """Remove the work folder; on Windows somebody may hold on to a file in it until the next night."""
    shutil.rmtree(output / WORK, ignore_errors=True)


def _bring(output: Path, coming: Sequence[Coming]) -> tuple[str, ...]:
    held: list[str] = []
    for each in coming:
        target = output / each.path
        if each.source and not _belongs(output, each):
            continue
        make_folder(target.parent)
        try:
            (output / WORK / each.name).replace(target)
        except PermissionError:
            held.append(each.path)
        except OSError:
            with writing(target):
                raise
    for folder in sorted({(output / each.path).parent for each in coming}):
        if folder.exists():
            sync(folder)
    return tuple(held)


def _belongs(output: Path, coming: Coming) -> bool:
    """Whether the Word file beside it still says what it shows, and nobody else's PDF stands there."""
    word = PurePosixPath(coming.path).with_suffix(".docx")
    try:
        says = digest((output / word).read_bytes())
    except OSError:
        return False
    return says == coming.source and stands_beside(output, str(word), says) is not Stands.THEIRS
