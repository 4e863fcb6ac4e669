"""The workspaces that travel with the package, to start from or to extend.

In the wheel each lies under ``pipeline/setup/starters``.
In a checkout the first of them is the project's own root, by the name of its municipality, and the folders of ``examples``
are the others.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

PROFILE: Final = "profile.toml"

_PACKAGE: Final = Path(__file__).parents[1]
_PACKED: Final = _PACKAGE / "setup" / "starters"
_CHECKOUT: Final = _PACKAGE.parent


def starters() -> dict[str, Path]:
    """The folders of all starters by name, in order of name."""
    if _PACKED.is_dir():
        return _workspaces_in(_PACKED)
    packed = _CHECKOUT / "pyproject.toml"
    if not (packed.is_file() and (_CHECKOUT / PROFILE).is_file()):
        return {}
    own = tomllib.loads((_CHECKOUT / PROFILE).read_text(encoding="utf-8"))["office"]["municipality"]
    return {own.split()[0].casefold(): _CHECKOUT, **_workspaces_in(_CHECKOUT / "examples")}


def _workspaces_in(folder: Path) -> dict[str, Path]:
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {each.name: each for each in found if (each / PROFILE).is_file()}
