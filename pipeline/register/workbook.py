"""The register's workbook: from a file's bytes to cells with their addresses.

This is the only module that opens a register, and it only reads it.
What is no workbook, or cannot be read safely, is refused with the fault that says what it is instead.

Values come from python-calamine, which gives an empty text for a cell with an error (``#REF!``)
and for a formula whose result was never stored.
Both are found in the sheet's XML and listed as `SheetCells.faulty`, because unreadable is not empty.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from pipeline.faults import (
    DamagedWorkbook,
    EmptyFile,
    EncryptedWorkbook,
    FolderForWorkbook,
    ImpossibleCell,
    NoWorkbook,
    OtherKindOfFile,
    OversizedWorkbook,
    OwnerFile,
    StrayCell,
    UnopenedWorkbook,
    UnsafeWorkbook,
)
from pipeline.register.grid import UNCOMPUTED, Raw, SheetCells, Workbook

MAX_UNPACKED: Final = 400 * 1024 * 1024
"""Bytes that all parts of a workbook may unpack to: some ten times a register of 10 000 rows and 40 columns."""

MAX_ROW: Final = 100_000
"""How far down a filled cell may lie, since memory is taken for the whole rectangle; how far out is column ZZ."""

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_MEMBER: Final = 0x1
_OWNER_FILE_SIZE: Final = 165


def read_workbook(path: Path) -> Workbook:
    """All sheets of a workbook; the file is read once and not changed.

    Raises:
        NoWorkbook: there is no such file.
        UnreadableWorkbook: it cannot be opened, or is no workbook that can be read; the subclass says what it is.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise NoWorkbook(file=path.name) from None
    except OSError as error:
        if path.is_dir():
            raise FolderForWorkbook(file=path.name) from None
        raise UnopenedWorkbook(file=path.name) from error
    _refuse_other_kinds(path.name, content)
    parts = _unpack(path.name, content)
    _refuse_entities(path.name, parts)
    sheet_parts, date1904 = _sheet_parts(path.name, parts)
    for title, xml in sheet_parts.items():
        _refuse_stray_cells(path.name, title, xml)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            titles = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            rows = {title: _rows_of(path.name, book, title) for title in titles}
    except PasswordError:
        raise EncryptedWorkbook(file=path.name) from None
    except CalamineError as error:
        raise DamagedWorkbook(file=path.name) from error
    if not rows:
        raise DamagedWorkbook(file=path.name)
    sheets = {title: SheetCells(title, rows[title], dict(_faulty_cells(sheet_parts.get(title, b"")))) for title in titles}
    return Workbook(path.name, sheets, hashlib.sha256(content).hexdigest(), content, date1904)


def _rows_of(file: str, book: CalamineWorkbook, title: str) -> list[list[Raw]]:
    try:
        return book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    except BaseException as error:
        # pyo3 wraps a panic in calamine in a BaseException of a class that cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise ImpossibleCell(file=file, sheet=title) from None


def _refuse_other_kinds(file: str, content: bytes) -> None:
    """Tell by the first bytes what a file is that is no zip archive."""
    if not content.strip(b"\0"):
        raise EmptyFile(file=file)
    if file.startswith("~$") or (len(content) == _OWNER_FILE_SIZE and content[0] <= 54):
        raise OwnerFile(file=file)
    if content.startswith(_COMPOUND):
        # Excel wraps an encrypted workbook in the container that .xls files use; the stream's name tells them apart.
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise EncryptedWorkbook(file=file)
        raise OtherKindOfFile(file=file, kind="Excel 97–2003 (.xls)")
    if content.startswith(_ZIP):
        return
    beginning = content[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").replace(b"\0", b"").lower()
    if beginning.startswith((b"<!doctype html", b"<html", b"<table")):
        raise OtherKindOfFile(file=file, kind="HTML")
    if beginning.startswith(b"<?xml"):
        raise OtherKindOfFile(file=file, kind="XML")
    if beginning.startswith(b"%pdf"):
        raise OtherKindOfFile(file=file, kind="PDF")
    if _is_text(beginning):
        raise OtherKindOfFile(file=file, kind="CSV")
    raise DamagedWorkbook(file=file)


def _is_text(beginning: bytes) -> bool:
    return not any(byte < 32 and byte not in b"\t\r\n" for byte in beginning)


def _unpack(file: str, content: bytes) -> Mapping[str, bytes]:
    """The XML parts by name, unpacked only once their sizes are known to be reasonable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if size > MAX_UNPACKED:
                raise OversizedWorkbook(file=file, size=size >> 20, limit=MAX_UNPACKED >> 20)
            if any(member.flag_bits & _ENCRYPTED_MEMBER for member in members):
                raise EncryptedWorkbook(file=file)
            if len({member.filename for member in members}) < len(members):
                raise DamagedWorkbook(file=file)
            return {
                member.filename.replace("\\", "/"): archive.read(member)
                for member in members
                if member.filename.endswith((".xml", ".rels", "mimetype"))
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise DamagedWorkbook(file=file) from error


def _refuse_entities(file: str, parts: Mapping[str, bytes]) -> None:
    if any(b"<!ENTITY" in part or b"<!DOCTYPE" in part for part in parts.values()):
        raise UnsafeWorkbook(file=file)


def _sheet_parts(file: str, parts: Mapping[str, bytes]) -> tuple[Mapping[str, bytes], bool]:
    """The XML of each worksheet by title, and whether the workbook counts days from 1904."""
    if b"opendocument.spreadsheet" in parts.get("mimetype", b""):
        raise OtherKindOfFile(file=file, kind="OpenDocument (.ods)")
    if "word/document.xml" in parts:
        raise OtherKindOfFile(file=file, kind="Word (.docx)")
    if "xl/workbook.xml" not in parts:
        raise OtherKindOfFile(file=file, kind="ZIP")
    try:
        workbook = _parse(parts["xl/workbook.xml"])
        relations = _parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    except etree.XMLSyntaxError as error:
        raise DamagedWorkbook(file=file) from error
    targets = {str(relation.get("Id")): str(relation.get("Target", "")) for relation in relations}
    found: dict[str, bytes] = {}
    for sheet in workbook.iterfind(".//{*}sheets/{*}sheet"):
        relation = next((value for name, value in sheet.attrib.items() if etree.QName(name).localname == "id"), "")
        target = targets.get(str(relation), "")
        part = parts.get(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        if part is None:
            raise DamagedWorkbook(file=file)
        found[str(sheet.get("name"))] = part
    settings = workbook.find("{*}workbookPr")
    return found, settings is not None and settings.get("date1904") in {"1", "true"}


def _parse(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


_ROW_NUMBER: Final = re.compile(rb"""[^>]*?\br=["'](\d+)""")
_FAR_COLUMN: Final = re.compile(rb""" r="([A-Z]{3,}\d+)"[^<>]*[^/]>\s*<(?!/)""")


def _refuse_stray_cells(file: str, title: str, xml: bytes) -> None:
    """Refuse a sheet whose filled rectangle would not fit into memory; cells with a format alone do not count."""
    last_value = max(xml.rfind(tag) for tag in (b"<v>", b":v>", b"<is>"))
    last_row = max(xml.rfind(tag, 0, max(last_value, 0)) for tag in (b"<row ", b":row "))
    number = _ROW_NUMBER.match(xml, max(last_row, 0))
    far_column = _FAR_COLUMN.search(xml)
    if number is not None and int(number[1]) > MAX_ROW:
        raise StrayCell(file=file, sheet=title, cell=number[1].decode())
    if far_column is not None:
        raise StrayCell(file=file, sheet=title, cell=far_column[1].decode())


_FAULTY: Final = re.compile(rb"""<(?:\w+:)?c\b(?:[^>]*\bt=["']e["'][^>]*>|[^>]*>(?=<(?:\w+:)?f[ />]))""")
_ROW_OR_CELL: Final = re.compile(rb"<(?:\w+:)?(row|c)\b[^>]*>")
_ADDRESS: Final = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
_KIND: Final = re.compile(rb"""\bt=["'](\w+)["']""")
_RESULT: Final = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_CELL_END: Final = re.compile(rb"</(?:\w+:)?c>")


def _faulty_cells(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """The cells that hold an error, or a formula whose result was never stored, by row and column."""
    counted: Mapping[int, tuple[int, int]] = {}
    for tag in _FAULTY.finditer(xml):
        address = _ADDRESS.search(tag[0])
        if address is None and not counted:
            counted = dict(_counted_cells(xml))
        place = (int(address[2]), _column_number(address[1])) if address else counted[tag.start()]
        end = _CELL_END.search(xml, tag.end())
        result = _RESULT.search(xml, tag.end(), end.start() if end else len(xml))
        kind = _KIND.search(tag[0])
        if kind and kind[1] == b"e":
            yield place, result[1].decode() if result else "#ERROR!"
        elif result is None and not (kind and kind[1] == b"str"):
            # A formula that gives an empty text is stored as t="str" without a value: that one is empty.
            yield place, UNCOMPUTED


def _counted_cells(xml: bytes) -> Iterator[tuple[int, tuple[int, int]]]:
    """Row and column of every cell by its tag's offset, for the rare writer that leaves addresses out."""
    row = column = 0
    for tag in _ROW_OR_CELL.finditer(xml):
        address = _ADDRESS.search(tag[0])
        if tag[1] == b"row":
            row, column = int(address[2]) if address else row + 1, 0
        else:
            column = _column_number(address[1]) if address else column + 1
            yield tag.start(), (row, column)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64  # «A» is 65
    return number
