"""The versions of a register that are kept: each that a run has read, each that was replaced; for their owner alone.

The names say the day and, by the beginning of its digest, the version. One version is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from pipeline.faults import ClosedBackups
from pipeline.files import digest, safe_name, write_atomically, writing


@dataclass(frozen=True, slots=True)
class Backup:
    """A version of a register that is kept.

    Attributes:
        path: where it lies.
        day: on which a run first read it, or it was replaced.
        digest: the first characters of its digest.
    """

    path: Path
    day: date
    digest: str


def back_up(register: Path, content: bytes, backups: Path, day: date) -> Path:
    """Keep a version of the register, for its owner alone; the name says the day and, by digest, the version.

    Raises:
        Unwritable: it cannot be written.
    """
    make_private(backups)
    name = safe_name(f"{register.stem} {day.isoformat()} {digest(content)[:8]}{register.suffix}")
    path = backups / name
    with writing(backups):
        kept = path.exists() and path.read_bytes() == content
    if not kept:
        write_atomically(path, content, PRIVATE_FILE)
    return path


KEPT_FOR: Final = timedelta(days=30)
"""How long a backup is kept; the latest is kept for good."""


def take_snapshot(register: Path, content: bytes, backups: Path, day: date) -> Path:
    """Keep the register as a run has read it, for its owner alone; one version is kept once, however many runs read it.

    Raises:
        Unwritable: it cannot be written.
    """
    return snapshot_of(register, backups, digest(content)) or back_up(register, content, backups, day)


def snapshot_of(register: Path, backups: Path, version: str) -> Path | None:
    """The backup that holds the version of the register with this digest; None where none does, whatever its name says."""
    for backup in backups_of(register, backups):
        if backup.digest == version[:8]:
            with suppress(OSError):
                if digest(backup.path.read_bytes()) == version:
                    return backup.path
    return None


def kept_until(day: date) -> date:
    """The last day on which a backup of this day is certain to be kept."""
    return day + KEPT_FOR


def let_go_of_old(register: Path, backups: Path, day: date) -> int:
    """Delete the backups that are older than they are kept, the latest apart; how many went."""
    gone = 0
    for backup in backups_of(register, backups)[1:]:
        if kept_until(backup.day) < day:
            with suppress(OSError):  # tidying up is no reason to fail; the next time will do
                backup.path.unlink()
                gone += 1
    return gone


def backups_of(register: Path, backups: Path) -> tuple[Backup, ...]:
    """The register's backups, the latest first."""
    return tuple(sorted(_backups(register, backups), key=lambda backup: (backup.day, backup.path.name), reverse=True))


def refuse_closed(backups: Path) -> None:
    """See that what lies in the folder of backups can be told.

    Raises:
        ClosedBackups: the account may not read it.
    """
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            next(backups.iterdir(), None)
    except PermissionError as error:
        raise ClosedBackups(path=str(backups)) from error


def _backups(register: Path, backups: Path) -> Iterator[Backup]:
    for path in backups.glob(f"*{register.suffix}"):
        stem, _, rest = path.stem.rpartition(" ")
        name, _, day = stem.rpartition(" ")
        if name == Path(safe_name(register.name)).stem:
            with suppress(ValueError):
                yield Backup(path, date.fromisoformat(day), rest)


_PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600


def make_private(folder: Path) -> None:
    """Make the folder where it is missing, for its owner alone.

    Raises:
        Unwritable: it cannot be made.
    """
    with writing(folder):
        if not folder.is_dir():
            folder.mkdir(mode=_PRIVATE_FOLDER, parents=True)
