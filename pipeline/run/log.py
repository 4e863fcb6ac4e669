"""The log of the nights: a line of JSON for each thing that happened, for whoever looks after the machine.

It holds numbers, names of stations and kinds of faults; never a key, a name or a sentence with facts of the register.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

NAME: Final = "fristbrev.log"
LARGEST: Final = 1_000_000
"""Bytes; some ten thousand lines, a year of nights and more."""
KEPT: Final = 9
"""How many full files are kept beside the one that is written."""
OLDEST: Final = timedelta(days=400)


class Log:
    """The log of a workspace, readable by its owner alone. That it cannot be written never stops a night."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        """Write into this folder, by this clock."""
        self.path = folder / NAME
        self._now = now

    def say(self, event: str, **facts: Any) -> None:
        """Add a line."""
        line = json.dumps({"at": self._now().isoformat(timespec="seconds"), "event": event, **facts}, ensure_ascii=False)
        with suppress(OSError):
            self._make_room()
            with open(self.path, "ab", opener=_private) as file:
                file.write(f"{line}\n".encode())

    def said_today(self, event: str, **facts: Any) -> bool:
        """Whether a line of today says this."""
        today = self._now().date().isoformat()
        with suppress(OSError):
            for line in self.path.read_text(encoding="utf-8").splitlines():
                with suppress(ValueError):
                    said = json.loads(line)
                    if said["at"].startswith(today) and {"event": event, **facts}.items() <= said.items():
                        return True
        return False

    def _make_room(self) -> None:
        """Begin anew where the file is full, and let go of what is too old."""
        with suppress(FileNotFoundError):
            if self.path.stat().st_size >= LARGEST:
                for number in range(KEPT, 0, -1):
                    with suppress(FileNotFoundError):
                        (self._full(number - 1) if number > 1 else self.path).replace(self._full(number))
        oldest = (self._now() - OLDEST).timestamp()
        for number in range(1, KEPT + 1):
            with suppress(FileNotFoundError):
                if self._full(number).stat().st_mtime < oldest:
                    self._full(number).unlink()

    def _full(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
