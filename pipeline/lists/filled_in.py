"""What staff wrote into a dispatch list: which letters were sent, arrived or came back.

A dispatch list is read as a register of one sheet, so that what cannot be read is told by cell and with its cure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pipeline.findings import Finding
from pipeline.ledger.model import What
from pipeline.lists.dispatch import ARRIVED, DATED, ID, RETURNED, SENT, TITLE
from pipeline.profile.expressions import Rules
from pipeline.profile.model import Profile
from pipeline.register.checks import check_register
from pipeline.register.grid import Workbook
from pipeline.register.records import read_register
from pipeline.texts import Texts

_SHEET: Final = "dispatch"
_ANSWERS: Final[Mapping[str, tuple[What, str]]] = {
    "sent": (What.SENT, SENT),
    "arrived": (What.ARRIVED, ARRIVED),
    "returned": (What.RETURNED, RETURNED),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one cell says: the obligation's id, what happened, and when."""

    obligation: str
    what: What
    day: date


def read_dispatch(
    book: Workbook, profile: Profile, rules: Rules, texts: Texts, today: date
) -> tuple[tuple[Answer, ...], tuple[Finding, ...]]:
    """The dates of a dispatch list, and the cells that cannot be read.

    Raises:
        Fault: the list has lost its sheet or its headings.
    """
    form = _form(profile, texts)
    register = check_register(read_register(form, rules, {form.register_file.workbook: book}, today), rules, today)
    return tuple(_answers(register.records[_SHEET])), register.findings


def _answers(records: Mapping[str, Any]) -> Iterator[Answer]:
    for record in records.values():
        for name, (what, _) in _ANSWERS.items():
            day = record.values[name]
            if isinstance(day, date):
                yield Answer(record.key, what, day)


def _form(profile: Profile, texts: Texts) -> Profile:
    """The dispatch list as a profile: one sheet, the letter's id, and the dates that staff fill in."""
    columns: dict[str, Any] = {
        "id": {"name": "id", "heading": texts(ID), "type": "text"},
        "dated": {"name": "dated", "heading": texts(DATED), "type": "date"},
    }
    for name, (_, heading) in _ANSWERS.items():
        bounds = {"not_before": "dated", "not_after": "today"}
        columns[name] = {"name": name, "heading": texts(heading), "type": "date", **bounds}
    sheet = {"name": _SHEET, "title": texts(TITLE), "key": "id", "ignores": "*", "columns": columns}
    return Profile.model_validate(
        {"office": profile.office.model_dump(), "register": {"workbook": _SHEET}, "sheets": {_SHEET: sheet}}
    )
