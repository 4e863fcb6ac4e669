from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def nights_killed(folder: Path, stride: int) -> dict[str, Any]:
    """Three nights, undisturbed and killed at every so many instants (see ``nights.py``)."""
    if not hasattr(os, "fork"):
        pytest.skip("a process that can be killed at an instant is made by fork, which Windows lacks")
    script = Path(__file__).with_name("nights.py")
    result = subprocess.run(
        [sys.executable, str(script), str(folder), str(stride)],
        env=os.environ | {"PYTHONPATH": str(script.parents[2])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return nights_killed(tmp_path_factory.mktemp("nights"), 13)


def test_each_letter_is_there_exactly_once(nights: dict[str, Any]) -> None:
    files = [path for path in nights["undisturbed"]["files"] if path.endswith(".docx")]
    where = sorted((path.rpartition("/")[2].partition(" ")[0], path.partition("/")[0]) for path in files)
    assert where == [
        ("A", "2026-11-20"),
        ("B", "2026-11-23"),
        ("B", "erstattet"),
        ("B", "erstattet"),
        ("C", "2026-11-20"),
        ("D", "2026-11-23"),
        ("D", "erstattet"),
        ("E", "2026-11-20"),
    ]


def test_the_ledger_knows_what_became_of_each_version(nights: dict[str, Any]) -> None:
    rows = nights["undisturbed"]["rows"]
    record = {row[0]: row[3] for row in rows["obligation"]}
    assert sorted((record[row[0]], row[1], row[6], row[7]) for row in rows["version"]) == [
        ("A", 1, "produced", 1),
        ("B", 1, "replaced", 1),
        ("B", 2, "replaced", 2),
        ("B", 3, "produced", 3),
        ("C", 1, "produced", 1),
        ("D", 1, "replaced", 2),
        ("D", 2, "produced", 3),
        ("E", 1, "produced", 1),
    ]
    assert [row[:2] for row in rows["run"]] == [[1, "2026-11-20"], [2, "2026-11-23"], [3, "2026-11-23"]]


def test_killed_at_many_instants_and_run_again_it_ends_as_if_undisturbed(nights: dict[str, Any]) -> None:
    assert nights["killings"] > 20
    assert nights["others"] == []


@pytest.mark.long
def test_killed_at_any_instant_and_run_again_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    nights = nights_killed(tmp_path, 1)
    assert nights["killings"] > 300
    assert nights["others"] == []


def test_nothing_is_left_beside_output_and_ledger(nights: dict[str, Any]) -> None:
    assert nights["undisturbed"]["stray"] == []
    assert not [path for path in nights["undisturbed"]["files"] if path.startswith(".")]
