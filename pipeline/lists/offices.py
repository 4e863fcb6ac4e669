"""How several offices stand after their nights: numbers alone, for whoever looks after them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from pipeline.lists.plain import plain_page
from pipeline.texts import Texts, message


class Night(StrEnum):
    """What became of an office's night, the worst first."""

    FAILED = "failed"
    BUSY = "busy"
    LEFT_UNDONE = "left undone"
    GOOD = "good"


WORDS: Final[Mapping[Night, str]] = {
    Night.FAILED: message("✗ failed"),
    Night.BUSY: message("◷ busy, not run"),
    Night.LEFT_UNDONE: message("! ran, something left undone"),
    Night.GOOD: message("✓ ran"),
}

COLUMNS: Final[Mapping[str, str]] = {
    "unknown": message("Unknown"),
    "overdue": message("Overdue"),
    "due soon": message("Due soon"),
    "lying": message("Letters to send"),
    "withheld": message("Letters withheld"),
    "manual": message("By hand"),
    "errors": message("Register faults"),
    "used": message("Rows"),
}
"""The figures of a run that the page shows, by the name under which the ledger keeps them, and their headings."""


@dataclass(frozen=True, slots=True)
class OfficeNight:
    """An office and its night.

    Attributes:
        name: the municipality, else its folder's name.
        night: what became of it.
        day: of the last run that came to its end; None where there was none, or nobody can tell.
        figures: of that run, by name.
        page: a link to the office's own overview; empty where there is none.
    """

    name: str
    night: Night
    day: date | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    page: str = ""


def offices_page(offices: Sequence[OfficeNight], texts: Texts, today: date) -> str:
    """The page as HTML, the offices whose night did not end well first; no script runs in it.

    Args:
        offices: in the order in which they were named.
        texts: the reader's language.
        today: the as-of day.
    """
    worst = list(Night)
    return plain_page(
        "pipeline.lists",
        "offices.html.j2",
        offices=sorted(offices, key=lambda office: worst.index(office.night)),
        columns=COLUMNS,
        totals={name: sum(office.figures.get(name, 0) for office in offices) for name in COLUMNS},
        words=WORDS,
        texts=texts,
        today=today,
    )
