"""Names that are no text, and an account whose locale knows no letters but the English: told in a sentence, or borne."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli.main import main
from tests.walk.small_office import SmallOffice

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are always text")

ENGLISH_ALONE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def call(root: Path, folder: bytes, *words: str, locale: dict[str, str] | None = None) -> tuple[int, str, str]:
    """A command in a process of its own, whose arguments are bytes."""
    command = [sys.executable.encode(), b"-m", b"pipeline", b"--workspace", folder, *(word.encode() for word in words)]
    environment = {**os.environ, "PYTHONPATH": str(root), **(locale or {})}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("command", sorted(main.commands))
def test_a_locale_that_cannot_name_the_files_is_refused_with_the_cure(office: SmallOffice, root: Path, command: str) -> None:
    needed = {"init": ["new"], "explain": ["--code", "date-unreadable"]}
    before = office.tree()
    code, said, told = call(root, os.fsencode(office.folder), command, *needed.get(command, []), locale=ENGLISH_ALONE)
    assert code == (1 if command == "doctor" else 2)
    assert "PYTHONUTF8 to 1" in (said if command == "doctor" else told)
    assert office.tree() == before


def test_a_night_that_its_locale_stops_stands_in_the_log(office: SmallOffice, root: Path) -> None:
    call(root, os.fsencode(office.folder), "run", locale=ENGLISH_ALONE)
    lines = [json.loads(line) for line in (office.folder / "fristbrev.log").read_text(encoding="utf-8").splitlines()]
    assert [(line["event"], line.get("kind")) for line in lines] == [("begun", None), ("failed", "OtherEncoding")]


@pytest.mark.parametrize("command", ["run", "validate", "verify", "schedule", "doctor"])
def test_a_workspace_whose_path_is_no_text_is_refused(tmp_path: Path, root: Path, command: str) -> None:
    folder = os.fsencode(tmp_path) + b"/kontor p\xe5 nytt"
    SmallOffice(Path(os.fsdecode(folder)))
    code, said, told = call(root, folder, command)
    assert code == (1 if command == "doctor" else 2)
    assert "kontor p\ufffd nytt holds a letter that is no UTF-8" in (said if command == "doctor" else told)


def test_files_whose_names_are_no_text_are_told_and_stop_nothing(office: SmallOffice, root: Path) -> None:
    office.run()
    folder = os.fsencode(office.folder)
    for name in (
        b"output/\xf8.docx",
        b"output/2026-11-23/\xf8.docx",
        b"output/2026-11-23/notice/\xf8.docx",
        b"output/2026-11-23/dispatch 1 \xf8.xlsx",
        b"registers/book-PC\xf8.xlsx",
        b"backups/\xf8.xlsx",
        b"templates/docx/\xf8.docx",
    ):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(b"x")
    code, said, told = call(root, folder, "run", "--as-of", "2026-11-24")
    assert (code, told) == (0, "")
    assert "1 error and 2 warnings" in said
    code, said, told = call(root, folder, "verify", "--as-of", "2026-11-24", "--json")
    assert (code, told) == (0, "")
    assert {each["code"] for each in json.loads(said)} == {"file-unknown"}
    assert "2026-11-23/notice/\ufffd.docx" in {each["file"] for each in json.loads(said)}
