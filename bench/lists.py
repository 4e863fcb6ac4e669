"""How long the morning's lists take for a large office, how much memory they add, and how large they are.

``python -m bench.lists`` measures overview, page, workbook and calendars for 10 000 cases and 40 000 deadlines, each on a list;
another number of cases is an argument. Deadlines that were met are taken for overdue until there are four for each case.
In seconds of the processor, so that whatever else the machine does weighs nothing, and by the clock.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.run import AS_OF, CASES, ROOT
from pipeline.deadlines.model import Deadline, Status
from pipeline.lists.overview import HORIZON

SIZE: Final = 10_000
OF_EACH: Final = 4
"""Deadlines on the lists for each case."""


def main(arguments: list[str]) -> None:
    """Measure; as a child process, make the register first, so that its memory is nobody's here."""
    match arguments:
        case ["--make", folder, number]:
            from bench.registers import make_workspace

            make_workspace(ROOT, Path(folder), CASES, int(number))
        case _:
            cases = int(arguments[0]) if arguments else SIZE
            with tempfile.TemporaryDirectory(prefix="fristbrev-bench-") as folder:
                command = [sys.executable, "-m", "bench.lists", "--make", folder, str(cases)]
                subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 -- this file
                measure(Path(folder), cases)


def measure(folder: Path, cases: int) -> None:
    """Print a line for each list."""
    from pipeline.ledger.store import Ledger
    from pipeline.letters.workers import Hands
    from pipeline.lists.feed import appointments, calendars
    from pipeline.lists.overview import OverviewInput, build_overview
    from pipeline.lists.page import render_page
    from pipeline.lists.story import why
    from pipeline.lists.workbook import overdue_workbook
    from pipeline.run import Clock, Stopwatch, Workspace, look
    from pipeline.texts import texts_in

    clock = Clock(AS_OF, lambda: datetime(AS_OF.year, AS_OF.month, AS_OF.day, 2, tzinfo=UTC), time.perf_counter)
    with Ledger(folder / "ledger.sqlite") as ledger:
        # All as a run does it, on a machine of two cores.
        stopwatch, output, hands = Stopwatch(clock.ticks), folder / "output", Hands(2)
        sight = look(Workspace(folder), clock.today, ledger, stopwatch, hands=hands, allow_many=True, lay_in=output, brief=True)
    sight = replace(sight, filled=())
    texts = texts_in(sight.profile.office.language)
    deadlines = _listed(sight.deadlines.items, OF_EACH * cases)
    print(f"{cases} cases, {len(deadlines)} deadlines on lists, of {len(sight.deadlines.items)} that were worked out")
    given = OverviewInput(
        register=sight.view.register,
        deadlines=deadlines,
        letters=sight.letters,
        lying={},
        today=AS_OF,
        calendar=sight.view.rules.calendar,
        owners=sight.deadlines.owners,
        why=lambda deadline: why(deadline, sight.view, texts),
    )
    before, started = _peak(), (time.process_time(), time.perf_counter())
    gc.disable()
    overview = _timed("the overview", lambda: build_overview(given, texts))
    page = _timed("oversikt.html", lambda: render_page(overview, texts).encode())
    book = _timed("forfalt.xlsx", lambda: overdue_workbook(overview, texts))
    events = _timed("what the calendars say", lambda: appointments(deadlines, given.register, {}, AS_OF, texts))
    feed = _timed("frister-….ics", lambda: sum(len(content) for _, content in calendars(events, texts)))
    took = (time.process_time() - started[0], time.perf_counter() - started[1])
    print(f"{'together':24}{took[0]:8.2f} s, {took[1]:.2f} s by the clock")
    print(f"{'peak of the process':24}{_peak():8.0f} MB, {before:.0f} MB before the lists")
    for name, size in (("html", len(page)), ("xlsx", len(book)), ("ics", feed)):
        print(f"{name:24}{size / 1e6:8.2f} MB")
    tracemalloc.start()
    again = build_overview(given, texts)
    (
        render_page(again, texts),
        overdue_workbook(again, texts),
        list(calendars(appointments(deadlines, given.register, {}, AS_OF, texts), texts)),
    )
    print(f"{'memory they add at most':24}{tracemalloc.get_traced_memory()[1] / 2**20:8.0f} MB")


def _listed(deadlines: Sequence[Deadline], number: int) -> list[Deadline]:
    """So many deadlines that a list shows or a calendar holds: the open ones, then met ones as if nothing had been done."""
    last = AS_OF + HORIZON
    found = [each for each in deadlines if each.status.open and (each.due is None or each.due <= last)]
    met = [each for each in deadlines if each.status in {Status.DONE, Status.DONE_LATE} and each.due and each.due < AS_OF]
    return [*found, *(each._replace(status=Status.OVERDUE, done=None) for each in met)][:number]


def _peak() -> float:
    """The most memory that the process has needed so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(what: str, make: Callable[[], Any]) -> Any:
    started = time.process_time()
    made = make()
    print(f"{what:24}{time.process_time() - started:8.2f} s", flush=True)
    return made


if __name__ == "__main__":
    main(sys.argv[1:])
