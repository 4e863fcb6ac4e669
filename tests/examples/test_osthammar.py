"""Östhammar's routine: its dates and amounts, who is told what, whose each deadline is, and what its made-up cases show."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pipeline.calendars import Calendar
from pipeline.cli import main
from pipeline.deadlines.compute import DEADLINES, deadlines_of
from pipeline.deadlines.rule import work_out
from pipeline.findings import Place
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import LETTERS
from pipeline.register.model import Record, Ref, Register, Row, Value, View
from tests.walk.golden import is_golden, words
from tools.examples.osthammar.register import register
from tools.examples.workspace import EXAMPLES, register_files

FOLDER = EXAMPLES / "osthammar"
PROFILE = load_profile(FOLDER / "profile.toml")
TODAY = "2026-11-23"
OF_LETTERS = ("letter", "record", "recipient", "role", "channel", "produced", "sent", "arrived")

Cells = Mapping[str, Value]


def d(text: str) -> date:
    return date.fromisoformat(text)


def view(sheets: Mapping[str, Mapping[str, Cells]], today: str = TODAY) -> View:
    """A register of these rows, by sheet and key; cells that are not given are empty."""
    register = Register(PROFILE, {name: {} for name in PROFILE.sheets})
    for sheet, rows in sheets.items():
        names = OF_LETTERS if sheet == LETTERS else tuple(column.name for column in PROFILE.sheets[sheet].stored_columns)
        records = [
            Record(sheet, key, Place("r.xlsx", sheet, n), {**dict.fromkeys(names, EMPTY), **cells})
            for n, (key, cells) in enumerate(rows.items(), start=2)
        ]
        register = register.with_sheet(sheet, records)
    office = PROFILE.office
    return View(register, Rules(Calendar(office.country, office.closed), PROFILE.terms), d(today), {DEADLINES: deadlines_of})


def row(of: View, sheet: str, key: str = "1") -> Row:
    found = of.row(Ref(sheet, key))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("rule", "cells", "raw", "due", "act_by"),
    [
        # the citizen's three weeks, from the day on which the decision was served: domain examples 28 and 31
        ("överklagande", {"arrived": d("2026-05-29")}, "2026-06-19", "2026-06-22", None),
        ("överklagande", {"arrived": d("2025-12-15")}, "2026-01-05", "2026-01-05", None),
        # julafton, nyårsafton, a Saturday and Easter; the eve of Epiphany above does not count
        ("överklagande", {"arrived": d("2026-12-03")}, "2026-12-24", "2026-12-28", None),
        ("överklagande", {"arrived": d("2026-12-10")}, "2026-12-31", "2027-01-04", None),
        ("överklagande", {"arrived": d("2026-03-13")}, "2026-04-03", "2026-04-07", None),
        # nobody has written down when it came: the post's seven days first
        ("överklagande", {"sent": d("2026-05-22")}, "2026-06-19", "2026-06-22", None),
        # the office's own: five working days; a three months' end is never moved, but is acted on in time
        ("bekräftelse", {"inkommen": d("2026-11-18")}, "2026-11-25", "2026-11-25", "2026-11-25"),
        ("bekräftelse", {"inkommen": d("2026-12-21")}, "2026-12-30", "2026-12-30", "2026-12-30"),
        ("yttrande", {"kommunicerad": d("2026-06-05")}, "2026-06-19", "2026-06-22", None),
        ("verkställighet", {"datum": d("2026-08-31")}, "2026-11-30", "2026-11-30", "2026-11-30"),
        ("verkställighet", {"datum": d("2026-03-19")}, "2026-06-19", "2026-06-19", "2026-06-18"),
        ("verkställighet", {"datum": d("2026-11-30")}, "2027-02-28", "2027-02-28", "2027-02-26"),
        ("årlig_uppföljning", {"datum": d("2024-02-29")}, "2025-02-28", "2025-02-28", "2025-02-28"),
        (
            "uppföljning_före_slut",
            {"datum": d("2026-01-05"), "gäller_till": d("2026-12-26")},
            *("2026-12-26", "2026-12-26", "2026-12-23"),
        ),
        ("förnyelse", {"gäller_till": d("2026-12-31")}, "2026-12-31", "2026-12-31", "2026-12-30"),
    ],
)
def test_the_worked_dates(rule: str, cells: Cells, raw: str, due: str, act_by: str | None) -> None:
    dated = PROFILE.deadlines[rule].model_copy(update={"when": "true", "done": None, "until": None})

    found = work_out(dated, row(view({dated.on: {"1": cells}}), dated.on))

    assert (found.raw, found.due, found.act_by) == (d(raw), d(due), None if act_by is None else d(act_by))


@pytest.mark.parametrize(
    ("base", "percent", "amount"),
    [
        (45_500, 10, 379),
        (45_500, 25, 948),
        (45_500, 40, 1517),
        (59_200, 25, 1233),
    ],
)
def test_fee_and_expenses_are_a_share_of_a_twelfth_of_the_years_base_amount(base: int, percent: int, amount: int) -> None:
    """SKR's table of 2018, and the same share of 2026's amount."""
    of = view(
        {
            "basbelopp": {
                "old": {"från": d("2010-01-01"), "till": d("2010-12-31"), "belopp": 1},
                "now": {"från": d("2026-01-01"), "till": d("2026-12-31"), "belopp": base},
            },
            "nivå": {"2": {"namn": "2", "arvode_procent": percent, "omkostnad_procent": percent}},
            "uppdrag": {"1": {"nivå": Ref("nivå", "2")}},
        }
    )

    assert row(of, "uppdrag").lookup("arvode") == row(of, "uppdrag").lookup("omkostnad") == amount


@pytest.mark.parametrize(
    ("held", "yearly", "before_the_end"),
    [
        ((), "not needed", "upcoming"),  # a decision of one year ends the day before its anniversary
        (("2027-06-01",), "done", "done"),
    ],
)
def test_a_decision_of_one_year_is_followed_up_before_it_ends(held: tuple[str, ...], yearly: str, before_the_end: str) -> None:
    lasting: Cells = {"datum": d("2026-11-17"), "utfall": "bifall", "gäller_till": d("2027-11-16")}
    meetings: dict[str, Cells] = {str(n): {"beslut": Ref("beslut", "1"), "hållen": d(day)} for n, day in enumerate(held)}
    decision = row(view({"beslut": {"1": lasting}, "uppföljning": meetings}, "2027-06-10"), "beslut")

    found = [work_out(PROFILE.deadlines[name], decision).status for name in ("årlig_uppföljning", "uppföljning_före_slut")]

    assert found == [yearly, before_the_end]


@pytest.mark.parametrize(
    ("until", "today", "held", "yearly", "before_the_end"),
    [
        # decided on 17 November 2026 for two years: the last of them is followed up too, whenever the first one's was
        ("2028-11-16", "2027-12-01", ("2027-11-10",), "done", "upcoming"),
        ("2028-11-16", "2027-12-01", ("2027-11-20",), "done", "upcoming"),
        ("2028-11-16", "2028-09-01", ("2027-11-20", "2028-08-30"), "done", "done"),
        ("2028-11-16", "2028-09-01", (), "overdue", "not needed"),  # one line asks for the meeting
        # a month after the anniversary it ends: one meeting serves both
        ("2027-12-16", "2027-10-20", (), "due soon", "not needed"),
        ("2027-12-16", "2027-11-30", ("2027-11-20",), "done", "not needed"),
    ],
)
def test_a_longer_decision_is_followed_up_before_it_ends_and_no_meeting_is_asked_for_twice(
    until: str, today: str, held: tuple[str, ...], yearly: str, before_the_end: str
) -> None:
    lasting: Cells = {"datum": d("2026-11-17"), "utfall": "bifall", "gäller_till": d(until)}
    meetings: dict[str, Cells] = {str(n): {"beslut": Ref("beslut", "1"), "hållen": d(day)} for n, day in enumerate(held)}
    decision = row(view({"beslut": {"1": lasting}, "uppföljning": meetings}, today), "beslut")

    found = [work_out(PROFILE.deadlines[name], decision).status for name in ("årlig_uppföljning", "uppföljning_före_slut")]

    assert found == [yearly, before_the_end]


@pytest.mark.parametrize(
    ("today", "cells", "later", "status"),
    [
        ("2026-10-31", {}, None, "due soon"),
        ("2026-11-01", {}, None, "overdue"),  # JO 4207-2000: the renewal that came too late
        ("2026-11-01", {"avslutat": d("2026-10-31")}, None, "not needed"),
        ("2026-11-01", {}, "2026-10-20", "done"),
        ("2026-11-20", {}, "2026-11-10", "done late"),
        ("2026-11-01", {"utfall": "avslag"}, None, "not needed"),
    ],
)
def test_a_decision_that_has_run_out_is_overdue_until_there_is_a_new_one(
    today: str, cells: Cells, later: str | None, status: str
) -> None:
    first: Cells = {"ärende": Ref("ärende", "1"), "datum": d("2025-11-01"), "utfall": "bifall", "gäller_till": d("2026-10-31")}
    decisions: dict[str, Cells] = {"1": {**first, **cells}}
    if later is not None:
        decisions["2"] = {"ärende": Ref("ärende", "1"), "datum": d(later), "utfall": "bifall"}
    sheets: dict[str, dict[str, Cells]] = {"person": {"1": {}}, "ärende": {"1": {"enskild": Ref("person", "1")}}}

    found = work_out(PROFILE.deadlines["förnyelse"], row(view({**sheets, "beslut": decisions}, today), "beslut"))

    assert found.status == status


@pytest.mark.parametrize(
    ("cells", "decided", "status"),
    [
        ({}, False, "overdue"),
        ({"bekräftad": d("2026-11-04")}, False, "done"),
        ({"avslutat": d("2026-11-10")}, False, "not needed"),  # taken back: there is nothing to confirm
        ({}, True, "not needed"),
    ],
)
def test_a_request_is_confirmed_until_it_is_decided_or_taken_back(cells: Cells, decided: bool, status: str) -> None:
    case: Cells = {"inkommen": d("2026-11-02"), **cells}
    decisions: dict[str, Cells] = {"1": {"ärende": Ref("ärende", "1"), "datum": d("2026-11-12")}} if decided else {}

    found = work_out(PROFILE.deadlines["bekräftelse"], row(view({"ärende": {"1": case}, "beslut": decisions}), "ärende"))

    assert found.status == status


def test_a_year_without_a_base_amount_gives_no_fee() -> None:
    of = view({"nivå": {"2": {"arvode_procent": 25}}, "uppdrag": {"1": {"nivå": Ref("nivå", "2")}}}, "2027-01-04")

    assert row(of, "uppdrag").lookup("arvode") is EMPTY


@pytest.mark.parametrize(
    ("meetings", "per", "hours"),
    [(1, "vecka", (8, 10)), (2, "vecka", (16, 20)), (4, "månad", (7, 9)), (1, "månad", (2, 2))],
)
def test_meetings_in_hours_a_month(meetings: int, per: str, hours: tuple[int, int]) -> None:
    decision = row(view({"beslut": {"1": {"träffar": meetings, "per": per}}}), "beslut")

    assert (decision.lookup("timmar_minst"), decision.lookup("timmar_högst")) == hours


@pytest.mark.parametrize(
    ("born", "representatives", "told"),
    [
        ("1990-01-01", (), ["0"]),
        ("1990-01-01", (("god man", ("bevaka rätt",), None),), ["0", "1"]),
        ("1990-01-01", (("förvaltare", ("förvalta egendom",), None),), ["0"]),
        ("1990-01-01", (("god man", ("sörja för person",), d("2026-11-22")),), ["0"]),
        ("1990-01-01", (("ombud", (), None),), ["0", "1"]),
        ("2016-01-01", (("vårdnadshavare", (), None), ("vårdnadshavare", (), None)), ["1", "2"]),
        ("2011-11-24", (("vårdnadshavare", (), None),), ["1"]),
        ("2011-11-23", (("vårdnadshavare", (), None),), ["0", "1"]),
        ("2008-11-24", (("vårdnadshavare", (), None),), ["0", "1"]),
        ("2008-11-23", (("vårdnadshavare", (), None),), ["0"]),
    ],
)
def test_who_is_told(born: str, representatives: tuple[tuple[str, tuple[str, ...], date | None], ...], told: list[str]) -> None:
    people: dict[str, Cells] = {"0": {"född": d(born)}}
    links: dict[str, Cells] = {}
    for n, (kind, scope, until) in enumerate(representatives, start=1):
        people[str(n)] = {"född": d("1980-01-01")}
        links[str(n)] = {
            "person": Ref("person", "0"),
            "företräds_av": Ref("person", str(n)),
            "slag": kind,
            "omfattning": scope or EMPTY,
            "till": until or EMPTY,
        }
    of = view({"person": people, "företrädare": links, "ärende": {"1": {"enskild": Ref("person", "0")}}})

    assert [each.record.key for each in row(of, "ärende").lookup("företräds")] == told


# ------------------------------------------------------------------ the made-up cases


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("osthammar")
    for part in ("registers", "templates"):
        shutil.copytree(FOLDER / part, folder / part)
    shutil.copy(FOLDER / "profile.toml", folder)
    return folder


def told(office: Path, *command: str) -> Any:
    result = CliRunner().invoke(main, ["--workspace", str(office), *command, "--as-of", TODAY, "--json"])
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def letters(office: Path) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """What becomes of each letter, once for each recipient, by record and letter."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for letter in told(office, "letters"):
        found[letter["record"], letter["letter"]].append(letter["outcome"])
    return {key: tuple(outcomes) for key, outcomes in found.items()}


@pytest.mark.parametrize(
    ("record", "letter", "outcomes"),
    [
        ("2026-101", "bekräftelse", ("due",)),
        ("2026-102", "bekräftelse", ("withheld",)),  # nobody has looked for the medical evidence
        ("2026-103", "bekräftelse", ("not needed",)),  # confirmed by telephone
        ("2026-105", "kallelse_utredning", ("due", "due")),  # two parents
        ("2026-108", "kommunicering", ("due",)),
        ("2026-110-1", "avslag", ("due",)),
        ("2026-111-1", "avslag", ("withheld",)),  # the time for comments is not over
        ("2026-112-1", "beslut", ("due", "due")),  # the person and the god man, not the one who minds the money
        ("2026-112-1", "beställning", ("due",)),
        ("2026-115-1", "beslut", ("due", "due")),  # 17 years old, and a parent
        ("2026-119-1-1", "matchningsmöte", ("due",)),
        ("2026-119-1-1", "matchningsmöte_kontaktperson", ("due",)),
        ("2026-120-1-1", "matchningsmöte", ("withheld",)),  # somebody of the household
        ("2026-120-1-1", "matchningsmöte_kontaktperson", ("withheld",)),
        ("2026-121-1-1", "avtal", ("due",)),
        ("2026-121-1-1", "anställningsuppgifter", ("due",)),
        ("2026-122-1-1", "avtal", ("withheld",)),  # nobody has said that they suit each other
        ("2026-122-1-1", "anställningsuppgifter", ("withheld",)),
        ("2026-123-1-1", "avtal", ("manual",)),  # the contact person's address is protected
        ("2026-124-1", "genomförandeplan", ("due",)),
        ("2026-125-1 · 2026-12-03", "kallelse_uppföljning", ("due",)),
        ("2026-127-1-2", "uppdrag_upphör", ("due",)),
        ("2026-128-1", "överklagande_mottaget", ("due",)),
        ("2026-129-1", "överklagande_överlämnat", ("due",)),
        ("2026-130-1", "avvisning", ("due",)),
        ("2026-131", "bekräftelse", ("manual",)),
        ("2026-132", "bekräftelse", ("manual",)),  # a child with a hidden address; so is the parent's
    ],
)
def test_what_becomes_of_a_letter(
    letters: Mapping[tuple[str, str], tuple[str, ...]], record: str, letter: str, outcomes: tuple[str, ...]
) -> None:
    assert letters[record, letter] == outcomes


def test_the_warnings_are_the_judgements_that_somebody_has_to_look_at(office: Path) -> None:
    warnings = {(w["record"], w["message"].partition(": ")[2]) for w in told(office, "validate") if w["severity"] == "warning"}

    assert warnings == {
        ("2026-104", "Den som får bekräftelsen per telefon får samtidigt veta att underlag saknas."),
        ("2026-106", "Utredning per telefon görs när personen är känd sedan tidigare."),
        ("2026-107", "Den önskade kontaktpersonen hör inte till hushållet."),
        ("2026-113-1", "Beslutet är tidsbegränsat."),
        ("2026-113-1", "Behovet är inte tillgodosett på annat sätt."),
        ("2026-114-1", "Beslut för någon i gruppboende eller serviceboende har en individuell prövning."),
        ("2026-117-1", "Ett beslut som inte är verkställt inom tre månader har ett skäl."),
        ("2026-120-1-1", "Kontaktpersonen hör inte till hushållet."),
        ("2026-126-1", "Mer än en kontaktperson har särskilda skäl."),
    }


VARIANTS: Mapping[str, tuple[str, Mapping[str, Mapping[str, Any]]]] = {
    "bekräftelse, underlag finns": ("2026-102", {"ärende": {"underlag": "finns"}}),
    "beslut, delvis, serviceboende, två kontaktpersoner": (
        "2026-114-1",
        {
            "ärende": {"individuell_prövning": "Boendets personal kan inte följa med på fritiden."},
            "beslut": {"skickat": None, "särskilda_skäl": "Två personer behövs vid bad."},
        },
    ),
    "avslag, gruppboende": (
        "2026-110-1",
        {"ärende": {"boende": "gruppboende", "individuell_prövning": "Det är prövat."}},
    ),
    "beslut, socialtjänstlagen": ("2026-112-1", {"ärende": {"lagrum": "SoL"}}),
}
"""What a letter may say otherwise: the record, and the columns that are set in its rows."""


def test_what_a_letter_may_say_otherwise_reads_as_its_golden_text(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    rows, _ = register()
    for key, sets in VARIANTS.values():
        for sheet, values in sets.items():
            [of] = [each for each in rows[sheet] if each["nummer"] == (key if sheet == "beslut" else key[:8])]
            of.update(values)
    shutil.copytree(FOLDER / "templates", tmp_path / "templates")
    shutil.copy(FOLDER / "profile.toml", tmp_path)
    for path, content in register_files(PROFILE, rows, ()).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert CliRunner().invoke(main, ["--workspace", str(tmp_path), "run", "--as-of", TODAY]).exit_code == 0

    for name, (key, _) in VARIANTS.items():
        kind = name.partition(",")[0]
        made = min((tmp_path / "output" / TODAY / kind).glob(f"{key} *till*.docx"))
        assert is_golden(f"examples/osthammar/{name}", words(made.read_bytes()), request), f"look at {name}"


HANDLER = {"bekräftelse", "underlag", "bokning", "utredning", "yttrande", "skicka_beslut", "beställning", "ivo"} | {
    "årlig_uppföljning", "uppföljning_före_slut", "förnyelse", "överklagande", "överlämna", "egen_talan", "myndig"
}  # fmt: skip
SECRETARY = {"bekräfta_beställning", "återupptas", "genomförandeplan", "matchning", "avtal_i_retur", "hr", "kontakt"} | {
    "avslutskontakt", "verkställighet"
}  # fmt: skip


def test_handler_and_contact_secretary_own_different_deadlines_and_the_manager_sees_both(office: Path) -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for deadline in told(office, "deadlines"):
        if deadline["owner"] and deadline["status"] not in {"not needed", "not started"}:
            owners[deadline["deadline"]].add(deadline["owner"])

    assert set(PROFILE.deadlines) == HANDLER | SECRETARY
    assert {owner for name in HANDLER for owner in owners[name]} == {"LHM", "SOB"}
    assert {owner for name in SECRETARY for owner in owners[name]} == {"KSB"}  # who stands in for MFY as well


def test_overview_and_calendars_are_swedish_and_show_both_and_the_lists_of_the_law(office: Path) -> None:
    assert CliRunner().invoke(main, ["--workspace", str(office), "run", "--as-of", TODAY]).exit_code == 0
    folder = office / "output" / "översikt"
    page = (folder / "översikt.html").read_text(encoding="utf-8")
    book = load_workbook(io.BytesIO((folder / "försenade.xlsx").read_bytes()))

    assert all(name in page for name in ("Lena Hamnmark", "Said Obelisk", "Karin Sjöbod"))
    assert {path.name for path in folder.glob("*.ics")} == {"frister-LHM.ics", "frister-SOB.ics", "frister-KSB.ics"}
    assert not set(re.findall(r"\b\d\d\.\d\d\.\d{4}\b", page)) - {"31.11.2025"}, "days as Swedish writes them"
    sheet = next(sheet for sheet in book if sheet.title.startswith("Beslutat men inte verkställt"))
    waiting = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    assert [(line[0], line[2], line[4]) for line in waiting] == [
        ("2026-126-1", None, None),  # its date of carrying out cannot be read
        ("2026-116-1", "beslut", "ingen lämplig kontaktperson"),
        ("2026-117-1", "beslut", "inget skäl skrivet"),
        ("2026-118-1", "avbruten insats", "inget skäl skrivet"),
    ]
