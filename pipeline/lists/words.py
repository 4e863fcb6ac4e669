"""What the lists share: words for statuses, outcomes, roles, severities and days, and data as plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pipeline.deadlines.model import Status
from pipeline.findings import Severity
from pipeline.letters.model import Outcome, Role
from pipeline.profile.model import LETTERS
from pipeline.register.model import Ref
from pipeline.texts import message

if TYPE_CHECKING:
    from pipeline.register.model import Register
    from pipeline.texts import Texts

STATUS: Final[Mapping[Status, str]] = {
    Status.UNKNOWN: message("unknown"),
    Status.OVERDUE: message("overdue"),
    Status.DUE_SOON: message("due soon"),
    Status.UPCOMING: message("upcoming"),
    Status.NOT_STARTED: message("not started"),
    Status.OVER: message("over"),
    Status.DONE_LATE: message("done late"),
    Status.DONE: message("done"),
    Status.NOT_NEEDED: message("not needed"),
}

COUNTED: Final[Mapping[Status, str]] = {
    Status.UNKNOWN: message("Unknown"),
    Status.OVERDUE: message("Overdue"),
    Status.DUE_SOON: message("Due soon"),
    Status.UPCOMING: message("Upcoming"),
}
"""Headings over how many deadlines there are: many languages bend the word."""

OUTCOME: Final[Mapping[Outcome, str]] = {
    Outcome.DUE: message("next run"),
    Outcome.WITHHELD: message("withheld"),
    Outcome.MANUAL: message("by hand"),
    Outcome.REVIEW: message("to review"),
    Outcome.HELD: message("held back"),
    Outcome.WAITING: message("waiting"),
    Outcome.PRODUCED: message("produced"),
    Outcome.SENT: message("sent"),
    Outcome.NOT_NEEDED: message("not needed"),
}

ROLE: Final[Mapping[Role, str]] = {
    "to": message("party"),
    "copy": message("copy"),
    "file": message("case file"),
}

SEVERITY: Final[Mapping[Severity, str]] = {
    Severity.ERROR: message("error"),
    Severity.WARNING: message("warning"),
}

NOBODY: Final = message("Nobody named")
"""Stands for the owner where a deadline has none."""

TITLE: Final = message("Deadlines and letters")
"""What the overview is called."""

LONGEST: Final = 400
"""More characters of a value than this help nobody on a list; a cell of Excel holds 32 767."""

_NO_XML_CHARACTER: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """Data as text: without characters that no XML holds, and cut where it is longer than a list bears."""
    if len(text) <= LONGEST and text.isprintable():
        return text
    text = _NO_XML_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text[: LONGEST + 1])
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def responsible(owner: str, stands_in_for: str, texts: Texts) -> str:
    """Who is responsible, as lists show it: ``Kari Hætta (for Odd Svendsen)``."""
    return texts("{owner} (for {away})", owner=owner, away=stands_in_for) if stands_in_for else owner or texts(NOBODY)


def record_key(ref: Ref, register: Register) -> str:
    """The key; for a letter of the ledger, that of the record it is about."""
    record = register.get(ref) if ref.sheet == LETTERS else None
    about = record.values.get("record") if record else None
    return plain(about.key if isinstance(about, Ref) else ref.key)


@lru_cache(maxsize=10_000)
def working_days(status: Status, days: int | None, texts: Texts) -> str:
    """How late, or how long there is left: ``12 late``, ``3 left``; nothing where it cannot be told."""
    if days is None:
        return ""
    if status is Status.OVERDUE:
        return texts.count("{n} late", "{n} late", days)
    return texts.count("{n} left", "{n} left", days)
