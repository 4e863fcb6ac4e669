"""Twelve municipalities with one shared profile: each has its own name, letterhead, rates and people, and sees only its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.profile.load import load_profile
from tests.walk.golden import words
from tests.walk.small_office import unpacked
from tools.examples.vestfold import FOLDER, LETTERHEAD, MUNICIPALITIES, letterhead, register

TODAY = "2026-11-23"


def test_registers_and_letterhead_are_those_that_the_tool_makes() -> None:
    assert len(MUNICIPALITIES) == 12
    assert {path.parent.name for path in FOLDER.glob("*/profile.toml")} == {own.folder for own in MUNICIPALITIES}
    for number, own in enumerate(MUNICIPALITIES):
        made = (FOLDER / own.folder / "registers" / "saksregister.xlsx").read_bytes()
        assert made == register(number), "run python -m tools.examples.vestfold"
    assert letterhead() == LETTERHEAD.read_bytes(), "run python -m tools.examples.vestfold"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("felles") / "vestfold"
    shutil.copytree(FOLDER.parent, copied, ignore=shutil.ignore_patterns("output"))
    return copied


def letters(workspace: Path) -> dict[str, str]:
    return {path.stem: words(path.read_bytes()) for path in sorted(workspace.glob("output/2*/*/*.docx"))}


def test_a_municipality_has_the_shared_letters_under_its_own_name_letterhead_and_rates(folder: Path) -> None:
    lyngmo = folder / "kommuner" / "lyngmo"
    result = run("--workspace", str(lyngmo), "run", "--as-of", TODAY)
    assert (result.exit_code, result.stderr) == (0, "")
    made = sorted(lyngmo.glob("output/2*/*/*.docx"))
    assert made
    staff = {
        row[1]
        for row in openpyxl.load_workbook(lyngmo / "registers" / "saksregister.xlsx")["Ansatte"].iter_rows(values_only=True)
    }
    for path in made:
        content = unpacked(path.read_bytes()).decode(errors="replace")
        assert "Alta" not in re.sub(r"<[^>]+>", "", content), path.name
        if "Lyngmo kommune" in content:
            assert "2F5D3A" in content, "its own letterhead"
    headed = [path for path in made if "Lyngmo kommune" in unpacked(path.read_bytes()).decode(errors="replace")]
    assert len(headed) > len(made) // 2
    named = set(re.findall(r"Saksbehandler: ([^|/\n]+?) /", "\n".join(letters(lyngmo).values())))
    assert named
    assert named <= staff


@pytest.mark.long
def test_twelve_run_in_one_night_and_nobodys_people_are_in_anothers_folder(folder: Path) -> None:
    workspaces = [folder / "kommuner" / own.folder for own in MUNICIPALITIES]
    shared = ["--workspace", str(folder / "felles")]
    result = run(*shared, "run", *map(str, workspaces), "--as-of", TODAY)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "12 av 12 kontorer ble ferdige." in result.stdout

    people: dict[str, set[str]] = {}
    known: dict[str, set[str]] = {}
    for workspace in workspaces:
        book = openpyxl.load_workbook(workspace / "registers" / "saksregister.xlsx")
        people[workspace.name] = {str(row[1]) for row in book["Personer"].iter_rows(min_row=2, values_only=True)}
        known[workspace.name] = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    for workspace in workspaces:
        assert load_profile(workspace / "profile.toml").office.municipality in (
            workspace / "output" / "oversikt" / "oversikt.html"
        ).read_text(encoding="utf-8")
        text = "\n".join(letters(workspace).values())
        assert any(name in text for name in people[workspace.name])
        for other in workspaces:
            strangers = people[other.name] - known[workspace.name]  # some made-up names come twice
            assert not [name for name in strangers if name in text]
    page = (folder / "felles" / "output" / "oversikt" / "oversikt samlet.html").read_text(encoding="utf-8")
    assert not [name for names in people.values() for name in names if name in page]

    before = {workspace.name: set(letters(workspace)) for workspace in workspaces}
    again = run(*shared, "run", *map(str, workspaces), "--as-of", TODAY)
    assert again.exit_code == 0
    assert {workspace.name: set(letters(workspace)) for workspace in workspaces} == before

    counted = run(*shared, "statistics", *map(str, workspaces), "--as-of", TODAY)
    assert (counted.exit_code, counted.stderr) == (0, "")
    figures = (folder / "felles" / "output" / "statistikk" / "statistikk samlet.html").read_text(encoding="utf-8")
    assert all(load_profile(each / "profile.toml").office.municipality in figures for each in workspaces)
