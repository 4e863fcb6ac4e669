"""The shared toolbox of Norwegian offices in Alta's routine: each line has its place, and the demo shows the deadlines."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, compute, deadlines_of
from pipeline.profile.expressions import Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.model import View
from pipeline.register.records import read_register
from pipeline.register.workbook import read_workbook

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
LISTED = (
    "Lovverk som styrer tjenesten",
    "3-delte tjenestetilbudet",
    "Vedtak med begrunnelse, konkretisering, målsetting",
    "Behandling av klagesak",
    "Oppdragsavtaler",
    "Lønn og utgiftsdekning",
    "Rapportskjema",
    "Timelister",
    "Reiseregninger",
    "Avviksrapportering",
    "Søknad om å bli/søknad om å få støttekontakt",
    "Politiattest",
    "Sjekklister v/intervju og oppstart av oppdrag",
    "Ledsagerbevisordning",
    "Fritid med mening, nettbasert kurs",
    "Temakvelder",
    "Samarbeid/samarbeidsavtaler med frivillige lag og organisasjoner",
    "Plattform KS/frivillighet Norge",
    "Folkehelseloven",
)
"""The three lists of Brukerhåndboken."""


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(ROOT / "profile.toml")


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / "docs" / "rutine-brukerhandboken.md").read_text(encoding="utf-8")


def test_each_line_of_the_lists_has_a_row_with_a_place_and_a_test_or_a_reason(page: str) -> None:
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ") and "---" not in line]

    assert all(len(row) == 3 and all(row) for row in rows)
    for line in LISTED:
        assert len([row for row in rows if f"«{line}»" in row[0]]) == 1, line
    untested = [row for row in rows if row[2] == "–"]
    assert all("utenfor" in row[1] or "se under" in row[1] for row in untested)


def test_the_page_names_only_columns_deadlines_letters_forms_and_tests_that_exist(
    page: str, profile: Profile, root: Path
) -> None:
    columns = {f"{sheet.name}.{column}" for sheet in profile.sheets.values() for column in sheet.columns}
    files = {path.name for path in (ROOT / "templates").rglob("*.*")}
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    named = re.findall(r"`([^`]+)`", page)
    emphasised = set(re.findall(r"(?<!\*)\*([\wæøå]+)\*(?!\*)", page)) - {"frist", "brev"}

    assert {name for name in named if re.fullmatch(r"[\wæøå]+\.[\wæøå]+", name)} - columns - files - tests == {
        "ark.kolonne",
        "profile.toml",
    }
    assert {name for name in named if re.search(r" .*\.(docx|xlsx)$", name)} <= files
    assert emphasised <= {*profile.deadlines, *profile.letters, *profile.statistics, *(Path(name).stem for name in files)}


def test_every_ready_form_is_told_of(page: str) -> None:
    for guide in (page, (ROOT / "docs" / "maler.md").read_text(encoding="utf-8")):
        assert not [path.name for path in (ROOT / "templates" / "skjema").iterdir() if f"`{path.name}`" not in guide]


@pytest.fixture(scope="module")
def standing(profile: Profile) -> dict[tuple[str, str], tuple[str, str | None]]:
    """What the demo's deadlines are on its day: how they stand, and the day they are due."""
    rules = Rules(Calendar(profile.office.country, profile.office.closed), profile.terms)
    workbook = profile.register_file.workbook
    read = read_register(profile, rules, {workbook: read_workbook(ROOT / workbook)}, TODAY)
    found = compute(View(read, rules, TODAY, {DEADLINES: deadlines_of})).items
    return {(item.record.key, item.rule): (item.status.value, item.due.isoformat() if item.due else None) for item in found}


@pytest.mark.parametrize(
    ("record", "deadline", "status", "due"),
    [
        ("L-001", "ledsagerbevis", "done", "2026-11-29"),
        ("L-003", "ledsagerbevis", "overdue", "2026-11-19"),
        ("L-001", "ledsagerbevis_fornyes", "upcoming", "2029-11-30"),
        ("L-002", "ledsagerbevis_fornyes", "not needed", None),
        ("L-004", "ledsagerbevis_fornyes", "due soon", "2026-12-15"),
        ("O-06 · 2026-11-19", "samarbeid_fornyes", "upcoming", "2029-11-18"),
        ("O-07 · 2023-12-04", "samarbeid_fornyes", "due soon", "2026-12-31"),
        ("2026/0035", "klagesvar_følges_opp", "upcoming", "2026-12-03"),
        ("2026/0035", "klagesvar_ventes", "done", "2026-11-28"),
        ("2026/0070", "klage_oversendes", "done", "2026-12-09"),
        ("2026/0057", "klage_oversendes", "done", "2026-11-27"),
        ("2026/0042", "klage_oversendes", "overdue", "2026-11-09"),
    ],
)
def test_the_demo_shows_each_of_the_toolboxs_deadlines(
    standing: dict[tuple[str, str], tuple[str, str | None]], record: str, deadline: str, status: str, due: str | None
) -> None:
    assert standing[record, deadline] == (status, due)
