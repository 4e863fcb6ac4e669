"""The dispatch list has a row for each letter and room for what staff fill in."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.letters.model import Outcome, Recipient
from pipeline.lists.dispatch import Dispatched, dispatch_workbook
from pipeline.register.model import Ref
from pipeline.texts import texts_in
from tests.lists.made_up import ENGLISH, TODAY, letter


def _dispatched(key: str = "2026/41", name: str = "Solveig Myrvang", enclosures: tuple[str, ...] = ()) -> Dispatched:
    planned = letter(Outcome.DUE, key, recipient=Recipient(Ref("person", "P-001"), "copy", name, channel="post"))
    file = f"2026-11-23/foreløpig_melding/{key.replace('/', '-')} Foreløpig melding til {planned.obligation.id}.docx"
    return Dispatched(planned, "Foreløpig melding", file, enclosures)


def _sheet(content: bytes) -> Worksheet:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return sheet


def test_a_row_tells_which_letter_goes_to_whom_and_leaves_room_for_what_becomes_of_it() -> None:
    one = _dispatched(enclosures=("Rettigheter.docx", "Kart.pdf"))
    headings, row = _sheet(dispatch_workbook([one], ENGLISH, TODAY)).iter_rows(values_only=True)
    assert dict(zip(headings, row, strict=True)) == {
        "Letter id": one.letter.obligation.id,
        "Record": "2026/41",
        "Letter": "Foreløpig melding",
        "Recipient": "Solveig Myrvang",
        "Role": "copy",
        "Channel": "post",
        "Date": datetime(2026, 11, 23),  # noqa: DTZ001 -- Excel's days have no zone
        "File": one.file.rsplit("/", 1)[1],
        "Enclosures": "Rettigheter.docx\nKart.pdf",
        "Sent": None,
        "Arrived": None,
        "Returned": None,
        "Note": None,
    }


def test_no_address_is_on_the_list() -> None:
    planned = Dispatched(letter(Outcome.DUE), "Foreløpig melding", "2026-11-23/m/a.docx")
    cells = _sheet(dispatch_workbook([planned], ENGLISH, TODAY)).iter_rows(values_only=True)
    assert not [value for row in cells for value in row if "Fjordveien" in str(value) or "9999" in str(value)]


def test_the_file_is_linked_from_the_days_folder() -> None:
    link = _sheet(dispatch_workbook([_dispatched("2026#41")], ENGLISH, TODAY))["H2"].hyperlink
    assert link is not None
    assert (link.target or "").replace("\\", "/").startswith("foreløpig_melding/2026%2341%20")
    assert link.location is None


def test_a_letter_in_another_days_folder_is_linked_from_where_the_list_lies() -> None:
    link = _sheet(dispatch_workbook([_dispatched()], ENGLISH, date(2026, 11, 24)))["H2"].hyperlink
    assert link is not None
    assert (link.target or "").replace("\\", "/").startswith("../2026-11-23/foreløpig_melding/2026-41%20")


def test_the_date_columns_take_only_dates() -> None:
    sheet = _sheet(dispatch_workbook([_dispatched(f"2026/{n}") for n in range(3)], ENGLISH, TODAY))
    checks = {str(check.sqref): check.type for check in sheet.data_validations.dataValidation}
    assert checks == {"J2:J4": "date", "K2:K4": "date", "L2:L4": "date"}


def test_the_rows_stand_in_the_order_of_the_files_whatever_order_they_came_in() -> None:
    some = [_dispatched(f"2026/{n}") for n in (43, 41, 42)]
    assert dispatch_workbook(some, ENGLISH, TODAY) == dispatch_workbook(some[::-1], ENGLISH, TODAY)
    sheet = _sheet(dispatch_workbook(some, ENGLISH, TODAY))
    assert [sheet.cell(n, 2).value for n in (2, 3, 4)] == ["2026/41", "2026/42", "2026/43"]


@pytest.mark.parametrize("name", ["=cmd|'/C calc'!A0", "{=1}", "å" * 40_000, "\x00\ufffe", "http://example.invalid"])
def test_a_hostile_name_stays_text(name: str) -> None:
    cell = _sheet(dispatch_workbook([_dispatched(name=name)], ENGLISH, TODAY))["D2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_a_run_without_letters_gives_an_empty_list() -> None:
    assert _sheet(dispatch_workbook([], ENGLISH, TODAY))["A2"].value == "None"


def test_the_table_can_be_filtered_and_prints_on_a4_landscape() -> None:
    sheet = _sheet(dispatch_workbook([_dispatched()], texts_in("nb"), TODAY))
    (table,) = sheet.tables.values()
    assert table.ref == "A1:M2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.freeze_panes) == ("landscape", 9, "A2")
