"""The wheel carries what is no code: the starter, the catalogues, the page's template."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

STARTER = "pipeline/setup/starters/alta"


@pytest.mark.long
def test_the_wheel_carries_starter_catalogues_and_page(root: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, root],
        check=True,
    )
    [wheel] = tmp_path.glob("fristbrev-*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    starter = {
        f"{STARTER}/{path.relative_to(root).as_posix()}"
        for path in (root / "profile.toml", root / "registers" / "saksregister.xlsx", *(root / "templates" / "docx").iterdir())
    }
    package = {
        path.relative_to(root).as_posix()
        for path in (root / "pipeline").rglob("*")
        if path.suffix in {".py", ".typed", ".mo", ".po", ".j2", ".css", ".js", ".sql"}
    }
    assert starter - carried == set()
    assert package - carried == set()
    assert {f"pipeline/texts/locale/{language}/LC_MESSAGES/fristbrev.mo" for language in ("nb", "nn", "sv", "da")} <= carried
