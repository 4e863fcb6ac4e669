"""The nights of several offices: each in a process of its own, side by side, here or on a cluster, and one picture of all.

A workspace knows nothing of the others: what goes wrong in one leaves the rest as they would have been alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pipeline.faults import BUSY, Fault
from pipeline.files import make_folder, replace_or_beside
from pipeline.ledger.store import Ledger
from pipeline.lists.offices import Night, OfficeNight, offices_page
from pipeline.profile.load import load_profile
from pipeline.run.workspace import Workspace
from pipeline.texts import Texts, message, texts_in

_LEFT_UNDONE: Final = 3


class NoCluster(Fault):
    """Nobody answers at the address of the cluster, or what talks to it is not installed."""

    sentence = message(
        "The cluster {address} does not answer ({reason}). See that its scheduler runs and can be reached from here, "
        "and that «pip install fristbrev[cluster]» was done."
    )


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one workspace's night.

    Attributes:
        folder: the workspace.
        exit_code: of its run.
        said: what its run told on the terminal.
        complaints: what it told besides, of what was left undone and why.
    """

    folder: Path
    exit_code: int
    said: str
    complaints: str


def run_workspace(folder: Path, wishes: Sequence[str]) -> Ran:
    """Run one workspace in a process of its own, as the command line does; `wishes` are what is typed after its name."""
    command = [sys.executable, "-P", "-m", "pipeline", "--workspace", str(folder), *wishes]
    ran = subprocess.run(  # noqa: S603 -- this program
        command, capture_output=True, check=False, encoding="utf-8", errors="replace", env={**os.environ, "PYTHONUTF8": "1"}
    )
    return Ran(folder, ran.returncode if ran.returncode >= 0 else 2, ran.stdout, ran.stderr)


def run_here(folders: Sequence[Path], wishes: Sequence[str], at_once: int, tell: Callable[[Ran], None]) -> tuple[Ran, ...]:
    """Run the workspaces on this machine, so many at once; each is told of when it has ended.

    Returns:
        What became of each, in the order of the folders.
    """
    with ThreadPoolExecutor(at_once) as pool:
        begun = [pool.submit(run_workspace, folder, wishes) for folder in folders]
        for each in as_completed(begun):
            tell(each.result())
        return tuple(each.result() for each in begun)


def run_on_cluster(
    address: str, folders: Sequence[Path], wishes: Sequence[str], tell: Callable[[Ran], None]
) -> tuple[Ran, ...]:
    """The same on the workers of a Dask cluster, which see the same folders under the same paths.

    Raises:
        NoCluster: it does not answer.
    """
    try:
        import distributed
    except ImportError as error:
        raise NoCluster(address=address, reason=str(error)) from error
    try:
        client = distributed.Client(address, set_as_default=False)  # type: ignore[no-untyped-call]  # theirs
    except (OSError, ValueError) as error:
        raise NoCluster(address=address, reason=str(error)) from error
    with client:
        begun = [client.submit(run_workspace, folder, wishes, pure=False, retries=0) for folder in folders]
        ended = []
        for folder, each in zip(folders, begun, strict=True):
            try:
                ran = each.result()
            except Exception as error:  # noqa: BLE001 -- a worker that is gone: its workspace is told, the others go on
                ran = Ran(folder, 2, "", f"{type(error).__name__}: {error}")
            ended.append(ran)
            tell(ran)
    return tuple(ended)


def write_picture(nights: Iterable[Ran], folder: Path, today: date, texts: Texts) -> Path:
    """Write the page that shows how the offices stand: numbers alone, with a link to each one's own overview.

    Returns:
        Where it lies.
    """
    overview = texts.name("overview")
    target = folder / overview
    make_folder(target)
    seen = [_seen(ran, target) for ran in nights]
    page = offices_page(seen, texts, today)
    return replace_or_beside(target / f"{overview} {texts.name('together')}.html", page.encode(), today)


def _seen(ran: Ran, beside: Path) -> OfficeNight:
    night = {0: Night.GOOD, _LEFT_UNDONE: Night.LEFT_UNDONE, BUSY: Night.BUSY}.get(ran.exit_code, Night.FAILED)
    workspace = Workspace(ran.folder)
    try:
        profile = load_profile(workspace.profile)
    except Fault:
        return OfficeNight(ran.folder.name, night)
    name, link = profile.office.municipality, ""
    own = texts_in(profile.office.language).name("overview")
    page = workspace.output / own / f"{own}.html"
    if page.is_file():
        link = Path(os.path.relpath(page, beside)).as_posix()
    with suppress(Fault), Ledger(workspace.folder / profile.run.ledger, read_only=True) as ledger:
        last = next((run for run in reversed(ledger.runs()) if run.finished), None)
        if last is not None:
            return OfficeNight(name, night, last.day, last.summary, link)
    return OfficeNight(name, night, page=link)
