"""Makes the examples' templates and made-up registers anew: ``python -m tools.examples [NAME…]``.

The files belong to an office once it has begun to edit them; this overwrites them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tools.examples.osthammar import letters as osthammar_letters
from tools.examples.osthammar import register as osthammar_register
from tools.examples.thisted import letters as thisted_letters
from tools.examples.thisted import register as thisted_register
from tools.examples.workspace import EXAMPLES, Planted, Rows, write_workspace

Maker = tuple[Callable[[], Mapping[str, bytes]], Callable[[], tuple[Rows, Sequence[Planted]]]]

MAKERS: Final[Mapping[str, Maker]] = {
    "osthammar": (osthammar_letters.documents, osthammar_register.register),
    "thisted": (thisted_letters.documents, thisted_register.register),
}
"""What makes each example's templates and register."""


def main(names: Sequence[str]) -> None:
    """Write the examples of these names, or all."""
    for name in names or MAKERS:
        documents, register = MAKERS[name]
        rows, planted = register()
        files = write_workspace(EXAMPLES / name, documents(), rows, planted)
        print(f"{name}: {files} files")


if __name__ == "__main__":
    main(sys.argv[1:])
