"""What a register's colours say, beside what the deadlines say: LibreOffice works out the formulas."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, compute, deadlines_of
from pipeline.deadlines.model import Status
from pipeline.profile.expressions import Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.formulas import watched
from pipeline.register.model import View
from pipeline.register.records import read_register
from pipeline.register.workbook import read_workbook

TODAY = date(2026, 11, 23)

PROFILE = """
[office]
municipality = "Eksempel kommune"
country = "NO"
language = "nb"

[terms]
svarfrist = "3 weeks"

[register]
workbook = "register.xlsx"

[sheets.sak]
title = "Saker"
key = "nummer"
[sheets.sak.columns]
nummer = { type = "text", required = true }
mottatt = { type = "date" }
nytt = { type = "date" }
sendt = { type = "date" }
utfall = { type = "choice", choices = ["ja takk", "nei"] }
haster = { type = "yesno" }
tiltak = { type = "choice", many = true, choices = ["a", "b"] }
vil = { type = "yesno", value = "utfall in ['ja takk']" }
"""


def rule(due: str, when: str = "true", done: str = "sendt", extra: str = "", name: str = "frist") -> str:
    head = f'[deadlines.{name}]\non = "sak"\ntitle = "{name}"\nremind = "1 week"\n'
    return f'{head}due = "{due}"\nwhen = "{when}"\ndone = "{done}"\n{extra}\n'


def profile_with(text: str, tmp_path: Path) -> Profile:
    path = tmp_path / "profile.toml"
    path.write_text(f"{PROFILE}\n{text}", encoding="utf-8")
    return load_profile(path)


def formulas(profile: Profile) -> list[tuple[str, str, str]]:
    sheet = profile.sheets["sak"]
    letters = dict(zip((column.name for column in sheet.stored_columns), "ABCDEFG", strict=True))
    return [(w.trigger, w.overdue, w.soon) for w in watched(profile, sheet, lambda name: f"${letters[name]}2", "ja")]


RULES = [
    ("mottatt + svarfrist", "true", "sendt"),
    ("mottatt + days(10)", "not sendt", "sendt"),
    ("mottatt + months(1)", "haster", "sendt"),
    ("mottatt + svarfrist", "utfall != 'nei'", "sendt"),
    ("mottatt + svarfrist", "vil and not haster", "sendt"),
    ("(nytt or mottatt) + weeks(1)", "utfall == 'ja takk' or haster", "sendt"),
    ("nytt", "not (nytt < mottatt)", "sendt"),
    ("mottatt + years(1) - weeks(49)", "true", "sendt >= mottatt"),
]

CASES = [
    (f"{number:04}", *case)
    for number, case in enumerate(
        product(
            (date(2026, 10, 15), date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 20), date(2026, 10, 23), None),
            (None, date(2026, 11, 12), date(2026, 11, 27)),
            (None, date(2026, 11, 10)),
            (None, "ja takk", "nei"),
            (None, "ja", "nei"),
        )
    )
]


def write(path: Path, more: Callable[[int], list[str]]) -> None:
    """The cases from the second row on, further formulas to the right of each; openpyxl leaves their results to LibreOffice."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Saker"
    sheet.append(["Nummer", "Mottatt", "Nytt", "Sendt", "Utfall", "Haster", "Tiltak"])
    for row, case in enumerate(CASES, start=2):
        sheet.append([*case, None, None, *more(row)])
    book.save(path)


def test_a_formula_says_what_the_deadline_says(tmp_path: Path, program: Callable[[str], str]) -> None:
    text = "".join(rule(due, when, done, name=f"r{n}") for n, (due, when, done) in enumerate(RULES))
    profile = profile_with(text, tmp_path)
    found = [formula for _, *pair in formulas(profile) for formula in pair]
    assert len(found) == 2 * len(RULES)

    def on_row(row: int) -> list[str]:
        return [
            "=" + re.sub(r"(\$[A-G])2", rf"\g<1>{row}", formula).replace("TODAY()", "DATE(2026,11,23)") for formula in found
        ]

    write(tmp_path / "register.xlsx", lambda _: [])
    write(tmp_path / "formulas.xlsx", on_row)
    command = [
        program("soffice"),
        f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
        "--headless",
        "--convert-to",
        "csv",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "formulas.xlsx")], check=True, capture_output=True)
    with (tmp_path / "formulas.csv").open(encoding="utf-8") as file:
        told = [[cell == "TRUE" for cell in line[8:]] for line in list(csv.reader(file))[1:]]

    rules = Rules(Calendar("NO"), profile.terms)
    register = read_register(profile, rules, {"register.xlsx": read_workbook(tmp_path / "register.xlsx")}, TODAY)
    deadlines = compute(View(register, rules, TODAY, {DEADLINES: deadlines_of})).items
    standing = {(deadline.rule, deadline.record.key): deadline.status for deadline in deadlines}
    expected = [
        [standing[f"r{n}", case[0]] is status for n in range(len(RULES)) for status in (Status.OVERDUE, Status.DUE_SOON)]
        for case in CASES
    ]
    assert told == expected
    assert all(any(row[n] for row in told) for n in range(2 * len(RULES)))


NOT_IN_EXCEL = [
    ("a citizen's right is nobody's delay", rule("mottatt + svarfrist", extra='whose = "citizen"')),
    ("a cell of several values", rule("mottatt + svarfrist", when="'a' in tiltak")),
    ("other rows", rule("mottatt + svarfrist", when="sheets.sak | length > 1")),
    ("an age", rule("mottatt + svarfrist", when="age(mottatt) < 18")),
    ("no date to begin from", rule("today + svarfrist")),
    ("every year anew", rule("mottatt").replace('due = "mottatt"', 'from = "mottatt"\nevery = "1 year"')),
]


@pytest.mark.parametrize("text", [text for _, text in NOT_IN_EXCEL], ids=[name for name, _ in NOT_IN_EXCEL])
def test_what_a_row_cannot_tell_by_itself_has_no_formula(text: str, tmp_path: Path) -> None:
    assert formulas(profile_with(text, tmp_path)) == []


def test_a_text_in_a_rule_stays_a_text(tmp_path: Path) -> None:
    profile = profile_with(rule("mottatt", when="nummer != 'sa «ja»'").replace("«ja»", '\\"ja\\"'), tmp_path)
    [(_, overdue, _)] = formulas(profile)
    assert '"sa ""ja"""' in overdue
