"""A new workspace: complete, sound, and never over one that is there already."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.profile.load import load_profile
from pipeline.setup.init import NoStarter, NotEmpty, make_workspace

TODAY = date(2026, 11, 23)


def call(*arguments: str | Path) -> Result:
    """Give a command, in English."""
    return CliRunner().invoke(main, ["--language", "en", *map(str, arguments)])


def files(folder: Path) -> set[str]:
    """Every file of a folder, by its path."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_new_workspace_has_profile_templates_register_and_output(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "new" / "office"
    result = call("init", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    made, starter = ((where / "profile.toml").read_text(encoding="utf-8").splitlines() for where in (folder, root))
    (begins,) = (line for line, before in zip(made, starter, strict=True) if line != before)
    assert re.match(r"start        = 20\d\d-\d\d-\d\d ", begins)
    profile = load_profile(folder / "profile.toml")
    templates = {f"templates/docx/{rule.template}" for rule in profile.letters.values()}
    forms = {f"templates/{name}" for name in files(root / "templates")}
    assert templates < forms, "forms that belong to no letter come with it too"
    assert files(folder) >= {"profile.toml", profile.register_file.workbook, *forms}
    assert (folder / "output").is_dir()
    assert result.stdout.splitlines()[:-2] == [str(folder / name) for name in sorted(files(folder), key=result.stdout.index)]
    assert "validate" in result.stdout.splitlines()[-2]
    assert "[office] start" in result.stdout.splitlines()[-1]


def test_an_empty_register_has_no_finding_and_gives_no_letter(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    call("init", folder)
    validated = call("--workspace", folder, "validate")
    assert validated.exit_code == 0, validated.stdout
    assert validated.stdout.endswith("0 rows read, 0 left out, 0 errors, 0 warnings.\n")
    ran = call("--workspace", folder, "run", "--as-of", "2026-11-23")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert "No new letter, 0 withheld" in ran.stdout


def test_the_demo_register_comes_with_it_where_it_is_asked_for(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "office"
    assert call("init", folder, "--demo").exit_code == 0
    register = load_profile(folder / "profile.toml").register_file.workbook
    assert (folder / register).read_bytes() == (root / register).read_bytes()


def test_made_twice_the_workspaces_are_the_same(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        make_workspace(tmp_path / name, "alta", TODAY, demo=False)
        made.append({path: (tmp_path / name / path).read_bytes() for path in files(tmp_path / name)})
    assert made[0] == made[1]
    assert load_profile(tmp_path / "one" / "profile.toml").office.start == TODAY


@pytest.mark.parametrize("there", ["profile.toml", "registers/saksregister.xlsx", "templates/docx/vedtak.docx"])
def test_a_folder_that_holds_a_workspace_is_left_as_it_is(tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_bytes(b"ours")
    with pytest.raises(NotEmpty):
        make_workspace(tmp_path, "alta", TODAY, demo=False)
    assert files(tmp_path) == {there}
    result = call("init", tmp_path)
    assert result.exit_code == 2
    assert f"holds {there} already; nothing was changed." in result.stderr


def test_what_is_no_part_of_a_workspace_may_lie_there(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"ours")
    make_workspace(tmp_path, "alta", TODAY, demo=False)
    assert (tmp_path / "notes.txt").read_bytes() == b"ours"


def test_an_unknown_starter_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(NoStarter):
        make_workspace(tmp_path / "office", "atla", TODAY, demo=False)
    result = call("init", tmp_path / "office", "--profile", "atla")
    assert result.exit_code == 2
    assert "There is no starter profile «atla»; there are alta" in result.stderr
    assert not (tmp_path / "office").exists()


def test_a_file_where_the_folder_belongs_is_told(tmp_path: Path) -> None:
    (tmp_path / "office").write_bytes(b"a file")
    result = call("init", tmp_path / "office" / "inner")
    assert result.exit_code == 3
    assert "cannot be written" in result.stderr
