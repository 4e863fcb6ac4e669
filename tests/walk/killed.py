"""Two nights of the small office, the second one killed; run by ``test_killed.py`` in a process of its own.

Killed at every station, or at instants drawn at random from all that the run asks of the disk, and run again to its end.
What then lies there is compared with what an undisturbed run leaves; the instants at which it differs are printed as JSON.

With ``write_back`` the night writes dates into the register. One that is killed after that is taken up on the register as it
was read, so that its lists and the ledger are the same too.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.files import digest
from pipeline.ledger.store import Ledger
from pipeline.run import Clock, Workspace, run
from tests.walk.small_office import PROFILE, SmallOffice, cases

FIRST, SECOND = date(2026, 11, 23), date(2026, 11, 24)
BOOK = "registers/book.xlsx"
NIGHT = datetime(2026, 11, 24, 2, 0)  # noqa: DTZ001 -- the office's wall clock

ROWS = (
    ("C-1", "P-1", "P-2", date(2026, 11, 10)),  # stays
    ("C-2", "P-2", None, date(2026, 11, 11)),  # is received on another day: its unsent notice is replaced
    ("C-3", "P-1", None, date(2026, 11, 12)),  # is decided: its notice is not needed any more, the decision is due
    ("C-5", "P-2", None, date(2026, 7, 1)),  # from before the start: asked about
    ("C-6", "P-2", None, date(2026, 11, 10), None, date(2026, 11, 20), "granted", "Because."),  # sent, then its reason changes
    ("C-7", "P-1", None, date(2026, 11, 11), None, date(2026, 11, 19), "refused", None),  # gets the reason that it lacked
    ("C-8", "P-1", None, date(2026, 11, 9)),  # its notice is sent
)


def furnish(folder: Path, *, write_back: bool) -> None:
    """The office after its first night, with what staff changed during the day."""
    office = SmallOffice(folder)
    office.write_register(cases(*ROWS))
    if write_back:
        office.write_profile(PROFILE.replace("[register]", "[register]\nwrite_back = true"))
    night(folder, FIRST)
    fill_in(office, {"C-6": "Sent", "C-8": "Sent"})
    for cell, value in {
        "D3": date(2026, 11, 13),
        "F4": date(2026, 11, 23),
        "G4": "granted",
        "H4": "So.",
        "H6": "Another reason.",
        "H7": "Since.",
        "A9": "C-9",
        "B9": "P-2",
        "D9": date(2026, 11, 20),
    }.items():
        office.change("Cases", cell, value)


def fill_in(office: SmallOffice, dates: dict[str, str]) -> None:
    """Type the first day into these records' columns of the first dispatch list."""
    path = office.output / FIRST.isoformat() / "dispatch 1.xlsx"
    book = openpyxl.load_workbook(path)
    headings = [cell.value for cell in book.worksheets[0][1]]
    for row in book.worksheets[0].iter_rows(min_row=2):
        column = dates.get(str(row[1].value))
        if column is not None:
            row[headings.index(column)].value = FIRST
    book.save(path)


def night(folder: Path, day: date, step: Callable[[], object] = lambda: None) -> None:
    """A run as the command line starts it; `step` is called at the beginning and the end of every station."""

    def ticks() -> float:
        step()
        return 0.0

    run(Workspace(folder), Clock(day, lambda: NIGHT, ticks))


class Killer:
    """Ends this process by force at an instant; counts all instants where none is named."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.seen = 0

    def step(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Count what changes the disk: a file opened for writing, moved, removed, and a folder made."""
        if event in {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link"} or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        ):
            self.step()


def in_a_child(folder: Path, killer: Killer, *, by_disk: bool) -> tuple[bool, int]:
    """The second night in a process of its own: whether it was killed, and how many instants it had."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            if by_disk:
                sys.addaudithook(killer.audit)
            night(folder, SECOND, (lambda: None) if by_disk else killer.step)
            os.write(writing, str(killer.seen).encode())
        except BaseException as error:  # noqa: BLE001 -- the child must end here, whatever happens
            sys.stderr.write(f"killed at {killer.at}: {type(error).__name__}: {error}\n")
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        seen = int(told.read() or 0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(1)
    return os.WIFSIGNALED(status), seen


def came_to_its_end(folder: Path) -> bool:
    """Whether the second night was finished before it was killed, so that nobody would run it again."""
    with Ledger(folder / "fristbrev.sqlite", read_only=True) as ledger:
        return [run.finished for run in ledger.runs()] == [True, True]


def holds(folder: Path) -> dict[str, Any]:
    """Every file but the records with clock times, by its digest, and every row of the ledger but for its clock times."""
    apart = {".fristbrev.lock", ".fristbrev.owner", "fristbrev.sqlite"}
    files = {
        path.relative_to(folder).as_posix(): digest(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in apart and path.suffix != ".json"
    }
    rows: dict[str, list[Any]] = {}
    with closing(sqlite3.connect(folder / "fristbrev.sqlite")) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_schema where type = 'table'")]
        for table in tables:
            found = connection.execute(f"select * from {table}")  # noqa: S608 -- our own tables
            names = [column[0] for column in found.description]
            rows[table] = [[str(v) for n, v in zip(names, row, strict=True) if n not in {"began", "ended"}] for row in found]
    return {"files": files, "rows": rows}


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What two folders do not hold alike."""
    found = [
        f"file {name}"
        for name in one["files"].keys() | other["files"].keys()
        if one["files"].get(name) != other["files"].get(name)
    ]
    return sorted(found + [f"table {name}" for name in one["rows"] if one["rows"][name] != other["rows"].get(name)])


def main(folder: Path, instants: int, seed: int, *, write_back: bool) -> None:
    """Kill at every station, or at so many instants drawn at random, and print what then is otherwise."""
    furnish(folder / "before", write_back=write_back)
    shutil.copytree(folder / "before", folder / "undisturbed")
    _, steps = in_a_child(folder / "undisturbed", Killer(), by_disk=bool(instants))
    undisturbed = holds(folder / "undisturbed")
    at = random.Random(seed).sample(range(1, steps + 1), min(instants, steps)) if instants else range(1, steps + 1)  # noqa: S311 -- a test
    others: dict[int, list[str]] = {}
    killings = 0
    for instant in sorted(at):
        workspace = folder / str(instant)
        shutil.copytree(folder / "before", workspace)
        was_killed, _ = in_a_child(workspace, Killer(instant), by_disk=bool(instants))
        killings += was_killed
        if not came_to_its_end(workspace):
            in_a_child(workspace, Killer(), by_disk=False)
        found = differing(undisturbed, holds(workspace))
        if found:
            others[instant] = found
        shutil.rmtree(workspace)
    made = sorted(name for name in undisturbed["files"] if name.endswith(".docx") and name.startswith("output/"))
    written = undisturbed["files"][BOOK] != digest((folder / "before" / BOOK).read_bytes())
    json.dump({"made": made, "written": written, "steps": steps, "killings": killings, "others": others}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), write_back="write_back" in sys.argv[4:])
