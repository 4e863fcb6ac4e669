"""The workspaces that travel with the package, to start from or to extend.

In the wheel each lies under ``pipeline/setup/starters``; in a checkout the first of them is the project's own root.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

PROFILE: Final = "profile.toml"

_PACKAGE: Final = Path(__file__).parents[1]
_PACKED: Final = _PACKAGE / "setup" / "starters"
_CHECKOUT: Final = _PACKAGE.parent


def starters() -> dict[str, Path]:
    """The folders of all starters by name, in order of name."""
    if _PACKED.is_dir():
        return {folder.name: folder for folder in sorted(_PACKED.iterdir()) if (folder / PROFILE).is_file()}
    packed = _CHECKOUT / "pyproject.toml"
    return {"alta": _CHECKOUT} if packed.is_file() and (_CHECKOUT / PROFILE).is_file() else {}
