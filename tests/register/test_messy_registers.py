"""What staff type and do, each case a real workbook: put right in silence, used with a warning, or an error at its cell."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from pipeline import faults
from pipeline.calendars import Calendar
from pipeline.findings import sentence
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.model import Profile
from pipeline.register.checks import check_register
from pipeline.register.model import FaultyCell, Ref, Register
from pipeline.register.records import read_register
from pipeline.register.workbook import read_workbook
from pipeline.texts import texts_in

TODAY: Final = date(2026, 11, 23)
DAY: Final = date(2026, 4, 3)
FILE: Final = "book.xlsx"
MakeProfile = Callable[..., Profile]

PERSON: Final[Mapping[str, Any]] = {
    "key": "nummer",
    "columns": {
        "nummer": {"type": "text", "required": True},
        "fnr": {"type": "nin"},
        "postnr": {"type": "text", "pattern": r"\d{4}"},
    },
}
CASE: Final[Mapping[str, Any]] = {
    "key": "nummer",
    "columns": {
        "nummer": {"type": "text", "required": True},
        "person": {"type": "ref", "to": "person", "required": True},
        "mottatt": {"type": "date", "required": True, "not_after": "today"},
        "utfall": {"type": "choice", "choices": ["innvilget", "delvis innvilget", "avslag"]},
        "timer": {"type": "number", "min": 0, "max": 168},
        "haster": {"type": "yesno"},
        "merknad": {"type": "text"},
        "møte": {"type": "time"},
        "tiltak": {"type": "text", "many": True},
    },
}
REAL: Final = "15457600183"
"""Month + 40, as hospitals and test populations both give them: nobody's, but not known for it."""
SYNTHETIC: Final = "03848500134"
PEOPLE: Final[list[list[Any]]] = [["Nummer", "Fnr", "Postnr"], ["P-1", None, "9510"], ["P-2", None, "0150"]]
CASES: Final[list[list[Any]]] = [
    ["Nummer", "Person", "Mottatt", "Utfall", "Timer", "Haster", "Merknad", "Møte", "Tiltak"],
    ["2026/0001", "P-1", date(2026, 1, 2), "avslag", 4, "nei", "Første", time(9, 0), "svømming"],
    ["2026/0002", "P-2", date(2026, 2, 3), None, None, None, None, None, None],
    ["2026/0003", "P-1", date(2026, 3, 4), "innvilget", 7.5, "ja", "Tredje", None, "tur; kino"],
]
COLUMNS: Final = dict(zip("ABCDEFGHI", CASE["columns"], strict=True))


@pytest.fixture
def profile(make_profile: MakeProfile) -> Profile:
    return make_profile({"person": PERSON, "sak": CASE})


class Book:
    """A clean register, to be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.book = openpyxl.Workbook()
        self.book.remove(self.book.worksheets[0])
        for title, rows in {"Person": PEOPLE, "Sak": CASES}.items():
            sheet = self.book.create_sheet(title)
            for row in rows:
                sheet.append(row)

    @property
    def cases(self) -> Worksheet:
        return self.book["Sak"]

    def read(self, profile: Profile, *edits: tuple[str, str, str]) -> Register:
        """Save, change the XML of parts (name, old, new), read and check."""
        self.book.save(self.path)
        for member, old, new in edits:
            with zipfile.ZipFile(self.path) as archive:
                members = {name: archive.read(name) for name in archive.namelist()}
            assert old.encode() in members[member], (old, members[member])
            members[member] = members[member].replace(old.encode(), new.encode())
            with zipfile.ZipFile(self.path, "w") as archive:
                for name, part in members.items():
                    archive.writestr(name, part)
        rules = Rules(Calendar("NO"))
        register = read_register(profile, rules, {FILE: read_workbook(self.path)}, TODAY)
        for finding in register.findings:
            said = sentence(finding, texts_in("en"), reveal=True)
            assert "{" not in said.message + said.cure
        return check_register(register, rules, TODAY)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


def told(register: Register) -> list[str]:
    return [f"{finding.severity} {finding.code} {finding.place}" for finding in register.findings]


def rows_seen(register: Register, sheet: str = "sak") -> int:
    return len(register.records[sheet]) + sum(finding.sheet == sheet for finding in register.excluded)


def test_a_clean_register_has_no_finding(book: Book, profile: Profile) -> None:
    register = book.read(profile)
    assert told(register) == []
    assert rows_seen(register) == 3


def test_another_clean_register_with_titles_formats_tables_and_ids_has_none_either(book: Book, profile: Profile) -> None:
    book.cases.insert_rows(1, 2)
    book.cases["A1"] = "Saker i 2026"
    book.cases["A1"].font = Font(bold=True)
    book.cases.merge_cells("A1:D1")
    book.cases.auto_filter.ref = "A3:I6"
    book.cases.column_dimensions["G"].hidden = True
    book.book["Person"]["B2"], book.book["Person"]["B3"] = SYNTHETIC, "17912099997"
    book.book.create_sheet("Lister")["A1"] = "ja"
    book.book["Lister"].sheet_state = "hidden"
    for row in range(4, 7):
        book.cases[f"C{row}"].number_format = "dd.mm.yyyy"
    register = book.read(profile)
    assert told(register) == []
    assert register.records["sak"]["2026/0003"].place.row == 6


# ------------------------------------------------------------------ one cell

SILENT: Final[Sequence[tuple[str, str, Any, Any]]] = [
    ("spaces", "G", "  Ola  ", "Ola"),
    ("no-break space", "D", "delvis\u00a0innvilget", "delvis innvilget"),
    ("zero-width space", "D", "av\u200bslag", "avslag"),
    ("soft hyphen", "G", "støtte\u00adkontakt", "støttekontakt"),
    ("byte-order mark", "G", "\ufeffOla", "Ola"),
    ("decomposed å", "G", "A\u030ase", "Åse"),
    ("decomposed ø of a choice", "G", "Moss o\u0308", "Moss ö"),
    ("narrow no-break space", "E", "1\u202f5", 15),
    ("line break of Windows", "G", "en\r\nto", "en\nto"),
    ("non-breaking hyphen in a reference", "B", "P\u20111", Ref("person", "P-1")),
    ("reference with spaces", "B", " P-1 ", Ref("person", "P-1")),
    ("choice in capitals", "D", "AVSLAG", "avslag"),
    ("choice with two spaces", "D", "Delvis  innvilget", "delvis innvilget"),
    ("x for yes", "F", "x", True),
    ("Ja", "F", "Ja", True),
    ("true", "F", True, True),
    ("1 for yes", "F", 1, True),
    ("tick", "F", "✓", True),
    ("nei", "F", "NEI ", False),
    ("date as text", "C", "03.04.2026", DAY),
    ("date as text, short", "C", "3.4.2026", DAY),
    ("ISO date as text", "C", "2026-04-03", DAY),
    ("date with spaces", "C", " 3. 4. 2026\u00a0", DAY),
    ("date with hyphens", "C", "03-04-2026", DAY),
    ("stroke date that can be one day alone", "C", "13/04/2026", date(2026, 4, 13)),
    ("time of day cut off", "C", datetime(2026, 4, 3, 23, 59, 59), DAY),  # noqa: DTZ001 -- Excel knows no time zones
    ("ISO with time", "C", "2026-04-03T23:59:59", DAY),
    ("decimal comma", "E", "7,5", 7.5),
    ("decimal point", "E", "7.5", 7.5),
    ("number as text", "E", "12", 12),
    ("sum of floats", "E", 0.1 + 0.2, 0.3),
    ("time as text", "H", "13.30", time(13, 30)),
    ("time with kl.", "H", "kl. 9.05", time(9, 5)),
    ("several by line break", "I", "tur\nkino", ("tur", "kino")),
    ("several with gaps", "I", "tur;; kino ;", ("tur", "kino")),
    ("number in a text column", "G", 2026, "2026"),
    ("formula-like text", "G", "\u200b=1+1", "=1+1"),
    ("only spaces", "G", " \u00a0 ", EMPTY),
]
WARNED: Final[Sequence[tuple[str, str, Any, str, Any]]] = [
    ("two-digit year", "C", "3.4.26", "date-short-year", DAY),
    ("two-digit year of the last century", "C", "3.4.58", "date-short-year", date(1958, 4, 3)),
    ("month by name", "C", "3. april 2026", "date-in-words", DAY),
    ("month by short name", "C", "3 apr. 2026", "date-in-words", DAY),
    ("month by Swedish name", "C", "3 maj 2026", "date-in-words", date(2026, 5, 3)),
    ("serial number", "C", 46115, "date-serial", DAY),
    ("serial number with time", "C", 46115.75, "date-serial", DAY),
    ("month first, certainly", "C", "04/13/2026", "date-month-first", date(2026, 4, 13)),
    ("reference in another case", "B", "p-1", "reference-case", Ref("person", "P-1")),
]
WRONG: Final[Sequence[tuple[str, str, Any, str]]] = [
    ("stroke date", "C", "03/04/2026", "date-ambiguous"),
    ("stroke date, short year", "C", "3/4/26", "date-ambiguous"),
    ("ddmmyy", "C", "030426", "date-run-together"),
    ("ddmmyyyy", "C", "03042026", "date-run-together"),
    ("yyyymmdd", "C", "20260403", "date-run-together"),
    ("yyyymmdd as number", "C", 20260403, "date-run-together"),
    ("ddmmyy as number", "C", 230426, "date-run-together"),
    ("uke", "C", "uke 12", "date-week"),
    ("uke with year", "C", "Uke 12, 2026", "date-week"),
    ("u.", "C", "u.12", "date-week"),
    ("vecka", "C", "v. 12", "date-week"),
    ("uge", "C", "uge 12", "date-week"),
    ("year alone", "C", "2026", "date-incomplete"),
    ("year alone as number", "C", 2026, "date-incomplete"),
    ("month and year", "C", "april 2026", "date-incomplete"),
    ("month and year in digits", "C", "04.2026", "date-incomplete"),
    ("day and month", "C", "3.4.", "date-incomplete"),
    ("day and month by name", "C", "3. april", "date-incomplete"),
    ("30 February", "C", "30.02.2026", "date-impossible"),
    ("29 February of no leap year", "C", "29.02.2025", "date-impossible"),
    ("day 0", "C", "00.04.2026", "date-impossible"),
    ("month 13", "C", "2026-13-01", "date-impossible"),
    ("year 1026", "C", "03.04.1026", "date-implausible"),
    ("year 2206", "C", "03.04.2206", "date-implausible"),
    ("year typed into a date cell", "C", date(1905, 7, 18), "date-implausible"),
    ("next year", "C", date(2027, 4, 3), "in-the-future"),
    ("words", "C", "i fjor", "date-unreadable"),
    ("question mark", "C", "?", "date-unreadable"),
    ("two dates", "C", "3.4.2026 eller 5.4.2026", "date-unreadable"),
    ("negative serial", "C", -5, "date-unreadable"),
    ("huge serial", "C", 10**15, "date-unreadable"),
    ("truth for a date", "C", True, "date-unreadable"),
    ("required date missing", "C", None, "required-missing"),
    ("thousands or decimals", "E", "1.500", "number-ambiguous"),
    ("unit", "E", "7,5 timer", "number-unreadable"),
    ("number in words", "E", "syv", "number-unreadable"),
    ("number that became a date", "E", date(2026, 5, 7), "number-unreadable"),
    ("scientific text as number", "E", "1,5E+05", "number-unreadable"),
    ("number beyond 15 digits", "E", 1e16, "digits-lost"),
    ("below the limit", "E", -1, "too-small"),
    ("above the limit", "E", 800, "too-large"),
    ("scientific text", "G", "1,98E+11", "digits-shortened"),
    ("16 digits", "G", 1234567890123456, "digits-lost"),
    ("text that became a date", "G", DAY, "not-text"),
    ("truth for a text", "G", True, "not-text"),
    ("unknown choice", "D", "kanskje", "unknown-choice"),
    ("misspelt choice", "D", "invilget", "unknown-choice-near"),
    ("choice with a Cyrillic letter", "D", "аvslag", "unknown-choice-near"),
    ("maybe", "F", "kanskje", "yesno-unreadable"),
    ("2 for yes", "F", 2, "yesno-unreadable"),
    ("25 o'clock", "H", "25:00", "time-unreadable"),
    ("part of the day", "H", "formiddag", "time-unreadable"),
    ("broken reference", "B", "P-9", "reference-broken"),
    ("reference with a Greek letter", "B", "Ρ-1", "look-alike"),
    ("reference with a Cyrillic letter", "B", "Р-1", "look-alike"),
    ("missing reference", "B", None, "required-missing"),
    ("error value", "C", "#REF!", "cell-error"),
    ("error value in a text", "G", "#N/A", "cell-error"),
    ("division by nought", "E", "#DIV/0!", "cell-error"),
    ("formula never calculated", "C", "=TODAY()", "formula-uncomputed"),
    ("formula never calculated in an optional cell", "G", '=""', "formula-uncomputed"),
]


@pytest.mark.parametrize(("column", "raw", "value"), [pytest.param(*rest, id=name) for name, *rest in SILENT])
def test_one_certain_meaning_is_put_right_in_silence(book: Book, profile: Profile, column: str, raw: Any, value: Any) -> None:
    book.cases[f"{column}3"] = raw
    if isinstance(raw, datetime):
        book.cases[f"{column}3"].number_format = "dd.mm.yyyy hh:mm"
    register = book.read(profile)
    assert told(register) == []
    read = register.records["sak"]["2026/0002"].values[COLUMNS[column]]
    assert read is EMPTY if value is EMPTY else read == value


@pytest.mark.parametrize(("column", "raw", "code", "value"), [pytest.param(*rest, id=name) for name, *rest in WARNED])
def test_one_likely_meaning_is_used_with_a_warning(
    book: Book, profile: Profile, column: str, raw: Any, code: str, value: Any
) -> None:
    book.cases[f"{column}3"] = raw
    if isinstance(raw, int | float):
        book.cases[f"{column}3"].number_format = "General"
    register = book.read(profile)
    assert told(register) == [f"warning {code} Sak!{column}3"]
    assert register.records["sak"]["2026/0002"].values[COLUMNS[column]] == value


@pytest.mark.parametrize(("column", "raw", "code"), [pytest.param(*rest, id=name) for name, *rest in WRONG])
def test_more_meanings_or_none_are_an_error_at_the_cell(book: Book, profile: Profile, column: str, raw: Any, code: str) -> None:
    book.cases[f"{column}3"] = raw
    if isinstance(raw, int | float):
        book.cases[f"{column}3"].number_format = "General"
    if column == "E" and isinstance(raw, str) and raw[:1].isdigit():
        book.cases[f"{column}3"].data_type = "s"
    register = book.read(profile)
    assert told(register) == [f"error {code} Sak!{column}3"]
    assert isinstance(register.records["sak"]["2026/0002"].values[COLUMNS[column]], FaultyCell)
    assert rows_seen(register) == 3


@pytest.mark.parametrize(
    ("cell", "raw", "expected", "value"),
    [
        ("B2", "154576 00183", [], REAL),
        ("B2", 15457600183, [], REAL),
        ("B2", 3848500134, ["warning nin-zero-lost Person!B2"], SYNTHETIC),
        ("B2", "3848500134", ["warning nin-zero-lost Person!B2"], SYNTHETIC),
        ("B2", 3848500143, ["error nin-digit-missing Person!B2"], None),
        ("B2", "15457600184", ["error nin-check-digits Person!B2"], None),
        ("B2", "1545760018", ["error nin-digit-missing Person!B2"], None),
        ("B2", "150576", ["error nin-unreadable Person!B2"], None),
        ("B2", "1,51E+10", ["error digits-shortened Person!B2"], None),
        ("C2", 150, ["error digits-missing Person!C2"], None),
        ("C2", "0150", [], "0150"),
        ("C2", "95100", ["error pattern-mismatch-example Person!C2"], None),
        ("C2", "N-9510", ["error pattern-mismatch-example Person!C2"], None),
    ],
)
def test_numbers_that_name_people_and_places(
    book: Book, profile: Profile, cell: str, raw: Any, expected: list[str], value: Any
) -> None:
    book.book["Person"][cell] = raw
    register = book.read(profile)
    assert told(register) == expected
    read = register.records["person"]["P-1"].values["fnr" if cell == "B2" else "postnr"]
    assert isinstance(read, FaultyCell) if value is None else read == value


def test_a_made_up_id_among_real_ones_is_a_warning(book: Book, profile: Profile) -> None:
    book.book["Person"]["B2"], book.book["Person"]["B3"] = SYNTHETIC, REAL
    assert told(book.read(profile)) == ["warning nin-synthetic Person!B2"]


# ------------------------------------------------------------------ rows and columns


Change = Callable[[Worksheet], object]


def each(*changes: Change) -> Change:
    def change(sheet: Worksheet) -> None:
        for one in changes:
            one(sheet)

    return change


def insert(row: int, count: int = 1) -> Change:
    return lambda sheet: Worksheet.insert_rows(sheet, row, count)


def merge(cells: str) -> Change:
    return lambda sheet: Worksheet.merge_cells(sheet, cells)


def strike(*cells: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for cell in cells:
            sheet[cell].font = Font(strike=True)

    return change


def put(**cells: Any) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for cell, value in cells.items():
            sheet[cell] = value

    return change


def hide(*rows: int) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for row in rows:
            sheet.row_dimensions[row].hidden = True

    return change


SHAPES: Final[Sequence[tuple[str, Callable[[Worksheet], object], list[str], int, int]]] = [
    ("hidden row", hide(3), ["warning rows-hidden Sak!3"], 3, 0),
    ("hidden rows", hide(2, 4), ["warning rows-hidden Sak!2"], 3, 0),
    ("hidden row below the table", hide(9), [], 3, 0),
    ("hidden sheet", lambda s: setattr(s, "sheet_state", "hidden"), [], 3, 0),
    ("very hidden sheet", lambda s: setattr(s, "sheet_state", "veryHidden"), [], 3, 0),
    ("row struck through", strike("A3", "B3", "C3"), ["warning row-struck Sak!3"], 3, 0),
    ("cell struck through", strike("C3"), ["warning cell-struck Sak!C3"], 3, 0),
    ("blank cell struck through", strike("G3"), [], 3, 0),
    (
        "text struck through in part",
        put(G3=CellRichText("Ola ", TextBlock(InlineFont(strike=True), "Kari"))),
        ["warning cell-struck Sak!G3"],
        3,
        0,
    ),
    ("merged key and reference", merge("A3:B3"), ["error merged-cells Sak!A3"], 3, 0),
    (
        "merged down",
        merge("G2:G4"),
        ["error merged-cells Sak!G2", "error merged-cells Sak!G3", "error merged-cells Sak!G4"],
        3,
        0,
    ),
    (
        "merged keys",
        merge("A3:A4"),
        ["error merged-cells Sak!A3", "error merged-cells Sak!A4", "error key-missing Sak!A4"],
        2,
        1,
    ),
    ("merged to the right of the table", merge("K2:M9"), [], 3, 0),
    (
        "merged remark below",
        each(put(A6="Sist oppdatert av Kari 12.11.2026"), merge("A6:I6")),
        ["warning rows-blank Sak!5", "warning remark-below Sak!A6"],
        3,
        1,
    ),
    ("totals row with its word", put(A5="Sum", E5=11.5), ["warning totals-row Sak!A5"], 3, 1),
    ("totals row with a colon", put(A5="TOTALT:", E5=11.5), ["warning totals-row Sak!A5"], 3, 1),
    ("totals row by its formula", put(E5="=SUM(E2:E4)"), ["warning totals-row Sak!E5"], 3, 1),
    ("totals row of a table", put(A5="Totalt", E5="=SUBTOTAL(109,E2:E4)"), ["warning totals-row Sak!A5"], 3, 1),
    (
        "totals row with a remark below",
        put(A5="Sum", E5=11.5, A7="* kladd"),
        ["warning totals-row Sak!A5", "warning rows-blank Sak!6", "warning remark-below Sak!A7"],
        3,
        2,
    ),
    ("remark right below", put(A5="Sist oppdatert av Kari 12.11.2026"), ["warning remark-below Sak!A5"], 3, 1),
    ("remark in another column", put(G5="Husk å ringe legen til tirsdag"), ["warning remark-below Sak!G5"], 3, 1),
    ("footnote", put(A5="*) venter"), ["warning remark-below Sak!A5"], 3, 1),
    (
        "a row just begun is a record",
        put(A5="2026/0004"),
        ["error required-missing Sak!B5", "error required-missing Sak!C5"],
        4,
        0,
    ),
    (
        "a row just begun after a gap is a record",
        put(A6="2026/0004"),
        ["warning rows-blank Sak!5", "error required-missing Sak!B6", "error required-missing Sak!C6"],
        4,
        0,
    ),
    ("a row without its key", put(B5="P-1", C5=DAY, G5="ny"), ["error key-missing Sak!A5"], 3, 1),
    (
        "headings again",
        put(**{f"{letter}5": heading for letter, heading in zip("ABCDEFGHI", CASES[0], strict=True)}),
        ["error headings-again Sak!A5"],
        3,
        1,
    ),
    (
        "headings again in the middle",
        each(insert(3), put(**{f"{letter}3": heading for letter, heading in zip("ABCDEFGHI", CASES[0], strict=True)})),
        ["error headings-again Sak!A3"],
        3,
        1,
    ),
    ("blank row between", insert(3), ["warning rows-blank Sak!3"], 3, 0),
    ("blank rows in two places", each(insert(3, 2), insert(6)), ["warning rows-blank Sak!3"], 3, 0),
    ("blank row under the headings", insert(2), ["warning rows-blank Sak!2"], 3, 0),
    ("extra column", put(J1="Kontor", J2="Alta"), ["warning column-unknown Sak!J1"], 3, 0),
    (
        "two extra columns",
        put(J1="Kontor", K1="Etasje"),
        ["warning column-unknown Sak!J1", "warning column-unknown Sak!K1"],
        3,
        0,
    ),
    ("title line above", each(insert(1), put(A1="Saker")), [], 3, 0),
    ("blank line and title above", each(insert(1, 3), put(B2="Saker")), [], 3, 0),
    ("double key", put(A4="2026/0001"), ["error key-double Sak!A2", "error key-double Sak!A4"], 2, 1),
    ("double key with a space", put(A4="2026/0001 "), ["error key-double Sak!A2", "error key-double Sak!A4"], 2, 1),
    ("key with a Cyrillic letter", put(A4="2026/С003"), ["error look-alike Sak!A4"], 3, 0),
    ("key with a Greek letter", put(A4="2026/Α003"), ["error look-alike Sak!A4"], 3, 0),
    ("key in another alphabet's digits stays", put(A4="2026/３"), [], 3, 0),
    ("key with an error value", put(A4="#REF!"), ["error cell-error Sak!A4"], 3, 0),
    ("key that became a date", put(A4=DAY), ["error not-text Sak!A4"], 3, 0),
    ("columns in another order", lambda s: s.move_range("I1:I4", cols=2), [], 3, 0),
    ("sheet title in capitals", lambda s: setattr(s, "title", "SAK "), [], 3, 0),
    ("headings in capitals with stars", put(A1="NUMMER *", C1=" mottatt"), [], 3, 0),
    ("heading with a line break", put(C1="Mot\ntatt"), [], 3, 0),
    ("formatted cell in the last row", lambda s: setattr(s["A1048576"], "number_format", "0.00"), [], 3, 0),
]


@pytest.mark.parametrize(
    ("change", "expected", "records", "excluded"), [pytest.param(*rest, id=name) for name, *rest in SHAPES]
)
def test_what_people_do_to_rows_and_columns(
    book: Book,
    profile: Profile,
    change: Callable[[Worksheet], object],
    expected: list[str],
    records: int,
    excluded: int,
) -> None:
    change(book.cases)
    register = book.read(profile)
    titled = [line.replace("SAK !", "Sak!") for line in told(register)]
    assert titled == expected
    assert (len(register.records["sak"]), len(register.excluded)) == (records, excluded)


def test_merged_cells_name_their_range_and_spoil_every_cell_of_it(book: Book, profile: Profile) -> None:
    book.cases.merge_cells("D3:F3")
    register = book.read(profile)
    [finding] = register.findings
    assert dict(finding.facts) == {"cells": "D3:F3"}
    values = register.records["sak"]["2026/0002"].values
    assert all(isinstance(values[name], FaultyCell) for name in ("utfall", "timer", "haster"))


def test_a_column_that_the_sheet_ignores_is_passed_over(book: Book, make_profile: MakeProfile) -> None:
    put(J1="Kontor", K1="Etasje")(book.cases)
    profile = make_profile({"person": PERSON, "sak": {**CASE, "ignores": "KONTOR "}})
    assert told(book.read(profile)) == ["warning column-unknown Sak!K1"]
    everything = make_profile({"person": PERSON, "sak": {**CASE, "ignores": "*"}})
    assert told(book.read(everything)) == []


def test_a_remark_shows_on_no_list_what_it_says(book: Book, profile: Profile) -> None:
    put(A5="Ring Kari Nordmann på mandag")(book.cases)
    [finding] = book.read(profile).findings
    assert "Kari" not in str(finding)


def test_an_old_workbook_from_a_mac_has_its_dates_right(book: Book, profile: Profile) -> None:
    book.book.epoch = CALENDAR_MAC_1904
    book.cases["C3"] = 46115 - 1462
    book.cases["C3"].number_format = "General"
    register = book.read(profile)
    assert told(register) == ["warning date-serial Sak!C3"]
    days = [record.values["mottatt"] for record in register.records["sak"].values()]
    assert days == [date(2026, 1, 2), DAY, date(2026, 3, 4)]


FAULTS: Final[Sequence[tuple[str, Callable[[Worksheet], object], type[faults.Fault]]]] = [
    ("renamed heading", put(C1="Motatt"), faults.MisspeltColumn),
    ("heading with a Cyrillic letter", put(C1="Мottatt"), faults.MisspeltColumn),
    ("heading gone", put(C1=None), faults.MissingColumn),
    ("heading twice", put(J1="Mottatt"), faults.DoubleColumn),
    ("sheet renamed", lambda s: setattr(s, "title", "Ark1"), faults.MissingSheet),
    ("headings gone", lambda s: s.delete_rows(1), faults.MissingHeadings),
    ("sheet emptied", lambda s: s.delete_rows(1, 9), faults.MissingHeadings),
]


@pytest.mark.parametrize(("change", "fault"), [pytest.param(*rest, id=name) for name, *rest in FAULTS])
def test_what_makes_a_sheet_unreadable_is_a_fault(
    book: Book, profile: Profile, change: Callable[[Worksheet], object], fault: type[faults.Fault]
) -> None:
    change(book.cases)
    with pytest.raises(fault):
        book.read(profile)


# ------------------------------------------------------------------ what other programs write

CASES_XML: Final = "xl/worksheets/sheet2.xml"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param((CASES_XML, 'dimension ref="A1:I4"', 'dimension ref="A1"'), [], id="wrong dimension"),
        pytest.param((CASES_XML, '<dimension ref="A1:I4"/>', ""), [], id="no dimension"),
        pytest.param((CASES_XML, '<row r="3">', '<row r="3" hidden="true">'), ["warning rows-hidden Sak!3"], id="true"),
        pytest.param((CASES_XML, '<row r="3">', "<row r='3' hidden='1'>"), ["warning rows-hidden Sak!3"], id="quotes"),
        pytest.param((CASES_XML, '<row r="3">', '<row r="3" hidden="false">'), [], id="shown"),
        pytest.param((CASES_XML, '<row r="3">', '<row r="3">\n  '), [], id="pretty-printed"),
    ],
)
def test_what_other_programs_write_is_read_the_same(
    book: Book, profile: Profile, edit: tuple[str, str, str], expected: list[str]
) -> None:
    assert told(book.read(profile, edit)) == expected
