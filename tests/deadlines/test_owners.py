"""Who sees to a record is its own deadlines' owner, else the owner of what it is linked to."""

from __future__ import annotations

from typing import Any

from pipeline.deadlines.compute import Deadlines
from pipeline.deadlines.model import Deadline, Status
from pipeline.deadlines.owners import owners_by_record
from pipeline.findings import Place
from pipeline.profile.model import Profile
from pipeline.register.model import Record, Ref, Register, Value

SHEETS: dict[str, dict[str, Any]] = {
    "person": {"key": "nr", "columns": {"nr": {"type": "text"}}},
    "guardian": {"key": "nr", "columns": {"nr": {"type": "text"}, "of": {"type": "ref", "to": "person"}}},
    "case": {"key": "nr", "columns": {"nr": {"type": "text"}, "person": {"type": "ref", "to": "person"}}},
    "pause": {"key": "nr", "columns": {"nr": {"type": "text"}, "of": {"type": "ref", "to": "case"}}},
}


def register(*records: tuple[str, str, dict[str, Value]]) -> Register:
    sheets = {
        name: {
            "name": name,
            "title": name,
            "key": sheet["key"],
            "columns": {n: {"name": n, "heading": n, **column} for n, column in sheet["columns"].items()},
        }
        for name, sheet in SHEETS.items()
    }
    office = {"municipality": "Sted", "country": "NO", "language": "nb"}
    profile = Profile.model_validate({"office": office, "register": {"workbook": "book.xlsx"}, "sheets": sheets})
    by_sheet: dict[str, dict[str, Record]] = {name: {} for name in SHEETS}
    for row, (sheet, key, values) in enumerate(records, start=2):
        by_sheet[sheet][key] = Record(sheet, key, Place("book.xlsx", sheet, row), {"nr": key, **values})
    return Register(profile, by_sheet)


def deadlines(**owners: str) -> Deadlines:
    items = tuple(Deadline("answer", Ref("case", key), Status.OVERDUE, owner=owner) for key, owner in owners.items())
    return Deadlines(items, {"ABC": "Anne Berg"})


REGISTER = register(
    ("person", "P1", {}),
    ("person", "P2", {}),
    ("person", "P3", {}),
    ("guardian", "G1", {"of": Ref("person", "P1")}),
    ("case", "C1", {"person": Ref("person", "P1")}),
    ("case", "C2", {"person": Ref("person", "P1")}),
    ("case", "C3", {"person": Ref("person", "P2")}),
    ("pause", "1", {"of": Ref("case", "C2")}),
)


def test_a_record_belongs_to_the_owner_of_its_deadlines_by_the_name_that_lists_show() -> None:
    owners = owners_by_record(REGISTER, deadlines(C1="ABC", C2="DEF"))
    assert (owners[Ref("case", "C1")], owners[Ref("case", "C2")]) == ("Anne Berg", "DEF")


def test_a_row_of_a_case_belongs_to_the_owner_of_the_case() -> None:
    assert owners_by_record(REGISTER, deadlines(C1="ABC", C2="DEF"))[Ref("pause", "1")] == "DEF"


def test_a_person_belongs_to_all_who_own_a_case_of_theirs_and_so_does_their_guardian() -> None:
    owners = owners_by_record(REGISTER, deadlines(C1="ABC", C2="DEF"))
    assert owners[Ref("person", "P1")] == owners[Ref("guardian", "G1")] == "Anne Berg, DEF"


def test_who_belongs_to_nobody_is_left_out() -> None:
    owners = owners_by_record(REGISTER, deadlines(C1="ABC", C3=""))
    assert not {Ref("case", "C3"), Ref("person", "P2"), Ref("person", "P3")} & set(owners)
