"""Looking at what the next run would do, for the commands that change nothing; and who fills letters."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.base import Office

if TYPE_CHECKING:
    from pipeline.run import Hands, Sight


def look_ahead(
    office: Office,
    today: date,
    *,
    letters: bool = True,
    over: Path | None = None,
    stood: bool = False,
    workers: int | None = None,
) -> Sight:
    """What the next run would see and do, with nothing changed.

    Args:
        office: whose workspace.
        today: the as-of day.
        letters: plan and fill them too.
        over: a file whose lines are laid over the profile.
        stood: by the register and ledger of that day.
        workers: how many processes fill letters.
    """
    from pipeline.ledger.store import Ledger
    from pipeline.run import Stopwatch, ledger_path, look

    workspace = office.workspace
    with Ledger(ledger_path(workspace), read_only=True) as ledger:
        return look(
            workspace,
            today,
            ledger,
            Stopwatch(time.perf_counter),
            over=over,
            stood=stood,
            hands=hands_of(office, workers) if letters else None,
        )


def hands_of(office: Office, workers: int | None) -> Hands:
    """Who fills the letters; on a terminal one sees how far they have come."""
    from pipeline.run import Hands

    bar: list[Any] = []

    def show(done: int, of: int) -> None:
        if not bar:
            bar.append(click.progressbar(length=of, label=office.texts("Filling letters"), file=sys.stderr).__enter__())
        bar[0].update(done - bar[0].pos)
        if done == of:
            bar.pop().render_finish()

    return Hands(workers or os.cpu_count() or 1, show if sys.stderr.isatty() else None)
