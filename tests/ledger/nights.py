"""Three nights of a small office, killed where the test says; run by ``test_recovery.py`` in a process of its own.

For every instant, or every so many, the nights run in a fresh folder, are killed there, and run again to their end.
What each folder and ledger then hold is printed as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.deadlines.model import Status
from pipeline.files import digest
from pipeline.ledger.model import Question, Source, Standing, What, facts_digest
from pipeline.ledger.recovery import recover
from pipeline.ledger.store import Ledger
from pipeline.letters.model import Filled, Letter, Obligation, Outcome, Recipient
from pipeline.letters.write import Placing, envelope, move_into_place, stage
from pipeline.register.model import Ref
from pipeline.texts import texts_in


@dataclass(frozen=True)
class Night:
    """A day, what the register says of each case, and what staff wrote down as sent, or edited."""

    day: date
    cases: dict[str, str]
    sent: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    reviewed: tuple[str, ...] = ()
    enclosed: frozenset[str] = field(default=frozenset({"B", "D"}))


FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
NIGHTS = (
    Night(FRIDAY, {"A": "a1", "B": "b1", "C": "c1", "E": "e1"}, reviewed=("R",)),
    Night(MONDAY, {"A": "a1", "B": "b2", "C": "c2", "D": "d1", "E": "e2"}, sent=("C",), edited=("E",), reviewed=("R",)),
    Night(MONDAY, {"A": "a1", "B": "b3", "C": "c2", "D": "d2", "E": "e2"}),
)


def owed(case: str) -> Obligation:
    return Obligation("melding", Ref("sak", case), Ref("person", f"P-{case}"), "to")


def filled(night: Night, case: str) -> Filled:
    letter = Letter(owed(case), Recipient(owed(case).recipient, "to", channel="post"), Outcome.DUE, dated=night.day)
    fact = night.cases[case]
    enclosures = (("skjema.pdf", f"form {case}".encode()),) if case in night.enclosed else ()
    return Filled(letter, f"letter {case} {fact}".encode(), (("sak.fakta", fact),), "template", enclosures)


def run(workspace: Path, night: Night, attempt: int, step: Callable[[], None]) -> None:
    """One night's run, as the walk does it."""
    output = workspace / "output"
    with Ledger(workspace / "fristbrev.sqlite") as ledger:
        ledger._connection.set_trace_callback(lambda _: step())
        recover(ledger, output, night.day)
        at = datetime(2026, 11, 24, 2) + timedelta(minutes=attempt)  # noqa: DTZ001 -- the office's wall clock
        this = ledger.begin_run(night.day, at, "register", "profile")
        entries = ledger.entries()
        sent = {owed(c).id: night.day for c in night.sent}
        ledger.record(night.day, What.SENT, sent, Source.REGISTER, this.number)
        for case in night.edited:
            current = entries[owed(case).id].current
            if current is not None:
                (output / current.files[0].path).write_bytes(b"edited in Word")
        entries = ledger.entries()
        due = []
        for case in night.cases:
            letter = filled(night, case)
            entry = entries.get(owed(case).id)
            unsent = entry.unsent if entry else None
            if entry is None or entry.current is None or (unsent and unsent.facts_digest != facts_digest(letter.facts)):
                due.append((letter, envelope(letter, "Melding", night.day, texts_in("en"))))
        intents = ledger.intend(this.number, due, "erstattet")
        staged = stage(output, this.number, [each for _, each in due])
        placed = move_into_place(staged, {intent.version.obligation: intent.moves for intent in intents})
        ledger.confirm(each for each, became in placed.items() if became is Placing.PLACED)
        ledger.drop(each for each, became in placed.items() if became is not Placing.PLACED)
        ledger.ask(this.number, Question.REVIEW, {owed(c): "" for c in night.reviewed})
        ledger.record_standings(
            this.number, [Standing("svar", "sak", c, "", 1, Status.DUE_SOON, night.day, "") for c in sorted(night.cases)]
        )
        made = sum(v.run == this.number for e in ledger.entries().values() for v in e.versions)
        ledger.finish_run(this.number, at, {"letters": made})


def run_all(workspace: Path, attempt: int, step: Callable[[], None] = lambda: None) -> None:
    """All nights that have not come to their end yet."""
    with Ledger(workspace / "fristbrev.sqlite", read_only=True) as ledger:
        done = sum(each.finished for each in ledger.runs())
    for night in NIGHTS[done:]:
        run(workspace, night, attempt, step)


class Killer:
    """Ends this process by force at an instant, counted over all that it asks of the ledger and the disk."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def step(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"} or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        ):
            self.step()


def killed(workspace: Path, attempt: int, at: int) -> bool:
    """Run the nights in a process of their own; whether they were killed before they came to their end."""
    child = os.fork()
    if child == 0:
        killer = Killer(at)
        sys.addaudithook(killer.audit)
        try:
            run_all(workspace, attempt, killer.step)
        except BaseException as error:  # noqa: BLE001 -- the child must end here, whatever happens
            sys.stderr.write(f"killed at {at}: {type(error).__name__}: {error}\n")
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(1)
    return os.WIFSIGNALED(status)


def holds(workspace: Path) -> dict[str, Any]:
    """Every file below the output by its digest, and every row of the ledger but for its clock times."""
    output = workspace / "output"
    files = {p.relative_to(output).as_posix(): digest(p.read_bytes()) for p in sorted(output.rglob("*")) if p.is_file()}
    rows: dict[str, list[Any]] = {}
    with closing(sqlite3.connect(workspace / "fristbrev.sqlite")) as connection:
        for table in ("run", "obligation", "version", "file", "event", "head", "standing"):
            found = connection.execute(f"select * from {table}")  # noqa: S608 -- our own tables
            names = [column[0] for column in found.description]
            rows[table] = [[v for n, v in zip(names, row, strict=True) if n not in {"began", "ended"}] for row in found]
    with Ledger(workspace / "fristbrev.sqlite", read_only=True) as ledger:
        order = list(ledger.entries())
    stray = sorted(p.name for p in workspace.iterdir() if p.name not in {"output", "fristbrev.sqlite"})
    return {"files": files, "rows": rows, "order": order, "stray": stray}


def main(folder: Path, stride: int) -> None:
    """Print what an undisturbed workspace holds, and the instants after which another one holds something else."""
    (folder / "undisturbed").mkdir()
    run_all(folder / "undisturbed", 0)
    undisturbed = holds(folder / "undisturbed")
    others = []
    instant = killings = 0
    while True:
        instant += stride
        workspace = folder / str(instant)
        workspace.mkdir()
        if not killed(workspace, 1, instant):
            break
        # Killed once more early on, where the first thing that the next run does is to recover.
        killed(workspace, 2, 1 + instant % 29)
        run_all(workspace, 3)
        if holds(workspace) != undisturbed:
            others.append(instant)
        killings += 1
    json.dump({"undisturbed": undisturbed, "killings": killings, "others": others}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
