"""An office's folder, the time as the command line reads it, and the seconds that each station takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipeline.profile.load import load_profile
from pipeline.profile.starters import PROFILE


@dataclass(frozen=True, slots=True)
class Workspace:
    """An office's folder: ``profile.toml``, ``registers/``, ``templates/docx/``, ``output/``."""

    folder: Path

    @property
    def profile(self) -> Path:
        """The routine."""
        return self.folder / PROFILE

    @property
    def templates(self) -> Path:
        """Where the letters' templates lie."""
        return self.folder / "templates" / "docx"

    @property
    def output(self) -> Path:
        """Where everything that is made lies."""
        return self.folder / "output"


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, as the command line reads it: the as-of day, the time of day, and ticks to measure by in seconds.

    What is measured besides is the memory that the process has, in bytes; 0 where nobody asks.
    """

    today: date
    now: Callable[[], datetime]
    ticks: Callable[[], float]
    memory: Callable[[], int] = lambda: 0


class Stopwatch:
    """Seconds per station, and the megabytes of memory at its end."""

    def __init__(self, ticks: Callable[[], float], memory: Callable[[], int] = lambda: 0) -> None:
        """Measure by these."""
        self._ticks = ticks
        self._memory = memory
        self.seconds: dict[str, float] = {}
        self.megabytes: dict[str, int] = {}

    @contextmanager
    def station(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        start = self._ticks()
        try:
            yield
        except Exception as error:
            error.add_note(name)
            raise
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + self._ticks() - start
            self.megabytes[name] = self._memory() >> 20


def ledger_path(workspace: Workspace) -> Path:
    """Where the profile puts the ledger."""
    return workspace.folder / load_profile(workspace.profile).run.ledger
