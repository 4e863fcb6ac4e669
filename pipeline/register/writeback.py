"""The one module that changes a register: the new file takes the old one's place whole, or not at all.

Nobody's save is overwritten.
The marks that Excel and LibreOffice leave beside an open workbook are a courtesy that some ways of opening it forgo;
the guard is the digest of what was read, asked for once more in the last instant.
What happened is known after a kill as well: a journal beside the backups says what was under way.

Between the link to the present version and the exchange two system calls lie, with nothing between them:
a workbook exchanged in that instant is the one thing that cannot be seen; one written into in that instant is put back.
Windows does both in one call, which also keeps the rights and attributes that the register has there.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pipeline.faults import ClosedBackups, Fault, Unwritable
from pipeline.files import digest, run_lock, safe_name, sync, write_atomically, writing
from pipeline.findings import Place
from pipeline.register.backups import PRIVATE_FILE, back_up, backups_of, let_go_of_old, make_private, snapshot_of
from pipeline.register.beside import marks
from pipeline.register.grid import Raw
from pipeline.register.readback import assure_unharmed, cell_at, cells_of
from pipeline.register.splice import New, Refusal, splice
from pipeline.texts import message


class RegisterOpen(Fault):
    """Somebody has the register open."""

    sentence = message(
        "{who} has the register {file} open since {day} {time}. What is to be written into it waits for the next run."
    )
    exit_code = 4


class RegisterChanged(Fault):
    """The register is no longer the file that was read."""

    sentence = message(
        "The register {file} was saved while the run was under way. What is to be written into it waits for the next run."
    )
    exit_code = 4


class NoBackup(Fault):
    """There is no backup of the name."""

    sentence = message("There is no backup «{name}». «fristbrev restore» lists those that there are.")


SOMEBODY: Final = message("Somebody")
READ_ONLY: Final = message("it is marked as read-only")


@dataclass(frozen=True, slots=True)
class Change:
    """A value for a cell, and what the cell held when the register was read.

    Attributes:
        value: what it shall hold.
        was: what it held; an empty text where it was empty.
    """

    value: New
    was: Raw = ""


@dataclass(frozen=True, slots=True)
class WrittenBack:
    """What came of it: the cells that hold their new value, and those that were left, each with its reason."""

    written: tuple[Place, ...] = ()
    refused: Mapping[Place, Refusal] = field(default_factory=dict)


# ------------------------------------------------------------------ writing


Step = Callable[[str], None]
"""Told the name of each step once it is done."""


def write_back(
    register: Path, read: str, changes: Mapping[Place, Change], backups: Path, at: datetime, *, done: Step = lambda _: None
) -> WrittenBack:
    """Put values into cells of the register.

    Args:
        register: the workbook.
        read: the digest of the file that was read.
        changes: by place.
        backups: the folder for the version that is replaced, open to its owner alone.
        at: the time.
        done: told after each step; tests end the process there.

    Raises:
        RegisterOpen: somebody has it open.
        RegisterChanged: it is no longer the file that was read; theirs is kept.
        Unspliceable: it is of a kind that cannot be changed without risk.
        Unwritable: no room, no right, or the drive does not answer.
        Busy: another process is writing.
    """
    register = register.resolve()
    make_private(backups)
    with run_lock(backups, at):
        recover_register(register, backups)
        present = _read_once(register)
        content = present if digest(present) == read else _as_read(register, read, backups)
        if content is present:
            _refuse_open(register)
        cells = cells_of(register.name, content)
        still = {place: change for place, change in changes.items() if cell_at(cells, place) == change.was}
        spliced = splice(register.name, content, {place: change.value for place, change in still.items()})
        refused = dict.fromkeys(changes.keys() - still.keys(), Refusal.CHANGED) | dict(spliced.refused)
        if spliced.content != present:
            if content is not present:
                raise RegisterChanged(file=register.name)
            assure_unharmed(register.name, content, spliced)
            _exchange(_Exchange(register, content, spliced.content, backups, at.date(), done))
        return WrittenBack(tuple(spliced.written), refused)


def _as_read(register: Path, read: str, backups: Path) -> bytes:
    """What was read, which no longer stands there: a run may have written into it, and been killed before its end."""
    kept = snapshot_of(register, backups, read)
    if kept is None:
        raise RegisterChanged(file=register.name)
    with writing(kept):
        return kept.read_bytes()


def _refuse_open(register: Path) -> None:
    for mark in marks(register):
        raise RegisterOpen(file=register.name, who=mark.who or SOMEBODY, day=mark.since.date(), time=f"{mark.since:%H:%M}")


def _refuse_changed(register: Path, read: str) -> bytes:
    """The file's bytes, which must be those that were read."""
    content = _read_once(register)
    if digest(content) != read:
        raise RegisterChanged(file=register.name)
    return content


def _read_once(register: Path) -> bytes:
    """The file's bytes, as long as nobody writes into it meanwhile."""
    with writing(register):
        before = register.stat()
        content = register.read_bytes()
        after = register.stat()
    if (before.st_mtime_ns, before.st_size, before.st_ino) != (after.st_mtime_ns, after.st_size, after.st_ino):
        raise RegisterChanged(file=register.name)
    return content


@dataclass(frozen=True, slots=True)
class _Journal:
    """What is under way: the digests of old and new version, and the names that lie beside the register meanwhile."""

    before: str
    after: str
    fresh: str
    kept: str
    day: str


def _journal_of(register: Path, backups: Path) -> Path:
    return backups / f".{safe_name(register.stem)} {digest(os.fsencode(register))[:8]}.json"


@dataclass(frozen=True, slots=True)
class _Exchange:
    register: Path
    old: bytes
    new: bytes
    backups: Path
    day: date
    done: Step


def _exchange(exchange: _Exchange) -> None:
    """Backup, new file beside the old one, last look, exchange, and a look at what came of it."""
    register, done = exchange.register, exchange.done
    if not os.access(register, os.W_OK):
        raise Unwritable(path=register, reason=READ_ONLY)
    before, after = digest(exchange.old), digest(exchange.new)
    fresh, kept = (register.with_name(f".{register.stem}.{after[:12]}.{end}") for end in ("new", "old"))
    journal = _Journal(before, after, fresh.name, kept.name, exchange.day.isoformat())
    try:
        write_atomically(_journal_of(register, exchange.backups), json.dumps(asdict(journal)).encode(), PRIVATE_FILE)
        done("journal")
        back_up(register, exchange.old, exchange.backups, exchange.day)
        done("backup")
        _write_beside(fresh, exchange.new, register)
        done("new file")
        _refuse_open(register)
        _refuse_changed(register, before)
        with writing(register):
            _change_places(register, fresh, kept, done)
        sync(register.parent)
        done("exchange")
    except BaseException:
        recover_register(register, exchange.backups)
        raise
    if not recover_register(register, exchange.backups):
        raise RegisterChanged(file=register.name)
    let_go_of_old(register, exchange.backups, exchange.day)
    done("end")


def recover_register(register: Path, backups: Path) -> bool:
    """Finish what a killed writer left: whichever version stands in the register's place, nothing else stays.

    A version that somebody saved into while it was being replaced comes back;
    where a third one stands there by now, it becomes a backup.
    Called again, it does the same.

    Returns:
        Whether the new version stands there; also True where nothing was under way.

    Raises:
        Unwritable: something cannot be put back or removed.
    """
    register = register.resolve()
    path = _journal_of(register, backups)
    with writing(backups):
        try:
            said = path.read_bytes()
        except FileNotFoundError:
            return True
    try:
        journal = _Journal(**json.loads(said))
    except (ValueError, TypeError):
        return True
    fresh, kept = register.with_name(journal.fresh), register.with_name(journal.kept)
    with writing(register):
        if kept.exists() and not register.exists():
            kept.replace(register)  # Windows was stopped between taking the old version away and putting the new one there
        present = digest(register.read_bytes()) if register.exists() else ""
        replaced = kept.read_bytes() if kept.exists() else None
        saved_into = replaced is not None and digest(replaced) not in {journal.before, present}
        if saved_into and present == journal.after:
            kept.replace(register)
        elif saved_into and replaced is not None:
            back_up(register, replaced, backups, date.fromisoformat(journal.day))
        fresh.unlink(missing_ok=True)
        kept.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    return present == journal.after and not saved_into


def _write_beside(fresh: Path, content: bytes, register: Path) -> None:
    """The new version in the register's folder, on the disk, with the rights of the old one."""
    with writing(register):
        rights = register.stat()
        with fresh.open("wb") as file:
            file.write(content)
        with suppress(OSError):  # some network drives keep rights in their own way
            fresh.chmod(stat.S_IMODE(rights.st_mode))
            if hasattr(os, "chown"):
                os.chown(fresh, rights.st_uid, rights.st_gid)
                fresh.chmod(stat.S_IMODE(rights.st_mode))  # a change of owner takes some of them away
    sync(fresh)


def _change_places(register: Path, fresh: Path, kept: Path, done: Step) -> None:
    """Put the new version in the register's place and keep a second name for the one that stood there."""
    if sys.platform == "win32":
        _replace_on_windows(register, fresh, kept)
        return
    _link(register, kept)
    done("link")
    fresh.replace(register)


if sys.platform == "win32":

    def _replace_on_windows(register: Path, fresh: Path, kept: Path) -> None:
        """Exchange the files in one call, which keeps rights and attributes; Microsoft, «ReplaceFileW function»."""
        import ctypes

        ignore_rights_that_cannot_be_merged = 0x2
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        if not kernel.ReplaceFileW(str(register), str(fresh), str(kept), ignore_rights_that_cannot_be_merged, None, None):
            raise ctypes.WinError(ctypes.get_last_error())


_NO_LINKS: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EACCES}


def _link(register: Path, kept: Path) -> None:
    """A second name for the version that is about to be replaced, where the drive knows such; else the digest must do."""
    try:
        os.link(register, kept)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise


# ------------------------------------------------------------------ restoring


def restore(register: Path, name: str, backups: Path, at: datetime) -> Path:
    """Put a backup in the register's place, after a backup of the present version.

    Returns:
        The backup of the version that stood there; the restored one itself where none did.

    Raises:
        NoBackup: there is none of the name.
        ClosedBackups: the account may not read it.
        RegisterOpen: somebody has the register open.
        RegisterChanged: somebody saved it meanwhile; theirs is kept.
        Unwritable: no room, no right, or the drive does not answer.
        Busy: another process is writing.
    """
    register = register.resolve()
    found = next((backup.path for backup in backups_of(register, backups) if backup.path.name == name), None)
    if found is None:
        raise NoBackup(name=name)
    with run_lock(backups, at):
        recover_register(register, backups)
        _refuse_open(register)
        try:
            content = found.read_bytes()
        except PermissionError as error:
            raise ClosedBackups(path=str(found)) from error
        if not register.exists():
            write_atomically(register, content)
            return found
        present = _read_once(register)
        if present != content:
            _exchange(_Exchange(register, present, content, backups, at.date(), lambda _: None))
        return back_up(register, present, backups, at.date())
