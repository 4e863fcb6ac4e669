"""``doctor``: each thing that a machine may lack is taken away from it, and must be told with its cure."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.files import run_lock
from pipeline.run.doctor import examine, file_system
from pipeline.run.workspace import Workspace
from pipeline.texts import texts_in
from tests.walk.small_office import PROFILE, SmallOffice

NOW = datetime.now()  # noqa: DTZ005, TID251 -- files have the machine's own times


def states(office: SmallOffice, now: datetime = NOW) -> dict[str, str]:
    return {each.check: each.state for each in examine(Workspace(office.folder), now, texts_in("en"))}


def test_a_sound_workspace_has_no_error_and_nothing_is_left_behind(office: SmallOffice) -> None:
    before = office.tree()
    result = office.call("doctor", "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert {each["check"] for each in found} >= {"python", "encoding", "libreoffice", "fonts", "rights", "register", "clock"}
    assert not [each for each in found if each["state"] == "error"]
    assert all(each["cure"] for each in found if each["state"] != "ok")
    assert office.tree() == before


def broken_profile(office: SmallOffice) -> None:
    office.write_profile(PROFILE.replace('on = "case"', 'on = "kase"', 1))


def no_register(office: SmallOffice) -> None:
    office.workbook.unlink()


def no_ledger(office: SmallOffice) -> None:
    (office.folder / "fristbrev.sqlite").write_bytes(b"x" * 4096)


def lost_ledger(office: SmallOffice) -> None:
    office.run()
    (office.folder / "fristbrev.sqlite").unlink()


def lost_letters(office: SmallOffice) -> None:
    office.run()
    office.output.rename(office.folder / "away")


def open_ledger(office: SmallOffice) -> None:
    office.run()
    (office.folder / "fristbrev.sqlite").chmod(0o644)


def deaf_mail(office: SmallOffice) -> None:
    office.write_profile(PROFILE + '[mail]\nserver = "127.0.0.1:1"\nfrom = "a@b.invalid"\nto = ["a@b.invalid"]\n')


@pytest.mark.parametrize(
    ("spoil", "check", "state"),
    [
        (broken_profile, "profile", "error"),
        (no_register, "register", "error"),
        (no_ledger, "ledger", "error"),
        (lost_ledger, "ledger", "error"),
        (lost_letters, "ledger", "error"),
        (open_ledger, "ledger", "warning"),
        (deaf_mail, "mail", "warning"),
    ],
)
def test_what_is_wrong_is_told(office: SmallOffice, spoil: Callable[[SmallOffice], None], check: str, state: str) -> None:
    spoil(office)
    assert states(office)[check] == state
    assert office.call("doctor").exit_code == (1 if state == "error" else 0)


def test_a_clock_that_is_wrong_is_told(office: SmallOffice) -> None:
    assert states(office, datetime.now())["clock"] == "ok"  # noqa: DTZ005, TID251 -- as above
    assert states(office, NOW + timedelta(hours=2))["clock"] == "warning"


def test_a_night_that_did_not_come_is_told(office: SmallOffice) -> None:
    office.run(day=f"{NOW - timedelta(days=3):%Y-%m-%d}")
    assert states(office)["last run"] == "warning"


def test_a_run_that_is_under_way_is_told(office: SmallOffice) -> None:
    with run_lock(office.folder, NOW):
        assert states(office)["lock"] == "warning"


def test_without_libreoffice_and_fonts_a_night_goes_all_the_same(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = states(office)
    assert (found["libreoffice"], found["fonts"]) == ("warning", "warning")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/srv/a", "ext4"), ("/srv/share/a", "cifs"), ("/srv/share2/a", "ext4"), ("/other", "")],
)
def test_the_drive_of_a_path_is_that_of_its_longest_mount_point(path: str, kind: str) -> None:
    assert file_system(Path(path), [("/srv", "ext4"), ("/srv/share", "cifs")]) == kind
