"""An office's folder, the time as the command line reads it, and the seconds that each station takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pipeline.faults import Fault, StationFailed
from pipeline.profile.load import lineage, load_profile
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
    def templates(self) -> tuple[Path, ...]:
        """Where the letters' templates lie: the office's own folder, then those of the profiles that its own extends.

        Raises:
            BrokenProfile: one of them cannot be read.
        """
        return tuple(profile.parent / "templates" / "docx" for profile in lineage(self.profile))

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


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person has allowed this one run.

    Attributes:
        changes: rows that are gone since the last run were meant to go.
        many: more letters than the profile's usual were meant.
        day: the as-of day was named by a person, so it may be before that of the last run.
    """

    changes: bool = False
    many: bool = False
    day: bool = False


NOTHING_UNUSUAL: Final = Allowed()


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


@contextmanager
def going_on(faults: list[Fault], undone: str) -> Iterator[None]:
    """Keep what stops a station, so that the others go on.

    Args:
        faults: where it is kept.
        undone: what is left undone then, before translation.
    """
    try:
        yield
    except Fault as fault:
        faults.append(fault)
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with one list, the others are wanted in the morning
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
        faults.append(StationFailed(undone=undone, kind=type(error).__name__, where=where))


def ledger_path(workspace: Workspace) -> Path:
    """Where the profile puts the ledger."""
    return workspace.folder / load_profile(workspace.profile).run.ledger
