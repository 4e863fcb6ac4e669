from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.calendars import Calendar
from pipeline.findings import Severity
from pipeline.profile.expressions import Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.build import ROOM, Rows, build_workbook, build_workbooks
from pipeline.register.model import Ref
from pipeline.register.records import read_register
from pipeline.register.saved import saved
from pipeline.register.workbook import read_workbook
from pipeline.texts import texts_in

PROFILE = """
[office]
municipality = "Eksempel kommune"
country = "NO"
language = "nb"

[register]
workbook = "register.xlsx"

[sheets.person]
title = "Personer"
key = "nummer"
[sheets.person.columns]
nummer = { type = "text", required = true, unique = true }
"fødselsnummer" = { type = "nin" }
postnummer = { type = "text" }

[sheets.sak]
title = "Saker"
key = "saksnummer"
[sheets.sak.columns]
saksnummer = { type = "text", required = true }
bruker = { type = "ref", to = "person", required = true }
sats = { type = "ref", to = "sats" }
mottatt = { type = "date", required = true }
"møtetid" = { type = "time" }
timer = { type = "number", min = 0, max = 168 }
informert = { type = "yesno" }
utfall = { type = "choice", choices = ["innvilget", "avslag"] }
tiltak = { type = "choice", many = true, choices = ["gruppe", "følge"] }
begrunnelse = { type = "text" }
alder = { type = "number", value = "timer" }

[sheets.sats]
title = "Satser"
workbook = "satser.xlsx"
key = "navn"
[sheets.sats.columns]
navn = { type = "text", required = true }
"""

ROWS: Rows = {
    "person": [{"nummer": "P-1", "fødselsnummer": "01810012345", "postnummer": "0150"}],
    "sak": [
        {
            "saksnummer": "2026/0001",
            "bruker": "P-1",
            "mottatt": date(2026, 11, 3),
            "møtetid": time(14, 30),
            "timer": 3.5,
            "informert": True,
            "utfall": "innvilget",
            "tiltak": ["gruppe", "følge"],
            "begrunnelse": "=1+1 er to",
        },
        {"saksnummer": "2026/0002", "bruker": "P-1", "mottatt": date(2026, 11, 4), "informert": False},
    ],
}


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    path = tmp_path / "profile.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return load_profile(path)


@pytest.fixture
def book(profile: Profile) -> Workbook:
    return build_workbook(profile, texts_in("nb"), "register.xlsx", ROWS)


def column(sheet: Worksheet, heading: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == heading)


def validation(sheet: Worksheet, heading: str) -> DataValidation:
    letter = get_column_letter(column(sheet, heading))
    found: Iterable[DataValidation] = sheet.data_validations.dataValidation
    return next(rule for rule in found if str(rule.sqref).startswith(f"{letter}2:"))


def choices_of(book: Workbook, name: str) -> list[object]:
    """What a dropdown offers: what stands below its name on the sheet of codes."""
    [column] = [column for column in book["Koder"].iter_cols(values_only=True) if column[0] == name]
    assert f"COUNTA('Koder'!${get_column_letter(codes_column(book, name))}$2" in str(book.defined_names[name].attr_text)
    return [value for value in column[1:] if value is not None]


def codes_column(book: Workbook, name: str) -> int:
    return next(cell.column for cell in book["Koder"][1] if cell.value == name)


def test_each_file_of_the_profile_is_built_with_its_own_sheets(profile: Profile) -> None:
    built = build_workbooks(profile, texts_in("nb"))
    titles = {path: openpyxl.load_workbook(io.BytesIO(content)).sheetnames for path, content in built.items()}
    assert titles == {"register.xlsx": ["Personer", "Saker", "Hjelp", "Koder"], "satser.xlsx": ["Satser", "Hjelp", "Koder"]}


def test_an_empty_register_is_read_without_records_or_findings(profile: Profile, tmp_path: Path) -> None:
    for path, content in build_workbooks(profile, texts_in("nb")).items():
        (tmp_path / path).write_bytes(content)
    workbooks = {path: read_workbook(tmp_path / path) for path in ("register.xlsx", "satser.xlsx")}
    register = read_register(profile, Rules(Calendar("NO"), profile.terms), workbooks, date(2026, 11, 23))
    assert [dict(records) for records in register.records.values()] == [{}, {}, {}]
    assert register.findings == ()


def test_what_is_filled_in_is_what_is_read(profile: Profile, tmp_path: Path) -> None:
    for path, content in build_workbooks(profile, texts_in("nb"), ROWS).items():
        (tmp_path / path).write_bytes(content)
    workbooks = {path: read_workbook(tmp_path / path) for path in ("register.xlsx", "satser.xlsx")}
    register = read_register(profile, Rules(Calendar("NO"), profile.terms), workbooks, date(2026, 11, 23))
    values = register.records["sak"]["2026/0001"].values
    assert values["bruker"] == Ref("person", "P-1")
    assert values["mottatt"] == date(2026, 11, 3)
    assert values["møtetid"] == time(14, 30)
    assert values["timer"] == 3.5
    assert values["informert"] is True
    assert values["tiltak"] == ("gruppe", "følge")
    assert register.records["sak"]["2026/0002"].values["informert"] is False


def test_the_same_rows_give_the_same_bytes(profile: Profile) -> None:
    first, second = (build_workbooks(profile, texts_in("nb"), ROWS) for _ in range(2))
    assert first == second


def test_no_part_of_the_file_says_when_it_was_made(profile: Profile) -> None:
    content = build_workbooks(profile, texts_in("nb"))["register.xlsx"]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("title", "ref"), [("Saker", "A1:J3"), ("Personer", "A1:C2")])
def test_each_sheet_is_one_striped_table_of_its_stored_columns(book: Workbook, title: str, ref: str) -> None:
    (table,) = book[title].tables.values()
    assert table.ref == ref
    assert table.tableStyleInfo is not None
    assert table.tableStyleInfo.showRowStripes


def test_an_empty_table_has_one_blank_row(profile: Profile) -> None:
    (table,) = build_workbook(profile, texts_in("nb"), "satser.xlsx")["Satser"].tables.values()
    assert table.ref == "A1:A2"


def test_heading_and_key_stay_in_sight(book: Workbook) -> None:
    assert book["Saker"].freeze_panes == "B2"


def test_a_printed_sheet_is_landscape_one_page_wide_with_the_heading_on_each_page(book: Workbook) -> None:
    sheet = book["Saker"]
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize(
    ("title", "heading", "number_format"),
    [
        ("Saker", "Mottatt", "dd.mm.yyyy"),
        ("Saker", "Møtetid", "hh:mm"),
        ("Saker", "Timer", "General"),
        ("Saker", "Saksnummer", "@"),
        ("Saker", "Bruker", "@"),
        ("Personer", "Fødselsnummer", "@"),
        ("Personer", "Postnummer", "@"),
    ],
)
def test_filled_cells_and_rows_to_come_have_the_columns_format(
    book: Workbook, title: str, heading: str, number_format: str
) -> None:
    sheet = book[title]
    number = column(sheet, heading)
    assert sheet.cell(2, number).number_format == number_format
    assert sheet.column_dimensions[get_column_letter(number)].number_format == number_format


def test_swedish_dates_are_written_the_swedish_way(profile: Profile) -> None:
    sheet = build_workbook(profile, texts_in("sv"), "register.xlsx", ROWS)["Saker"]
    assert sheet.cell(2, column(sheet, "Mottatt")).number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(
    ("title", "heading", "shown"),
    [
        ("Personer", "Postnummer", "0150"),
        ("Personer", "Fødselsnummer", "01810012345"),
        ("Saker", "Begrunnelse", "=1+1 er to"),
        ("Saker", "Tiltak", "gruppe; følge"),
        ("Saker", "Informert", "ja"),
    ],
)
def test_text_is_stored_as_text_never_as_number_or_formula(book: Workbook, title: str, heading: str, shown: str) -> None:
    sheet = book[title]
    cell = sheet.cell(2, column(sheet, heading))
    assert (cell.value, cell.data_type) == (shown, "s")


@pytest.mark.parametrize(
    ("heading", "choices"), [("Utfall", ["innvilget", "avslag"]), ("Tiltak", ["gruppe", "følge"]), ("Informert", ["ja", "nei"])]
)
def test_a_dropdown_offers_the_choices(book: Workbook, heading: str, choices: list[str]) -> None:
    dropdown = validation(book["Saker"], heading)
    assert dropdown.type == "list"
    assert choices_of(book, str(dropdown.formula1)) == choices


def test_a_dropdown_refuses_other_values_but_only_helps_where_a_cell_holds_several(book: Workbook) -> None:
    assert validation(book["Saker"], "Utfall").showErrorMessage
    assert not validation(book["Saker"], "Tiltak").showErrorMessage


def test_a_reference_offers_the_keys_of_its_sheet_down_to_the_last_filled_row(book: Workbook) -> None:
    dropdown = validation(book["Saker"], "Bruker")
    last = 2 + ROOM
    assert book.defined_names[str(dropdown.formula1)].attr_text == (
        f"'Personer'!$A$2:INDEX('Personer'!$A$2:$A${last},MAX(1,COUNTA('Personer'!$A$2:$A${last})))"
    )


def test_a_reference_to_another_file_has_no_dropdown(book: Workbook) -> None:
    assert validation(book["Saker"], "Sats").type is None


def test_dropdowns_reach_the_rows_that_will_be_added(book: Workbook) -> None:
    assert str(validation(book["Saker"], "Utfall").sqref) == f"H2:H{2 + ROOM}"


def test_numbers_stay_within_the_profiles_bounds(book: Workbook) -> None:
    rule = validation(book["Saker"], "Timer")
    assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "0", "168")


def test_each_cell_says_what_to_type(book: Workbook) -> None:
    message = validation(book["Saker"], "Mottatt")
    assert message.promptTitle == "Mottatt"
    assert message.prompt is not None
    assert "23.11.2026" in message.prompt


def test_the_codes_are_hidden(book: Workbook) -> None:
    assert book["Koder"].sheet_state == "hidden"


def test_long_texts_get_the_lines_they_need(profile: Profile) -> None:
    rows: Rows = {"sak": [{"saksnummer": "2026/0001", "begrunnelse": "Et ord til. " * 30}, {"saksnummer": "2026/0002"}]}
    sheet = build_workbook(profile, texts_in("nb"), "register.xlsx", rows)["Saker"]
    assert sheet.cell(2, column(sheet, "Begrunnelse")).alignment.wrap_text
    assert (sheet.row_dimensions[2].height or 0) > 60
    assert sheet.row_dimensions[3].height is None


def test_a_column_that_the_sheet_does_not_have_is_refused(profile: Profile) -> None:
    with pytest.raises(KeyError, match="sak has no column motatt"):
        build_workbooks(profile, texts_in("nb"), {"sak": [{"motatt": date(2026, 11, 3)}]})


def test_the_help_names_every_column_and_what_to_type(book: Workbook, profile: Profile) -> None:
    rows = [tuple(cell.value for cell in row) for row in book["Hjelp"].iter_rows()]
    for sheet in (profile.sheets["person"], profile.sheets["sak"]):
        for column_ in sheet.stored_columns:
            assert (sheet.title, column_.heading) in {row[:2] for row in rows}
    assert next(row[3] for row in rows if row[1] == "Utfall") == "innvilget; avslag"


def test_what_is_overdue_has_a_sign_besides_its_colour(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    rule = '[deadlines.svar]\non = "sak"\ntitle = "Svar"\ndue = "mottatt + weeks(3)"\ndone = "informert"\nremind = "1 week"\n'
    path.write_text(PROFILE + rule, encoding="utf-8")
    sheet = build_workbook(load_profile(path), texts_in("nb"), "register.xlsx", ROWS)["Saker"]
    [(cells, (overdue, soon))] = [(str(rules.sqref), rules.rules) for rules in sheet.conditional_formatting]
    letter = get_column_letter(column(sheet, "Mottatt"))
    assert cells == f"{letter}2:{letter}{2 + ROOM}"
    assert overdue.dxf.numFmt.formatCode == '"⚠ "dd.mm.yyyy'
    assert soon.dxf.numFmt.formatCode == '"→ "dd.mm.yyyy'
    assert f"(${letter}2+21)<TODAY()" in overdue.formula[0]


def test_a_dropdown_older_than_the_profile_is_told_with_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(PROFILE, encoding="utf-8")
    for name, content in build_workbooks(load_profile(path), texts_in("nb"), ROWS).items():
        (tmp_path / name).write_bytes(content)
    path.write_text(PROFILE.replace('"innvilget", "avslag"', '"innvilget", "avslag", "avvist"'), encoding="utf-8")
    workbooks = {name: read_workbook(tmp_path / name) for name in ("register.xlsx", "satser.xlsx")}
    register = read_register(load_profile(path), Rules(Calendar("NO")), workbooks, date(2026, 11, 23))
    [found] = [finding for finding in register.findings if finding.code == "choices-outdated"]
    assert found.place.sheet == "Koder"
    assert found.place.row == 4
    assert dict(found.facts)["choices"] == "avvist"
    assert found.severity is Severity.WARNING


def test_a_workbook_is_saved_without_a_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Heading", 1, date(2026, 11, 23)])
    sheet["A1"].hyperlink = "https://example.test/"
    sheet["B1"].comment = Comment("A note", "Somebody")
    sheet.merge_cells("D1:E1")
    again = openpyxl.load_workbook(io.BytesIO(saved(book))).worksheets[0]
    assert [again["A1"].value, again["B1"].value, again["C1"].value.date()] == ["Heading", 1, date(2026, 11, 23)]
    assert (again["A1"].hyperlink.target, again["B1"].comment.text) == ("https://example.test/", "A note")
    assert [str(cells) for cells in again.merged_cells.ranges] == ["D1:E1"]
