"""What has changed in the register since the last run, in words: by sheet and record key, never by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from pipeline.profile.model import Profile, Sheet
from pipeline.register.changes import Cell, Change, Kind
from pipeline.texts import Texts, message

_WHAT: Final = {
    Kind.ADDED: message("new"),
    Kind.REMOVED: message("gone"),
    Kind.RENAMED: message("was {before} before"),
}


def changes_in_words(found: Iterable[Change], profile: Profile, texts: Texts) -> Iterator[str]:
    """A line for each record that changed, headed by a line for each sheet."""
    titled = ""
    for change in found:
        sheet = profile.sheets[change.record.sheet]
        if sheet.title != titled:
            titled = sheet.title
            yield f"{titled}:"
        yield f"  {change.record.key}: {_what(change, sheet, texts)}"


def _what(change: Change, sheet: Sheet, texts: Texts) -> str:
    if change.kind is Kind.CHANGED:
        return "; ".join(_cell(cell, sheet, texts) for cell in change.cells)
    return texts(_WHAT[change.kind], before=change.before)


def _cell(cell: Cell, sheet: Sheet, texts: Texts) -> str:
    column = sheet.columns[cell.column]
    if cell.before is None or cell.after is None:
        return texts("{heading} changed", heading=column.heading)
    before, after = (_shown(text, column.type, texts) for text in (cell.before, cell.after))
    return f"{column.heading} {before} → {after}"


def _shown(text: str, kind: str, texts: Texts) -> str:
    if kind == "date":  # a cell may hold several
        text = "; ".join(texts.short_date(date.fromisoformat(day)) if day[:1].isdigit() else day for day in text.split("; "))
    return text or "–"
