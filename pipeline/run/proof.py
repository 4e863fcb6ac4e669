"""``verify``: ledger, output, register and snapshots compared with each other, by digests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pipeline.deadlines.compute import DEADLINES, deadlines_of
from pipeline.faults import ClosedBackups, Fault
from pipeline.files import run_lock, shown_name
from pipeline.findings import Finding, Place, Severity
from pipeline.ledger.model import Accounts, Entry, File, State, Version, What
from pipeline.ledger.questions import carried
from pipeline.ledger.sent import by_register, never_sent
from pipeline.ledger.store import Ledger
from pipeline.ledger.verify import verify_ledger, verify_register
from pipeline.letters.beside import pdf_path
from pipeline.letters.write import Found, look
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.backups import kept_until, refuse_closed, snapshot_of
from pipeline.register.model import View
from pipeline.run.lost import refuse_without_memory
from pipeline.run.sight import read, workbook_paths
from pipeline.run.workspace import Workspace
from pipeline.texts import Texts, texts_in

_DIGEST: Final = 64
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_NOT_OURS: Final = re.compile(r"~\$.*|\..*|thumbs\.db|desktop\.ini", re.IGNORECASE)
"""What Word, Windows and Fristbrev itself keep beside the letters while they work."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verification found.

    Attributes:
        findings: of the ledger first, then of the output, the snapshots and the register.
        letters: how many letters were compared.
        files: how many files.
        events: how many rows of what happened.
        unread: why the register could not be compared; None where it was.
    """

    findings: tuple[Finding, ...]
    letters: int
    files: int
    events: int
    unread: Fault | None = None


def verify(workspace: Workspace, today: date, at: datetime) -> Proof:
    """Compare all that Fristbrev has written down with what is there; nothing is changed.

    Raises:
        Fault: the profile or the ledger cannot be used, or a run is under way.
    """
    profile = load_profile(workspace.profile)
    with run_lock(workspace.folder, at), Ledger(workspace.folder / profile.run.ledger, read_only=True) as ledger:
        refuse_without_memory(workspace, ledger)
        accounts, path = ledger.accounts(), ledger.path
    found = [*verify_ledger(accounts, path.name)]
    if not any(finding.severity is Severity.ERROR for finding in found):
        found += _snapshots(accounts, workspace, profile, today)
    found += _output(accounts.entries, workspace.output, texts_in(profile.office.language))
    unread: Fault | None = None
    try:
        reading = read(workspace, today)
    except Fault as fault:
        unread = fault
    else:
        since = accounts.runs[0].day if accounts.runs else None
        entries = carried(accounts.entries)
        view = View(reading.register, reading.rules, today, {DEADLINES: deadlines_of})
        found += verify_register(reading.register, entries.values(), since)
        found += by_register(view, entries.values()).findings
        found += never_sent(view, entries)
    files = sum(len(version.files) for entry in accounts.entries.values() for version in entry.versions)
    return Proof(tuple(found), len(accounts.entries), files, len(accounts.events), unread)


# ------------------------------------------------------------------ the output


def _output(entries: Mapping[str, Entry], output: Path, texts: Texts) -> Iterator[Finding]:
    known: set[str] = set()
    for entry in entries.values():
        for version in entry.versions:
            known |= {file.path for file in version.files} | {file.retires_to for file in version.files if file.retires_to}
            if version.state is not State.INTENDED and version.purged is None:
                yield from _version(entry, version, output)
    yield from _strangers(output, known | {pdf_path(path) for path in known}, texts)


def _version(entry: Entry, version: Version, output: Path) -> Iterator[Finding]:
    lies = version.state is State.PRODUCED
    if not lies and not version.facts:
        return  # it was erased with what it said: somebody in it is protected now
    sent = entry.sent_of(version.number) is not None
    for file in version.files:
        match look(output, file.path, file.digest):
            case Found.MISSING if file.retires_to and look(output, file.retires_to, file.digest) is Found.SAME:
                pass  # on its way out when a run was killed, which is told of the letter itself
            case Found.MISSING:
                yield _about(entry, "letter-missing", file, Severity.ERROR if lies and not sent else Severity.WARNING)
            case Found.CHANGED:
                yield _about(entry, "letter-changed", file, Severity.WARNING)
            case Found.CLOSED:
                yield _about(entry, "letter-closed", file, Severity.ERROR)


def _about(entry: Entry, code: str, file: File, severity: Severity) -> Finding:
    owed = entry.obligation
    return Finding(code, Place(file.path), severity, sheet=owed.record.sheet, record=owed.record.key, value=owed.id)


def _strangers(output: Path, known: set[str], texts: Texts) -> Iterator[Finding]:
    """Files among the letters of which the ledger knows nothing; the folder of the overview is not looked into."""
    lists = re.compile(
        "|".join(
            rf"{_DAY.pattern}/{re.escape(texts.name(word))} \d+\.{suffix}"
            for word, suffix in (("dispatch", "xlsx"), ("run", "json"), ("print file", "pdf"))
        )
    )
    for top in sorted(output.iterdir()) if output.is_dir() else ():
        among = top.is_dir() and (top.name == texts.name("replaced") or _DAY.fullmatch(top.name))
        for path in sorted(top.rglob("*")) if among else (top,):
            name = path.relative_to(output).as_posix()
            ours = name in known or lists.fullmatch(name) or name == texts.name("overview")
            if not (ours or _NOT_OURS.fullmatch(path.name) or (among and path.is_dir())):
                yield Finding("file-unknown", Place(shown_name(name)), Severity.WARNING)


# ------------------------------------------------------------------ the snapshots


def _snapshots(accounts: Accounts, workspace: Workspace, profile: Profile, today: date) -> Iterator[Finding]:
    """The copies of the register as runs have read it, as long as they are kept."""
    backups = workspace.folder / profile.run.backups
    try:
        refuse_closed(backups)
    except ClosedBackups:
        yield Finding("snapshots-closed", Place(profile.run.backups), Severity.WARNING)
        return
    paths = workbook_paths(profile)
    kept = {event.run for event in accounts.events if event.what is What.RAN and " " in event.about}
    last = accounts.runs[-1].number if accounts.runs else 0
    told: set[str] = set()
    for run in reversed(accounts.runs):
        if run.number not in kept or (kept_until(run.day) < today and run.number != last):
            continue
        digests = [run.register[start : start + _DIGEST] for start in range(0, len(run.register), _DIGEST)]
        for path, digest in zip(paths, digests, strict=False):
            if digest not in told and snapshot_of(workspace.folder / path, backups, digest) is None:
                told.add(digest)
                facts = (("run", str(run.number)), ("day", run.day))
                yield Finding("snapshot-missing", Place(Path(path).name), Severity.WARNING, facts=facts)
