"""Files that are made to harm, or look as if they were: each is read rightly or refused in time, and takes little memory."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import docx
import openpyxl
import pytest

from pipeline import faults
from pipeline.register.workbook import read_workbook, with_rows, without_rows

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
SHEET: Final = "xl/worksheets/sheet1.xml"
MEGABYTES: Final = 500
SECONDS: Final = 20

PROGRAM: Final = """
import re, sys
from pathlib import Path
import pipeline.faults
from pipeline.register.workbook import read_workbook
try:
    book = read_workbook(Path(sys.argv[1]))
    print("read", sum(len(sheet.rows) for sheet in book.sheets.values()), end=" ")
except pipeline.faults.Fault as fault:
    print(type(fault).__name__, end=" ")
# Not ru_maxrss, which begins with what the process that started this one held.
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text()).group(1)) // 1024)
"""


def in_a_process(path: Path, root: Path) -> str:
    """What reading comes to in a process of its own, under a limit of time; its peak of memory is looked at here."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))

    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        timeout=3 * SECONDS,
        check=False,
        preexec_fn=limited,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    outcome, peak = ran.stdout.rsplit(" ", 1)
    assert int(peak) < MEGABYTES
    return outcome


def sheet(rows: str, head: str = "", root: str = MAIN) -> bytes:
    return f'<worksheet xmlns="{root}">{head}<sheetData>{rows}</sheetData></worksheet>'.encode()


def members() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Ting"
    book.worksheets[0].append(["Nummer", "Navn"])
    book.worksheets[0].append(["T-1", "Åse"])
    content = io.BytesIO()
    book.save(content)
    with zipfile.ZipFile(content) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


VALUES: Final = [["Nummer", "Navn"], ["T-1", "Åse"]]


def utf_16(xml: bytes) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-16"?>' + xml.decode()).encode("utf-16")


def latin_1(xml: bytes) -> bytes:
    return b'<?xml version="1.0" encoding="ISO-8859-1"?>' + xml.replace(b"&#197;", "Å".encode("latin-1"))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (SHEET, utf_16),
        (SHEET, latin_1),
        (SHEET, lambda xml: xml.replace(b'<dimension ref="A1:B2"/>', b"")),
        (SHEET, lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1"')),
        ("xl/workbook.xml", utf_16),
        ("xl/_rels/workbook.xml.rels", utf_16),
    ],
    ids=["UTF-16 sheet", "Latin-1 sheet", "no dimension", "wrong dimension", "UTF-16 workbook", "UTF-16 relations"],
)
def test_unusual_but_lawful_files_are_read_rightly(tmp_path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    parts = members()
    assert change(parts[part]) != parts[part]
    parts[part] = change(parts[part])
    read = read_workbook(packed(tmp_path / "book.xlsx", parts))
    assert read.sheets["Ting"].rows == VALUES
    assert with_rows(without_rows(read)) == read


def test_a_sheet_with_a_prefix_is_read_rightly(tmp_path: Path) -> None:
    cell = '<x:c r="A1" t="inlineStr"><x:is><x:t>Nummer</x:t></x:is></x:c>'
    xml = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1">{cell}</x:row></x:sheetData></x:worksheet>'
    path = packed(tmp_path / "book.xlsx", members() | {SHEET: xml.encode()})
    assert read_workbook(path).sheets["Ting"].rows == [["Nummer"]]


def test_strict_open_xml_is_read_rightly(tmp_path: Path) -> None:
    relations = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        name: part.replace(MAIN.encode(), STRICT.encode()).replace(
            relations, b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, part in members().items()
    }
    assert read_workbook(packed(tmp_path / "book.xlsx", parts)).sheets["Ting"].rows == VALUES


def test_no_flipped_byte_goes_unnoticed(tmp_path: Path) -> None:
    content = packed(tmp_path / "book.xlsx", members()).read_bytes()
    whole = read_workbook(tmp_path / "book.xlsx").sheets
    for offset in range(0, len(content), 7):
        (tmp_path / "book.xlsx").write_bytes(content[:offset] + bytes([content[offset] ^ 0x20]) + content[offset + 1 :])
        try:
            read = read_workbook(tmp_path / "book.xlsx").sheets
        except faults.UnreadableWorkbook:
            continue
        assert read == whole, offset


def wide(rows: int, columns: int, cell: str) -> Iterator[str]:
    for _ in range(rows):
        yield "<row>" + cell * columns + "</row>"


MANY: Final = 3_000_000
HOSTILE: Final[list[tuple[str, Callable[[], dict[str, bytes]], str]]] = [
    ("400 MB of blanks", lambda: {SHEET: b" " * (400 << 20)}, "OversizedWorkbook"),
    ("many small cells", lambda: {SHEET: sheet("<row>" + "<c><v>1</v></c>" * MANY + "</row>")}, "OvergrownSheet"),
    ("as many cells as are read", lambda: {SHEET: sheet("".join(wide(40_000, 39, "<c><v>1</v></c>")))}, "read 40000"),
    (
        "as many texts as are read",
        lambda: {SHEET: sheet("".join(wide(40_000, 39, '<c t="inlineStr"><is><t>Åse med mer</t></is></c>')))},
        "read 40000",
    ),
    (
        "a corner of the largest rectangle",
        lambda: {SHEET: sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="99999"><c r="ZZ99999"><v>1</v></c></row>')},
        "OvergrownSheet",
    ),
    ("a cell that contradicts its row", lambda: {SHEET: sheet('<row r="1"><c r="XFD1048576"><v>1</v></c></row>')}, "StrayCell"),
    ("a small address in a far row", lambda: {SHEET: sheet('<row r="1048576"><c><v>1</v></c></row>')}, "StrayCell"),
    ("errors in every cell", lambda: {SHEET: sheet("".join(wide(50_000, 30, '<c t="e"><v>#N/A</v></c>')))}, "OvergrownSheet"),
    (
        "50 000 formatted blank rows",
        lambda: {
            SHEET: sheet(
                '<row r="1"><c r="A1"><v>1</v></c></row>'
                + "".join(f'<row r="{row}" s="1"><c r="A{row}" s="1"/><c r="B{row}" s="1"/></row>' for row in range(2, 50_002))
            )
        },
        "read 1",
    ),
    (
        "one long text in many cells",
        lambda: {
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{"x" * (1 << 20)}</t></si></sst>'.encode(),
            SHEET: sheet("<row>" + '<c t="s"><v>0</v></c>' * 5_000 + "</row>"),
        },
        "OvergrownSheet",
    ),
    ("tags without end", lambda: {SHEET: b"<c " * (30 << 20)}, "DamagedWorkbook"),
    (
        "an attribute without end",
        lambda: {SHEET: sheet("<row><c a='" + 't="e" s="1" r="A99999" ' * (1 << 20) + "'/></row>")},
        "read 0",
    ),
    ("deep nesting", lambda: {SHEET: sheet("<a>" * 200_000 + "</a>" * 200_000)}, "read 0"),
    (
        "deep nesting of the list of sheets",
        lambda: {"xl/workbook.xml": b"<a>" * 200_000 + b"</a>" * 200_000},
        "DamagedWorkbook",
    ),
    ("a huge list of sheets", lambda: {"xl/workbook.xml": b"<a>" + b"<b/>" * (20 << 20) + b"</a>"}, "OversizedWorkbook"),
    (
        "many merged areas",
        lambda: {
            SHEET: sheet("<row><c><v>1</v></c></row>").replace(
                b"</sheetData>", b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:ZZ1048576"/>' * 500_000 + b"</mergeCells>"
            )
        },
        "DamagedWorkbook",
    ),
    ("entities", lambda: {SHEET: b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>' + sheet("")}, "UnsafeWorkbook"),
    (
        "entities in UTF-16",
        lambda: {SHEET: ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + sheet("").decode()).encode("utf-16")},
        "UnsafeWorkbook",
    ),
    ("external entities", lambda: {SHEET: b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + sheet("")}, "UnsafeWorkbook"),
    (
        "an encoding that nobody knows",
        lambda: {SHEET: b'<?xml version="1.0" encoding="klingon"?>' + sheet("")},
        "DamagedWorkbook",
    ),
    (
        "an encoding that is no encoding of text",
        lambda: {SHEET: b'<?xml version="1.0" encoding="zlib"?>' + sheet("")},
        "DamagedWorkbook",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(("parts", "outcome"), [pytest.param(*rest, id=name) for name, *rest in HOSTILE])
def test_no_file_takes_more_than_half_a_gigabyte_and_twenty_seconds(
    tmp_path: Path, root: Path, parts: Callable[[], dict[str, bytes]], outcome: str
) -> None:
    path = packed(tmp_path / "book.xlsx", members() | parts())
    assert in_a_process(path, root) == outcome


@pytest.mark.long
def test_many_sheets_of_one_part_are_refused(tmp_path: Path, root: Path) -> None:
    parts = members() | {SHEET: sheet("".join(wide(20_000, 30, "<c><v>1</v></c>")))}
    [entry] = [line for line in parts["xl/workbook.xml"].split(b"><") if line.startswith(b"sheet xmlns")]
    copies = b"><".join(entry.replace(b'"Ting"', f'"T{n}"'.encode()) for n in range(200))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(entry, copies)
    assert in_a_process(packed(tmp_path / "book.xlsx", parts), root) == "OversizedWorkbook"


def formatted(last: int) -> dict[str, bytes]:
    """A sheet that is filled in its first row and formatted down to another."""
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="AN{row}" s="0"/></row>' for row in range(2, 50_000))
    stray = f'<row r="{last}"><c r="XFD{last}" s="0"/></row>'
    return {SHEET: sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + blank + stray)}


LOOKING: Final = [
    ("zero bytes", lambda: b"", "EmptyFile"),
    ("only NULs, as many as are looked at", lambda: b"\0" * (90 << 20), "EmptyFile"),
    ("a long list with semicolons", lambda: b"Nummer;Navn\r\n" + b"T-1;Kari\r\n" * (8 << 20), "OtherKindOfFile"),
    ("a long page", lambda: b"<html><table>" + b"<tr><td>1</td></tr>" * (4 << 20), "OtherKindOfFile"),
    ("more than is looked at", lambda: b"PK\3\4" + b" " * (101 << 20), "OversizedWorkbook"),
    ("a placeholder of a cloud drive", lambda: b"\0" * 4096, "EmptyFile"),
    ("the mark of somebody who has it open", lambda: b"\4Kari".ljust(55) + b"\4\0" + b"K\0a\0r\0i\0".ljust(108), "OwnerFile"),
    ("cut off", lambda: zipped(members())[:-200], "DamagedWorkbook"),
    ("cut in half", lambda: zipped(members())[: len(zipped(members())) // 2], "DamagedWorkbook"),
    ("fifty thousand blank rows with a format", lambda: zipped(members() | formatted(50_000)), "read 1"),
    ("a format in the last cell there is", lambda: zipped(members() | formatted(1_048_576)), "read 1"),
]


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


@pytest.mark.long
@pytest.mark.parametrize(("content", "outcome"), [pytest.param(*rest, id=name) for name, *rest in LOOKING])
def test_what_only_looks_like_a_register_takes_no_more_either(
    tmp_path: Path, root: Path, content: Callable[[], bytes], outcome: str
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content())
    assert in_a_process(path, root) == outcome


@pytest.mark.long
@pytest.mark.parametrize("kind", ["xls", "ods", "csv", "html"])
def test_what_libreoffice_saves_as_something_else_is_refused_for_what_it_is(
    tmp_path: Path, root: Path, program: Callable[[str], str], kind: str
) -> None:
    packed(tmp_path / "book.xlsx", members())
    command = [program("soffice"), f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless"]
    made = tmp_path / "made"
    subprocess.run(
        [*command, "--convert-to", kind, "--outdir", made, tmp_path / "book.xlsx"], check=True, capture_output=True, timeout=120
    )
    [other] = made.iterdir()
    assert in_a_process(other.rename(tmp_path / "other.xlsx"), root) == "OtherKindOfFile"


def test_a_letter_under_a_register_s_name_is_refused_for_what_it_is(tmp_path: Path, root: Path) -> None:
    docx.Document().save(str(tmp_path / "book.xlsx"))
    assert in_a_process(tmp_path / "book.xlsx", root) == "OtherKindOfFile"
