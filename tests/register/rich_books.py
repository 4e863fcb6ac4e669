"""Registers with all that offices and programs put into a workbook, made by two libraries and by hand."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

FILE = "register.xlsx"
TITLE = "Ting"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

X14 = (
    b'<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    b' uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations'
    b' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    b'<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Koder!$A$1:$A$3</xm:f></x14:formula1>'
    b"<xm:sqref>A2:A4</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
    b'<ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    b' uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"><x14:conditionalFormattings><x14:conditionalFormatting'
    b' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="dataBar" id="{1}">'
    b'<x14:dataBar><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/></x14:dataBar></x14:cfRule>'
    b"<xm:sqref>D2:D4</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)
KARI = "{5B0C1E6A-3D0B-4E0A-9C7B-0F1A2B3C4D5E}"
THREAD, ANSWER = "{A1B2C3D4-0001-4A00-8B00-000000000001}", "{A1B2C3D4-0002-4A00-8B00-000000000002}"
THREADED = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'
    ' xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    f'<threadedComment ref="A2" dT="2026-11-01T10:00:00.00" personId="{KARI}" id="{THREAD}">'
    "<text>Ring først</text></threadedComment>"
    f'<threadedComment ref="A2" dT="2026-11-02T08:30:00.00" personId="{KARI}" id="{ANSWER}" parentId="{THREAD}">'
    "<text>Gjort</text></threadedComment></ThreadedComments>"
)
PERSONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'
    ' xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    f'<person displayName="Kari" id="{KARI}" userId="kari" providerId="None"/></personList>'
)
NEWER = "http://schemas.microsoft.com/office/2017/10/relationships"
"""Threaded comments and their authors, as Microsoft describes them in [MS-XLSX], sections 2.1.34 and 2.1.35:
each of the former stands beside a plain note by an author whose name is ``tc=`` and the thread's id.
"""

CUSTOM = '<?xml version="1.0"?><properties xmlns="urn:arkiv"><mappe>2026/17</mappe></properties>'


def members(content: bytes) -> Mapping[str, bytes]:
    """The members of an archive, unpacked, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], **options: int) -> bytes:
    """An archive of these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", options.get("method", zipfile.ZIP_DEFLATED)) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 8, 0, 0)), part, options.get("method", zipfile.ZIP_DEFLATED))
    return content.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one member changed or added."""
    parts = dict(members(content))
    parts[name] = change(parts.get(name, b""))
    return packed(parts)


def with_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with the XML of its first sheet changed."""
    return with_part(content, "xl/worksheets/sheet1.xml", change)


def plain() -> bytes:
    """Two sheets without anything."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = TITLE
    for row in (("Nummer", "Sendt", "Merknad", "Antall"), ("T-1", None, "æøå", 1), ("T-2", date(2026, 1, 2), None, 2.5)):
        sheet.append(row)
    book.create_sheet("Koder").append(["a", "b"])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The workbook's bytes."""
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def by_openpyxl() -> bytes:
    """A table, a dropdown, rich text, a comment, a chart, colours, a merged cell, formulas, a hidden row."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = TITLE
    for row in (
        ("Nummer", "Sendt", "Merknad", "Antall"),
        ("T-1", None, "  luft  ", 1),
        ("T-2", date(2026, 1, 2), None, 2.5),
        ("T-3", None, "linje\nskift", 3),
    ):
        sheet.append(row)
    sheet["C3"] = CellRichText("vanlig ", TextBlock(InlineFont(b=True), "fet"))
    sheet["A2"].comment = Comment("Ring først", "Kari")
    sheet["F2"] = "=D2*2"
    sheet["F3"] = "=SUM(D2:D4)"
    sheet.merge_cells("H2:I3")
    sheet["H2"] = "flettet"
    sheet.add_table(Table(displayName="Ting1", ref="A1:D4"))
    choice = DataValidation(type="list", formula1='"ja,nei"')
    choice.add("C2:C4")
    sheet.add_data_validation(choice)
    rule = CellIsRule("greaterThan", ["2"], fill=PatternFill("solid", bgColor="FFC7CE"))  # type: ignore[no-untyped-call]  # openpyxl's
    sheet.conditional_formatting.add("D2:D4", rule)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["K"].number_format = "dd.mm.yyyy"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=4, min_row=1, max_row=4), titles_from_data=True)
    sheet.add_chart(chart, "K2")
    book.create_sheet("Koder").append(["a", "b"])
    return saved(book)


def by_xlsxwriter(*, macros: bool = False) -> bytes:
    """The same and a totals row, pictures, data bars, sparklines, a button, protection, and macros if asked for."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet(TITLE)
    codes = book.add_worksheet("Koder")
    codes.write_column("A1", ["a", "b", "c"])
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy", "bg_color": "#DDEEFF"})
    sheet.add_table(
        "A1:D5",
        {
            "columns": [{"header": name} for name in ("Nummer", "Sendt", "Merknad")]
            + [{"header": "Antall", "total_function": "sum"}],
            "total_row": True,
            "data": [["T-1", None, "x", 1], ["T-2", None, "y", 2], ["T-3", None, "z", 3]],
        },
    )
    sheet.write_blank("B2", None, day)
    sheet.write_datetime("B3", date(2026, 1, 2), day)
    sheet.write_rich_string("C3", "vanlig ", bold, "fet")
    sheet.write_comment("A2", "Ring først", {"author": "Kari"})
    sheet.insert_image("H2", "pixel.png", {"image_data": io.BytesIO(PIXEL)})
    sheet.conditional_format("D2:D4", {"type": "data_bar", "data_bar_2010": True})
    sheet.data_validation("A2:A4", {"validate": "list", "source": "=Koder!$A$1:$A$3"})
    sheet.add_sparkline("F2", {"range": "Ting!D2:D4"})
    sheet.insert_textbox("H10", "husk")
    sheet.insert_button("H15", {"caption": "Trykk"})
    sheet.insert_checkbox("H20", True)  # noqa: FBT003 -- XlsxWriter's
    sheet.write_array_formula("G7:G9", "{=D2:D4*2}")
    sheet.write_formula("F7", "=D2+1", value=2)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Ting!$D$2:$D$4"})
    sheet.insert_chart("K2", chart)
    sheet.protect("", {"format_cells": True})
    if macros:
        book.add_vba_project(io.BytesIO(b"\xd0\xcf\x11\xe0 made up"), is_stream=True)
    book.close()
    return content.getvalue()


def by_hand() -> bytes:
    """openpyxl's workbook with extensions, threaded comments, custom XML and a pivot table in it, as Excel would write them."""
    content = with_sheet(by_openpyxl(), lambda xml: xml.replace(b"</worksheet>", X14 + b"</worksheet>"))
    content = with_sheet(
        content,
        lambda xml: xml.replace(
            b"<worksheet ",
            b'<worksheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr"'
            b' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
            b' xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" ',
            1,
        ),
    )
    parts = dict(members(content))
    _add_part(parts, "xl/worksheets/sheet1.xml", "xl/threadedComments/threadedComment1.xml", THREADED, "threadedComment")
    _add_part(parts, "xl/workbook.xml", "xl/persons/person.xml", PERSONS, "person")
    comments = next(name for name in parts if "comment" in name and name.endswith("comment1.xml") and "threaded" not in name)
    parts[comments] = parts[comments].replace(b"<author>Kari</author>", f"<author>tc={THREAD}</author>".encode())
    parts["customXml/item1.xml"] = CUSTOM.encode()
    parts["xl/printerSettings/printerSettings1.bin"] = bytes(range(256))
    return packed(parts)


def _add_part(parts: dict[str, bytes], owner: str, name: str, xml: str, kind: str) -> None:
    """Add a part that another one refers to, with its relation and its kind of content, in the newer kinds of Microsoft's."""
    folder, _, file = owner.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels"
    relation = f'<Relationship Id="rId{kind}" Type="{NEWER}/{kind}" Target="/{name}"/></Relationships>'.encode()
    content = {"person": "person", "threadedComment": "threadedcomments"}[kind]
    override = f'<Override PartName="/{name}" ContentType="application/vnd.ms-excel.{content}+xml"/></Types>'.encode()
    parts[name] = xml.encode()
    parts[relations] = parts[relations].replace(b"</Relationships>", relation)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override)


def with_pivot() -> bytes:
    """A workbook with a pivot table at M1:N6."""
    parts = dict(members(by_openpyxl()))
    rels = parts["xl/worksheets/_rels/sheet1.xml.rels"]
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/pivotTable"
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = rels.replace(
        b"</Relationships>",
        b'<Relationship Id="rIdP" Type="' + kind + b'" Target="../pivotTables/pivotTable1.xml"/></Relationships>',
    )
    parts["xl/pivotTables/pivotTable1.xml"] = (
        b'<pivotTableDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" name="P" cacheId="1">'
        b'<location ref="M1:N6" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/></pivotTableDefinition>'
    )
    return packed(parts)


def prefixed() -> bytes:
    """The plain workbook as the Open XML SDK writes it, with a prefix before every name of the sheet."""
    return with_sheet(
        plain(),
        lambda xml: re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", xml).replace(b' xmlns="http', b' xmlns:x="http'),
    )


def without_addresses() -> bytes:
    """The plain workbook without the addresses that rows and cells may leave out; empty cells stand there by their tags."""
    return with_sheet(
        saved_with_blanks(),
        lambda xml: re.sub(rb'(<(?:row|c)\b[^>]*?) r="[A-Z]*\d+"', rb"\1", xml),
    )


def saved_with_blanks() -> bytes:
    """The plain workbook with an empty, formatted cell in every place."""
    book = openpyxl.load_workbook(io.BytesIO(plain()))
    for row in book[TITLE].iter_rows(min_row=2, max_row=3):
        for cell in row:
            cell.fill = PatternFill("solid", bgColor="FFEEEE")
    return saved(book)


def excel_mark(name: str) -> bytes:
    """The owner file that Excel leaves beside an open workbook."""
    ansi = name.encode("cp1252", errors="replace")
    wide = name.encode("utf-16-le")
    return bytes([len(ansi)]) + ansi.ljust(54) + len(name).to_bytes(2, "little") + wide + b" \0" * ((108 - len(wide)) // 2)
