"""A made-up register of people and cases, straight as values, and the templates to write to them with."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, SupportsBytes

import docx
import openpyxl

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, deadlines_of
from pipeline.findings import Finding, Place
from pipeline.letters.contract import check_templates, said
from pipeline.letters.fill import Filling, fill
from pipeline.letters.model import Filled, Letter
from pipeline.letters.plan import Past, Premises, plan
from pipeline.letters.template import Template, TemplateEnvironment
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.model import Profile
from pipeline.register.model import FaultyCell, Record, Ref, Register, Row, View
from pipeline.texts import texts_in

TODAY = date(2026, 11, 23)
START = date(2026, 9, 1)

PERSON: Mapping[str, Mapping[str, Any]] = {
    "number": {"type": "text"},
    "name": {"type": "text"},
    "street": {"type": "text"},
    "born": {"type": "date"},
    "tongue": {"type": "text"},
    "shielded": {"type": "yesno"},
    "helper": {"type": "ref", "to": "person", "back": "helps"},
}
CASE: Mapping[str, Mapping[str, Any]] = {
    "number": {"type": "text"},
    "person": {"type": "ref", "to": "person", "back": "cases"},
    "guardians": {"type": "ref", "to": "person", "many": True},
    "received": {"type": "date"},
    "sent": {"type": "date"},
    "decided": {"type": "date"},
    "reason": {"type": "text"},
    "hours": {"type": "number"},
    "secret": {"type": "text", "class": "health", "heading": "Health of the child"},
}


def profile(
    letter: Mapping[str, Any] | None = None, deadline: Mapping[str, Any] | None = None, language: str = "en"
) -> Profile:
    """The routine with its one letter and one deadline changed."""
    columns = {
        sheet: {name: {"name": name, "heading": name.capitalize(), **column} for name, column in table.items()}
        for sheet, table in (("person", PERSON), ("case", CASE))
    }
    recipient = {"name": "name", "address": ["street"], "language": "tongue"}
    answer = {"name": "answer", "on": "case", "title": "Answer", "due": "received + weeks(3)", "remind": "3 weeks"}
    notice = {"name": "notice", "on": "case", "title": "Notice", "template": "notice.docx", "to": "person"}
    return Profile.model_validate(
        {
            "office": {"municipality": "Sted", "country": "NO", "language": language, "phone": "00 00"},
            "terms": {"fee": 1250.5, "answer_within": "3 weeks"},
            "register": {"workbook": "book.xlsx"},
            "sheets": {
                "person": {
                    "name": "person",
                    "title": "People",
                    "key": "number",
                    "columns": columns["person"],
                    "recipient": recipient,
                    "protected": "shielded",
                },
                "case": {"name": "case", "title": "Cases", "key": "number", "columns": columns["case"]},
            },
            "deadlines": {"answer": answer | {"done": "decided"} | dict(deadline or {})},
            "letters": {"notice": notice | dict(letter or {})},
            "law": {
                "appeal": [
                    {"text": "Old Act § 1", "valid_to": date(2026, 6, 30)},
                    {"text": "New Act § 2", "valid_from": date(2026, 7, 1)},
                ],
                "gone": [{"text": "Gone Act", "valid_to": date(2000, 1, 1)}],
            },
        }
    )


def person(number: str, **values: Any) -> Record:
    """A person with a name and a street; what is not said besides is empty, and ``helper`` is a number."""
    row = int(number.partition("-")[2])
    return _record("person", PERSON, 1 + row, {"number": number, "name": f"Name {number}", "street": f"Street {row}", **values})


def case(number: str = "C-1", **values: Any) -> Record:
    """A case; what is not said is empty, and people are said by their numbers."""
    return _record("case", CASE, 1 + int(number.partition("-")[2]), {"number": number, **values})


def _record(sheet: str, columns: Mapping[str, Mapping[str, Any]], row: int, values: Mapping[str, Any]) -> Record:
    place = Place("book.xlsx", {"person": "People", "case": "Cases"}[sheet], row)
    read = {name: _value(column, values.get(name, EMPTY)) for name, column in columns.items()}
    return Record(sheet, str(values["number"]), place, read, {name: number for number, name in enumerate(columns, start=1)})


def _value(column: Mapping[str, Any], value: Any) -> Any:
    if column["type"] != "ref" or value is EMPTY or isinstance(value, FaultyCell):
        return value
    if column.get("many"):
        return tuple(Ref("person", number) for number in value)
    return Ref("person", value)


def faulty(cell: str = "D2", sheet: str = "case", record: str = "C-1") -> FaultyCell:
    """A cell that cannot be read."""
    place = Place("book.xlsx", "Cases", int(cell[1:]), ord(cell[0]) - 64)
    return FaultyCell(Finding("date-unreadable", place, heading="Received", sheet=sheet, record=record, value="?"))


def view(routine: Profile, *records: Record, today: date = TODAY, findings: Sequence[Finding] = ()) -> View:
    """The records as a register, seen on a day."""
    sheets = {name: {r.key: r for r in records if r.sheet == name} for name in ("person", "case")}
    rules = Rules(Calendar(routine.office.country, routine.office.closed), routine.terms)
    return View(Register(routine, sheets, tuple(findings)), rules, today, {DEADLINES: deadlines_of})


def row(seen: View, number: str = "C-1", sheet: str = "case") -> Row:
    """A row of the view."""
    found = seen.row(Ref(sheet, number))
    assert found is not None
    return found


def planned(
    seen: View,
    past: Mapping[str, Past] | None = None,
    *,
    start: date = START,
    broken: Mapping[str, tuple[Finding, ...]] | None = None,
    dated: Mapping[tuple[str, Ref, int], date] | None = None,
) -> tuple[Letter, ...]:
    """The plan of a register with a ledger that remembers `past`."""
    return plan(seen, Premises(past or {}, dated or {}, start, broken or {}))


def word(*body: str, header: Sequence[str] = (), footer: Sequence[str] = (), cells: Sequence[str] = ()) -> bytes:
    """A Word file with these paragraphs, and a table of one row."""
    document = docx.Document()
    for text in body:
        document.add_paragraph(text)
    section = document.sections[0]
    for text in header:
        section.header.add_paragraph(text)
    for text in footer:
        section.footer.add_paragraph(text)
    if cells:
        table = document.add_table(rows=1, cols=len(cells))
        for cell, text in zip(table.rows[0].cells, cells, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel(**cells: str) -> bytes:
    """An Excel file with these cells."""
    book = openpyxl.Workbook()
    for address, text in cells.items():
        book.worksheets[0][address] = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_of(content: SupportsBytes) -> str:
    """All text of a Word file: header, body, tables, footer, a line a paragraph."""
    document = docx.Document(io.BytesIO(bytes(content)))
    section = document.sections[0]
    cells = [cell for table in document.tables for line in table.rows for cell in line.cells]
    parts = (section.header.paragraphs, document.paragraphs, *(cell.paragraphs for cell in cells), section.footer.paragraphs)
    text = "\n".join(paragraph.text for paragraphs in parts for paragraph in paragraphs if paragraph.text)
    return text.replace("\u00a0", " ")


def templates(**files: bytes) -> dict[str, Template]:
    """Templates by file name; two low lines stand for the full stop."""
    return {name.replace("__", "."): Template(name.replace("__", "."), content) for name, content in files.items()}


def filled(seen: View, found: Mapping[str, Template]) -> tuple[tuple[Filled, ...], tuple[Letter, ...]]:
    """Plan and fill."""
    texts = texts_in(seen.register.profile.office.language)
    return fill(planned(seen), Filling(seen, found, TemplateEnvironment(seen.rules.calendar, texts)))


def mistakes(routine: Profile, found: Mapping[str, Template]) -> list[tuple[str, str, str]]:
    """The mistakes of the templates: file, part and sentence."""
    texts = texts_in(routine.office.language)
    environment = TemplateEnvironment(Calendar(routine.office.country), texts)
    checked = check_templates(routine, found, environment, texts).mistakes
    return [(each.template, each.part, said(each, texts)) for letter in checked.values() for each in letter]
