from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, compute, deadlines_of
from pipeline.deadlines.model import Status
from pipeline.findings import Severity
from pipeline.profile.expressions import Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.build import workbook_bytes
from pipeline.register.checks import check_register
from pipeline.register.model import Register, View
from pipeline.register.records import read_register
from pipeline.register.workbook import read_workbook
from tools.demo_cases import AS_OF, CLEAN, FAULTY
from tools.demo_office import identity
from tools.demo_register import ROOT, Planted, Rows, document, make, workbook

WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(ROOT / "profile.toml")


@pytest.fixture(scope="module")
def made() -> tuple[Rows, tuple[Planted, ...]]:
    return make()


@pytest.fixture(scope="module")
def register(profile: Profile, made: tuple[Rows, tuple[Planted, ...]], tmp_path_factory: pytest.TempPathFactory) -> Register:
    path = tmp_path_factory.mktemp("demo") / "saksregister.xlsx"
    path.write_bytes(workbook_bytes(workbook(profile, *made)))
    rules = Rules(Calendar(profile.office.country, profile.office.closed), profile.terms)
    read = read_register(profile, rules, {profile.register_file.workbook: read_workbook(path)}, AS_OF)
    return check_register(read, rules, AS_OF, View(read, rules, AS_OF, {DEADLINES: deadlines_of}))


def test_the_register_and_its_page_are_those_that_the_tool_makes(
    profile: Profile, made: tuple[Rows, tuple[Planted, ...]]
) -> None:
    stored = ROOT / profile.register_file.workbook
    assert stored.read_bytes() == workbook_bytes(workbook(profile, *made)), "run python -m tools.demo_register"
    page = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
    assert page == document(profile, *made), "run python -m tools.demo_register"


def test_the_planted_faults_and_no_others_are_found(
    profile: Profile, made: tuple[Rows, tuple[Planted, ...]], register: Register
) -> None:
    planted = {
        (profile.sheets[fault.sheet].title, fault.row + 2, profile.sheets[fault.sheet].columns[fault.column].heading)
        for fault in made[1]
        if fault.fault != "dobbelt"
    }
    doubles = [fault for fault in made[1] if fault.fault == "dobbelt"]
    errors = [finding for finding in register.findings if finding.severity is Severity.ERROR]
    found = {(f.place.sheet, f.place.row, f.heading) for f in errors if f.code != "key-double"}
    assert found == planted
    assert sum(finding.code == "key-double" for finding in errors) == 2 * len(doubles)


def test_the_only_warnings_are_those_that_the_page_tells_of(register: Register) -> None:
    warnings = Counter(f.sheet for f in register.findings if f.severity is Severity.WARNING)
    assert warnings == {"verge": 2, "oppdrag": 1}


def test_the_demos_overdue_list_is_one_that_an_office_could_have(register: Register, profile: Profile) -> None:
    rules = Rules(Calendar(profile.office.country, profile.office.closed), profile.terms)
    found = compute(View(register, rules, AS_OF, {DEADLINES: deadlines_of})).items
    overdue = [(item.record.key, item.rule) for item in found if item.status is Status.OVERDUE]
    standing = {(item.record.key, item.rule): item.status for item in found}

    assert 12 <= len(overdue) <= 20
    assert [key for key, rule in overdue if rule == "svar" and standing[key, "kartlegging"] is Status.DONE], (
        "a case shows that the promised answer is watched after the mapping meeting"
    )


def test_there_are_cases_enough_and_most_are_clean() -> None:
    assert len(CLEAN) >= 70
    assert len(CLEAN) + len(FAULTY) >= 80


@pytest.mark.parametrize("born", [date(1951, 3, 9), date(1999, 12, 31), date(2000, 1, 1), date(2017, 6, 30)])
def test_a_synthetic_national_id_has_month_plus_80_and_both_check_digits(born: date) -> None:
    number = identity(born, 17)
    assert len(number) == 11
    assert number[:6] == f"{born:%d}{born.month + 80}{born:%y}"
    for weights in WEIGHTS:
        assert sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 == 0
    assert (int(number[6:9]) >= 500) == (born.year >= 2000)


def test_nobody_shares_a_national_id_or_a_telephone_number(made: tuple[Rows, tuple[Planted, ...]]) -> None:
    people = made[0]["person"]
    for column in ("fødselsnummer", "telefon"):
        values = [person[column] for person in people if person[column]]
        assert len(values) == len(set(values))


def test_a_street_belongs_to_one_home(made: tuple[Rows, tuple[Planted, ...]]) -> None:
    homes = {(person["adresse"], person["postnummer"]) for person in made[0]["person"] if person["adresse"]}
    assert len({street.rsplit(" ", 1)[0] for street, _ in homes}) == len(homes)


def test_the_strictly_protected_have_no_address_in_the_register_and_the_others_one_of_their_own(
    made: tuple[Rows, tuple[Planted, ...]],
) -> None:
    people = made[0]["person"]
    columns = ("adresse", "postnummer", "poststed", "telefon")
    protected = [person for person in people if person["adressesperre"] == "fortrolig"]
    strictly = [person for person in people if person["adressesperre"] == "strengt fortrolig"]
    assert len(protected) >= 3
    assert strictly

    assert not any(person[column] for person in strictly for column in columns)
    living_together = [sum(other["adresse"] == person["adresse"] for other in people) for person in protected]
    assert sorted(living_together)[-2:] == [1, 3], "one lives with parents who are not marked as protected"
