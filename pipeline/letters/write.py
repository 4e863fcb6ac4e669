"""Letters as files: what they are called, and how they come to lie in their place without halves.

All files of a night are staged in one folder inside the output, so that each comes to its place by a rename.
A file that someone has changed is theirs: it is neither overwritten nor moved.
Paths are texts below the output, their parts joined by ``/`` on every system, since the ledger keeps them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final, SupportsBytes

from pipeline.faults import Fault
from pipeline.files import digest, make_folder, safe_name, sync, write_file, writing
from pipeline.letters.beside import discard
from pipeline.letters.model import Filled
from pipeline.letters.package import Paper
from pipeline.letters.tray import STAGING, Laid, Lying
from pipeline.texts import Texts, message

_KEY: Final = 40
_TITLE: Final = 60
_ENCLOSURE: Final = 70
"""The most bytes of each part of a name, so that the id that makes it unique is never cut off."""

_SYNCS: Final = 16

ROLES: Final = {"to": message("to"), "copy": message("copy"), "file": ""}
"""How the recipient is concerned, as the file's name says it; a letter for the file has nobody to name."""


@dataclass(frozen=True)
class Document:
    """A file to be written, by its path below the output; its bytes are made when they are written."""

    path: str
    content: SupportsBytes

    @cached_property
    def digest(self) -> str:
        """The digest of the file."""
        return self.content.digest if isinstance(self.content, Paper | Lying) else digest(bytes(self.content))


@dataclass(frozen=True, slots=True)
class Envelope:
    """What one recipient gets.

    Attributes:
        obligation: its id.
        documents: the letter first, then its enclosures.
    """

    obligation: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a file belongs and the digest of its content."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Move:
    """A file of a replaced version, where it goes, and the digest by which it is known to be unchanged."""

    path: str
    to: str
    digest: str


@dataclass(frozen=True, slots=True)
class Staged:
    """Envelopes that are written and not yet in their place: for each obligation, its files."""

    output: Path
    folder: Path
    envelopes: tuple[tuple[str, tuple[Placed, ...]], ...]


class Placing(StrEnum):
    """What became of an envelope: in its place, or left out because a file in the way is changed, or open."""

    PLACED = "placed"
    CHANGED = "changed"
    OPEN = "open"


class Found(StrEnum):
    """What stands where a file of ours belongs; a closed one is there, and may not be read."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    CLOSED = "closed"


def envelope(filled: Filled, title: str, day: date, texts: Texts) -> Envelope:
    """The letter and its enclosures with their paths.

    Args:
        filled: the letter as text.
        title: the letter rule's title.
        day: the run's as-of day, which names the folder.
        texts: the office's language.
    """
    obligation = filled.letter.obligation
    letter = file_name(filled, title, day, texts)
    folder = PurePosixPath(letter).parent
    key = safe_name(obligation.record.key, _KEY)
    enclosures = (
        Document(f"{folder}/{key} {obligation.id} {safe_name(name, _ENCLOSURE)}", content)
        for name, content in filled.enclosures
    )
    return Envelope(obligation.id, (Document(letter, filled.content), *enclosures))


def file_name(filled: Filled, title: str, day: date, texts: Texts) -> str:
    """Where a letter belongs: ``day/rule/record title role id.docx``, without anything personal."""
    obligation = filled.letter.obligation
    role = ROLES[obligation.role]
    parts = (
        safe_name(obligation.record.key, _KEY),
        safe_name(title, _TITLE),
        safe_name(texts(role)) if role else "",
        obligation.id,
    )
    name = " ".join(part for part in parts if part)
    return f"{day.isoformat()}/{safe_name(obligation.letter)}/{name}.docx"


def retired_path(folder: str, path: str, number: int) -> str:
    """Where a file of version `number` goes when it is replaced: its name kept, from the second version on with the number.

    >>> retired_path("replaced", "2026-11-23/notice/A-1 Notice to 7KQ4MZ2P.docx", 1)
    'replaced/A-1 Notice to 7KQ4MZ2P.docx'
    >>> retired_path("replaced", "2026-11-23/notice/A-1 Notice to 7KQ4MZ2P.docx", 2)
    'replaced/A-1 Notice to 7KQ4MZ2P (2).docx'
    """
    name = PurePosixPath(path)
    return f"{folder}/{name.name}" if number == 1 else f"{folder}/{name.stem} ({number}){name.suffix}"


def look(output: Path, path: str, expected: str) -> Found:
    """Whether the file lies there as it was made.

    Args:
        output: the output folder.
        path: below it.
        expected: the digest of what was made.

    Raises:
        Unwritable: the drive does not answer.
    """
    file = output / path
    with writing(file):
        try:
            return Found.SAME if digest(file.read_bytes()) == expected else Found.CHANGED
        except (FileNotFoundError, NotADirectoryError):
            return Found.MISSING
        except IsADirectoryError:
            return Found.CHANGED
        except PermissionError:
            return Found.CLOSED


def stage(output: Path, run: int, envelopes: Iterable[Envelope]) -> Staged:
    """Write the files of the envelopes, whole and on the disk, into the run's staging folder.

    Raises:
        Unwritable: a file cannot be written; nothing is left behind.
    """
    folder = output / f"{STAGING}{run}"
    staged: list[tuple[str, tuple[Placed, ...]]] = []
    made: set[Path] = set()
    try:
        for each in envelopes:
            for document in each.documents:
                file = folder / document.path
                if file.parent not in made:
                    make_folder(file.parent)
                    made.add(file.parent)
                if isinstance(document.content, Laid):
                    with writing(file):
                        document.content.file.replace(file)
                else:
                    write_file(file, bytes(document.content))
            staged.append((each.obligation, tuple(Placed(d.path, d.digest) for d in each.documents)))
        # All are written before the first is synced, and many ask at once: the disk then takes them in a few goes.
        files = [folder / placed.path for _, files in staged for placed in files]
        with ThreadPoolExecutor(_SYNCS) as many:
            list(many.map(_sync_all, (files[start::_SYNCS] for start in range(_SYNCS))))
    except BaseException:
        sweep(output)
        raise
    return Staged(output, folder, tuple(staged))


def _sync_all(files: Iterable[Path]) -> None:
    for file in files:
        sync(file)


def move_into_place(staged: Staged, retiring: Mapping[str, tuple[Move, ...]]) -> Mapping[str, Placing]:
    """Move each envelope's replaced files away and its own into their place, one envelope after the other.

    Args:
        staged: what was staged; its folder is gone afterwards.
        retiring: by obligation, the files of the version that the envelope replaces.

    Returns:
        By obligation, what became of it; an envelope comes to its place whole or not at all.

    Raises:
        Unwritable: a file cannot be moved; `pipeline.ledger.recovery.recover` finds out how far it came.
    """
    outcomes: dict[str, Placing] = {}
    for obligation, files in staged.envelopes:
        outcomes[obligation] = _place(staged, files, retiring.get(obligation, ()))
    placed = (files for obligation, files in staged.envelopes if outcomes[obligation] is Placing.PLACED)
    for folder in sorted({(staged.output / file.path).parent for files in placed for file in files}):
        sync(folder)
    sweep(staged.output)
    return outcomes


def _place(staged: Staged, files: tuple[Placed, ...], moves: tuple[Move, ...]) -> Placing:
    output = staged.output
    leaving = {move.path for move in moves}
    stands = [look(output, move.path, move.digest) for move in moves]
    stands += [look(output, move.to, move.digest) for move in moves]
    stands += [look(output, file.path, file.digest) for file in files if file.path not in leaving]
    if Found.CHANGED in stands:
        return Placing.CHANGED
    if Found.CLOSED in stands:
        return Placing.OPEN
    try:
        for move in moves:
            discard(output, move.path)
            _move(output, move.path, output / move.to)
    except PermissionError:
        take_back(output, (), moves)
        return Placing.OPEN
    for file in files:
        with writing(output / file.path):
            _move(staged.folder, file.path, output / file.path)
    return Placing.PLACED


def _move(folder: Path, path: str, target: Path) -> None:
    source = folder / path
    try:
        source.replace(target)
    except FileNotFoundError:  # the folder is new, or there is nothing to move
        if source.exists():
            make_folder(target.parent)
            source.replace(target)


def is_in_place(output: Path, files: Iterable[Placed], moves: Iterable[Move]) -> bool:
    """Whether an envelope came to its place whole: its files lie there, and those that it replaces lie there no more."""
    files = tuple(files)
    ours = {(file.path, file.digest) for file in files}
    return all(look(output, file.path, file.digest) is Found.SAME for file in files) and all(
        look(output, move.to, move.digest) is Found.SAME
        if (move.path, move.digest) in ours
        else look(output, move.path, move.digest) is not Found.SAME
        for move in moves
    )


def take_back(output: Path, files: Iterable[Placed], moves: Iterable[Move]) -> None:
    """Undo what `move_into_place` did to an envelope: its own files go, those that it replaced come back.

    A file that someone has changed in the meantime stays.

    Raises:
        Unwritable: a file cannot be removed or moved.
    """
    moves = tuple(moves)
    waiting = {(move.path, move.digest) for move in moves if look(output, move.to, move.digest) is not Found.SAME}
    for file in files:
        if (file.path, file.digest) not in waiting and look(output, file.path, file.digest) is Found.SAME:
            with writing(output / file.path):
                (output / file.path).unlink()
    for move in moves:
        if look(output, move.to, move.digest) is Found.SAME and look(output, move.path, move.digest) is Found.MISSING:
            with writing(output / move.path):
                _move(output, move.to, output / move.path)


def retire(output: Path, moves: Iterable[Move], *, erase: bool) -> Placing:
    """Take the files of a letter out of their place, so that nobody sends them.

    Args:
        output: the output folder.
        moves: the files, and where they go.
        erase: they are to lie nowhere: somebody whom they name is protected now.

    Returns:
        Whether they are out of the way; a file that someone has changed, or has open, stays where it is.
    """
    moves = tuple(moves)
    stands = [look(output, move.path, move.digest) for move in moves]
    stands += [look(output, move.to, move.digest) for move in moves if not erase]
    if Found.CHANGED in stands:
        return Placing.CHANGED
    if Found.CLOSED in stands:
        return Placing.OPEN
    try:
        for move in moves:
            discard(output, move.path)
            if erase:
                (output / move.path).unlink(missing_ok=True)
            else:
                _move(output, move.path, output / move.to)
    except PermissionError:
        return Placing.OPEN
    return Placing.PLACED


@contextmanager
def swept(output: Path) -> Iterator[None]:
    """Leave nothing of staging behind, however what is done meanwhile ends; where it cannot be removed, the next run does."""
    try:
        yield
    finally:
        with suppress(Fault):
            sweep(output)


def sweep(output: Path) -> None:
    """Remove what staging left behind, of whichever run.

    Raises:
        Unwritable: it cannot be removed.
    """
    with writing(output):
        for folder in sorted(output.glob(f"{STAGING}*")):
            shutil.rmtree(folder)
