"""How long each station of a run takes, and how much memory it needs, for registers of any size, beside openpyxl's loading.

``python bench/run.py`` measures 100, 1 000 and 10 000 cases; other sizes are given as arguments.
Every figure comes from a process of its own, so that no station finds anything warm and each has its own peak of memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
AS_OF: Final = date(2026, 11, 23)
SIZES: Final = (100, 1_000, 10_000)
CASES: Final = "sak"
"""The sheet of the demo's profile whose rows are counted."""

PEAK: Final = "peak memory, MB"
SPEED: Final = "letters per second"
Figures = dict[str, float]


def main(arguments: Sequence[str]) -> None:
    """Measure each size, or as a child process one thing of one size."""
    match arguments:
        case ["--measure", what, folder, *rest]:
            figures = MEASURES[what](Path(folder), *map(int, rest))
            print(json.dumps(figures | {PEAK: _peak_memory()}))
        case _:
            print_table({size: measure(size) for size in map(int, arguments or SIZES)})


def measure(cases: int) -> dict[str, Figures]:
    """What a register of so many cases costs: by what was measured, seconds (or as named) by station."""
    with tempfile.TemporaryDirectory(prefix="fristbrev-bench-") as folder:
        _in_a_process("make", folder, str(cases))
        figures = {what: _in_a_process(what, folder) for what in MEASURES if what != "make"}
    read, loaded = (figures[what][station] for what, station in (OURS, THEIRS))
    figures[OURS[0]]["read, against openpyxl's loading"] = read / loaded
    return figures


def print_table(figures: Mapping[int, Mapping[str, Figures]]) -> None:
    """A column for each size; the last says how much the largest costs against the one before, per case."""
    sizes = sorted(figures)
    print(f"{'seconds':34}" + "".join(f"{size:>10}" for size in sizes) + ("    growth" if len(sizes) > 1 else ""))
    for what, stations in figures[sizes[-1]].items():
        print(f"\n{what}")
        for station in stations:
            row = [figures[size][what][station] for size in sizes]
            growth = "" if station == SPEED else _growth(sizes, row)
            print(f"  {station:32}" + "".join(f"{value:10.2f}" for value in row) + growth)


def _growth(sizes: Sequence[int], row: Sequence[float]) -> str:
    """1.0 where the cost grows as the number of cases does."""
    if len(sizes) < 2 or not row[-2]:
        return ""
    return f"{(row[-1] / row[-2]) / (sizes[-1] / sizes[-2]):10.2f}"


def _in_a_process(what: str, folder: str, *arguments: str) -> Figures:
    started = time.perf_counter()
    command = [sys.executable, "-m", "bench.run", "--measure", what, folder, *arguments]
    answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout  # noqa: S603 -- this file
    figures: Figures = json.loads(answer.splitlines()[-1])
    return {"the whole process": time.perf_counter() - started} | figures


def _make(folder: Path, cases: int) -> Figures:
    from bench.registers import make_workspace

    make_workspace(ROOT, folder, CASES, cases)
    return {}


def _walk(folder: Path) -> Figures:
    """A first night: everything is read, and every letter that is due is made."""
    from pipeline.run import Allowed, Clock, Workspace, run

    night = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 2, tzinfo=UTC)
    report = run(Workspace(folder), Clock(AS_OF, lambda: night, time.perf_counter), allowed=Allowed(many=True))
    seconds = report.seconds["fill"] + report.seconds["write"]
    return {**report.seconds, "letters made": len(report.made), SPEED: len(report.made) / seconds}


def _read(folder: Path) -> Figures:
    """The register alone: read, typed, linked and checked, and the copy with its findings marked.

    In seconds of the processor, as openpyxl's are, so that whatever else the machine does weighs on neither.
    """
    from pipeline.run import Workspace, annotate, read

    started = time.process_time()
    reading = read(Workspace(folder), AS_OF)
    done, peak = time.process_time(), _peak_memory()
    annotate(Workspace(folder), reading, AS_OF)
    return {
        "read and checked": done - started,
        "peak memory by then, MB": peak,
        "deadlines and annotated copy": time.process_time() - done,
        "findings marked": len(reading.register.findings),
    }


def _load_with_openpyxl(folder: Path) -> Figures:
    import openpyxl

    started = time.process_time()
    [register] = (folder / "registers").glob("*.xlsx")
    openpyxl.load_workbook(register)
    return {"load_workbook": time.process_time() - started}


def _peak_memory() -> float:
    """Of this process so far, in MB."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 2**20
    import resource

    unit = 1 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


MEASURES: Final[Mapping[str, Callable[..., Figures]]] = {
    "make": _make,
    "fristbrev, the register alone": _read,
    "fristbrev, a first run": _walk,
    "openpyxl, the same register": _load_with_openpyxl,
}

OURS: Final = "fristbrev, the register alone", "read and checked"
THEIRS: Final = "openpyxl, the same register", "load_workbook"
"""The promise that reading, typing, linking and checking takes less time than openpyxl needs to load the same file."""

if __name__ == "__main__":
    main(sys.argv[1:])
