"""How long every deadline rule and computed column takes once the register is read: ``python -m bench.deadlines [CASES …]``.

The registers are those of ``bench/registers.py``; each size has a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
SIZES: Final = (5_000, 10_000, 13_000)


def main(arguments: Sequence[str]) -> None:
    """Measure each size, or as a child process one of them."""
    match arguments:
        case ["--measure", size]:
            print(json.dumps(measure(int(size))))
        case _:
            print(f"{'cases':>8}{'deadlines':>12}{'seconds':>10}{'+ columns':>12}")
            for cases in map(int, arguments or SIZES):
                command = [sys.executable, "-m", "bench.deadlines", "--measure", str(cases)]
                answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout  # noqa: S603 -- this file
                count, seconds, columns = json.loads(answer)
                print(f"{cases:>8}{count:>12}{seconds:>10.2f}{columns:>12.2f}")


def measure(cases: int) -> tuple[int, float, float]:
    """How many deadlines there are, the seconds they take, and those that the columns no rule asked for take besides."""
    from bench.registers import make_workspace
    from bench.run import AS_OF, CASES
    from pipeline.deadlines.compute import DEADLINES, compute, deadlines_of
    from pipeline.profile.expressions import FAULTS
    from pipeline.register.model import View
    from pipeline.run import Workspace, read
    from pipeline.run.sight import uncollected

    with tempfile.TemporaryDirectory(prefix="fristbrev-bench-") as folder:
        make_workspace(ROOT, Path(folder), CASES, cases)
        reading = read(Workspace(Path(folder)), AS_OF)
    with uncollected():  # as the walk does
        started = time.perf_counter()
        view = View(reading.register, reading.rules, AS_OF, {DEADLINES: deadlines_of})
        found = compute(view)
        computed = time.perf_counter()
        for sheet in reading.register.profile.sheets.values():
            names = [column.name for column in sheet.columns.values() if not column.stored]
            for row in view.rows(sheet.name):
                for name in names:
                    try:
                        row.lookup(name)
                    except FAULTS:
                        continue
        ended = time.perf_counter()
    return len(found.items), computed - started, ended - computed


if __name__ == "__main__":
    main(sys.argv[1:])
