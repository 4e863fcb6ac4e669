"""Every workspace under ``examples``: made by its tool, sound, run on its day like the project's own, a starter of `init`."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pikepdf
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn

from pipeline.calendars import Calendar
from pipeline.cli import main
from pipeline.findings import Severity
from pipeline.letters.model import Outcome
from pipeline.letters.recipients import protected_refs
from pipeline.profile.load import load_profile
from pipeline.profile.model import OPEN, Profile
from pipeline.profile.starters import PROFILE, starters
from pipeline.register.model import View
from pipeline.run import Clock, Report, Workspace, check_workspace_templates, read, run
from tests.walk.golden import cells, is_golden, words
from tools.examples.__main__ import MAKERS
from tools.examples.workspace import EXAMPLES, register_files
from tools.readability import HIGHEST, readability

TODAY = date(2026, 11, 23)
LANGUAGES = {"sv": "sv-SE", "da": "da-DK"}


@dataclass(frozen=True)
class Night:
    """An example that has been run on its day.

    Attributes:
        source: the workspace in the project.
        workspace: the copy that was run.
        profile: its routine.
        report: of the run.
    """

    source: Path
    workspace: Workspace
    profile: Profile
    report: Report


def _clock() -> Clock:
    return Clock(TODAY, lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC), lambda: 0.0)


def _copy(name: str, folder: Path) -> Workspace:
    for part in ("registers", "templates"):
        shutil.copytree(EXAMPLES / name / part, folder / part)
    shutil.copy(EXAMPLES / name / PROFILE, folder)
    return Workspace(folder)


@pytest.fixture(scope="module", params=sorted(MAKERS))
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Night:
    workspace = _copy(request.param, tmp_path_factory.mktemp(request.param))
    profile = load_profile(workspace.folder / PROFILE)
    return Night(EXAMPLES / request.param, workspace, profile, run(workspace, _clock()))


@pytest.fixture(params=sorted(MAKERS))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_each_folder_of_examples_has_a_tool_and_is_a_starter() -> None:
    folders = {path.parent.name for path in EXAMPLES.glob(f"*/{PROFILE}")}

    assert set(MAKERS) == folders
    assert folders < set(starters())


def test_templates_and_register_are_those_that_the_tool_makes(name: str) -> None:
    documents, register = MAKERS[name]
    profile = load_profile(EXAMPLES / name / PROFILE)
    templates = {path.name: path.read_bytes() for path in (EXAMPLES / name / "templates" / "docx").iterdir()}

    assert templates == documents(), f"run python -m tools.examples {name}"
    for path, content in register_files(profile, *register()).items():
        assert (EXAMPLES / name / path).read_bytes() == content, f"run python -m tools.examples {name}"


def test_the_planted_faults_and_no_others_are_found(night: Night) -> None:
    _, planted = MAKERS[night.source.name][1]()
    findings = read(night.workspace, TODAY).register.findings
    errors = {(found.place.sheet, found.place.row, found.heading) for found in findings if found.severity is Severity.ERROR}

    assert errors == {fault.place(night.profile) for fault in planted}
    assert planted


def test_it_runs_and_makes_every_kind_of_letter_once(night: Night) -> None:
    assert night.report.complete
    assert {made.letter.obligation.letter for made in night.report.made} == set(night.profile.letters)
    assert run(night.workspace, _clock()).made == ()


def test_no_template_has_a_mistake(night: Night) -> None:
    office = night.profile.office

    assert not check_workspace_templates(night.workspace, night.profile, Calendar(office.country, office.closed)).mistakes


def test_every_letter_is_easy_to_read_and_has_one_title_its_language_and_tables_with_header_rows(name: str) -> None:
    language = LANGUAGES[load_profile(EXAMPLES / name / PROFILE).office.language]
    for path in sorted((EXAMPLES / name / "templates" / "docx").glob("*.docx")):
        document = docx.Document(str(path))
        headings = [paragraph for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == "Heading 1"]
        ruled = [table for table in document.tables if table.style is not None and table.style.name == "Brevtabell"]

        assert readability(path) < HIGHEST, path.name
        assert len(headings) == 1, path.name
        assert {mark.get(qn("w:val")) for mark in document.styles.element.iter(qn("w:lang"))} == {language}
        assert document.core_properties.language == language
        assert all(list(table.rows[0]._tr.iter(qn("w:tblHeader"))) for table in ruled)


def test_every_letter_and_enclosure_reads_as_its_golden_text(night: Night, request: pytest.FixtureRequest) -> None:
    texts: dict[str, str] = {}
    for made in sorted(night.report.made, key=lambda made: made.file):
        texts.setdefault(made.letter.obligation.letter, words((night.workspace.output / made.file).read_bytes()))
    known = {made.file for made in night.report.made}
    for path in sorted(night.workspace.output.glob("2*/*/*")):
        if path.relative_to(night.workspace.output).as_posix() not in known:
            said = cells if path.suffix == ".xlsx" else words
            texts.setdefault(path.stem.rpartition(" ")[2], said(path.read_bytes()))
    different = [each for each, text in texts.items() if not is_golden(f"examples/{night.source.name}/{each}", text, request)]

    assert not different, f"look at tests/golden/examples/*.actual.txt; renew with --update-golden: {different}"


def test_no_letter_carries_a_template_mark_or_a_word_of_python(night: Night) -> None:
    for made in night.report.made:
        text = words((night.workspace.output / made.file).read_bytes())
        for mark in ("{{", "{%", r"\bNone\b", r"\bNaT\b", r"\bnan\b", "Undefined", "EMPTY", "00:00:00"):
            assert not re.search(mark, text), f"{made.file}: {mark}"


def test_the_protected_are_on_no_list_and_in_no_letter(night: Night) -> None:
    secrets = set(_protected_addresses(night))
    assert secrets, "the register has protected people whose address stands in it"
    assert night.report.numbers.manual > 0
    assert all(made.letter.outcome is Outcome.PRODUCED for made in night.report.made)

    ours = [path for path in night.workspace.output.rglob("*") if path.is_file()]
    assert len(ours) > len(night.report.made)
    for path in (*ours, night.workspace.folder / "fristbrev.sqlite"):
        content = _opened(path)
        assert not [secret for secret in secrets if secret.encode() in content], path.name


def _protected_addresses(night: Night) -> Iterator[str]:
    """What the register holds of the protected in columns of the classes that addresses have."""
    seen = read(night.workspace, TODAY)
    view = View(seen.register, seen.rules, TODAY)
    for ref in protected_refs(view):
        sheet = night.profile.sheets[ref.sheet]
        row = view.row(ref)
        if row is None or sheet.recipient is None:
            continue
        [street, *_] = sheet.recipient.address
        for name in set(re.findall(r"\w+", street)) & set(sheet.columns):
            if sheet.columns[name].class_ != OPEN and row.record.values[name]:
                yield str(row.record.values[name])


def _opened(path: Path) -> bytes:
    """Everything that stands in a file, documents and workbooks unpacked."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as package:
        return b"".join(package.read(each) for each in package.namelist())


def test_a_new_workspace_of_it_validates_and_runs_empty(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "office"

    assert _call("init", folder, "--profile", name) == 0
    assert _call("--workspace", folder, "validate") == 0
    assert _call("--workspace", folder, "templates") == 0
    assert _call("--workspace", folder, "run", "--as-of", "2026-11-23") == 0
    assert not list((folder / "output").glob("2*/*/*"))


def _call(*arguments: str | Path) -> int:
    return CliRunner().invoke(main, [str(argument) for argument in arguments]).exit_code


@pytest.mark.long
@pytest.mark.parametrize("example", sorted(MAKERS))
def test_every_letter_becomes_tagged_pages(example: str, tmp_path: Path, program: Callable[[str], str]) -> None:
    program("soffice")
    workspace = _copy(example, tmp_path)

    report = run(workspace, _clock(), pdf=True)

    assert report.complete
    letters = {path.relative_to(workspace.output).as_posix() for path in workspace.output.glob("2*/*/*.docx")}
    assert {path.replace(".docx", ".pdf") for path in letters} == set(report.paper.made)
    for made in report.paper.made:
        with pikepdf.open(workspace.output / made) as pdf:
            marks = pdf.open_metadata()
            assert (marks.pdfa_status, marks["pdfuaid:part"]) == ("2B", "1")
            assert str(pdf.Root.Lang) == LANGUAGES[load_profile(workspace.folder / PROFILE).office.language]
