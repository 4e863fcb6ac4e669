"""The Swedish and Danish worked examples of the domain, through the rules of those countries' routines."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.calendars import Calendar
from pipeline.deadlines.rule import work_out
from pipeline.findings import Place
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import LETTERS
from pipeline.profile.starters import PROFILE, starters
from pipeline.register.model import Record, Ref, Register, Row, Value, View

PROFILES = {name: load_profile(starters()[name] / PROFILE) for name in ("osthammar", "thisted")}


def row(name: str, sheet: str, **cells: Value) -> Row:
    """The only row of a sheet, or the only letter, with these cells; the other sheets are empty."""
    profile = PROFILES[name]
    if sheet == LETTERS:
        names: tuple[str, ...] = ("letter", "record", "recipient", "role", "channel", "produced", "sent", "arrived")
    else:
        names = tuple(column.name for column in profile.sheets[sheet].stored_columns)
    record = Record(sheet, "1", Place("r.xlsx", sheet, 2), {**dict.fromkeys(names, EMPTY), **cells})
    register = Register(profile, {other: {} for other in profile.sheets}).with_sheet(sheet, [record])
    found = View(register, Rules(Calendar(profile.office.country, profile.office.closed), profile.terms), date(2026, 5, 1)).row(
        Ref(sheet, "1")
    )
    assert found is not None
    return found


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("number", "profile", "rule", "sheet", "cells", "raw", "due", "act_by"),
    [
        (28, "osthammar", "överklagande", LETTERS, {"arrived": d("2026-05-29")}, "2026-06-19", "2026-06-22", None),
        (31, "osthammar", "överklagande", LETTERS, {"arrived": d("2025-12-15")}, "2026-01-05", "2026-01-05", None),
        *(
            (32, "thisted", "klage", LETTERS, cells, "2026-05-15", "2026-05-18", None)
            for cells in ({"sent": d("2026-04-17"), "channel": "digital post"}, {"arrived": d("2026-04-17")})
        ),
        (34, "thisted", "klage", LETTERS, {"sent": d("2026-05-04"), "channel": "brev"}, "2026-06-09", "2026-06-09", None),
        (
            *(36, "thisted", "sagsbehandling", "henvendelse", {"modtaget": d("2026-05-01")}),
            *("2026-06-26", "2026-06-26", "2026-06-26"),
        ),
    ],
)
def test_the_worked_examples_of_sweden_and_denmark(  # noqa: PLR0917 -- the columns of the table
    number: int, profile: str, rule: str, sheet: str, cells: dict[str, Value], raw: str, due: str, act_by: str | None
) -> None:
    dated = PROFILES[profile].deadlines[rule].model_copy(update={"when": "true", "done": None})

    found = work_out(dated, row(profile, sheet, **cells))

    assert (found.raw, found.due) == (d(raw), d(due)), f"example {number}"
    assert found.act_by == (None if act_by is None else d(act_by)), f"example {number}"
