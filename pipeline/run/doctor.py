"""What the machine lacks for a night to go well, and how to mend it."""

from __future__ import annotations

import locale
import platform
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import psutil
from filelock import FileLock, Timeout

from pipeline.faults import Fault, OtherEncoding, UnnameableFolder, in_words
from pipeline.files import refuse_unnameable
from pipeline.ledger.store import Ledger
from pipeline.letters.pdf import find_libreoffice
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.run.lost import (
    LostLedger,
    LostOutput,
    OlderLedger,
    refuse_with_older_memory,
    refuse_without_letters,
    refuse_without_memory,
)
from pipeline.run.mail import MailNotSent, check
from pipeline.run.sight import workbook_paths
from pipeline.run.workspace import Workspace
from pipeline.texts import Texts

_FONTS: Final = ("Carlito", "Liberation Sans", "Liberation Serif")
_OLDEST_LIBREOFFICE: Final = (7, 4)
_ROOM: Final = 1 << 30
_SKEW: Final = timedelta(minutes=5)
_NETWORK: Final = re.compile(r"nfs|cifs|smb|sshfs|davfs|9p|afs|ncp|remote", re.IGNORECASE)
_LATE: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes:
        check: its name, stable.
        state: ``ok``; ``warning`` where a night goes without it, ``error`` where it does not.
        message: what is there.
        cure: how to mend it; empty where it is in order.
    """

    check: str
    state: str
    message: str
    cure: str = ""


def examine(workspace: Workspace, now: datetime, texts: Texts) -> Iterator[Diagnosis]:
    """Look at everything; nothing stays changed."""
    yield Diagnosis("python", "ok", f"Python {platform.python_version()}, {platform.system()}")
    yield _encoding(workspace, texts)
    yield _libreoffice(texts)
    yield _fonts(texts)
    try:
        profile = load_profile(workspace.profile)
    except Fault as fault:
        yield Diagnosis("profile", "error", in_words(fault, texts), texts("«fristbrev validate» tells each mistake."))
        return
    yield Diagnosis("profile", "ok", texts("The profile is in order."))
    yield from _folders(workspace, profile, texts)
    yield _clock(workspace, now, texts)
    yield _disk(workspace, texts)
    yield from _ledger(workspace, profile, now.date(), texts)
    yield _lock(workspace, texts)
    if profile.mail is not None:
        try:
            check(profile.mail, workspace.folder)
        except MailNotSent as fault:
            yield Diagnosis("mail", "warning", in_words(fault, texts), texts("See docs/drift.md, «E-post»."))
        else:
            yield Diagnosis("mail", "ok", texts("The mail server answers."))


def _encoding(workspace: Workspace, texts: Texts) -> Diagnosis:
    files, text = sys.getfilesystemencoding(), locale.getpreferredencoding(do_setlocale=False)
    said = texts("File names are {files}, texts {text}.", files=files, text=text)
    try:
        refuse_unnameable(workspace.folder)
    except OtherEncoding:
        cure = texts("Set the environment variable PYTHONUTF8 to 1 for the account that runs this.")
        return Diagnosis("encoding", "error", said, cure)
    except UnnameableFolder as fault:
        return Diagnosis("encoding", "error", in_words(fault, texts))
    return Diagnosis("encoding", "ok", said)


def _libreoffice(texts: Texts) -> Diagnosis:
    cure = texts("Install LibreOffice Writer 7.4 or later. Only --pdf needs it.")
    try:
        program = find_libreoffice()
        said = _said([program, "--version"])
    except (Fault, OSError, subprocess.SubprocessError):
        return Diagnosis("libreoffice", "warning", texts("LibreOffice is not there."), cure)
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < _OLDEST_LIBREOFFICE:
        return Diagnosis("libreoffice", "warning", texts("LibreOffice is too old: {said}", said=said.strip()), cure)
    return Diagnosis("libreoffice", "ok", said.strip())


def _fonts(texts: Texts) -> Diagnosis:
    if sys.platform == "win32":
        return Diagnosis("fonts", "ok", texts("Windows has the fonts of Word."))
    try:
        there = _said(["fc-list", ":", "family"])
    except (OSError, subprocess.SubprocessError):
        there = ""
    missing = [font for font in _FONTS if font not in there]
    if not missing:
        return Diagnosis("fonts", "ok", texts("The fonts are there: {fonts}", fonts=", ".join(_FONTS)))
    cure = texts(
        "Install fonts-crosextra-carlito and fonts-liberation; without them PDF break their lines elsewhere than Word."
    )
    return Diagnosis("fonts", "warning", texts("Fonts are missing: {fonts}", fonts=", ".join(missing)), cure)


def _said(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout  # noqa: S603 -- our own words


def _folders(workspace: Workspace, profile: Profile, texts: Texts) -> Iterator[Diagnosis]:
    folders = {workspace.folder, workspace.output, (workspace.folder / profile.run.ledger).parent}
    folders.add(workspace.folder / profile.run.backups)
    books = [workspace.folder / path for path in workbook_paths(profile)]
    if profile.register_file.write_back:
        folders |= {book.parent for book in books}
    bad = [str(folder) for folder in sorted(folders) if not _can_write(folder)]
    if bad:
        cure = texts("Give the account that runs this the right to write there.")
        yield Diagnosis("rights", "error", texts("There is no right to write in {folders}.", folders=", ".join(bad)), cure)
    else:
        yield Diagnosis("rights", "ok", texts("The folders can be written in."))
    unread = [str(book) for book in books if not _can_read(book)]
    if unread:
        cure = texts("Put the register in its place, or give the account that runs this the right to read it.")
        yield Diagnosis("register", "error", texts("The register cannot be read: {files}", files=", ".join(unread)), cure)
    else:
        yield Diagnosis("register", "ok", texts("The register can be read."))


def _can_write(folder: Path) -> bool:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    probe = there / ".fristbrev.probe"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


def _can_read(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False


def _clock(workspace: Workspace, now: datetime, texts: Texts) -> Diagnosis:
    """The machine's clock beside that of whoever keeps the folder, which may be a file server."""
    probe = workspace.folder / ".fristbrev.probe"
    try:
        probe.write_bytes(b"")
        skew = abs(datetime.fromtimestamp(probe.stat().st_mtime, tz=now.astimezone().tzinfo) - now.astimezone())
        probe.unlink()
    except OSError:
        skew = timedelta(0)
    if skew <= _SKEW:
        return Diagnosis("clock", "ok", texts("The clock says {day} {time}.", day=now.date(), time=f"{now:%H:%M}"))
    said = texts(
        "The clock of this machine and that of the drive are {minutes} minutes apart.", minutes=int(skew.total_seconds() / 60)
    )
    return Diagnosis("clock", "warning", said, texts("Let both set their clocks by a time server."))


def _disk(workspace: Workspace, texts: Texts) -> Diagnosis:
    free = shutil.disk_usage(workspace.folder).free
    said = texts("{megabytes} MB are free.", megabytes=free >> 20)
    if free >= _ROOM:
        return Diagnosis("disk", "ok", said)
    return Diagnosis(
        "disk", "error" if free < _ROOM >> 4 else "warning", said, texts("Make room on the drive of the workspace.")
    )


def _ledger(workspace: Workspace, profile: Profile, today: date, texts: Texts) -> Iterator[Diagnosis]:
    path = (workspace.folder / profile.run.ledger).resolve()
    drive = file_system(path, [(part.mountpoint, f"{part.fstype} {part.opts}") for part in psutil.disk_partitions(all=True)])
    if str(path).startswith("\\\\") or _NETWORK.search(drive.split(" ")[0]) or drive.endswith("remote"):
        cure = texts("Set «ledger» under [run] in profile.toml to a path on a drive of this machine.")
        yield Diagnosis("ledger drive", "warning", texts("The ledger lies on a network drive, which may damage it."), cure)
    else:
        yield Diagnosis("ledger drive", "ok", texts("The ledger lies on a drive of this machine."))
    try:
        with Ledger(path, read_only=True) as ledger:
            refuse_without_memory(workspace, ledger)
            refuse_with_older_memory(workspace, ledger)
            refuse_without_letters(workspace, ledger)
            last = next((run.day for run in reversed(ledger.runs()) if run.finished), None)
    except (LostLedger, OlderLedger, LostOutput) as fault:
        yield Diagnosis("ledger", "error", in_words(fault, texts))
        return
    except Fault as fault:
        yield Diagnosis("ledger", "error", in_words(fault, texts), texts("Put the ledger back from its backup."))
        return
    open_to_all = path.exists() and sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077
    if open_to_all:
        cure = texts("Take the right to read it from all but its owner: chmod 600 {file}", file=str(path))
        yield Diagnosis("ledger", "warning", texts("Others than its owner may read the ledger."), cure)
    else:
        yield Diagnosis("ledger", "ok", texts("The ledger is in order."))
    if last is not None and today - last >= _LATE:
        cure = texts("See whether the nightly run is set up: «fristbrev schedule».")
        yield Diagnosis("last run", "warning", texts("The last good run was on {day}.", day=last), cure)


def file_system(path: Path, mounts: Sequence[tuple[str, str]]) -> str:
    """The kind of drive that a path lies on, of mount points and kinds; the longest mount point that holds it counts."""
    holding = [(mount, kind) for mount, kind in mounts if path.is_relative_to(mount)]
    return max(holding, key=lambda each: len(each[0]), default=("", ""))[1]


def _lock(workspace: Workspace, texts: Texts) -> Diagnosis:
    lock = FileLock(workspace.folder / ".fristbrev.lock")
    try:
        lock.acquire(blocking=False)
    except (Timeout, OSError):
        return Diagnosis("lock", "warning", texts("A run is under way."), texts("Wait until it has ended, then look again."))
    lock.release()
    return Diagnosis("lock", "ok", texts("No run is under way."))
