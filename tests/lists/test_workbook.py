"""``forfalt.xlsx`` loses nothing, carries no formula and is the same bytes each time."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from pipeline.deadlines.model import Status
from pipeline.findings import Finding, Place
from pipeline.letters.model import Outcome, Reason
from pipeline.lists.overview import Lying, Overview
from pipeline.lists.sheets import sheet_names
from pipeline.lists.workbook import overdue_workbook
from pipeline.texts import LANGUAGES, texts_in
from tests.lists.made_up import ENGLISH, TODAY, deadline, letter, ordinary_morning, overview, register, unreadable

HOSTILE = (
    "=cmd|'/C calc'!A0",
    "{=1+1}",
    "+1+1",
    "@SUM(A1)",
    "https://example.invalid/",
    "<script>alert(1)</script>",
    "å" * 10_000,
    "\N{RIGHT-TO-LEFT OVERRIDE}avsluttet\N{HEBREW LETTER ALEF}",
    "\x00\x0b\ufffe_x0041_",
    "[a]:*?/\\",
    "'History'",
    "00123",
)


def _opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def _rows(book: Workbook, sheet: str) -> list[tuple[object, ...]]:
    return list(book[sheet].iter_rows(min_row=2, values_only=True))


def test_there_is_a_sheet_for_all_one_for_each_owner_and_one_for_each_kind_of_trouble() -> None:
    book = _opened(overdue_workbook(ordinary_morning(), ENGLISH))
    assert book.sheetnames == [
        "All",
        "Kari Hætta",
        "Marit Berg",
        "Odd Svendsen",
        "Turid Lyngstad",
        "Nobody named",
        "Letters not made",
        "Made, not sent",
        "To mend",
        "Rows left out",
    ]


def test_the_owners_sheets_together_hold_what_the_sheet_for_all_holds() -> None:
    book = _opened(overdue_workbook(ordinary_morning(), ENGLISH))
    owners = book.sheetnames[1:6]
    together = sorted((row for owner in owners for row in _rows(book, owner)), key=str)
    assert together == sorted(_rows(book, "All"), key=str)


def test_every_row_of_the_list_lies_in_its_table_and_looks_as_its_columns_do() -> None:
    sheet = _opened(overdue_workbook(ordinary_morning(), ENGLISH))["All"]
    (table,) = sheet.tables.values()
    assert table.ref == table.autoFilter.ref == sheet.dimensions == f"A1:L{1 + len(ordinary_morning().deadlines)}"
    for row in sheet.iter_rows(min_row=2):
        assert row[2].font.bold
        assert {cell.number_format for cell in row[5:7] if cell.value} <= {"yyyy-mm-dd"}
        assert {cell.data_type for cell in row[7:9] if cell.value is not None} <= {"n"}
        assert all(cell.alignment.wrap_text for cell in row[10:12] if cell.value)
        assert row[0].fill.fgColor.rgb != "00000000"


def test_letters_made_and_not_sent_stand_with_their_day_and_file() -> None:
    rows = _rows(_opened(overdue_workbook(ordinary_morning(), ENGLISH)), "Made, not sent")
    assert [row[:3] for row in rows][:2] == [
        ("produced", datetime(2026, 11, 20), "2026/31"),  # noqa: DTZ001 -- Excel's days have no zone
        ("produced", datetime(2026, 11, 20), "2026/32"),  # noqa: DTZ001 -- as above
    ]
    assert len(rows) == 7


def test_a_letter_is_linked_from_where_the_workbook_lies() -> None:
    made = letter(Outcome.DUE)
    there = Lying("2026-11-20/foreløpig_melding/a #1.docx", TODAY)
    content = overdue_workbook(overview([], [made], lying={made.obligation.id: there}), ENGLISH)
    cell = _opened(content)["Made, not sent"]["G2"]
    assert cell.value == there.file
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        links = [package.read(name).decode() for name in package.namelist() if name.endswith(".xml.rels")]
    assert (
        sum(r'Target="..\2026-11-20\forel%C3%B8pig_melding\a%20%231.docx" TargetMode="External"' in each for each in links) == 1
    )


def test_dates_are_dates_and_ages_are_numbers() -> None:
    one = deadline(Status.OVERDUE, due=TODAY.replace(day=2))
    sheet = _opened(overdue_workbook(overview([one]), texts_in("da"))).worksheets[0]
    assert (sheet["F2"].value, sheet["F2"].number_format) == (datetime(2026, 11, 2), "dd.mm.yyyy")  # noqa: DTZ001 -- Excel's days have no zone
    assert (sheet["H2"].value, sheet["I2"].value) == (15, None)


@pytest.mark.parametrize("sheet", ["All", "Kari Hætta", "Letters not made", "Made, not sent", "To mend", "Rows left out"])
def test_every_sheet_is_a_filtered_table_with_a_frozen_heading_that_prints_on_a4(sheet: str) -> None:
    page = _opened(overdue_workbook(ordinary_morning(), ENGLISH))[sheet]
    (table,) = page.tables.values()
    assert table.ref == page.dimensions
    assert table.autoFilter is not None
    assert page.freeze_panes == "A2"
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert page.print_title_rows == "$1:$1"


def test_statuses_are_words_with_a_fill_of_their_own() -> None:
    sheet = _opened(overdue_workbook(ordinary_morning(), ENGLISH)).worksheets[0]
    fills = {sheet.cell(n, 1).value: sheet.cell(n, 1).fill.fgColor.rgb for n in range(2, sheet.max_row + 1)}
    assert set(fills) == {"unknown", "overdue", "due soon", "upcoming"}
    assert len(set(fills.values())) == 4


def _hostile_overview(text: str) -> Overview:
    finding = unreadable(text, value=text)
    return overview(
        [deadline(Status.OVERDUE, text, due=TODAY, owner=text)],
        [letter(Outcome.WITHHELD, text, reasons=(Reason(finding=finding), Reason("{who}", (("who", text),))))],
        of=register((), [finding], [Finding("date-unreadable", Place(text, text, 3, 1), heading=text, value=text)]),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    content = overdue_workbook(_hostile_overview(text), ENGLISH)
    book = _opened(content)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n", "d"}, (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
    assert len(_rows(book, "All")) == 1
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_a_leading_zero_and_a_formula_are_kept_as_written() -> None:
    for text in ("00123", "=1+1", "+47 900"):
        book = _opened(overdue_workbook(overview([deadline(Status.UNKNOWN, text)]), ENGLISH))
        assert book["All"]["C2"].value == text


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from((Status.UNKNOWN, Status.OVERDUE)), st.text(max_size=40)), max_size=6))
def test_every_unknown_and_overdue_deadline_is_on_the_sheet_for_all_and_on_its_owners(some: list[tuple[Status, str]]) -> None:
    deadlines = [deadline(status, f"K-{n}", due=TODAY, owner=owner) for n, (status, owner) in enumerate(some)]
    book = _opened(overdue_workbook(overview(deadlines), ENGLISH))
    expected = sorted(one.record.key for one in deadlines)
    assert sorted(str(row[2]) for row in _rows(book, "All") if row[2]) == expected
    assert sorted(str(row[2]) for name in book.sheetnames[1:-4] for row in _rows(book, name)) == expected


def test_an_empty_overview_is_a_workbook_that_says_so() -> None:
    book = _opened(overdue_workbook(overview(), ENGLISH))
    assert [book[name]["A2"].value for name in book.sheetnames] == ["None"] * 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_workbooks_are_the_same_bytes_in_every_language(language: str) -> None:
    first, second = (overdue_workbook(ordinary_morning(), texts_in(language)) for _ in range(2))
    assert first == second


def test_no_part_of_the_workbook_tells_when_it_was_made() -> None:
    content = overdue_workbook(ordinary_morning(), ENGLISH)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert _opened(content).properties.created == datetime(2026, 11, 23)  # noqa: DTZ001 -- as openpyxl gives it


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["All", "all", "ALL"], ("All", "all 2", "ALL 3")),
        (["History"], ("History 2",)),
        (["'a'", "", "  "], ("a", "-", "- 2")),
        (["a/b:c"], ("a-b-c",)),
        (["x" * 40, "x" * 50], ("x" * 31, "x" * 29 + " 2")),
    ],
)
def test_sheet_names_are_such_as_excel_accepts(titles: list[str], names: tuple[str, ...]) -> None:
    assert sheet_names(titles) == names


def test_importing_the_lists_does_not_import_pandas() -> None:
    code = (
        "import sys, pipeline.lists.workbook, pipeline.lists.dispatch, pipeline.lists.page; sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
