"""Values go into single cells; nothing else of the workbook changes, whichever program made it."""

# ruff: noqa: DTZ001 -- times of day in Excel have no zone

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import NamedStyle
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipeline.findings import Place
from pipeline.register import archive, splice
from pipeline.register.archive import Archive, Unspliceable
from pipeline.register.readback import assure_unharmed, cell_at, cells_of
from pipeline.register.splice import New, Refusal, Spliced
from tests.register.rich_books import (
    FILE,
    TITLE,
    by_hand,
    by_openpyxl,
    by_xlsxwriter,
    members,
    packed,
    plain,
    prefixed,
    saved,
    with_part,
    with_pivot,
    with_sheet,
    without_addresses,
)

pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported and will be removed:UserWarning")

DAY = date(2026, 11, 23)
BOOKS: Mapping[str, Callable[[], bytes]] = {
    "plain": plain,
    "openpyxl": by_openpyxl,
    "xlsxwriter": by_xlsxwriter,
    "macros": lambda: by_xlsxwriter(macros=True),
    "by hand": by_hand,
    "prefixed": prefixed,
    "without addresses": without_addresses,
}


@pytest.fixture(params=BOOKS)
def book(request: pytest.FixtureRequest) -> bytes:
    return BOOKS[request.param]()


def at(cell: str, sheet: str = TITLE) -> Place:
    """The place of a cell such as ``B2``."""
    column, row = coordinate_from_string(cell)
    return Place(FILE, sheet, row, column_index_from_string(column))


def put(content: bytes, values: Mapping[str, New]) -> Spliced:
    """Splice into the first sheet, and see to it that nothing else has changed."""
    spliced = splice.splice(FILE, content, {at(cell): value for cell, value in values.items()})
    assure_unharmed(FILE, content, spliced)
    return spliced


def sheet_xml(content: bytes) -> str:
    """The XML of the first sheet."""
    return members(content)["xl/worksheets/sheet1.xml"].decode()


Seen = Mapping[tuple[str, str], tuple[object, str, object]]


def seen_by_openpyxl(content: bytes) -> Seen:
    """Value, number format and fill of each cell that has any."""
    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    return {
        (sheet.title, cell.coordinate): (
            getattr(cell.value, "text", cell.value),
            cell.number_format,
            cell.fill.bgColor.value if cell.fill.fill_type else None,
        )
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None or cell.has_style
    }


@pytest.mark.parametrize(
    "values",
    [
        {"B2": DAY},
        {"B4": DAY, "B2": DAY},
        {"C2": "ny", "A3": "T-9"},
        {"Z50": 1, "B2": DAY, "J1": True},
        {"D2": 7.25},
        {"E2": "a", "G2": "b", "E60": "c", "E61": "d"},
    ],
)
def test_only_the_cells_concerned_change_whatever_made_the_workbook(book: bytes, values: Mapping[str, New]) -> None:
    spliced = put(book, values)
    assert spliced.refused == {}
    before, after = members(book), members(spliced.content)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == spliced.parts
    assert spliced.parts <= {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
    old, new = Archive(FILE, book), Archive(FILE, spliced.content)
    assert all(new.by_name[name].raw == member.raw for name, member in old.by_name.items() if name not in spliced.parts)
    cells = cells_of(FILE, spliced.content)
    assert {cell: cell_at(cells, at(cell)) for cell in values} == values
    were, are = dict(seen_by_openpyxl(book)), dict(seen_by_openpyxl(spliced.content))
    for cell, value in values.items():
        were.pop((TITLE, cell), None)
        shown = are.pop((TITLE, cell))[0]
        assert (shown.date() if isinstance(shown, datetime) else shown) == value
    assert are == were


def test_what_libreoffice_puts_into_a_register_stays_as_it_is(tmp_path: Path, root: Path, office_python: str) -> None:
    register, furnished = tmp_path / "plain.xlsx", tmp_path / "furnished.xlsx"
    register.write_bytes(plain())
    furnisher = root / "tests" / "setup" / "furnisher.py"
    subprocess.run([office_python, furnisher, register, furnished], check=True, capture_output=True, timeout=120)
    content = furnished.read_bytes()
    kinds = {"pivotTables", "pivotCache", "ctrlProps", "tables", "charts", "drawings"}
    assert kinds <= {name.split("/")[1] for name in members(content) if name.startswith("xl/")}
    spliced = put(content, {"B2": DAY, "C2": "ny", "N3": "x"})
    assert (spliced.written, spliced.refused) == ({at("B2"): DAY, at("C2"): "ny"}, {at("N3"): Refusal.PIVOT})
    before, after = members(content), members(spliced.content)
    assert {name for name in before if before[name] != after[name]} == spliced.parts
    assert spliced.parts <= {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
    old, new = sheet_xml(content), sheet_xml(spliced.content)
    assert old[old.index("</sheetData>") :] == new[new.index("</sheetData>") :]


def test_the_sheet_s_xml_keeps_every_other_byte() -> None:
    content = by_hand()
    before, after = sheet_xml(content), sheet_xml(put(content, {"C2": "ny"}).content)
    written = '<c r="C2" t="inlineStr"><is><t xml:space="preserve">ny</t></is></c>'
    assert after.count(written) == 1
    head, tail = after.split(written)
    assert before.startswith(head)
    assert before.endswith(tail)
    assert 'mc:Ignorable="x14ac xr"' in head
    assert "x14:dataBar" in tail


def test_an_empty_cell_written_as_one_tag_is_replaced_and_not_its_row() -> None:
    content = with_sheet(
        plain(), lambda xml: re.sub(rb'<row r="2".*?</row>', b'<row r="2"><c r="A2" s="0"/><c r="B2"/></row>', xml)
    )
    spliced = put(content, {"B2": "x"})
    assert '<row r="2"><c r="A2" s="0"/><c r="B2" t="inlineStr">' in sheet_xml(spliced.content)


@pytest.mark.parametrize("row", [b'<row r="2"/>', b'<row r="2" spans="1:1" />', b""])
def test_a_row_without_cells_or_no_row_at_all_takes_one(row: bytes) -> None:
    content = with_sheet(plain(), lambda xml: re.sub(rb'<row r="2".*?</row>', row, xml))
    cells = cells_of(FILE, put(content, {"D2": 4, "B2": "x"}).content)
    assert [cell_at(cells, at(cell)) for cell in ("B2", "D2", "A3")] == ["x", 4, "T-2"]


@pytest.mark.parametrize("data", [b"<sheetData/>", b"<sheetData />", b"<sheetData></sheetData>"])
def test_an_empty_sheet_takes_cells_too(data: bytes) -> None:
    content = with_sheet(plain(), lambda xml: re.sub(rb"<sheetData>.*</sheetData>", data, xml))
    cells = cells_of(FILE, put(content, {"B2": "x", "A9": 1}).content)
    assert (cell_at(cells, at("B2")), cell_at(cells, at("A9"))) == ("x", 1)


def test_dimension_and_spans_are_widened() -> None:
    content = with_sheet(plain(), lambda xml: xml.replace(b'<row r="2"', b'<row r="2" spans="1:4"'))
    xml = sheet_xml(put(content, {"F2": "x", "B9": 1}).content)
    assert '<dimension ref="A1:F9"' in xml
    assert 'spans="1:6"' in xml


def test_what_belongs_to_a_value_alone_goes_with_it() -> None:
    content = with_sheet(plain(), lambda xml: xml.replace(b'<c r="C2"', b'<c r="C2" cm="1" vm="2" ph="1"'))
    xml = sheet_xml(put(content, {"C2": "ny"}).content)
    assert not re.search(r"\b(cm|vm|ph)=", xml)


# ------------------------------------------------------------------ values


@pytest.mark.parametrize(
    "text",
    [
        "vanlig",
        "  luft foran og bak  ",
        "linje\nskift\tog tabulator",
        "<æ> & «ø» \"å'",
        "=1+1",
        "_x000D_",
        "a_x0041_b_x_",
        "bjelle\x07",
        "\U0001f600",
        "x" * splice.LONGEST_TEXT,
    ],
)
def test_a_text_reads_as_it_was_given(text: str) -> None:
    spliced = put(plain(), {"C3": text})
    assert spliced.written == {at("C3"): text}


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        ("x" * (splice.LONGEST_TEXT + 1), Refusal.TOO_LONG),
        ("\U0001f600" * 16_384, Refusal.TOO_LONG),
        ("half \ud800", Refusal.NO_VALUE),
        (float("nan"), Refusal.NO_VALUE),
        (float("inf"), Refusal.NO_VALUE),
        (date(1900, 2, 28), Refusal.NO_VALUE),
    ],
)
def test_what_a_cell_cannot_hold_is_refused(value: New, refusal: Refusal) -> None:
    content = plain()
    assert splice.splice(FILE, content, {at("C3"): value}) == Spliced(content, {}, {at("C3"): refusal}, frozenset())


@pytest.mark.parametrize("value", [True, False, 0, -3, 12_345_678, 0.1, 1e-9, -2.5e100])
def test_numbers_and_truths_read_as_they_were_given(value: New) -> None:
    assert put(plain(), {"C3": value}).written == {at("C3"): value}


# ------------------------------------------------------------------ dates


def test_a_date_in_a_cell_with_a_date_format_keeps_that_format() -> None:
    spliced = put(by_xlsxwriter(), {"B2": DAY})
    assert spliced.parts == {"xl/worksheets/sheet1.xml"}
    assert seen_by_openpyxl(spliced.content)[TITLE, "B2"][:2] == (datetime(2026, 11, 23), "dd.mm.yyyy")


def test_a_date_takes_the_format_of_the_cell_above_or_of_its_column() -> None:
    content = by_openpyxl()
    seen = seen_by_openpyxl(put(content, {"B4": DAY, "K4": DAY}).content)
    assert seen[TITLE, "B4"][1] == seen[TITLE, "B3"][1] == "yyyy-mm-dd"
    assert seen[TITLE, "K4"][1] == "dd.mm.yyyy"


def test_a_date_in_a_cell_of_another_format_keeps_the_rest_of_it_and_the_format_is_made_once() -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain()))
    money = NamedStyle("money", number_format="0.00")
    money.fill = openpyxl.styles.PatternFill("solid", bgColor="FFEEDD")
    for cell in ("B2", "C2"):
        book[TITLE][cell].style = money
    content = saved(book)
    once = put(content, {"B2": DAY})
    assert once.parts == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
    assert seen_by_openpyxl(once.content)[TITLE, "B2"][1:] == ("mm-dd-yy", "00FFEEDD")
    twice = put(once.content, {"C2": DAY})
    assert twice.parts == {"xl/worksheets/sheet1.xml"}
    assert seen_by_openpyxl(twice.content)[TITLE, "C2"][1:] == ("mm-dd-yy", "00FFEEDD")


@pytest.mark.parametrize("code", ["0.00", "General", '"dag" 0', "hh:mm", "[Red]0", "0.0%", r"\d0"])
def test_a_format_that_shows_no_day_is_told_as_such(code: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain()))
    book[TITLE]["B2"].number_format = code
    assert seen_by_openpyxl(put(saved(book), {"B2": DAY}).content)[TITLE, "B2"][1] == "mm-dd-yy"


@pytest.mark.parametrize("code", ["dd.mm.yyyy", "d. mmmm yyyy", "[$-414]d. mmm yy;@", "yyyy-mm-dd hh:mm", "mmm yy"])
def test_a_format_that_shows_a_day_is_told_as_such(code: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain()))
    book[TITLE]["B2"].number_format = code
    assert seen_by_openpyxl(put(saved(book), {"B2": DAY}).content)[TITLE, "B2"][1] == code


def test_days_are_counted_from_1904_where_the_workbook_does() -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain()))
    book.epoch = CALENDAR_MAC_1904
    spliced = put(saved(book), {"B2": DAY})
    assert f"<v>{(DAY - date(1904, 1, 1)).days}</v>" in sheet_xml(spliced.content)
    assert seen_by_openpyxl(spliced.content)[TITLE, "B2"][0] == datetime(2026, 11, 23)


def test_a_workbook_without_cell_formats_takes_texts_but_no_dates() -> None:
    content = with_part(plain(), "xl/styles.xml", lambda xml: re.sub(rb"<cellXfs.*?</cellXfs>", b"", xml))
    spliced = splice.splice(FILE, content, {at("B2"): DAY, at("C3"): "x"})
    assert spliced.refused == {at("B2"): Refusal.UNSTYLED}
    assert spliced.written == {at("C3"): "x"}


def test_the_strict_form_is_written_to_as_well() -> None:
    content = plain()
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        content = with_part(
            content,
            part,
            lambda xml: xml.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
            ),
        )
    assert put(content, {"B2": DAY}).written == {at("B2"): DAY}


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("make", "cell", "refusal"),
    [
        (by_openpyxl, "A1", Refusal.HEADING),
        (by_openpyxl, "F2", Refusal.FORMULA),
        (by_openpyxl, "I3", Refusal.MERGED),
        (by_xlsxwriter, "D5", Refusal.FORMULA),
        (by_xlsxwriter, "A5", Refusal.TOTALS),
        (by_xlsxwriter, "G7", Refusal.FORMULA),
        (by_xlsxwriter, "G8", Refusal.AREA),
        (with_pivot, "N6", Refusal.PIVOT),
    ],
)
def test_cells_that_are_not_the_office_s_to_fill_are_refused_by_name(
    make: Callable[[], bytes], cell: str, refusal: Refusal
) -> None:
    content = make()
    spliced = splice.splice(FILE, content, {at(cell): "x"})
    assert (spliced.refused, spliced.content) == ({at(cell): refusal}, content)


def test_a_data_table_and_a_shared_formula_are_refused() -> None:
    table = b'<c r="B2"><f t="dataTable" ref="B2:C3" r1="D1"/><v>1</v></c>'
    shared = b'<c r="D3"><f t="shared" si="0"/><v>1</v></c>'
    content = with_sheet(
        plain(), lambda xml: re.sub(rb'<c r="D3".*?</c>', shared, re.sub(rb'(<c r="C2")', table + rb"\1", xml, count=1))
    )
    spliced = splice.splice(FILE, content, {at("B2"): 1, at("C3"): 1, at("D3"): 1})
    assert spliced.refused == {at("B2"): Refusal.FORMULA, at("C3"): Refusal.AREA, at("D3"): Refusal.FORMULA}


def test_an_error_and_a_sheet_that_is_not_there_are_refused() -> None:
    content = with_sheet(plain(), lambda xml: re.sub(rb'<c r="D3".*?</c>', b'<c r="D3" t="e"><v>#REF!</v></c>', xml))
    spliced = splice.splice(FILE, content, {at("D3"): 1, at("A1", "Borte"): 1})
    assert spliced.refused == {at("D3"): Refusal.ERROR, at("A1", "Borte"): Refusal.NO_SHEET}


def test_beside_a_pivot_table_cells_are_written() -> None:
    assert put(with_pivot(), {"B2": DAY, "O6": "x"}).written == {at("B2"): DAY, at("O6"): "x"}


def test_a_number_would_be_a_day_in_a_cell_with_a_date_format_and_is_refused() -> None:
    spliced = splice.splice(FILE, plain(), {at("B3"): 7})
    assert spliced.refused == {at("B3"): Refusal.DATES_ONLY}


def test_the_anchor_of_a_merged_area_and_a_cell_that_is_not_refused_are_written() -> None:
    spliced = put(by_openpyxl(), {"H2": "samlet", "A1": "x"})
    assert spliced.written == {at("H2"): "samlet"}
    assert spliced.refused == {at("A1"): Refusal.HEADING}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda xml: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + xml.partition(b"?>")[2], splice.UNSAFE),
        (lambda xml: b"\xff\xfe" + xml.decode().encode("utf-16-le"), splice.OTHER_ENCODING),
        (lambda xml: xml.decode().encode("utf-16-be"), splice.OTHER_ENCODING),
        (lambda xml: b'<?xml version="1.0" encoding="iso-8859-1"?>' + xml.partition(b"?>")[2], splice.OTHER_ENCODING),
        (lambda xml: xml[:-20], archive.DAMAGED),
        (lambda xml: xml.replace(b'<row r="3"', b'<row r="1"'), archive.DAMAGED),
        (lambda xml: xml.replace(b'r="C2"', b'r="A2"'), archive.DAMAGED),
        (lambda xml: re.sub(rb"<sheetData>.*</sheetData>", b"", xml), archive.DAMAGED),
    ],
)
def test_a_sheet_that_cannot_be_spliced_for_certain_is_refused(change: Callable[[bytes], bytes], reason: str) -> None:
    declared = with_sheet(plain(), lambda xml: b'<?xml version="1.0"?>' + xml)
    content = with_sheet(declared, change)
    with pytest.raises(Unspliceable) as refusal:
        splice.splice(FILE, content, {at("B2"): "x"})
    assert refusal.value.facts == {"file": FILE, "reason": reason}


def test_a_signed_workbook_is_refused() -> None:
    content = packed(dict(members(plain())) | {"_xmlsignatures/sig1.xml": b"<Signature/>"})
    with pytest.raises(Unspliceable) as refusal:
        splice.splice(FILE, content, {at("B2"): "x"})
    assert refusal.value.facts["reason"] == splice.SIGNED


# ------------------------------------------------------------------ formulas elsewhere


@pytest.mark.parametrize(
    "calculation", [b"", b'<calcPr calcId="191029"/>', b'<calcPr calcId="191029" fullCalcOnLoad="0"></calcPr>']
)
def test_formulas_are_computed_again_when_the_workbook_is_next_opened(calculation: bytes) -> None:
    content = with_part(by_openpyxl(), "xl/workbook.xml", lambda xml: re.sub(rb"<calcPr[^>]*/>", calculation, xml))
    spliced = put(content, {"C2": "x"})
    assert spliced.parts == {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert openpyxl.load_workbook(io.BytesIO(spliced.content)).calculation.fullCalcOnLoad
    assert put(spliced.content, {"C3": "x"}).parts == {"xl/worksheets/sheet1.xml"}


def test_a_workbook_without_formulas_is_not_told_to_compute() -> None:
    content = with_part(plain(), "xl/workbook.xml", lambda xml: re.sub(rb"<calcPr[^>]*/>", b"", xml))
    assert put(content, {"C2": "x"}).parts == {"xl/worksheets/sheet1.xml"}


# ------------------------------------------------------------------ any sheet

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1, max_size=20)
_VALUES = st.one_of(
    st.integers(-(10**9), 10**9),
    st.booleans(),
    _TEXTS,
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(date(1910, 1, 1), date(2099, 12, 31)),
)
_PRINTABLE = st.one_of(
    st.integers(-99, 99), st.text("abcæøå<&> ", min_size=1, max_size=8), st.dates(date(1910, 1, 1), date(2099, 12, 31))
)
_CELLS = st.tuples(st.integers(1, 12), st.integers(1, 30))


@settings(max_examples=60)
@given(st.dictionaries(_CELLS, _PRINTABLE, max_size=25), st.dictionaries(_CELLS, _VALUES, min_size=1, max_size=8))
def test_any_cells_of_any_sparse_sheet_are_written_and_no_other(
    present: Mapping[tuple[int, int], New], values: Mapping[tuple[int, int], New]
) -> None:
    book = openpyxl.Workbook()
    for (row, column), value in present.items():
        book.worksheets[0].cell(row, column, value)
    content = saved(book)
    title = book.worksheets[0].title
    wanted = {Place(FILE, title, row, column): value for (row, column), value in values.items()}
    spliced = splice.splice(FILE, content, wanted)
    days = {Place(FILE, title, row, column) for (row, column), value in present.items() if isinstance(value, date)}
    numbers = {place for place, value in wanted.items() if isinstance(value, int | float) and not isinstance(value, bool)}
    assert spliced.refused == dict.fromkeys(days & numbers, Refusal.DATES_ONLY)
    assert spliced.written == {place: value for place, value in wanted.items() if place not in spliced.refused}
    assure_unharmed(FILE, content, spliced)
    before, after = cells_of(FILE, content), cells_of(FILE, spliced.content)
    for row in range(1, 13):
        for column in range(1, 31):
            place = Place(FILE, title, row, column)
            if place not in spliced.written:
                assert cell_at(after, place) == cell_at(before, place)


# ------------------------------------------------------------------ the real program


@pytest.mark.parametrize("name", ["openpyxl", "xlsxwriter", "by hand", "prefixed"])
def test_libreoffice_opens_the_result_and_shows_the_values(name: str, program: Callable[[str], str], tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes(put(BOOKS[name](), {"B2": DAY, "C2": "  <æ>\nny"}).content)
    subprocess.run(
        [
            program("soffice"),
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,1",
            "--outdir",
            str(tmp_path),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (made,) = tmp_path.glob("*.csv")
    text = made.read_text(encoding="utf-8")
    assert "  <æ>\nny" in text
    assert re.search(r"46349|2026-11-23|23\.11\.2026|11/23/(20)?26|23/11/(20)?26", text)
