"""A register is opened, or refused in words that say what the file is."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipeline import faults
from pipeline.register import workbook
from pipeline.register.workbook import read_workbook

MakeWorkbook = Callable[..., Path]


@pytest.fixture
def book(make_workbook: MakeWorkbook) -> Path:
    return make_workbook({"Ting": [["Nummer"], ["T-1"]]})


def zipped(**members: bytes | str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def rewritten(path: Path, member: str, change: Callable[[bytes], bytes]) -> None:
    """Change one member of a workbook."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member])
    path.write_bytes(zipped(**members))


OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600
OWNER_FILE = b"\x0bKari Nordma".ljust(55) + b"\x0b\0" + "Kari Nordma".encode("utf-16-le").ljust(108, b" ")


@pytest.mark.parametrize(
    ("content", "fault", "kind"),
    [
        (b"", faults.EmptyFile, None),
        (b"\0" * 4096, faults.EmptyFile, None),
        (b"Nummer;Navn\r\nT-1;Kari\r\n", faults.OtherKindOfFile, "CSV"),
        ("Nummer;Navn\nT-1;Kåre\n".encode("latin-1"), faults.OtherKindOfFile, "CSV"),
        ("Nummer\tNavn\n".encode("utf-16"), faults.OtherKindOfFile, "CSV"),
        (b"<!DOCTYPE html><html></html>", faults.OtherKindOfFile, "HTML"),
        (b"\xef\xbb\xbf<html><table></table></html>", faults.OtherKindOfFile, "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", faults.OtherKindOfFile, "XML"),
        (b"%PDF-1.7\n", faults.OtherKindOfFile, "PDF"),
        (OLE, faults.OtherKindOfFile, "Excel 97–2003 (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), faults.EncryptedWorkbook, None),
        (zipped(**{"word/document.xml": b"<d/>"}), faults.OtherKindOfFile, "Word (.docx)"),
        (
            zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            faults.OtherKindOfFile,
            "OpenDocument (.ods)",
        ),
        (zipped(readme=b"hello"), faults.OtherKindOfFile, "ZIP"),
        (zipped(**{"xl/workbook.xml": b"<workbook"}), faults.DamagedWorkbook, None),
        (zipped(**{"xl/workbook.xml": b"<workbook/>"}), faults.DamagedWorkbook, None),
        (OWNER_FILE, faults.OwnerFile, None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", faults.DamagedWorkbook, None),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_for_what_it_is(
    tmp_path: Path, content: bytes, fault: type[faults.Fault], kind: str | None
) -> None:
    path = tmp_path / "register.xlsx"
    path.write_bytes(content)
    with pytest.raises(fault) as refusal:
        read_workbook(path)
    assert type(refusal.value) is fault
    assert isinstance(refusal.value, faults.UnreadableWorkbook)
    assert "register.xlsx" in str(refusal.value)
    assert refusal.value.facts.get("kind") == kind


def test_a_missing_file_is_told_as_missing(tmp_path: Path) -> None:
    with pytest.raises(faults.NoWorkbook, match=r"register\.xlsx is not there"):
        read_workbook(tmp_path / "register.xlsx")


def test_a_folder_in_the_workbook_s_place_is_told_as_a_folder(tmp_path: Path) -> None:
    (tmp_path / "register.xlsx").mkdir()
    with pytest.raises(faults.FolderForWorkbook, match=r"register\.xlsx is a folder") as refusal:
        read_workbook(tmp_path / "register.xlsx")
    assert refusal.value.exit_code == 2


def test_what_the_system_does_not_open_may_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "register.xlsx").symlink_to("register.xlsx")
    with pytest.raises(faults.UnopenedWorkbook) as refusal:
        read_workbook(tmp_path / "register.xlsx")
    assert refusal.value.exit_code == 4


def test_a_date_outside_every_calendar_is_refused_by_its_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Ting")
    sheet["A1"] = "Fra"
    sheet["A2"] = -1000000000000
    sheet["A2"].number_format = "dd.mm.yyyy"
    book.save(tmp_path / "register.xlsx")
    with pytest.raises(faults.DamagedWorkbook, match="a cell of the sheet «Ting» holds a date"):
        read_workbook(tmp_path / "register.xlsx")


def test_the_mark_of_an_open_workbook_is_told_by_its_name(book: Path) -> None:
    with pytest.raises(faults.OwnerFile):
        read_workbook(book.rename(book.with_name("~$book.xlsx")))


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_that_is_cut_short_is_damaged(book: Path, kept: float) -> None:
    content = book.read_bytes()
    book.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(faults.DamagedWorkbook):
        read_workbook(book)


def test_a_workbook_without_a_sheet_that_it_names_is_damaged(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != "xl/worksheets/sheet1.xml"}
    book.write_bytes(zipped(**members))
    with pytest.raises(faults.DamagedWorkbook):
        read_workbook(book)


def test_a_sheet_that_is_no_xml_is_damaged(book: Path) -> None:
    rewritten(book, "xl/worksheets/sheet1.xml", lambda xml: xml[:-30])
    with pytest.raises(faults.DamagedWorkbook):
        read_workbook(book)


def test_a_workbook_that_holds_a_part_twice_is_damaged(book: Path) -> None:
    with zipfile.ZipFile(book, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", archive.read("xl/workbook.xml"))
    with pytest.raises(faults.DamagedWorkbook):
        read_workbook(book)


def test_a_workbook_whose_parts_are_encrypted_is_told_as_such(book: Path) -> None:
    content = bytearray(book.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    book.write_bytes(content)
    with pytest.raises(faults.EncryptedWorkbook):
        read_workbook(book)


def test_sizes_are_looked_at_before_anything_is_unpacked(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1 << 20)
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b" " * (2 << 20))
    with pytest.raises(faults.OversizedWorkbook) as refusal:
        read_workbook(book)
    assert refusal.value.facts == {"file": "book.xlsx", "size": 2, "limit": 1}


def test_entity_declarations_are_refused(book: Path) -> None:
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    rewritten(book, "xl/worksheets/sheet1.xml", lambda xml: declared + xml)
    with pytest.raises(faults.UnsafeWorkbook):
        read_workbook(book)


@pytest.mark.parametrize("cell", ["A1048576", "XFD2"])
def test_a_filled_cell_far_out_is_refused_before_it_fills_the_memory(book: Path, cell: str) -> None:
    made = openpyxl.load_workbook(book)
    made["Ting"][cell] = "x"
    made.save(book)
    with pytest.raises(faults.StrayCell) as refusal:
        read_workbook(book)
    assert refusal.value.facts["sheet"] == "Ting"
    assert str(refusal.value.facts["cell"]) in cell


@pytest.mark.parametrize("cell", ["A1048576", "XFD2"])
def test_a_cell_far_out_with_a_format_alone_does_no_harm(book: Path, cell: str) -> None:
    made = openpyxl.load_workbook(book)
    made["Ting"][cell].number_format = "0.00"
    made.save(book)
    assert len(read_workbook(book).sheets["Ting"].rows) == 2


def test_the_cells_stand_at_their_own_addresses_though_the_first_rows_and_columns_are_empty(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].title = "Ting"
    made["Ting"]["C4"] = "her"
    made.save(tmp_path / "book.xlsx")
    cells = read_workbook(tmp_path / "book.xlsx").sheets["Ting"]
    assert cells.rows[4 - 1][3 - 1] == "her"
    assert cells.rows[0][0] == ""


def test_the_digest_is_that_of_the_bytes(book: Path) -> None:
    assert read_workbook(book).digest == hashlib.sha256(book.read_bytes()).hexdigest()


def test_rows_that_were_let_go_of_are_read_again(book: Path) -> None:
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="3" hidden="1"><c r="B3" t="e"><v>#REF!</v></c></row>'
    rewritten(book, SHEET, lambda xml: re.sub(rb"(<sheetData>).*(</sheetData>)", rb"\1" + cells + rb"\2", xml))
    read = read_workbook(book)
    light = workbook.without_rows(read)
    assert not light.sheets["Ting"].rows
    assert light.sheets["Ting"].faulty == {(3, 2): "#REF!"}
    assert workbook.with_rows(light) == read
    assert workbook.with_rows(read) is read


def test_reading_leaves_the_file_as_it_was(book: Path) -> None:
    before, stat = book.read_bytes(), book.stat()
    read_workbook(book)
    assert book.read_bytes() == before
    assert book.stat().st_mtime_ns == stat.st_mtime_ns


def test_dates_of_an_old_mac_workbook_come_out_right(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    made.worksheets[0].title = "Ting"
    made["Ting"]["A1"] = date(2026, 11, 23)
    made["Ting"]["A2"] = datetime(2026, 11, 23, 23, 59, 59)  # noqa: DTZ001 -- Excel knows no time zones
    made.save(tmp_path / "book.xlsx")
    read = read_workbook(tmp_path / "book.xlsx")
    assert read.date1904
    assert read.sheets["Ting"].rows[0][0] == date(2026, 11, 23)
    assert str(read.sheets["Ting"].rows[1][0]).startswith("2026-11-23 23:59")


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("cell", "faulty"),
    [
        ('<c r="A2" t="e"><v>#REF!</v></c>', {(2, 1): "#REF!"}),
        ("<c r='A2' t='e'><v>#N/A</v></c>", {(2, 1): "#N/A"}),
        ('<c t="e" r="A2"><f>B1</f><v>#DIV/0!</v></c>', {(2, 1): "#DIV/0!"}),
        ('<c r="AB2" s="3" t="e"><v>#NAME?</v></c>', {(2, 28): "#NAME?"}),
        ('<c t="e"><v>#REF!</v></c>', {(2, 1): "#REF!"}),
        ("<c/><c><f>A1</f></c>", {(2, 2): ""}),
        ('<c r="A2"><f>A1</f></c>', {(2, 1): ""}),
        ('<c r="A2"><f>A1</f><v></v></c>', {(2, 1): ""}),
        ('<c r="A2"><f>A1</f><v/></c>', {(2, 1): ""}),
        ('<c r="A2"><f t="shared" si="0"/></c>', {(2, 1): ""}),
        ('<c r="A2"><f>A1</f><v>5</v></c>', {}),
        ('<c r="A2" t="str"><f>A1</f><v></v></c>', {}),
        ('<c r="A2" t="str"><f>A1</f><v>x</v></c>', {}),
        ('<c r="A2" t="inlineStr"><is><t>t="e" and &lt;f></t></is></c>', {}),
        ('<c r="A2" s="1"/><c r="B2"><v>1</v></c>', {}),
    ],
)
def test_errors_and_uncomputed_formulas_are_found_where_they_stand(
    book: Path, cell: str, faulty: dict[tuple[int, int], str]
) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2">{cell}</row>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rewritten(book, SHEET, lambda _: f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode())
    assert read_workbook(book).sheets["Ting"].faulty == faulty


def test_errors_are_found_in_a_sheet_with_a_prefix_as_well(book: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = '<x:row r="7"><x:c r="B7" t="e"><x:v>#REF!</x:v></x:c><x:c r="C7"><x:f>A1</x:f></x:c></x:row>'
    xml = f'<x:worksheet xmlns:x="{main}"><x:sheetData>{cell}</x:sheetData></x:worksheet>'
    rewritten(book, SHEET, lambda _: xml.encode())
    assert read_workbook(book).sheets["Ting"].faulty == {(7, 2): "#REF!", (7, 3): ""}
