"""An office whose profile extends another's has that one's templates, but for those that it has itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.walk.small_office import CASES, PEOPLE, SmallOffice


@pytest.fixture
def neighbour(tmp_path: Path) -> SmallOffice:
    """An office that has the routine and the templates of the office beside it."""
    SmallOffice(tmp_path / "shared")
    own = SmallOffice(tmp_path / "own")
    shutil.rmtree(own.folder / "templates")
    own.write_profile('extends = "../shared/profile.toml"\n[office]\nmunicipality = "Nabo"\n')
    own.write_register(CASES, PEOPLE)
    return own


def test_it_has_the_shared_templates(neighbour: SmallOffice) -> None:
    result = neighbour.run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert "we have got your application" in neighbour.letters()["C-1 Notice to"]


def test_a_template_of_its_own_takes_the_place_of_the_shared_one(neighbour: SmallOffice) -> None:
    (neighbour.folder / "templates" / "docx").mkdir(parents=True)
    neighbour.write_template("notice.docx", "{{ recipient.name }}", "Nabo has it, {{ letter.date }}, {{ letter.due }}.")
    assert neighbour.run().exit_code == 0
    assert "Nabo has it" in neighbour.letters()["C-1 Notice to"]
    assert "since Because." in neighbour.letters()["C-6 Decision to"]


def test_a_mistake_in_a_shared_template_is_marked_in_a_copy_of_its_own(neighbour: SmallOffice, tmp_path: Path) -> None:
    shared = SmallOffice(tmp_path / "other")
    shared.write_template("notice.docx", "{{ case.recieved }}")
    neighbour.write_profile('extends = "../other/profile.toml"\n')
    result = neighbour.run()
    assert result.exit_code == 3
    assert "did you mean «received»" in result.stderr
    assert list((neighbour.output / "overview" / "templates").glob("notice*.docx"))


def test_it_speaks_the_language_of_a_profile_under_any_name(neighbour: SmallOffice) -> None:
    shared = neighbour.folder.parent / "shared" / "profile.toml"
    shared.rename(shared.with_name("together.toml"))
    neighbour.write_profile('extends = "../shared/together.toml"\n')
    neighbour.workbook.unlink()
    assert "is not there" in neighbour.run().stderr
