"""The register's workbook: from a file's bytes to cells with their addresses.

This is the only module that opens a register, and it only reads it.
What is no workbook, or cannot be read safely, is refused with the fault that says what it is instead.

Values come from python-calamine, which gives an empty text for a cell with an error (``#REF!``)
and for a formula whose result was never stored, and knows nothing of what is hidden, struck through or merged.
`pipeline.register.marks` finds these in the sheet's XML.

A file may be made to harm: before anything takes memory, its size, the sizes of its parts, the number of its cells
and the length of its texts are looked at, so that reading needs less than 500 MB and 20 seconds whatever the file holds.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final
from xml.parsers import expat

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
    OvergrownSheet,
    OversizedWorkbook,
    OwnerFile,
    StrayCell,
    UnopenedWorkbook,
    UnsafeWorkbook,
)
from pipeline.findings import column_letters
from pipeline.register import marks
from pipeline.register.grid import Raw, SheetCells, Workbook

MAX_FILE: Final = 100 * 1024 * 1024
"""Bytes that the file itself may have."""

MAX_UNPACKED: Final = 128 * 1024 * 1024
"""Bytes that its XML may unpack to: some nine times a register of 10 000 rows and 40 columns."""

MAX_SMALL_PART: Final = 8 * 1024 * 1024
"""Bytes that a part which becomes a tree may have: the list of sheets, the formats."""

MAX_CELLS: Final = 1_600_000
"""Cells of all sheets, blank ones within the filled rectangles included: 40 000 rows of 40 columns."""

MAX_TEXT: Final = 48 * 1024 * 1024
"""Bytes of all texts, each counted in every cell that shows it."""

MAX_FAULTY: Final = 200_000
"""Cells with an error or an uncomputed formula."""

_SMALL_SHEET: Final = 2 * 1024 * 1024
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
    return workbook_of(path.name, _read_whole(path))


def workbook_of(file: str, content: bytes) -> Workbook:
    """All sheets of a workbook whose bytes are at hand; raises `UnreadableWorkbook`."""
    _refuse_other_kinds(file, content)
    opened = _open(file, content)
    sheets = _filled_in(file, opened.content, opened.sheets)
    if not sheets:
        raise DamagedWorkbook(file=file)
    return Workbook(file, sheets, hashlib.sha256(content).hexdigest(), content, opened.date1904)


def without_rows(workbook: Workbook) -> Workbook:
    """The workbook with all but its rows, which take the most memory; `with_rows` reads them again."""
    return replace(workbook, sheets={title: replace(sheet, rows=()) for title, sheet in workbook.sheets.items()})


def with_rows(workbook: Workbook) -> Workbook:
    """The workbook as it was read, its rows read from its bytes once more where they have been let go of."""
    if any(sheet.rows for sheet in workbook.sheets.values()):
        return workbook
    unpacked = _unpack(workbook.file, workbook.content)
    parts = _as_utf8(workbook.file, unpacked)
    content = workbook.content if parts is unpacked else _packed(parts)
    return replace(workbook, sheets=_filled_in(workbook.file, content, workbook.sheets))


def _filled_in(file: str, content: bytes, sheets: Mapping[str, SheetCells]) -> Mapping[str, SheetCells]:
    """The sheets with their rows, in the order of the tabs."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            titles = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            return {
                title: _with_rows(file, sheets.get(title, SheetCells(title, ())), _rows_of(file, book, title))
                for title in titles
            }
    except PasswordError:
        raise EncryptedWorkbook(file=file) from None
    except CalamineError as error:
        raise DamagedWorkbook(file=file) from error


def _read_whole(path: Path) -> bytes:
    """The file's bytes, all of the same moment: what is written to while it is read may be half old and half new."""
    try:
        before = path.stat()
        if before.st_size > MAX_FILE:
            raise OversizedWorkbook(file=path.name, size=before.st_size >> 20, limit=MAX_FILE >> 20)
        content = path.read_bytes()
        after = path.stat()
    except FileNotFoundError:
        raise NoWorkbook(file=path.name) from None
    except OSError as error:
        if path.is_dir():
            raise FolderForWorkbook(file=path.name) from None
        raise UnopenedWorkbook(file=path.name) from error
    if (before.st_ino, before.st_size, before.st_mtime_ns) != (after.st_ino, after.st_size, after.st_mtime_ns):
        raise UnopenedWorkbook(file=path.name)
    return content


def parts_of(workbook: Workbook) -> tuple[Mapping[str, bytes], Mapping[str, str]]:
    """The XML parts of a workbook that has been read, by name and as UTF-8, and the names of its worksheets' parts by title."""
    parts = _as_utf8(workbook.file, _unpack(workbook.file, workbook.content))
    return parts, _sheet_parts(workbook.file, parts)[0]


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is known of a workbook before its values are read.

    Attributes:
        content: the file's bytes, or an archive of its parts as UTF-8 where some were not.
        sheets: by title, without their rows.
        date1904: see `Workbook`.
    """

    content: bytes
    sheets: Mapping[str, SheetCells]
    date1904: bool


def _open(file: str, content: bytes) -> _Opened:
    """Look at everything but the values; the unpacked parts are let go of before those take memory."""
    unpacked = _unpack(file, content)
    parts = _as_utf8(file, unpacked)
    if parts is not unpacked:
        content = _packed(parts)
    _refuse_entities(file, parts)
    names, date1904 = _sheet_parts(file, parts)
    sheet_parts = {title: parts[name] for title, name in names.items()}
    shared, styles = parts.get("xl/sharedStrings.xml", b""), parts.get("xl/styles.xml", b"")
    _refuse_malformed(file, (*dict.fromkeys(sheet_parts.values()), shared, styles))
    _refuse_overgrown(file, sheet_parts, shared)
    _refuse_large_part(file, styles)
    struck = marks.struck_styles(styles), marks.struck_texts(shared)
    sheets: dict[str, SheetCells] = {}
    faulty = 0
    for title, xml in sheet_parts.items():
        sheets[title] = SheetCells(
            title,
            (),
            faulty=dict(islice(marks.faulty_cells(xml), MAX_FAULTY + 1)),
            hidden=frozenset(marks.hidden_rows(xml)),
            struck=frozenset(marks.struck_cells(xml, *struck)),
            merged=tuple(marks.merged_areas(xml)),
            summing=frozenset(marks.summing_rows(xml)),
        )
        faulty += len(sheets[title].faulty)
        if faulty > MAX_FAULTY:
            raise OvergrownSheet(file=file, sheet=title)
    return _Opened(content, sheets, date1904)


def _with_rows(file: str, sheet: SheetCells, rows: list[list[Raw]]) -> SheetCells:
    """The sheet with its rows, and blank ones for what calamine does not see below them: errors and uncomputed formulas."""
    width = max((len(row) for row in rows), default=0)
    last = max((row for row, _ in sheet.faulty), default=0)
    blank: list[Raw] = [""] * width
    rows = [*rows, *(blank for _ in range(last - len(rows)))]
    merged = tuple(area for area in sheet.merged if area.first_row <= len(rows) and area.first_column <= width)
    # Areas do not overlap in any file that Excel opens; looking at ever so many on one spot would take for ever.
    if sum(min(area.last_row, len(rows)) - area.first_row + 1 for area in merged) > len(rows) * width:
        raise DamagedWorkbook(file=file)
    return replace(sheet, rows=rows, merged=merged)


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
            needed = [member for member in members if member.filename.endswith((".xml", ".rels", "mimetype"))]
            size = sum(member.file_size for member in needed)
            if size > MAX_UNPACKED:
                raise OversizedWorkbook(file=file, size=size >> 20, limit=MAX_UNPACKED >> 20)
            if any(member.flag_bits & _ENCRYPTED_MEMBER for member in members):
                raise EncryptedWorkbook(file=file)
            if len({member.filename for member in members}) < len(members):
                raise DamagedWorkbook(file=file)
            return {member.filename.replace("\\", "/"): archive.read(member) for member in needed}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise DamagedWorkbook(file=file) from error


_DECLARED: Final = re.compile(rb"""<\?xml\b[^<>]*?\bencoding=["']([\w.:-]+)["'][^<>]*\?>""")
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^<>]*\?>")
_UTF_16: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


def _as_utf8(file: str, parts: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The parts as UTF-8; themselves where they are, as nearly always.

    The standard allows UTF-16 as well, in which calamine would see a sheet without cells.
    """
    encodings = {name: encoding for name, part in parts.items() if (encoding := _encoding(part)) != "utf-8"}
    if not encodings:
        return parts
    try:
        return {
            **parts,
            **{name: _DECLARATION.sub("", parts[name].decode(encoding), 1).encode() for name, encoding in encodings.items()},
        }
    except (UnicodeError, LookupError) as error:
        raise DamagedWorkbook(file=file) from error


def _encoding(part: bytes) -> str:
    for mark, encoding in _UTF_16:
        if part.startswith(mark):
            return encoding
    declared = _DECLARED.match(part, 0, 200)
    name = declared[1].decode().lower() if declared else "utf-8"
    return "utf-8" if name in {"utf-8", "utf8", "us-ascii"} else name


def _packed(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _refuse_entities(file: str, parts: Mapping[str, bytes]) -> None:
    if any(b"<!ENTITY" in part or b"<!DOCTYPE" in part for part in parts.values()):
        raise UnsafeWorkbook(file=file)


def _sheet_parts(file: str, parts: Mapping[str, bytes]) -> tuple[Mapping[str, str], bool]:
    """The name of each worksheet's part by title, and whether the workbook counts days from 1904."""
    if b"opendocument.spreadsheet" in parts.get("mimetype", b""):
        raise OtherKindOfFile(file=file, kind="OpenDocument (.ods)")
    if "word/document.xml" in parts:
        raise OtherKindOfFile(file=file, kind="Word (.docx)")
    if "xl/workbook.xml" not in parts:
        raise OtherKindOfFile(file=file, kind="ZIP")
    book, links = parts["xl/workbook.xml"], parts.get("xl/_rels/workbook.xml.rels", b"<none/>")
    _refuse_large_part(file, book)
    _refuse_large_part(file, links)
    try:
        workbook, relations = marks.parsed(book), marks.parsed(links)
    except etree.XMLSyntaxError as error:
        raise DamagedWorkbook(file=file) from error
    targets = {str(relation.get("Id")): str(relation.get("Target", "")) for relation in relations}
    found: dict[str, str] = {}
    for sheet in workbook.iterfind(".//{*}sheets/{*}sheet"):
        relation = next((value for name, value in sheet.attrib.items() if etree.QName(name).localname == "id"), "")
        target = targets.get(str(relation), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part not in parts or str(sheet.get("name")) in found:
            raise DamagedWorkbook(file=file)
        found[str(sheet.get("name"))] = part
    size = sum(len(parts[part]) for part in found.values())
    if size > MAX_UNPACKED:
        raise OversizedWorkbook(file=file, size=size >> 20, limit=MAX_UNPACKED >> 20)
    settings = workbook.find("{*}workbookPr")
    return found, settings is not None and settings.get("date1904") in {"1", "true"}


def _refuse_large_part(file: str, part: bytes) -> None:
    if len(part) > MAX_SMALL_PART:
        raise OversizedWorkbook(file=file, size=len(part) >> 20, limit=MAX_SMALL_PART >> 20)


def _refuse_malformed(file: str, parts: Iterable[bytes]) -> None:
    """Refuse what is no XML; whoever looks at the bytes from here on may rely on it."""
    for part in parts:
        try:
            if part:
                expat.ParserCreate().Parse(part, True)  # noqa: FBT003 -- expat takes no names
        except expat.ExpatError as error:
            raise DamagedWorkbook(file=file) from error


def _refuse_overgrown(file: str, sheets: Mapping[str, bytes], shared: bytes) -> None:
    """Refuse sheets whose filled rectangles or texts would not fit into memory; cells with a format alone do not count."""
    lengths = marks.shared_lengths(shared)
    cells = text = 0
    for title, xml in sheets.items():
        rows, columns = marks.bounds(xml)
        # Counted cell by cell only where this says too much: in small sheets, and where cells with a format alone lie far out.
        far = rows > marks.MAX_ROW or columns > marks.MAX_COLUMN
        if far or len(xml) < _SMALL_SHEET or rows * columns > MAX_CELLS // 3:
            rows, columns = marks.extent(xml)
        if rows > marks.MAX_ROW or columns > marks.MAX_COLUMN:
            raise StrayCell(file=file, sheet=title, cell=str(rows) if rows > marks.MAX_ROW else column_letters(columns))
        cells += max(rows * columns, xml.count(b"<v") + xml.count(b":v") // 2)
        text += marks.shared_size(xml, lengths, MAX_TEXT - text)
        if cells > MAX_CELLS or text > MAX_TEXT:
            raise OvergrownSheet(file=file, sheet=title)
