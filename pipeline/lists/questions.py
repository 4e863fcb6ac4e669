"""What a run asks a person, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from pipeline.ledger.questions import ASKED, Asked, Difference
from pipeline.texts import Texts

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST: Final = 60
"""Characters of a value; a whole reasoning would hide what else has changed."""


def question_in_words(asked: Asked, texts: Texts) -> str:
    """The question as the dispatch list asks it."""
    facts = {name: texts.short_date(fact) if isinstance(fact, date) else fact for name, fact in asked.facts}
    return texts(ASKED[asked.question], difference=differences_in_words(asked.differences, texts), **facts)


def differences_in_words(differences: Iterable[Difference], texts: Texts) -> str:
    """What has changed, one after the other: «Decided 20.11.2026 → 23.11.2026»."""
    return "; ".join(_in_words(difference, texts) for difference in differences)


def _in_words(difference: Difference, texts: Texts) -> str:
    heading = " ".join(part for part in (difference.record, texts(difference.heading)) if part)
    if difference.before is None or difference.after is None:
        return texts("{heading} changed", heading=heading)
    return f"{heading} {_shown(difference.before, texts)} → {_shown(difference.after, texts)}"


def _shown(value: str, texts: Texts) -> str:
    if _DAY.fullmatch(value):
        return texts.short_date(date.fromisoformat(value))
    line = ", ".join(value.split("\n"))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
