"""What a run writes into the register, where the profile switches it on; and bringing a backup back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline.faults import Fault
from pipeline.files import run_lock
from pipeline.findings import Place
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.backups import Backup, backups_of, let_go_of_old, refuse_closed, take_snapshot
from pipeline.register.splice import Refusal
from pipeline.register.writeback import Change, NoBackup, recover_register, restore, write_back
from pipeline.run.sight import Sight, workbook_paths
from pipeline.run.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IntoRegister:
    """What came of writing into the register, where the profile switches it on.

    Attributes:
        written: the cells that were filled.
        refused: the cells that must stay as they are, and why.
        waiting: how many dates wait in the ledger for the next run.
        faults: why they wait: somebody has the register open, or has saved it.
    """

    written: tuple[Place, ...] = ()
    refused: Mapping[Place, Refusal] = field(default_factory=dict)
    waiting: int = 0
    faults: tuple[Fault, ...] = ()


def write_into_register(workspace: Workspace, sight: Sight, at: datetime) -> IntoRegister:
    """Fill the register's empty ``sent`` cells; what must wait stays in the ledger, and the next run tries again."""
    into = IntoRegister()
    if not sight.profile.register_file.write_back:
        return into
    backups = workspace.folder / sight.profile.run.backups
    for path, dates in sight.unwritten.items():
        changes = {place: Change(day) for place, day in dates.items()}
        try:
            done = write_back(workspace.folder / path, sight.digests[path], changes, backups, at)
        except Fault as fault:
            into = replace(into, waiting=into.waiting + len(dates), faults=(*into.faults, fault))
        else:
            into = replace(into, written=(*into.written, *done.written), refused={**into.refused, **done.refused})
    return into


def keep_as_read(workspace: Workspace, sight: Sight) -> Fault | None:
    """Let go of the backups that are too old, and keep the register as this run has read it; why it could not be kept."""
    backups, today = workspace.folder / sight.profile.run.backups, sight.view.today
    try:
        for path, workbook in sight.workbooks.items():
            let_go_of_old(workspace.folder / path, backups, today)
            take_snapshot(workspace.folder / path, workbook.content, backups, today)
    except Fault as fault:
        return fault
    return None


def recover_registers(workspace: Workspace, profile: Profile) -> None:
    """Take away what a killed writer left beside the register, whichever whole version stands there."""
    for path in workbook_paths(profile):
        with suppress(Fault):  # the register can be read all the same; writing into it tells the fault
            recover_register(workspace.folder / path, workspace.folder / profile.run.backups)


def register_backups(workspace: Workspace) -> Mapping[str, tuple[Backup, ...]]:
    """The backups of each workbook of the register, the latest first; by its path in the profile.

    Raises:
        ClosedBackups: the account may not read them.
    """
    profile = load_profile(workspace.profile)
    folder = workspace.folder / profile.run.backups
    refuse_closed(folder)
    return {path: backups_of(workspace.folder / path, folder) for path in workbook_paths(profile)}


def restore_register(workspace: Workspace, name: str, at: datetime) -> Path:
    """Put a backup in the place of the workbook that it is of.

    Returns:
        The backup of the version that stood there.

    Raises:
        Fault: there is no such backup, or it cannot be put there now.
    """
    with run_lock(workspace.folder, at):
        found = register_backups(workspace)
        paths = [path for path, backups in found.items() if any(backup.path.name == name for backup in backups)]
        if not paths:
            raise NoBackup(name=name)
        return restore(workspace.folder / paths[0], name, workspace.folder / load_profile(workspace.profile).run.backups, at)
