"""Thisted's example: each rule from both of its sides on the register's day, and the page that says where the "
"routine went."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.calendars import Calendar
from pipeline.cli import main
from pipeline.deadlines.compute import DEADLINES, deadlines_of
from pipeline.deadlines.rule import work_out
from pipeline.findings import Place
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.model import Record, Ref, Register, View
from tools.examples.workspace import EXAMPLES

FOLDER = EXAMPLES / "thisted"


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(FOLDER / "profile.toml")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Where each deadline of each record stands on the day, and when it is due."""
    folder = tmp_path_factory.mktemp("thisted")
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    told = CliRunner().invoke(main, ["--workspace", str(folder), "deadlines", "--as-of", "2026-11-23", "--json"])
    return {(each["record"], each["deadline"]): (each["status"], each["due"]) for each in json.loads(told.stdout)}


@pytest.mark.parametrize(
    ("record", "deadline", "status", "due"),
    [
        # Said that it has come in: within the week; done; not where support needs no decision.
        ("26/1037", "kvittering", "due soon", "2026-11-26"),
        ("26/1111", "kvittering", "done", "2026-10-26"),
        ("26/1629", "kvittering", "not needed", "2026-11-23"),
        # What others have been asked for: came; asked on a day that does not exist.
        ("26/1148 · praktiserende læge", "oplysninger", "done", "2026-10-26"),
        ("26/1148 · misbrugscenter", "oplysninger", "unknown", None),
        # Put forward: the citizen is to be told; has been told; unreadable.
        ("26/1111", "besked", "due soon", "2026-11-25"),
        ("26/1222", "besked", "done", "2026-11-19"),
        ("26/1185", "besked", "unknown", None),
        # Eight weeks, which do not stop while others are asked; not for support without a decision.
        ("26/1037", "sagsbehandling", "upcoming", "2027-01-14"),
        ("26/1148", "sagsbehandling", "due soon", "2026-11-24"),
        ("26/1185", "sagsbehandling", "overdue", "2026-11-16"),
        ("26/1259", "sagsbehandling", "done", "2026-12-07"),
        ("26/1629", "sagsbehandling", "not needed", "2027-01-11"),
        # Word when that is not kept, and again when what was promised is not kept either.
        ("26/1148", "ny_besked", "not needed", "2026-11-26"),
        ("26/1185", "ny_besked", "overdue", "2026-11-18"),
        ("26/1222", "ny_besked", "overdue", "2026-11-20"),
        ("26/1222", "forventet_svar", "overdue", "2026-11-18"),
        # Decided: to be sent; sent.
        ("26/1259-1", "afgørelse_sendes", "due soon", "2026-11-24"),
        ("26/1296-1", "afgørelse_sendes", "due soon", "2026-11-24"),
        ("26/1333-1", "afgørelse_sendes", "done", "2026-10-28"),
        # Started as soon as possible, with a decision and without.
        ("26/1333-1", "iværksættelse", "overdue", "2026-11-09"),
        ("26/1481-1", "iværksættelse", "done late", "2025-12-22"),
        ("26/1296-1", "iværksættelse", "not needed", "2026-12-04"),
        ("26/1629", "opsøgende_start", "due soon", "2026-11-23"),
        ("26/1666", "opsøgende_start", "done", "2026-06-15"),
        # Contact at least once a month.
        ("S-208", "månedlig_kontakt", "overdue", "2026-11-15"),
        ("S-202", "månedlig_kontakt", "upcoming", "2026-12-23"),
        # An agreement for each absence: made; ill since a week without one; a holiday ahead; nobody is away.
        ("S-202", "fraværsaftale", "not started", None),
        ("S-203", "fraværsaftale", "overdue", "2026-11-16"),
        ("S-204", "fraværsaftale", "due soon", "2026-12-01"),
        ("S-205", "fraværsaftale", "not started", None),
        # Whether something ordinary would do.
        ("S-208", "vurdering", "upcoming", "2026-12-15"),
        ("S-206", "vurdering", "due soon", "2026-12-02"),
        # A change that was reported.
        ("26/1407-1 · 2026-11-03", "ændring", "overdue", "2026-11-17"),
        # Status and follow-up before the grant expires; not where it has been ended.
        ("26/1444-1", "status", "due soon", "2026-11-27"),
        ("26/1481-1", "status", "done", "2026-11-09"),
        ("26/1518-1", "status", "not needed", "2026-12-28"),
        ("26/1481-1", "opfølgning", "due soon", "2026-12-07"),
        ("26/1518-1", "opfølgning", "done", "2027-01-25"),
        ("26/1481-1", "udløb", "due soon", "2027-01-04"),
        ("26/1518-1", "udløb", "done", "2027-02-22"),
        # A complaint: to be looked at again; sent on in time.
        ("26/1555-1", "genvurdering", "upcoming", "2026-12-14"),
        ("26/1592-1", "genvurdering", "done", "2026-11-25"),
        ("26/1296-1", "genvurdering", "not started", None),
    ],
)
def test_each_rule_stands_as_its_case_has_it(
    standing: dict[tuple[str, str], tuple[str, str | None]], record: str, deadline: str, status: str, due: str | None
) -> None:
    assert standing[record, deadline] == (status, due)


GRANT = {"udfald": "bevilget", "afgjort": d("2025-11-01"), "fra": d("2025-11-01"), "til": d("2026-10-31")}


@pytest.mark.parametrize(
    ("today", "cells", "later", "status"),
    [
        ("2026-10-31", {}, None, "due soon"),
        ("2026-11-01", {}, None, "overdue"),
        ("2026-11-01", {}, {"afgjort": d("2026-10-20"), "til": d("2027-10-31")}, "done"),
        ("2026-11-20", {}, {"afgjort": d("2026-11-10"), "til": d("2027-10-31")}, "done late"),
        ("2026-11-01", {}, {"afgjort": d("2026-10-20"), "udfald": "afslag"}, "done"),
        ("2026-11-01", {}, {"afgjort": d("2026-03-02"), "til": d("2026-06-30")}, "overdue"),  # reaches no further
        ("2026-11-01", {"fulgt_op": d("2026-10-01"), "opfølgningens_udfald": "ophører"}, None, "done"),
        ("2026-11-01", {"fulgt_op": d("2026-10-01"), "opfølgningens_udfald": "forlænges"}, None, "overdue"),
        ("2026-11-01", {"ophør_afgjort": d("2026-10-01"), "ophørt": d("2026-10-31")}, None, "done"),
    ],
)
def test_a_grant_that_has_run_out_is_overdue_until_somebody_has_decided(
    profile: Profile, today: str, cells: dict[str, Any], later: dict[str, Any] | None, status: str
) -> None:
    grants = [{**GRANT, **cells}] if later is None else [{**GRANT, **cells}, {**GRANT, "fra": EMPTY, "til": EMPTY, **later}]
    rows: dict[str, list[dict[str, Any]]] = {
        "borger": [{}],
        "henvendelse": [{"borger": Ref("borger", "0")} for _ in grants],  # a later grant may follow a request of its own
        "bevilling": [{**grant, "henvendelse": Ref("henvendelse", str(n))} for n, grant in enumerate(grants)],
    }
    register = Register(profile, {name: {} for name in profile.sheets})
    for sheet, given in rows.items():
        empty = {column.name: EMPTY for column in profile.sheets[sheet].stored_columns}
        register = register.with_sheet(
            sheet, [Record(sheet, str(n), Place("r.xlsx", sheet, n + 2), {**empty, **row}) for n, row in enumerate(given)]
        )
    office = profile.office
    view = View(register, Rules(Calendar(office.country, office.closed), profile.terms), d(today), {DEADLINES: deadlines_of})
    grant = view.row(Ref("bevilling", "0"))

    assert grant is not None
    assert work_out(profile.deadlines["udløb"], grant).status == status


def test_every_deadline_of_the_register_is_shown_from_some_side(
    profile: Profile, standing: dict[tuple[str, str], tuple[str, str | None]]
) -> None:
    asleep = {"not started", "not needed"}
    awake = {deadline for (_, deadline), (status, _) in standing.items() if status not in asleep}

    assert awake == {name for name, rule in profile.deadlines.items() if rule.on in profile.sheets}


def test_a_municipal_service_has_no_contractors_certificates_or_paid_hours(profile: Profile) -> None:
    names = {column for sheet in profile.sheets.values() for column in (sheet.name, *sheet.columns)}

    assert not [name for name in names if re.search("attest|timeseddel|sats|kontrakt|leverandør|honorar|løn", name)]
    assert profile.sheets["medarbejder"].columns["uddannelse"].choices == ("sundhedsfaglig", "pædagogisk")


def test_the_page_names_only_what_the_profile_has_and_every_deadline_and_letter(root: Path, profile: Profile) -> None:
    page = (root / "docs" / "rutine-thisted.md").read_text(encoding="utf-8")
    columns = {f"{sheet.name}.{column}" for sheet in profile.sheets.values() for column in sheet.columns}
    named = set(re.findall(r"`([\wæøå]+\.[\wæøå]+)`", page))
    emphasised = set(re.findall(r"(?<!\*)\*([\wæøå]+)\*(?!\*)", page))
    documents = {path.stem for path in (FOLDER / "templates" / "docx").iterdir()}

    assert named - {"ark.kolonne"} <= columns
    assert emphasised - {"frist", "brev"} <= {*profile.deadlines, *profile.letters, *documents}
    assert {*profile.deadlines, *profile.letters} <= emphasised
