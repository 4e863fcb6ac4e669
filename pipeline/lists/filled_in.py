"""What staff wrote into a dispatch list: which letters were sent, arrived or came back, and what they answered.

A dispatch list is read as a register of one sheet, so that what cannot be read is told by cell and with its cure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pipeline.calendars import Calendar
from pipeline.findings import Finding, Place
from pipeline.ledger.model import What
from pipeline.lists.dispatch import ANSWER, ARRIVED, DATED, ID, RETURNED, SENT, TITLE
from pipeline.profile.expressions import Rules
from pipeline.profile.model import Profile
from pipeline.register.checks import check_register
from pipeline.register.grid import Workbook
from pipeline.register.model import FaultyCell, Record
from pipeline.register.records import read_register
from pipeline.texts import Texts

_SHEET: Final = "dispatch"
_DATES: Final[Mapping[str, tuple[What, str]]] = {
    "sent": (What.SENT, SENT),
    "arrived": (What.ARRIVED, ARRIVED),
    "returned": (What.RETURNED, RETURNED),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of a dispatch list says.

    Attributes:
        obligation: the letter's id, as it stands there.
        place: where the id stands.
        dates: what happened, and when; None where the cell is empty, left out where it cannot be read.
        places: where each date stands, or would.
        answer: yes or no to the row's question; None where there is neither.
    """

    obligation: str
    place: Place
    dates: Mapping[What, date | None]
    places: Mapping[What, Place]
    answer: bool | None = None


def read_dispatch(book: Workbook, profile: Profile, texts: Texts, today: date) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """The rows of a dispatch list, and the cells that cannot be read.

    Raises:
        Fault: the list has lost its sheet or its headings.
    """
    form = _form(profile, texts, asks=_has(book, texts(ANSWER)))
    rules = Rules(Calendar(form.office.country, form.office.closed))
    register = check_register(read_register(form, rules, {form.register_file.workbook: book}, today), rules, today)
    return tuple(_row(record) for record in register.records[_SHEET].values()), register.findings


def heading_of(what: What) -> str:
    """The heading, before translation, over the dates of this kind."""
    return next(heading for each, heading in _DATES.values() if each is what)


def _row(record: Record) -> Row:
    values = {what: record.values[name] for name, (what, _) in _DATES.items()}
    answer = record.values.get("answer")
    return Row(
        record.key,
        record.cell("id"),
        {
            what: value if isinstance(value, date) else None
            for what, value in values.items()
            if not isinstance(value, FaultyCell)
        },
        {what: record.cell(name) for name, (what, _) in _DATES.items()},
        answer if isinstance(answer, bool) else None,
    )


def _has(book: Workbook, heading: str) -> bool:
    """Whether a list asks something: those that do not have no column for answers."""
    return any(heading in row for sheet in book.sheets.values() for row in sheet.rows[:10])


def _form(profile: Profile, texts: Texts, *, asks: bool) -> Profile:
    """The dispatch list as a profile: one sheet, the letter's id, and what staff fill in."""
    columns: dict[str, Any] = {
        "id": {"name": "id", "heading": texts(ID), "type": "text"},
        "dated": {"name": "dated", "heading": texts(DATED), "type": "date"},
    }
    for name, (_, heading) in _DATES.items():
        bounds = {"not_before": "dated", "not_after": "today"}
        columns[name] = {"name": name, "heading": texts(heading), "type": "date", **bounds}
    if asks:
        columns["answer"] = {"name": "answer", "heading": texts(ANSWER), "type": "yesno"}
    sheet = {"name": _SHEET, "title": texts(TITLE), "key": "id", "ignores": "*", "columns": columns}
    return Profile.model_validate(
        {"office": profile.office.model_dump(), "register": {"workbook": _SHEET}, "sheets": {_SHEET: sheet}}
    )
