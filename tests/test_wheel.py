"""The wheel carries what is no code: the starters, the catalogues, the page's template."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

STARTERS = "pipeline/setup/starters"


@pytest.mark.long
def test_the_wheel_carries_starters_catalogues_and_page(root: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, root],
        check=True,
    )
    [wheel] = tmp_path.glob("fristbrev-*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    workspaces = {"alta": root} | {profile.parent.name: profile.parent for profile in root.glob("examples/*/profile.toml")}
    starters = {
        f"{STARTERS}/{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in workspaces.items()
        for path in (folder / "profile.toml", *folder.glob("registers/*.xlsx"), *folder.glob("templates/*/*"))
    }
    package = {
        path.relative_to(root).as_posix()
        for path in (root / "pipeline").rglob("*")
        if path.suffix in {".py", ".typed", ".mo", ".po", ".j2", ".css", ".js", ".sql", ".toml"}
    }
    assert {"alta", "osthammar", "thisted"} <= set(workspaces)
    assert starters - carried == set()
    assert not [name for name in carried if name.startswith(STARTERS) and "/output/" in name]
    assert package - carried == set()
    assert {f"pipeline/texts/locale/{language}/LC_MESSAGES/fristbrev.mo" for language in ("nb", "nn", "sv", "da")} <= carried
