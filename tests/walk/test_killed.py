"""A run that is killed, and run again, ends where an undisturbed one does."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def killed(folder: Path, instants: int, *, write_back: bool) -> dict[str, Any]:
    """The second night killed at every station, or at so many instants drawn at random (see ``killed.py``)."""
    if not hasattr(os, "fork"):
        pytest.skip("a process that can be killed at an instant is made by fork, which Windows lacks")
    script, seed = Path(__file__).with_name("killed.py"), random.randrange(1_000_000)  # noqa: S311 -- a test
    result = subprocess.run(
        [sys.executable, str(script), str(folder), str(instants), str(seed), *["write_back"][: int(write_back)]],
        env=os.environ | {"PYTHONPATH": str(script.parents[2])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, f"seed {seed}: {result.stderr}"
    told: dict[str, Any] = json.loads(result.stdout)
    assert told["others"] == {}, f"seed {seed}"
    assert told["written"] is write_back
    return told


@pytest.mark.parametrize("write_back", [False, True])
def test_killed_at_every_station_and_run_again_nothing_is_otherwise(tmp_path: Path, write_back: bool) -> None:
    told = killed(tmp_path, 0, write_back=write_back)
    assert told["killings"] == told["steps"] >= 20
    names = [name.removeprefix("output/").rpartition(" ")[0] for name in told["made"]]
    assert names == [
        "2026-11-23/decision/C-6 Decision to",
        "2026-11-23/notice/C-1 Notice copy",
        "2026-11-23/notice/C-1 Notice to",
        "2026-11-23/notice/C-8 Notice to",
        "2026-11-24/decision/C-3 Decision to",
        "2026-11-24/decision/C-7 Decision to",
        "2026-11-24/notice/C-2 Notice to",
        "2026-11-24/notice/C-9 Notice to",
        "replaced/C-2 Notice to",
        "replaced/C-3 Notice to",
    ]


@pytest.mark.long
@pytest.mark.parametrize("write_back", [False, True])
def test_killed_at_fifty_random_instants_and_run_again_nothing_is_otherwise(tmp_path: Path, write_back: bool) -> None:
    told = killed(tmp_path, 50, write_back=write_back)
    assert told["killings"] == 50
