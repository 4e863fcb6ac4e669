"""Files: names that every system takes, writing without halves, folders for the group, one run at a time.

>>> safe_name("2026/0141")
'2026-0141'
>>> safe_name('Plan: «A» <utkast>?. ')
'Plan- «A» -utkast--'
>>> safe_name("con.docx")
'con_.docx'
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import socket
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from pipeline.faults import Busy, BusyFor, OtherEncoding, UnnameableFolder, Unwritable
from pipeline.texts import message

LONGEST_NAME: Final = 120
"""Bytes; Windows counts 260 characters for the whole path, and a workspace may lie deep."""

FILE_MODE: Final = 0o640
FOLDER_MODE: Final = 0o2750
"""Readable by the office's group, which new files inherit from their folder."""

_CANNOT_SYNC: Final = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}
_FORBIDDEN: Final = re.compile(r'[/\\:*?"<>|]')
_BLANKS: Final = re.compile(r"\s+")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?=\.|$)", re.IGNORECASE)
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def safe_name(text: str, longest: int = LONGEST_NAME) -> str:
    """The text as a name for a file or folder that Windows, Linux and macOS all take, with any suffix kept.

    What no name may hold becomes a hyphen; the name is NFC, does not begin or end with a dot or blank, and is never empty.
    A name made safe stays as it is when made safe again.

    Args:
        text: any text.
        longest: the most bytes that the name may have in UTF-8; at least 20.

    Source of the forbidden characters and reserved names: Microsoft, «Naming Files, Paths, and Namespaces».
    """
    visible = "".join(
        "-" if unicodedata.category(character) in _INVISIBLE and not character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
    )
    name = _trimmed(_FORBIDDEN.sub("-", _BLANKS.sub(" ", visible)))
    reserved = _RESERVED.match(name)
    if reserved:
        name = f"{reserved[1]}_{name[reserved.end() :]}"
    if len(name.encode()) > longest:
        found = _SUFFIX.search(name)
        suffix = found[0] if found else ""
        head = name[: len(name) - len(suffix)].encode()[: longest - len(suffix)]
        name = _trimmed(head.decode(errors="ignore")) + suffix
    return name or "_"


def _trimmed(name: str) -> str:
    return name.strip(". ")


def shown_name(name: str) -> str:
    """A file's name as it is shown: bytes that are no text, which other systems leave in names, become a question mark.

    >>> shown_name("brev p\udcf8.docx")
    'brev p\ufffd.docx'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def refuse_unnameable(folder: Path) -> None:
    """See that files in a folder can be named: by the account's locale, which must know every letter, and by text.

    Raises:
        OtherEncoding: names are written in an encoding that does not hold every letter.
        UnnameableFolder: the folder's path holds bytes that are no text.
    """
    encoding = sys.getfilesystemencoding()
    if encoding.lower().replace("-", "") != "utf8":
        raise OtherEncoding(encoding=encoding)
    path = str(folder.resolve())
    if path != shown_name(path):
        raise UnnameableFolder(folder=shown_name(path))


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def make_folder(folder: Path) -> None:
    """Make the folder and those above it where they are missing, open to the office's group.

    Raises:
        Unwritable: it cannot be made.
    """
    missing = [folder, *folder.parents]
    while missing and missing[-1].is_dir():
        missing.pop()
    for step in reversed(missing):
        with writing(step):
            step.mkdir(exist_ok=True)
        _grant(step, FOLDER_MODE)


def write_file(path: Path, content: bytes) -> None:
    """Write a file into an existing folder, open to the office's group; it is on the disk only after `sync`.

    Raises:
        Unwritable: it cannot be written.
    """
    with writing(path):
        _write(path, content, FILE_MODE)


def sync(path: Path) -> None:
    """See to it that a file, or the names in a folder, outlive a power cut.

    Windows cannot do it for folders, and some network drives for neither: the rename is then as safe as that system makes it.

    Raises:
        Unwritable: the disk did not take the file after all.
    """
    folder = path.is_dir()
    with writing(path):
        try:
            handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            if not folder and error.errno not in _CANNOT_SYNC:
                raise


def write_atomically(path: Path, content: bytes, mode: int = FILE_MODE) -> None:
    """Write the file so that it is at every moment the complete old or the complete new one; `mode` says who may read it.

    Raises:
        Unwritable: it cannot be written; the old one is untouched.
    """
    with writing(path):
        _replace(path, content, mode)


def replace_or_beside(path: Path, content: bytes, day: date) -> Path:
    """Write the file, or beside it with the day in its name where someone has it open and it cannot be replaced.

    Returns:
        Where it went.

    Raises:
        Unwritable: neither can be written.
    """
    with writing(path):
        try:
            _replace(path, content, FILE_MODE)
        except PermissionError:
            if not path.exists():
                raise
        else:
            return path
    beside = path.with_name(f"{path.stem} {day.isoformat()}{path.suffix}")
    write_atomically(beside, content)
    return beside


def _write(path: Path, content: bytes, mode: int) -> None:
    with open(path, "wb", opener=partial(os.open, mode=mode)) as file:
        file.write(content)
    _grant(path, mode)


def _replace(path: Path, content: bytes, mode: int) -> None:
    fresh = path.with_name(f".{path.name}.new")
    try:
        _write(fresh, content, mode)
        sync(fresh)
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise
    sync(path.parent)


@contextmanager
def run_lock(folder: Path, at: datetime) -> Iterator[str]:
    """Hold the workspace for one run; the system lets go of it when the process ends, however it ends.

    Args:
        folder: the workspace.
        at: since when, for whoever finds it held.

    Yields:
        Who held it last and was ended by force, so that it could not let go: process, machine and time; else nothing.

    Raises:
        Busy: another run holds it.
        Unwritable: the lock cannot be made.
    """
    owner = folder / ".fristbrev.owner"
    lock = FileLock(folder / ".fristbrev.lock")
    with writing(folder):
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise _busy(_owner(owner), at) from None
    try:
        stale = _owner(owner)
        write_file(owner, f"{os.getpid()}@{socket.gethostname()}, {at:%Y-%m-%d %H:%M}".encode())
        yield stale
    finally:
        with suppress(OSError):
            owner.unlink()
        lock.release()


def _owner(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace")
    return ""


def _busy(owner: str, at: datetime) -> Busy:
    """The fault with who holds the workspace, and for how long where that can be told."""
    with suppress(ValueError):
        minutes = int((at - datetime.fromisoformat(owner.rpartition(", ")[2])).total_seconds() // 60)
        if minutes >= 0:
            return BusyFor(owner=owner, minutes=minutes)
    return Busy(owner=owner or "?")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system says while `path` is written into a fault with a reason that a person can act on.

    Raises:
        Unwritable: the system refused.
    """
    try:
        yield
    except OSError as error:
        raise Unwritable(path=path, reason=_reason(error)) from error


_REASONS: Final = {
    ("ENOSPC", "EDQUOT"): message("there is no room left"),
    ("EROFS",): message("the disk is read-only"),
    ("EACCES", "EPERM"): message("there is no right to write there, or someone has the file open"),
    ("EBUSY", "ETXTBSY"): message("someone has it open"),
    ("ENAMETOOLONG",): message("its name is too long"),
    ("EEXIST", "EISDIR", "ENOTDIR", "ENOTEMPTY"): message("something else stands in its place"),
    ("ENOENT",): message("its folder is not there"),
}
"""By the names of the errors, since their numbers differ between systems."""


def _reason(error: OSError) -> str:
    name = errno.errorcode.get(error.errno or 0, "")
    return next((reason for names, reason in _REASONS.items() if name in names), message("the drive does not answer"))


def _grant(path: Path, mode: int) -> None:
    """Windows and some network drives keep rights in their own way."""
    with suppress(OSError):
        path.chmod(mode)
