"""The forms that lie ready beside the letters: what the tool makes, fields to fill in, and sums that Excel reckons."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook

from tools.letters.__main__ import FOLDER, READY, ready_forms
from tools.letters.money import FIRST_OUTLAY, FIRST_PAYMENT, FIRST_TRIP, OUTLAYS, PAYMENTS, TRIPS
from tools.letters.timesheet import FIRST_ROW, LINES
from tools.readability import HIGHEST, readability

FORMS = ready_forms()
DOCUMENTS = sorted(READY.glob("*.docx"))
WORKBOOKS = sorted([*READY.glob("*.xlsx"), *FOLDER.glob("*.xlsx")])


def test_the_forms_are_those_that_the_tool_makes() -> None:
    assert {path.name: path.read_bytes() for path in READY.iterdir()} == FORMS, "run python -m tools.letters"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_form_in_word_has_fields_with_names_and_no_marks_left(path: Path) -> None:
    document = docx.Document(str(path))
    body = document.element.body
    said = "".join(element.text or "" for element in body.iter(qn("w:t")))
    fields = list(body.iter(qn("w:sdtPr")))
    names = [properties.find(qn("w:alias")).get(qn("w:val")) for properties in fields]
    numbers = [properties.find(qn("w:id")).get(qn("w:val")) for properties in fields]

    assert len(fields) >= 10
    assert all(names)
    assert len(set(numbers)) == len(numbers)
    assert not [mark for mark in ("{{", "{%", "\ue010", "\ue011", "\ue012") if mark in said + "".join(names)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_form_in_word_is_easy_to_read_with_one_title_and_the_offices_letterhead(path: Path) -> None:
    document = docx.Document(str(path))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == "Heading 1"]
    header = [paragraph.text for paragraph in document.sections[0].first_page_header.paragraphs]
    foot = [paragraph.text for paragraph in document.sections[0].first_page_footer.paragraphs]

    assert readability(path) < HIGHEST
    assert len(headings) == 1
    assert header[0] == "Alta kommune"
    assert not [line for line in (*header, *foot) if "{{" in line]
    assert document.core_properties.language == ("nn-NO" if path.stem.endswith(".nn") else "nb-NO")


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_a_form_in_excel_is_open_where_one_writes_and_locked_where_it_reckons(path: Path) -> None:
    [sheet] = load_workbook(path).worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row]
    formulas = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith("=")]
    overwritten = {"E", "H"} if path.stem == "lønn og utgiftsdekning" else set()

    assert sheet.protection.sheet
    assert len(formulas) > 15
    assert {cell.column_letter for cell in formulas if not cell.protection.locked} == overwritten, "a rate of the row's own"
    assert len([cell for cell in cells if not cell.protection.locked]) > 50


Sums = Mapping[str, float | str]


def _travel(rate: float | str) -> dict[str, Any]:
    trip, outlay = FIRST_TRIP + 1, FIRST_OUTLAY + 1
    return {
        "B8": rate,
        f"A{trip}": date(2026, 11, 3),
        f"E{trip}": 12.5,
        f"E{trip + 1}": 30,
        f"F{outlay}": 149,
        f"F{outlay + 1}": 60.5,
    }


TRAVELLED: Sums = {
    f"F{FIRST_TRIP + 1}": 46.25,
    f"F{FIRST_TRIP + 2}": 111,
    f"F{FIRST_TRIP + 3}": "",
    f"E{FIRST_TRIP + TRIPS + 1}": 42.5,
    f"F{FIRST_TRIP + TRIPS + 1}": 157.25,
    f"F{FIRST_OUTLAY + OUTLAYS + 1}": 209.5,
    f"F{FIRST_OUTLAY + OUTLAYS + 2}": 366.75,
}
FIRST_DAY, FIRST_PAID = FIRST_ROW + 1, FIRST_PAYMENT + 1
FILLED: Mapping[str, tuple[str, Mapping[str, Any], Sums]] = {
    "a rate that is typed": ("reiseregning", _travel(3.7), TRAVELLED),
    "a rate that the letter brings": ("reiseregning", _travel("3,70"), TRAVELLED),
    "no rate": ("reiseregning", _travel(""), {f"F{FIRST_OUTLAY + OUTLAYS + 2}": 209.5}),
    "a time sheet, one day past midnight": (
        "timeliste",
        {
            f"B{FIRST_DAY}": time(17, 30), f"C{FIRST_DAY}": time(20, 0), f"E{FIRST_DAY}": 12,
            f"B{FIRST_DAY + 1}": time(22, 0), f"C{FIRST_DAY + 1}": time(0, 30),
        },
        {f"D{FIRST_DAY}": 2.5, f"D{FIRST_DAY + 1}": 2.5, f"D{FIRST_DAY + LINES}": 5, f"E{FIRST_DAY + LINES}": 12},
    ),
    "pay, one with a rate of its own": (
        "lønn og utgiftsdekning",
        {
            "B6": 203, "B7": 3.7,
            f"D{FIRST_PAID}": 10, f"G{FIRST_PAID}": 20, f"J{FIRST_PAID}": 100,
            f"D{FIRST_PAID + 1}": 4, f"E{FIRST_PAID + 1}": 210,
        },
        {
            f"F{FIRST_PAID}": 2030, f"I{FIRST_PAID}": 74, f"K{FIRST_PAID}": 2204, f"K{FIRST_PAID + 1}": 840,
            f"K{FIRST_PAID + 2}": "", f"D{FIRST_PAID + PAYMENTS}": 14, f"K{FIRST_PAID + PAYMENTS}": 3044,
        },
    ),
}  # fmt: skip


@pytest.mark.long
def test_the_sums_are_right_once_reckoned(program: Callable[[str], str], tmp_path: Path) -> None:
    """In LibreOffice, which reckons what no program has reckoned before."""
    names = {}
    for number, (name, (form, values, _)) in enumerate(FILLED.items()):
        book = load_workbook(io.BytesIO(FORMS[f"{form}.xlsx"]))
        for address, value in values.items():
            book.worksheets[0][address] = value
        names[name] = f"{number}.xlsx"
        book.save(tmp_path / names[name])
    made = tmp_path / "made"
    subprocess.run(
        [
            *(program("soffice"), f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless"),
            *("--convert-to", "xlsx", "--outdir", str(made), *(str(tmp_path / name) for name in names.values())),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    for name, (_, _, expected) in FILLED.items():
        sheet = load_workbook(made / names[name], data_only=True).worksheets[0]
        found = {address: sheet[address].value or "" for address in expected}
        assert found == pytest.approx({address: value or "" for address, value in expected.items()}), name


def test_the_enclosed_claim_has_the_agreements_rate_and_the_ready_one_room_for_it() -> None:
    enclosed = load_workbook(FOLDER / "reiseregning.xlsx").worksheets[0]
    ready = load_workbook(READY / "reiseregning.xlsx").worksheets[0]

    assert enclosed["B8"].value == "{{ oppdrag.kilometersats | tall(2) }}"
    assert ready["B8"].value is None
