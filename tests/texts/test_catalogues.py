"""The catalogues hold what the code says, and the tool that keeps them sees what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import catalogues
from tools.catalogues import Spoken


@pytest.fixture
def template() -> Catalog:
    template = Catalog()
    template.add("«{value}» is not a date.")
    template.add(("{n} letter", "{n} letters"))
    template.add("letter", context="name")
    return template


def translated(folder: Path, **changes: str) -> Path:
    """A folder with a Norwegian catalogue, complete but for the changes."""
    catalogue = Catalog("nb", "fristbrev")
    catalogue.add("«{value}» is not a date.", changes.get("date", "«{value}» er ikke en dato."))
    catalogue.add(("{n} letter", "{n} letters"), ("{n} brev", changes.get("letters", "{n} brev")))
    catalogue.add("letter", "brev", context="name", flags={"fuzzy"} if "fuzzy" in changes else ())
    if "obsolete" in changes:
        catalogue.add(changes["obsolete"], "En gammel setning.")
    here = folder / "nb" / "LC_MESSAGES"
    here.mkdir(parents=True)
    (here / "fristbrev.po").write_bytes(catalogues.as_po(catalogue))
    written = catalogues.read_catalogue("nb", folder)
    (here / "fristbrev.mo").write_bytes(catalogues.as_mo(written))
    return folder


def test_the_projects_own_catalogues_are_complete(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = catalogues.main(["--check"])
    assert capsys.readouterr().err.strip() == ""
    assert exit_code == 0


def test_a_complete_catalogue_gives_no_complaint(tmp_path: Path, template: Catalog) -> None:
    assert list(catalogues.check("nb", template, translated(tmp_path))) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"date": ""}, "is not translated"),
        ({"letters": ""}, "is not translated"),
        ({"date": "«{verdi}» er ikke en dato."}, "names other facts"),
        ({"letters": "brev"}, "names other facts"),
        ({"fuzzy": "yes"}, "fuzzy"),
        ({"obsolete": "An old sentence."}, "no longer in the code"),
    ],
)
def test_a_fault_of_a_catalogue_is_told(tmp_path: Path, template: Catalog, changes: dict[str, str], complaint: str) -> None:
    [told] = catalogues.check("nb", template, translated(tmp_path, **changes))
    assert complaint in told


def test_a_catalogue_that_was_not_compiled_is_told(tmp_path: Path, template: Catalog) -> None:
    (translated(tmp_path) / "nb" / "LC_MESSAGES" / "fristbrev.mo").write_bytes(b"")
    [told] = catalogues.check("nb", template, tmp_path)
    assert "fristbrev.mo" in told


def test_a_new_catalogue_keeps_translations_and_leaves_out_what_is_no_longer_said(tmp_path: Path, template: Catalog) -> None:
    folder = translated(tmp_path, obsolete="An old sentence.")
    template.add("A new sentence.")
    catalogue = catalogues.updated("nb", template, folder)
    assert catalogue["«{value}» is not a date."].string == "«{value}» er ikke en dato."
    assert not catalogue["A new sentence."].string
    assert "An old sentence." not in catalogue
    assert catalogues.as_po(catalogue) == catalogues.as_po(catalogues.updated("nb", template, folder))


@pytest.mark.parametrize(
    ("source", "spoken"),
    [
        ('message("A.")', [Spoken("A.")]),
        ('texts("A.", fact=1)', [Spoken("A.")]),
        ('self._texts("A" " b.")', [Spoken("A b.")]),
        ('texts("A." if one else "B.")', [Spoken("A."), Spoken("B.")]),
        ('texts.count("{n} thing", "{n} things", 3)', [Spoken("{n} thing", many="{n} things")]),
        ('self.texts.name("letter")', [Spoken("letter", context="name")]),
        ("texts(sentence)", []),
        ('row.name("letter"), "abc".count("a")', []),
    ],
)
def test_what_a_module_says_is_found(source: str, spoken: list[Spoken]) -> None:
    assert list(catalogues.in_python(source)) == spoken


def test_what_a_page_says_is_found() -> None:
    page = '<h1>{{ texts("Overdue") }}</h1>{% if n %}{{ texts.count("{n} case", "{n} cases", n) }}{% endif %}{{ texts(title) }}'
    assert list(catalogues.in_jinja(page)) == [Spoken("Overdue"), Spoken("{n} case", many="{n} cases")]
