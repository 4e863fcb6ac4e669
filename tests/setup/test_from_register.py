"""A foreign register beside the profile proposed from it: it loads, reads the same register, and doubts are told."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.cli import main
from pipeline.profile.load import load_profile
from pipeline.run import Workspace, read
from pipeline.setup.from_register import NothingToPropose, propose_workspace
from pipeline.setup.proposal import SKELETON, doubts
from pipeline.texts import texts_in
from tests.walk.golden import words

TODAY = date(2026, 11, 23)
ENGLISH = texts_in("en")
Rows = Sequence[Sequence[Any]]


def save(path: Path, tabs: dict[str, Rows], lists: dict[str, dict[str, str]] | None = None) -> Path:
    """A workbook of these tabs, with dropdowns by tab and area."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tabs.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for area, formula in (lists or {}).get(title, {}).items():
            rule = DataValidation(type="list", formula1=formula)
            rule.add(area)
            sheet.add_data_validation(rule)
    book.save(path)
    return path


def days(count: int, start: date = date(2026, 1, 12)) -> list[date]:
    return [start + timedelta(days=11 * n) for n in range(count)]


def column(heading: str, cells: Sequence[Any], beside: str = "Saksnr") -> Rows:
    """A tab with numbered cases and one more column."""
    return [(beside, heading), *((f"26-{n:03}", cell) for n, cell in enumerate(cells, 1))]


ONE_SHEET: Rows = [
    ("Nr.", "Saksnr", "Navn", "Foresatt", "Adresse", "Mottatt", "Merknad"),
    *(
        (n, f"26/{98 + 3 * n}", f"{family}, {given}", "Prøve, Bo" if n > 6 else None, f"Gata {n}", day, None)
        for n, family, given, day in zip(
            range(1, 8),
            ("Prøve", "Test", "Øystese", "Å", "van Dam", "Prøve Nes", "Moe"),
            ("Åse", "Ola", "Kari", "Per Ole", "Eva", "Liv", "Jon"),
            days(7),
            strict=True,
        )
    ),
    (8, "26/122", "Nes, Liv", None, "Gata 8", date(2026, 3, 2), "OBS hemmelig adresse"),
    (9, "26/125", "Nes, Liv / Nes, Per", None, "Gata 9", date(2026, 3, 3), None),
]
"""One sheet for everything: the rows counted, family names first, two people in a cell, and a remark that is a warning."""

NINS = ("17912099997", "03848500134")
"""Made up, with the month + 80."""

COLUMNS: list[tuple[str, str, Sequence[Any], dict[str, Any], list[str]]] = [
    # What it is called, its heading, its cells, the proposal, what could not be told.
    ("days", "Mottatt", days(6), {"type": "date", "required": True}, []),
    (
        "days with a time",
        "Mottatt",
        [datetime.combine(day, time(9, 30)) for day in days(6)],
        {"type": "date", "required": True},
        [],
    ),
    ("days typed as text", "Mottatt", ["3.2.2026", "4.2.2026", "5.2.2026", "12.2.2026"], {"type": "date"}, []),
    ("a few that are no days", "Mottatt", [*days(9), "uke 7"], {"type": "date", "required": True}, ["B11"]),
    ("too few days", "Notat", [*days(2), "ringt", "skrevet", "ringt igjen"], {"type": "text", "required": True}, ["2 of 5"]),
    ("times", "Klokken", [time(9, 30), time(10, 0), "kl. 11.15"], {"type": "time"}, []),
    ("numbers", "Timer", [2, 3.5, 1, "2,5"], {"type": "number"}, []),
    ("nought and one", "Ferdig", [0, 1, 1, 0], {"type": "number"}, ["0 and 1"]),
    ("crosses", "Ferdig", ["x", None, "x", None], {"type": "yesno"}, []),
    ("yes and no", "Ferdig", ["ja", "Nei", "ja", None], {"type": "yesno"}, []),
    (
        "choices",
        "Utfall",
        ["innvilget", "avslag", "Innvilget"] * 3,
        {"type": "choice", "choices": ["innvilget", "avslag"], "required": True},
        [],
    ),
    (
        "a slip among the choices",
        "Utfall",
        [*["innvilget", "avslag"] * 4, "invilget"],
        {"type": "choice", "choices": ["innvilget", "avslag"], "required": True},
        ["B10"],
    ),
    (
        "several choices in a cell",
        "Tiltak",
        ["svømming; tur", "tur", "svømming", "tur; svømming", "tur", "tur"],
        {"type": "choice", "choices": ["svømming", "tur"], "many": True, "required": True},
        [],
    ),
    ("national ids", "Fnr", [*NINS, *NINS], {"type": "nin", "class": "identitet"}, []),
    ("national ids without their zero", "Fnr", [17912099997, 3848500134], {"type": "nin", "class": "identitet"}, []),
    ("no national ids yet", "Fødselsnummer", [None, None], {"type": "nin", "class": "identitet"}, []),
    ("birthdays", "Født", days(4, date(1980, 5, 5)), {"type": "date", "class": "identitet"}, []),
    ("postcodes", "Postnr", [9510, 9512, 9515, 9510], {"type": "text", "class": "adresse"}, []),
    ("names", "Navn", ["Kari Prøve"] * 9, {"type": "text", "class": "navn", "required": True}, []),
    (
        "long texts",
        "Merknad",
        ["Ønsker helst å gå på tur i skogen på lørdager."] * 3,
        {"type": "text", "class": "fortrolig"},
        ["shows"],
    ),
    ("nothing", "Annet", [None, None], {"type": "text"}, ["type"]),
    ("a name of the grammar", "Today", ["a b", "c d"], {"type": "text"}, []),
]


@pytest.mark.parametrize(
    ("heading", "cells", "proposed", "told"), [each[1:] for each in COLUMNS], ids=[each[0] for each in COLUMNS]
)
def test_a_column_is_proposed_as_its_cells_have_it(
    tmp_path: Path, heading: str, cells: Sequence[Any], proposed: dict[str, Any], told: list[str]
) -> None:
    register = save(tmp_path / "r.xlsx", {"Saker": column(heading, cells)})
    found = propose_workspace(tmp_path / "office", register, TODAY, language="nb")
    profile = tomllib.loads((tmp_path / "office" / "profile.toml").read_text(encoding="utf-8"))
    [(name, facts)] = [each for each in profile["sheets"]["saker"]["columns"].items() if each[0] != "saksnr"]

    assert {key: fact for key, fact in facts.items() if key != "heading"} == proposed
    said = [line for line in doubts(found.proposal, ENGLISH) if line.startswith("Saker!B")]
    assert len(said) == len(told)
    assert all(part in line for part, line in zip(told, said, strict=True))
    assert name.isidentifier()


PEOPLE: Rows = [
    ("Nr", "Navn", "Adresse", "Postnr", "Poststed", "Kanal", "Adressesperre"),
    *((f"P{n}", f"Person {n}", f"Prøveveien {n}", "9510", "Alta", ("post", "digital")[n % 2], None) for n in range(1, 8)),
]
CASES: Rows = [
    ("Saksnr", "Bruker", "Saksbehandler", "Mottatt"),
    *((f"2026/{n}", f"P{n % 7 + 1}", ("AKT", "BSO")[n % 2], day) for n, day in enumerate(days(14), 1)),
]
STAFF: Rows = [("Initialer", "Navn"), ("AKT", "Anne Prøve"), ("BSO", "Bo Prøve")]

REGISTERS: dict[str, tuple[dict[str, Rows], dict[str, Any], list[str]]] = {
    "sheets that refer to each other": (
        {"Personer": PEOPLE, "Saker": CASES, "Ansatte": STAFF},
        {
            "personer": {
                "title": "Personer",
                "key": ["nr"],
                "recipient": {"name": "navn", "address": ["adresse", "postnr ~ ' ' ~ poststed"], "channel": "kanal"},
                "protected": "adressesperre",
            },
            "saker": {"title": "Saker", "key": ["saksnr"], "bruker": "personer", "saksbehandler": "ansatte"},
            "ansatte": {"title": "Ansatte", "key": ["initialer"]},
        },
        [],
    ),
    "a title above, a sum and a remark below": (
        {
            "Saker": [
                ("Alle saker i 2026", None, None),
                (None, None, None),
                ("Saksnr", "Mottatt", "Timer"),
                *((f"2026/{n}", day, n) for n, day in enumerate(days(6), 1)),
                (None, None, "=SUM(C4:C9)"),
                ("Husk å oppdatere hver fredag", None, None),
            ]
        },
        {"saker": {"title": "Saker", "key": ["saksnr"]}},
        [],
    ),
    "two columns that tell the rows apart together": (
        {
            "Saker": CASES,
            "Møter": [
                ("Saksnr", "Dato", "Sted"),
                *((f"2026/{n % 3 + 1}", day, "kontoret") for n, day in enumerate([*days(4), *days(4)])),
            ],
        },
        {
            "saker": {"title": "Saker", "key": ["saksnr"]},
            "møter": {"title": "Møter", "key": ["saksnr", "dato"], "saksnr": "saker"},
        },
        [],
    ),
    "days that differ by chance": (
        {
            "Saker": CASES,
            "Møter": [("Saksnr", "Dato"), *((f"2026/{n % 3 + 1}", day) for n, day in enumerate(days(8)))],
        },
        {
            "saker": {"title": "Saker", "key": ["saksnr"]},
            "møter": {"title": "Møter", "key": ["saksnr", "dato"], "saksnr": "saker"},
        },
        [],
    ),
    "a key that stands twice": (
        {
            "Saker": [
                *CASES,
                ("2026/3", "P1", "AKT", date(2026, 8, 3)),
                *((f"2026/{n}", "P2", "BSO", date(2026, 9, 1)) for n in range(20, 40)),
            ]
        },
        {"saker": {"title": "Saker", "key": ["saksnr"]}},
        ["Saker: Nothing tells all rows apart: «Saksnr»"],
    ),
    "people without a column for protection": (
        {"Brukere": [row[:5] for row in PEOPLE]},
        {
            "brukere": {
                "title": "Brukere",
                "key": ["nr"],
                "recipient": {"name": "navn", "address": ["adresse", "postnr ~ ' ' ~ poststed"]},
            }
        },
        ["Brukere: No column says whose address is protected"],
    ),
    "names for a key": (
        {"Brukere": [("Navn", "Mottatt"), *((f"Person {n}", day) for n, day in enumerate([*days(3), *days(3)]))]},
        {"brukere": {"title": "Brukere", "key": ["navn"]}},
        ["Brukere: The key stands on every list"],
    ),
    "headings twice, none, and a tab without any": (
        {
            "Saker": [("Saksnr", "Dato", "Dato", None), *((f"26/{n}", day, day, "?") for n, day in enumerate(days(5), 1))],
            "Tomt": [],
        },
        {"saker": {"title": "Saker", "key": ["saksnr"], "ignores": ["Dato"]}},
        ["The tab «Tomt»", "Saker: «Dato» stands over more than one column", "Saker: Column D has no heading"],
    ),
    "no rows yet, and a time where an address is said to be": (
        {
            "Saker": [("Saksnr", "Mottatt")],
            "Turer": [("Nr", "Navn", "Adresse"), *((n, f"Tur {n}", time(9, 30)) for n in range(1, 6))],
        },
        {"saker": {"title": "Saker", "key": ["saksnr"]}, "turer": {"title": "Turer", "key": ["nr"]}},
        ["Turer: «Nr» counts the rows"],
    ),
    "the same numbers in two sheets": (
        {
            "Saker": [("Nr", "Timer"), *((n, n % 4 + 1) for n in range(1, 9))],
            "Turer": [("Nr", "Mil"), *((n, 2) for n in range(1, 6))],
        },
        {"saker": {"title": "Saker", "key": ["nr"]}, "turer": {"title": "Turer", "key": ["nr"], "nr": "saker"}},
        ["Saker: «Nr» counts the rows", "Turer: «Nr» counts the rows"],
    ),
    "one sheet for everything, as a small office keeps it": (
        {
            "Støttekontakt 2026": ONE_SHEET,
            "Forklaring": [("Farge", "Betyr"), ("Gul", "mangler noe"), ("Rød", "haster")],
        },
        {
            "støttekontakt_2026": {
                "title": "Støttekontakt 2026",
                "key": ["saksnr"],
                "recipient": {"name": "navn | given_name_first", "address": ["adresse"]},
            },
            "forklaring": {"title": "Forklaring", "key": ["farge"]},
        },
        [
            "Støttekontakt 2026: There seems to be more than one person in C10.",
            "Støttekontakt 2026: No column says whose address is protected",
            "Støttekontakt 2026: G9 seem to say that an address is protected.",
            "Forklaring: The sheet has only a few rows.",
        ],
    ),
}


def test_a_name_that_no_heading_tells_is_no_open_text(tmp_path: Path) -> None:
    propose_workspace(tmp_path / "office", save(tmp_path / "r.xlsx", {"Saker": ONE_SHEET}), TODAY, language="nb")
    columns = load_profile(tmp_path / "office" / "profile.toml").sheets["saker"].columns

    assert {name: column.class_ for name, column in columns.items() if column.class_ != "open"} == {
        "navn": "navn",
        "foresatt": "navn",
        "adresse": "adresse",
    }


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_is_proposed_as_its_sheets_have_it(tmp_path: Path, name: str) -> None:
    tabs, proposed, told = REGISTERS[name]
    found = propose_workspace(tmp_path / "office", save(tmp_path / "r.xlsx", tabs), TODAY, language="nb")
    profile = tomllib.loads((tmp_path / "office" / "profile.toml").read_text(encoding="utf-8"))
    sheets = {
        sheet: {key: value for key, value in facts.items() if key != "columns"}
        | {column: facts["to"] for column, facts in facts["columns"].items() if "to" in facts}
        for sheet, facts in profile["sheets"].items()
    }

    assert sheets == proposed
    said = [line for line in doubts(found.proposal, ENGLISH) if "!" not in line.split(":")[0]]
    assert len(said) == len(told)
    assert all(line.startswith(begins) for begins, line in zip(told, said, strict=True))


def test_a_dropdown_tells_the_choices_that_nobody_has_made_yet(tmp_path: Path) -> None:
    tabs: dict[str, Rows] = {
        "Saker": [("Saksnr", "Utfall", "Tiltak", "Ferdig", "Saksbehandler"), ("26/1", "avslag", None, None, None)],
        "Ansatte": STAFF,
        "Lister": [("Tiltak", "Sted"), ("svømming", "hallen"), ("tur", None), ("kino", None)],
    }
    lists = {
        "Saker": {
            "B2:B99": '"innvilget,avslag"',
            "C2:C99": "Lister!$A$2:INDEX(Lister!$A$2:$A$50,COUNTA(Lister!$A$2:$A$50))",
            "D2:D99": '"ja,nei"',
            "E2:E99": "Ansatte!$A$2:$A$3",
        }
    }
    propose_workspace(tmp_path / "office", save(tmp_path / "r.xlsx", tabs, lists), TODAY, language="nb")
    profile = load_profile(tmp_path / "office" / "profile.toml")
    columns = profile.sheets["saker"].columns

    assert set(profile.sheets) == {"saker", "ansatte"}
    assert columns["utfall"].choices == ("innvilget", "avslag")
    assert columns["tiltak"].choices == ("svømming", "tur", "kino")
    assert columns["ferdig"].type == "yesno"
    assert columns["saksbehandler"].to == "ansatte"


@pytest.mark.parametrize(
    ("headings", "language", "country"),
    [
        (("Saksnr", "Saksbehandler", "Mottatt"), "nb", "NO"),
        (("Ärendenr", "Handläggare", "Inkom"), "sv", "SE"),
        (("Sagsnr", "Sagsbehandler", "Modtaget"), "da", "DK"),
        (("A", "B", "C"), "da", "DK"),
    ],
)
def test_language_and_country_follow_from_the_headings_else_from_who_asks(
    tmp_path: Path, headings: tuple[str, ...], language: str, country: str
) -> None:
    register = save(tmp_path / "r.xlsx", {"X": [headings, *((f"n{n}", "AB", day) for n, day in enumerate(days(4)))]})
    propose_workspace(tmp_path / "office", register, TODAY, language="da")
    office = load_profile(tmp_path / "office" / "profile.toml").office

    assert (office.language, office.country, office.start) == (language, country, TODAY)


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["--language", "en", *map(str, arguments)])


WHOLE = {
    **{name: tabs for name, (tabs, _, _) in REGISTERS.items()},
    **{f"a column of {name}": {"Saker": column(heading, cells)} for name, heading, cells, _, _ in COLUMNS},
}


@pytest.mark.parametrize("name", WHOLE)
def test_validate_reads_the_same_register_by_the_proposal(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "office"
    register = save(tmp_path / "r.xlsx", WHOLE[name])
    before = register.read_bytes()
    made = call("init", folder, "--from-register", register)
    validated = call("--workspace", folder, "validate")

    assert (made.exit_code, made.stderr) == (0, "")
    assert validated.exit_code in {0, 1}, validated.stderr
    assert validated.stderr == ""
    assert register.read_bytes() == before == (folder / "registers" / "r.xlsx").read_bytes()


@pytest.mark.parametrize("path", ["registers/saksregister.xlsx", "examples/thisted/registers/henvendelser.xlsx"])
def test_the_demo_registers_proposal_has_the_keys_types_and_references_of_the_real_profile(
    root: Path, tmp_path: Path, path: str
) -> None:
    real = load_profile((root / path).parents[1] / "profile.toml")
    propose_workspace(tmp_path / "office", root / path, TODAY, language="en")
    proposed = load_profile(tmp_path / "office" / "profile.toml")
    titles = {sheet.title: sheet for sheet in proposed.sheets.values()}
    seen = same = 0
    for sheet in real.sheets.values():
        if (sheet.workbook or real.register_file.workbook) != path.removeprefix("examples/thisted/"):
            continue
        guesses = {column.heading: column for column in titles[sheet.title].stored_columns}
        for column in sheet.stored_columns:
            seen += 1
            same += guesses[column.heading].type == column.type

    assert same / seen > 0.85, f"{same} of {seen}"


def test_the_first_deadline_needs_only_its_signs_taken_away_and_the_first_night_goes_well(tmp_path: Path) -> None:
    tabs, _, _ = REGISTERS["sheets that refer to each other"]
    folder = tmp_path / "office"
    call("init", folder, "--from-register", save(tmp_path / "r.xlsx", tabs))
    profile = folder / "profile.toml"
    text = profile.read_text(encoding="utf-8")
    profile.write_text(re.sub(f"^{re.escape(SKELETON)}", "", text, flags=re.MULTILINE), encoding="utf-8")
    docx.Document().save(str(folder / "templates" / "docx" / "svar.docx"))
    ran = call("--workspace", folder, "run", "--as-of", "2026-11-23")

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert load_profile(profile).deadlines["svar"].due == "mottatt + weeks(3)"
    assert load_profile(profile).letters["svar"].to == ("bruker",)
    assert (folder / "output" / "oversikt" / "oversikt.html").is_file()


def test_where_name_and_address_stand_in_the_row_the_letter_goes_to_the_row(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    call("init", folder, "--from-register", save(tmp_path / "r.xlsx", {"Saker": ONE_SHEET}))
    profile = folder / "profile.toml"
    text = re.sub(f"^{re.escape(SKELETON)}", "", profile.read_text(encoding="utf-8"), flags=re.MULTILINE)
    profile.write_text(re.sub("^start = .*", "start = 2026-01-01", text, flags=re.MULTILINE), encoding="utf-8")
    letter = docx.Document()
    letter.add_paragraph("Til {{ mottaker.navn }}, {{ saker.saksnr }}")
    letter.save(str(folder / "templates" / "docx" / "svar.docx"))
    ran = call("--workspace", folder, "run", "--as-of", "2026-02-20")

    assert (ran.exit_code, ran.stderr) == (0, "")
    told = {words(path.read_bytes()).strip() for path in (folder / "output" / "2026-02-20" / "svar").iterdir()}
    assert "Til Åse Prøve, 26/101" in told


HEADINGS = [
    *("Saksnr", "Navn", "Dato", "Postnr", "Adresse", "Sperret", "Mottatt", "Kanal", "Født", "Fnr"),
    *(
        "letters",
        "Sheets",
        "today",
        "in",
        "None",
        "years",
        "1. kvartal",
        'med "anførsel"',
        "it's",
        "a\\b",
        "{{ x }}",
        "😀",
        "to\nlinjer",
        "NAVN",
    ),
]
TITLES = ["Saker", "letters", "deadlines", "Sheets", "in", "2026", "a b", "A_B", "😀", "Kontor"]
VALUES = st.one_of(
    st.none(),
    st.integers(0, 99),
    st.floats(0, 1e6),
    st.booleans(),
    st.dates(date(1950, 1, 1), date(2030, 1, 1)),
    st.times(),
    st.sampled_from(
        ["ja", "nei", "a; b", "b", "26/1", "26/2", "uke 7", "{{ x }}", "'", " ", "\u00a0", "lang tekst " * 9, *NINS]
    ),
)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    headings = draw(st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=7))
    kinds = [
        draw(st.sampled_from([VALUES, st.dates(), st.sampled_from(["A", "B", "C"]), st.integers(1, 12)])) for _ in headings
    ]
    rows = draw(st.lists(st.tuples(*kinds), max_size=12))
    return [headings, *rows]


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(tabs=st.dictionaries(st.sampled_from(TITLES), tables(), min_size=1, max_size=3))
def test_whatever_a_workbook_holds_its_proposal_loads_and_reads_it(
    tmp_path_factory: pytest.TempPathFactory, tabs: dict[str, Rows]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    register = save(folder / "r.xlsx", tabs)
    try:
        propose_workspace(folder / "office", register, TODAY, language="nb")
    except NothingToPropose:
        return
    read(Workspace(folder / "office"), TODAY)


def test_comments_name_cells_and_never_a_person(tmp_path: Path) -> None:
    tabs: dict[str, Rows] = {
        "Saker": [
            ("Saksnr", "Navn", "Fnr", "Adresse", "Merknad", "Mottatt"),
            *(
                (f"26/{n}", f"Person {n}", NINS[n % 2], f"Prøveveien {n}", f"Bor alene og har få venner, nummer {n}.", day)
                for n, day in enumerate(days(8))
            ),
            ("26/99", "Person 99", "123", "Prøveveien 99", "Kort", "uvisst, spør Ola"),
        ]
    }
    made = call("init", tmp_path / "office", "--from-register", save(tmp_path / "r.xlsx", tabs))
    told = (tmp_path / "office" / "profile.toml").read_text(encoding="utf-8") + made.stdout

    assert not [word for word in ("Person", "Prøveveien", "venner", "Ola", *NINS) if word in told]


def test_nothing_is_written_over_and_no_workbook_is_told_in_words(tmp_path: Path) -> None:
    register = save(tmp_path / "r.xlsx", {"Saker": CASES})
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "profile.toml").write_text("# mine", encoding="utf-8")
    taken = call("init", folder, "--from-register", register)
    missing = call("init", tmp_path / "other", "--from-register", tmp_path / "none.xlsx")

    empty = call("init", tmp_path / "other", "--from-register", save(tmp_path / "e.xlsx", {"Tomt": []}))

    assert taken.exit_code == missing.exit_code == empty.exit_code == 2
    assert "No tab of e.xlsx" in empty.stderr
    assert (folder / "profile.toml").read_text(encoding="utf-8") == "# mine"
    assert "none.xlsx" in missing.stderr
    assert not (tmp_path / "other").exists()
