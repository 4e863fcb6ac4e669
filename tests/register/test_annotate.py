"""The copy shows every finding where it stands, leads there from its first sheet, and gives nobody away."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.colors import Color
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from pipeline.calendars import Calendar
from pipeline.letters.recipients import protected_refs
from pipeline.profile.expressions import Rules
from pipeline.profile.model import Profile
from pipeline.register.annotate import Checked, annotated_copies
from pipeline.register.checks import check_register
from pipeline.register.masking import Secrets
from pipeline.register.model import Ref, View
from pipeline.register.records import read_register
from pipeline.register.workbook import read_workbook
from pipeline.texts import Texts
from tests.register.rich_books import THREADED, members, packed

TODAY = date(2026, 11, 23)
ENGLISH = Texts("en")
ERROR, WARNING = "FFF4B6AC", "FFFBE0A6"
HIDDEN = "(protected)"
UNTRUE = (
    "Warning: This does not hold for the row: Granted cases have hours.\n"
    "→ Correct the row, or leave it if it is right all the same."
)

MakeProfile = Callable[..., Profile]
MakeWorkbook = Callable[..., Path]

CASES: Mapping[str, Any] = {
    "case": {
        "title": "Cases",
        "key": "number",
        "columns": {
            "number": {"type": "text", "required": True},
            "received": {"type": "date", "not_after": "today"},
            "outcome": {"type": "choice", "choices": ["granted", "refused"]},
            "hours": {"type": "number"},
            "reason": {"type": "text", "class": "health", "pattern": "[a-z ]+"},
        },
        "checks": {"Granted cases have hours": "outcome != 'granted' or hours"},
    }
}
HEADINGS = ("Number", "Received", "Outcome", "Hours", "Reason")

PEOPLE: Mapping[str, Any] = {
    "person": {
        "title": "People",
        "key": "number",
        "protected": "shielded",
        "columns": {
            "number": {"type": "text", "required": True},
            "name": {"type": "text"},
            "street": {"type": "text", "class": "address"},
            "place": {"type": "text", "class": "address"},
            "phone": {"type": "text", "pattern": r"\d{8}"},
            "born": {"type": "date", "class": "identity"},
            "shielded": {"type": "yesno"},
        },
    },
    "case": {
        "title": "Cases",
        "key": "number",
        "columns": {
            "number": {"type": "text", "required": True},
            "person": {"type": "ref", "to": "person"},
            "received": {"type": "date"},
            "reason": {"type": "text", "class": "health"},
        },
    },
}


def copies_of(profile: Profile, *paths: Path, owners: Mapping[Ref, str] | None = None) -> Mapping[str, bytes]:
    rules = Rules(Calendar(profile.office.country), profile.terms)
    workbooks = {path.name: read_workbook(path) for path in paths}
    register = check_register(read_register(profile, rules, workbooks, TODAY), rules, TODAY)
    protected = protected_refs(View(register, rules, TODAY))
    checked = Checked(register=register, workbooks=workbooks, protected=protected, owners=owners or {}, today=TODAY)
    return annotated_copies(checked, ENGLISH)


def copy_of(profile: Profile, path: Path, owners: Mapping[Ref, str] | None = None) -> bytes:
    (content,) = copies_of(profile, path, owners=owners).values()
    return content


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def unzipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join([*archive.namelist(), *(archive.read(name).decode() for name in archive.namelist())])


def listed(content: bytes) -> list[tuple[Any, ...]]:
    first = opened(content).worksheets[0]
    return [tuple(cell or "" for cell in row) for row in first.iter_rows(min_row=4, values_only=True)]


def marked(sheet: Worksheet) -> Mapping[str, tuple[Any, str]]:
    """Fill and note of every cell that has a note."""
    return {
        cell.coordinate: (cell.fill.fgColor.rgb, cell.comment.text)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None
    }


@pytest.fixture
def faults(make_workbook: MakeWorkbook) -> Path:
    return make_workbook(
        {
            "Cases": (
                HEADINGS,
                ("C-1", "week 45", "granted", None, None),
                ("C-2", date(2026, 11, 9), "maybe", 2, None),
                ("C-3", "10.11.26", "refused", 2, "KARI"),
            )
        }
    )


# ------------------------------------------------------------------ the marks


def test_each_finding_is_marked_in_its_cell_with_what_is_wrong_and_what_to_write(
    make_profile: MakeProfile, faults: Path
) -> None:
    assert marked(opened(copy_of(make_profile(CASES), faults))["Cases"]) == {
        "A2": (
            WARNING,
            UNTRUE,
        ),
        "B2": (ERROR, "Error: «week 45» is a week and not a day.\n→ Type the day itself, such as 23.11.2026."),
        "C3": (ERROR, "Error: «maybe» is not one of the choices.\n→ Write one of these: granted · refused."),
        "B4": (
            WARNING,
            "Warning: «10.11.26» has a year of two digits and is read as 10.11.2026.\n→ Type the year with four digits.",
        ),
        "E4": (ERROR, "Error: «KARI» has not the form that «Reason» has.\n→ Compare with the other rows and correct the cell."),
    }, "the value of a class that lists do not show may stand here"


def test_several_findings_of_a_cell_stand_in_one_note_and_the_worst_gives_the_colour(
    make_profile: MakeProfile, make_workbook: MakeWorkbook
) -> None:
    sheet = CASES["case"] | {"checks": {"Sure": "false"}}
    path = make_workbook({"Cases": (HEADINGS, ("C-1",), ("C-1",))})
    marks = marked(opened(copy_of(make_profile({"case": sheet}), path))["Cases"])
    fill, note = marks["A2"]
    assert fill == ERROR
    assert note.index("Error: «C-1» stands here and in Cases!A3.") < note.index(
        "\n\nWarning: This does not hold for the row: Sure."
    )
    assert marks["A3"][1].count("Error") == 1, "what is told of a row that was left out is told once"


def test_a_note_stands_beside_its_cell_and_is_large_enough_for_its_text(make_profile: MakeProfile, faults: Path) -> None:
    content = copy_of(make_profile(CASES), faults)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        drawing = archive.read("xl/drawings/vmlDrawing1.vml").decode()
    places = re.findall(r"<x:Anchor>(\d+), \d+, (\d+),.*?<x:Row>(\d+)</x:Row><x:Column>(\d+)</x:Column>", drawing)
    assert len(places) == 5
    assert {(int(left) - int(column), int(row) - int(top)) for left, top, row, column in places} == {(1, 1)}
    notes = [cell.comment for row in opened(content)["Cases"].iter_rows() for cell in row if cell.comment]
    assert all(note.height >= 15 * (len(note.text) / 50 + 1) for note in notes)


def test_a_mark_in_merged_cells_stands_where_their_value_does(make_profile: MakeProfile, faults: Path) -> None:
    book = openpyxl.load_workbook(faults)
    book["Cases"].merge_cells("C2:C3")
    book["Cases"]["C2"] = "maybe"
    book.save(faults)
    content = copy_of(make_profile(CASES), faults)
    assert "The cells C2:C3 are merged" in marked(opened(content)["Cases"])["C2"][1]


# ------------------------------------------------------------------ the first sheet


def test_the_first_sheet_lists_every_finding_errors_first_with_who_sees_to_it(make_profile: MakeProfile, faults: Path) -> None:
    content = copy_of(make_profile(CASES), faults, {Ref("case", "C-1"): "Anne Berg"})
    assert [row[:7] for row in listed(content)] == [
        ("Error", "Anne Berg", "Cases", "B2", "Received", "C-1", "week 45"),
        ("Error", "Nobody named", "Cases", "C3", "Outcome", "C-2", "maybe"),
        ("Error", "Nobody named", "Cases", "E4", "Reason", "C-3", "KARI"),
        ("Warning", "Anne Berg", "Cases", "A2", "", "C-1", ""),
        ("Warning", "Nobody named", "Cases", "B4", "Received", "C-3", "10.11.26"),
    ]
    assert listed(content)[0][7:] == ("«week 45» is a week and not a day.", "Type the day itself, such as 23.11.2026.")


def test_the_first_sheet_can_be_filtered_and_printed_and_says_where_to_mend(make_profile: MakeProfile, faults: Path) -> None:
    book = opened(copy_of(make_profile(CASES), faults))
    first = book.worksheets[0]
    assert (first.title, book.active.title if book.active else "", first.freeze_panes) == ("Mend this", "Mend this", "A4")
    assert first.auto_filter.ref == "A3:I8"
    assert (first.page_setup.orientation, first.page_setup.fitToHeight, first.print_title_rows) == ("landscape", 0, "$3:$3")
    assert str(first["A1"].value).startswith("The register as it was on 2026-11-23. Mend book.xlsx itself")
    assert str(first["A2"].value).startswith("3 errors, 2 warnings.")


def test_each_line_links_to_its_cell_also_on_a_sheet_with_signs_in_its_name(
    make_profile: MakeProfile, make_workbook: MakeWorkbook
) -> None:
    sheet = CASES["case"] | {"title": "Anne's cases"}
    path = make_workbook({"Anne's cases": (HEADINGS, ("C-1", "week 45"))})
    cell = opened(copy_of(make_profile({"case": sheet}), path)).worksheets[0]["D4"]
    assert cell.value == "B2"
    assert (cell.hyperlink.location, cell.hyperlink.target) == ("'Anne''s cases'!B2", None)


def test_a_register_without_a_fault_says_so(make_profile: MakeProfile, make_workbook: MakeWorkbook) -> None:
    content = copy_of(make_profile(CASES), make_workbook({"Cases": (HEADINGS, ("C-1", date(2026, 11, 9)))}))
    assert [row[0] for row in listed(content)] == ["None"]
    assert marked(opened(content)["Cases"]) == {}


def test_the_first_sheet_finds_a_name_of_its_own(make_profile: MakeProfile, make_workbook: MakeWorkbook) -> None:
    path = make_workbook({"Cases": (HEADINGS, ("C-1",)), "mend this": ((1,),)})
    assert opened(copy_of(make_profile(CASES), path)).sheetnames == ["Mend this 2", "Cases", "mend this"]


def test_each_workbook_has_its_own_copy_with_its_own_findings(make_profile: MakeProfile, make_workbook: MakeWorkbook) -> None:
    other = CASES["case"] | {"title": "More", "workbook": "old/cases.xlsx"}
    profile = make_profile({**CASES, "more": other})
    first = make_workbook({"Cases": (HEADINGS, ("C-1", "week 45"))})
    second = make_workbook({"More": (HEADINGS, ("C-2", "week 46"))}, "cases.xlsx")
    rules = Rules(Calendar("NO"), profile.terms)
    workbooks = {"book.xlsx": read_workbook(first), "old/cases.xlsx": read_workbook(second)}
    register = read_register(profile, rules, workbooks, TODAY)
    checked = Checked(register=register, workbooks=workbooks, protected=frozenset(), owners={}, today=TODAY)
    copies = annotated_copies(checked, ENGLISH)
    assert {name: [row[6] for row in listed(content)] for name, content in copies.items()} == {
        "register check.xlsx": ["week 45"],
        "register check cases.xlsx": ["week 46"],
    }


# ------------------------------------------------------------------ what the copy keeps and leaves out


def test_widths_formats_and_order_stay_and_a_hidden_column_shows_where_it_has_a_fault(
    make_profile: MakeProfile, faults: Path
) -> None:
    book = openpyxl.load_workbook(faults)
    sheet = book["Cases"]
    sheet.column_dimensions["A"].width = 33
    sheet["B3"].number_format = "d. mmm yyyy"
    sheet["B3"].font = Font(name="Georgia", size=14, italic=True)
    sheet["C3"].fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.4))
    sheet["C4"].fill, sheet["D4"].border = PatternFill("solid", fgColor="00FF00"), Border(bottom=Side("double", color="FF0000"))
    sheet["A3"].alignment = Alignment("center", "top", wrap_text=True)
    sheet.row_dimensions[2].height = 40
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = "A1:E4"
    sheet.column_dimensions["C"].hidden = sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("Own notes")["A1"] = "as we do it"
    book.save(faults)
    kept = opened(copy_of(make_profile(CASES), faults))
    copy = kept["Cases"]
    assert kept.sheetnames[1:] == ["Cases", "Own notes"]
    assert [cell.value for cell in copy[1]] == list(HEADINGS)
    assert (copy.column_dimensions["A"].width, copy.freeze_panes) == (33, "B2")
    assert (copy["B3"].number_format, copy["B3"].font.name, copy["B3"].font.i) == ("d. mmm yyyy", "Georgia", True)
    assert (copy.column_dimensions["C"].hidden, copy.column_dimensions["D"].hidden) == (False, True)
    assert not copy.row_dimensions[3].hidden
    assert (copy.row_dimensions[2].height, copy.auto_filter.ref) == (40, "A1:E4")
    assert (copy["C4"].fill.fgColor.rgb, copy["D4"].border.bottom.style) == ("FF00FF00", "double")
    assert (copy["A3"].alignment.horizontal, copy["A3"].alignment.vertical, copy["A3"].alignment.wrap_text) == (
        *("center", "top"),
        True,
    )
    assert copy["C3"].fill.fgColor.rgb == ERROR, "the mark covers the cell's own colour"


@pytest.mark.parametrize(
    ("width", "size", "across"),
    [
        pytest.param(30, "9", 1, id="a narrow sheet lies on A4"),
        pytest.param(60, "8", 1, id="a wider one on A3"),
        pytest.param(100, "8", 2, id="one that could not be read on two pages side by side"),
    ],
)
def test_a_tab_is_set_up_to_be_printed_with_what_stays_in_sight_on_each_page(
    width: float, size: str, across: int, make_profile: MakeProfile, faults: Path
) -> None:
    book = openpyxl.load_workbook(faults)
    sheet = book["Cases"]
    for letter in "ABCDE":
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "B2"
    book.save(faults)
    copy = opened(copy_of(make_profile(CASES), faults))["Cases"]
    assert (copy.page_setup.orientation, str(copy.page_setup.paperSize)) == ("landscape", size)
    assert (copy.page_setup.fitToWidth or 1, copy.page_setup.fitToHeight) == (across, 0)
    assert (copy.print_title_rows, copy.print_title_cols) == ("$1:$1", "$A:$A")


def test_formulas_stand_as_their_results_and_a_text_never_becomes_one(make_profile: MakeProfile, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Cases")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_string(1, 0, "=HYPERLINK(1)")
        sheet.write_formula(1, 3, "=[other.xlsx]Sheet1!A1*2", value=7.5)
    content = copy_of(make_profile(CASES), path)
    assert [cell.value for cell in opened(content)["Cases"][2]][::3] == ["=HYPERLINK(1)", 7.5]
    assert opened(content)["Cases"]["A2"].data_type == "s"
    assert "<f>" not in unzipped(content)
    assert "other.xlsx" not in unzipped(content)


def test_what_others_put_into_the_workbook_besides_values_is_left_out(make_profile: MakeProfile, faults: Path) -> None:
    book = openpyxl.load_workbook(faults)
    sheet = book["Cases"]
    sheet["A3"].comment = Comment("lives at Gate 9", "Anne")
    sheet["A4"].hyperlink = "https://example.invalid/anne"
    sheet["A4"].value = "C-3"
    validation = DataValidation("list", formula1='"Gate 9,Gate 10"')
    validation.add("C2:C9")
    sheet.add_data_validation(validation)
    book.defined_names["secret_list"] = DefinedName("secret_list", attr_text="Cases!$A$1")
    book.properties.title = "Gate 9"
    sheet.add_table(Table(displayName="cases", ref="A1:E4"))
    sheet.HeaderFooter.oddHeader = HeaderFooterItem(center=_HeaderFooterPart("Gate 9"))
    book.save(faults)
    content = unzipped(copy_of(make_profile(CASES), faults))
    assert "Gate 9" not in content
    assert "example.invalid" not in content
    assert "secret_list" not in content
    assert '<autoFilter ref="A1:E4"/>' in content, "the table's filter"


def test_a_workbook_that_openpyxl_cannot_read_is_copied_with_its_values(make_profile: MakeProfile, faults: Path) -> None:
    strict = {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/officeDocument/2006": "http://purl.oclc.org/ooxml/officeDocument",
    }
    with zipfile.ZipFile(faults) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(faults, "w") as archive:
        for name, part in parts.items():
            for old, new in strict.items():
                part = part.replace(old, new)  # noqa: PLW2901 -- one namespace after the other
            archive.writestr(name, part)
    content = copy_of(make_profile(CASES), faults)
    assert set(marked(opened(content)["Cases"])) == {"A2", "B2", "C3", "B4", "E4"}
    assert opened(content)["Cases"]["B3"].value is not None


def test_the_copy_is_the_same_bytes_when_it_is_made_twice(make_profile: MakeProfile, faults: Path) -> None:
    assert copy_of(make_profile(CASES), faults) == copy_of(make_profile(CASES), faults)


def test_other_programs_open_the_copy(
    make_profile: MakeProfile, faults: Path, tmp_path: Path, program: Callable[[str], str]
) -> None:
    content = copy_of(make_profile(CASES), faults)
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        assert book.get_sheet_by_name("Cases").to_python()[1][:2] == ["C-1", "week 45"]
    (tmp_path / "copy.xlsx").write_bytes(content)
    subprocess.run(
        [
            program("soffice"),
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "copy.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert "Error,Nobody named,Cases,B2,Received,C-1,week 45" in (tmp_path / "copy.csv").read_text(encoding="utf-8")


# ------------------------------------------------------------------ protected people

ROWS: Mapping[str, Sequence[Sequence[Any]]] = {
    "People": (
        ("Number", "Name", "Street", "Place", "Phone", "Born", "Shielded", "Remark"),
        ("P-1", "Kari Prøve", "Gate 1", "0150 Sted", "11111111", date(1980, 1, 1), None, "calls often"),
        ("P-2", "Åse Skjult", "Hemmelig vei 99", "0150 Sted", 99887766, "31.02.1990", "yes", "at her mother's"),
        ("P-3", "Ola Skjult", "Bortgjemt 7", "0150 Sted", "12", None, "perhaps", None),
    ),
    "Cases": (
        ("Number", "Person", "Received", "Reason", "Remark"),
        ("C-1", "P-1", "week 45", "ill since May", "ask Åse Skjult, Hemmelig vei 99"),
        ("C-2", "P-2", "week 46", "fled in June", "new school"),
        ("C-3", "Åse Skjult", None, None, None),
        (None, "P-2", None, "fled in July", None),
    ),
    "Own notes": (("99887766 is the number of åse skjult",), ("nothing else",)),
}
SECRETS = (
    "Åse",
    "åse skjult",
    "Hemmelig",
    "99887766",
    "31.02.1990",
    "her mother",
    "Ola Skjult",
    "Bortgjemt",
    "fled in June",
    "new school",
    "fled in July",
)


@pytest.fixture
def shielded(make_profile: MakeProfile, make_workbook: MakeWorkbook) -> bytes:
    return copy_of(make_profile(PEOPLE), make_workbook(ROWS))


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_about_a_protected_person_is_anywhere_in_the_copy(shielded: bytes, secret: str) -> None:
    assert secret not in unzipped(shielded)


def test_a_protected_row_is_hidden_whole_and_one_that_nobody_can_tell_about_too(shielded: bytes) -> None:
    people = opened(shielded)["People"]
    assert {cell.value for cell in people[3]} == {HIDDEN}
    assert {cell.value for cell in people[4]} <= {HIDDEN, None}
    assert [people.cell(2, column).value for column in (1, 2, 3, 5, 8)] == [
        "P-1",
        "Kari Prøve",
        "Gate 1",
        "11111111",
        "calls often",
    ]


def test_a_row_that_refers_to_a_protected_one_shows_its_open_columns_alone(shielded: bytes) -> None:
    values = [[cell.value for cell in row] for row in opened(shielded)["Cases"].iter_rows(min_row=2)]
    assert values == [
        ["C-1", "P-1", "week 45", "ill since May", HIDDEN],
        ["C-2", "P-2", "week 46", HIDDEN, HIDDEN],
        ["C-3", HIDDEN, None, None, None],
        [None, "P-2", None, HIDDEN, None],
    ]


def test_the_list_leads_to_hidden_cells_without_saying_what_they_hold(shielded: bytes) -> None:
    rows = {(row[2], row[3]): row for row in listed(shielded)}
    assert rows["People", "F3"][4:8] == ("Born", HIDDEN, HIDDEN, f"There is no day «{HIDDEN}» in the calendar.")
    assert rows["Cases", "C3"][5:7] == ("C-2", "week 46"), "an open column of a row that refers to a protected one"
    assert rows["Cases", "B4"][6] == HIDDEN
    assert "F3" in marked(opened(shielded)["People"])


def test_a_place_that_others_live_in_too_is_hidden_in_the_protected_rows_alone(shielded: bytes) -> None:
    people = opened(shielded)["People"]
    assert [people.cell(row, 4).value for row in (2, 3, 4)] == ["0150 Sted", HIDDEN, HIDDEN]


def test_a_protected_person_is_in_no_byte_of_the_copy_whatever_else_the_workbook_holds(
    make_profile: MakeProfile, make_workbook: MakeWorkbook
) -> None:
    path = make_workbook({**ROWS, "Åse Skjult": (("Åse Skjult", "Other"), ("x", "y"))})
    book = openpyxl.load_workbook(path)
    people: Worksheet = book["People"]
    own: Worksheet = book["Åse Skjult"]
    own.add_table(Table(displayName="Hemmelig", ref="A1:B2"))
    own["C1"] = CellRichText("ring ", TextBlock(InlineFont(b=True), "åSE SKJULT"))
    own["C2"] = unicodedata.normalize("NFD", "hos Åse Skjult i dag")
    own["C3"], own["C3"].number_format = 7, '0 "Hemmelig vei 99"'
    own["C4"] = 99887766
    own["C5"], own["C6"] = '="Hemmelig"&" vei"', "=99887766*2"
    people["B2"].comment = Comment("søster av Åse Skjult", "Åse Skjult")
    people["A2"].hyperlink = "https://example.invalid/Hemmelig"
    validation = DataValidation("list", formula1='"Hemmelig vei 99"', promptTitle="Åse", prompt="Hemmelig")
    validation.add("C2:C9")
    people.add_data_validation(validation)
    people.conditional_formatting.add("A1:H9", FormulaRule(['$B1="Åse Skjult"'], font=Font(b=True)))  # type: ignore[no-untyped-call]  # openpyxl's
    people.HeaderFooter.oddHeader = HeaderFooterItem(center=_HeaderFooterPart("Åse Skjult"))
    chart: Any = BarChart()
    chart.title = "Åse Skjult"
    chart.add_data(Reference(people, min_col=2, min_row=1, max_row=4), titles_from_data=True)
    people.add_chart(chart, "K5")
    book.defined_names["Hemmelig_vei"] = DefinedName("Hemmelig_vei", attr_text="People!$B$3")
    book.properties.title = book.properties.creator = "Åse Skjult"
    book.custom_doc_props.append(StringProperty(name="Hemmelig", value="Åse Skjult"))  # type: ignore[attr-defined]  # newer than its stubs
    named = NamedStyle("Hemmelig stil")
    book.add_named_style(named)
    people["C2"].style = named
    book.save(path)
    parts = dict(members(path.read_bytes()))
    parts["xl/threadedComments/threadedComment1.xml"] = THREADED.replace("Ring først", "Hemmelig vei 99").encode()
    parts["xl/vbaProject.bin"] = parts["xl/media/image1.png"] = "Hemmelig Åse Skjult".encode()
    path.write_bytes(packed(parts))
    content = copy_of(make_profile(PEOPLE), path)
    for whole in (content, *members(content).values()):
        for secret in (*SECRETS, "Hemmelig"):
            assert secret.encode() not in whole
    copy = opened(content)
    assert copy.sheetnames[-1] == HIDDEN
    assert {copy[HIDDEN][f"C{row}"].value for row in (1, 2, 4)} == {HIDDEN}
    assert copy[HIDDEN]["C3"].number_format == "General"


def test_a_protected_person_is_found_by_every_spelling_of_the_name() -> None:
    secrets = Secrets(["åse skjult", "+47 998 87", "izmir şen", "1-2-3", "-----", "skjult"])
    told = {
        "ÅSE SKJULT": "*",
        "Åse-Skjult": "Åse-*",
        "™Åse Skjult.": "™*.",
        unicodedata.normalize("NFD", "hos åse skjult"): "hos *",
        "Åse skjultesen": "Åse skjultesen",
        "Baåse skjult": "Baåse *",
        "ring +47 998 87 nå": "ring * nå",
        "İZMIR ŞEN": "*",
        "nr 1-2-3": "nr *",
        "x ----- y": "x * y",
        "": "",
    }
    assert {text: secrets.replaced(text, "*") for text in told} == told
    assert Secrets([]).replaced("Åse", "*") == "Åse"
