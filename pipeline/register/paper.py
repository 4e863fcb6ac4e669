"""How a sheet that is wider than a page goes onto paper: lying, on A4 or A3, on as few pages side by side as can be read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

A3: Final = 8
"""The size's number in a workbook."""
A4: Final = 9

_PAGE_WIDTH: Final = 165.0
"""How wide columns together may be to be read on a lying A4 page, in Excel's units of width."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper for a sheet.

    Attributes:
        size: `A3` or `A4`.
        across: how many pages stand side by side.
    """

    size: int
    across: int


def paper_for(width: float) -> Paper:
    """The paper on which columns of this width together can be read; lying.

    Args:
        width: in Excel's units of width.
    """
    return Paper(A4 if width <= _PAGE_WIDTH else A3, max(1, math.ceil(width / (2 * _PAGE_WIDTH))))
