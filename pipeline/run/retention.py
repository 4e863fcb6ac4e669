"""What the office keeps no longer: letters, lists, what letters said, and where deadlines stood.

The obligations stay, so that no letter is made twice; what went is told by numbers alone.
Files go before the ledger says so: a purge that is killed is finished by the next one.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from pipeline.calendars import Calendar, parse_duration
from pipeline.files import run_lock
from pipeline.ledger.model import Purged, Version
from pipeline.ledger.store import Ledger
from pipeline.letters.beside import pdf_path
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.backups import let_go_of_old
from pipeline.run.lost import refuse_without_letters
from pipeline.run.sight import workbook_paths
from pipeline.run.workspace import Workspace
from pipeline.texts import Texts, texts_in


def purge(workspace: Workspace, today: date, at: datetime) -> Purged:
    """Purge what the profile's `retention` says is too old, between runs.

    Raises:
        Fault: the profile or the ledger cannot be used, or a run is under way.
    """
    profile = load_profile(workspace.profile)
    with run_lock(workspace.folder, at), Ledger(workspace.folder / profile.run.ledger) as ledger:
        refuse_without_letters(workspace, ledger)
        return let_go(workspace, profile, today, ledger)


def let_go(workspace: Workspace, profile: Profile, today: date, ledger: Ledger, run: int | None = None) -> Purged:
    """As `purge`, in a run that holds the workspace already."""
    kept = parse_duration(profile.run.retention, Calendar(profile.office.country, profile.office.closed))
    if kept is None:
        return Purged(today)
    before = today - kept
    due = [version for version in ledger.to_purge(before) if _is_gone(workspace.output, version)]
    files = _lists(workspace.output, before, texts_in(profile.office.language))
    for path in workbook_paths(profile):
        let_go_of_old(workspace.folder / path, workspace.folder / profile.run.backups, today)
    return ledger.purge(run, today, Purged(before, len(due), files), due)


def _is_gone(output: Path, version: Version) -> bool:
    """Delete the files of a version; whether nothing is left of them, or the next purge has to try again."""
    left = False
    for path in (path for file in version.files for path in (file.path, pdf_path(file.path))):
        try:
            (output / path).unlink()
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError:  # somebody has it open, or there is no right to it
            left = True
    return not left


def _lists(output: Path, before: date, texts: Texts) -> int:
    """Remove the runs' lists from the folders of days before, and those folders where nothing else is left."""
    names = "|".join(re.escape(texts.name(word)) for word in ("dispatch", "run", "print file"))
    lists = re.compile(rf"(?:{names}) \d+\.(?:xlsx|json|pdf)")
    gone = 0
    for folder in sorted(output.glob("[0-9]*-*-*")):
        try:
            old = date.fromisoformat(folder.name) < before
        except ValueError:
            continue
        for path in folder.iterdir() if old else ():
            if lists.fullmatch(path.name):
                with suppress(OSError):
                    path.unlink()
                    gone += 1
        for empty in (*folder.iterdir(), folder) if old else ():
            with suppress(OSError):  # something of somebody else's lies there
                empty.rmdir()
    return gone
