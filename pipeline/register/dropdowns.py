"""What the cells of a register may be chosen from in Excel: its dropdowns, read from the sheets' XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lxml import etree

from pipeline.register.cells import clean
from pipeline.register.grid import SheetCells, Workbook
from pipeline.register.marks import column_number, parsed
from pipeline.register.workbook import parts_of

Dropdowns = Mapping[str, Mapping[int, Sequence[str]]]
"""What dropdowns offer, by the tab's title and the column's number."""

_RULES: Final = re.compile(rb"<((?:\w+:)?)dataValidations\b.*?</\1dataValidations>", re.DOTALL)
"""Rules on cells, those of newer Excel included, which have names of their own at the end of the sheet."""
_INLINE: Final = re.compile(r'"(.*)"', re.DOTALL)
_AREA: Final = re.compile(r"(?:(?:'((?:[^']|'')+)'|([\w.]+))!)?\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)")
_SPOT: Final = re.compile(r"([A-Z]{1,3})\d*(?::([A-Z]{1,3})\d*)?")
_WIDEST: Final = 100
"""Columns that a rule may reach over; one that reaches further is about no column of its own."""


def dropdowns(workbook: Workbook) -> Dropdowns:
    """What each column is chosen from, where the list stands in the rule itself or in cells that it names.

    Where a column has several lists, the first counts.
    """
    parts, tabs = parts_of(workbook)
    names = {str(name.get("name")): name.text or "" for name in parsed(parts["xl/workbook.xml"]).iterfind(".//{*}definedName")}
    found: dict[str, dict[int, Sequence[str]]] = {}
    for title, part in tabs.items():
        for formula, areas in _lists(parts[part]):
            offered = tuple(_offered(formula, title, names, workbook))
            for column in _columns(areas) if offered else ():
                found.setdefault(title, {}).setdefault(column, offered)
    return found


def _lists(sheet: bytes) -> Iterator[tuple[str, str]]:
    """The formula of each list and the cells that it is for."""
    for rules in _RULES.finditer(sheet):
        # Cut out of its sheet it does not say what its prefixes mean, which only the names' ends are needed for.
        tree = etree.fromstring(rules[0], etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
        for rule in tree:
            if rule.get("type") == "list":
                told = {_local(child): "".join(map(str, child.itertext())) for child in rule}
                yield told.get("formula1", ""), str(rule.get("sqref", told.get("sqref", "")))


def _local(element: etree._Element) -> str:
    return re.split("[}:]", str(element.tag))[-1]


def _offered(formula: str, title: str, names: Mapping[str, str], workbook: Workbook) -> Iterator[str]:
    formula = names.get(formula.strip(), formula).strip()
    if match := _INLINE.fullmatch(formula):
        yield from (choice for part in match[1].split(",") if (choice := clean(part)))
    elif match := _AREA.search(formula):  # alone, or within INDEX or OFFSET, which make it as long as it is filled
        tab = workbook.sheets.get((match[1] or "").replace("''", "'") or match[2] or title)
        if tab is not None and match[3] == match[5]:
            yield from _texts(tab, column_number(match[3].encode()), int(match[4]), int(match[6]))


def _texts(tab: SheetCells, column: int, first: int, last: int) -> Iterator[str]:
    for row in tab.rows[first - 1 : last]:
        if len(row) >= column and isinstance(raw := row[column - 1], str) and (choice := clean(raw)):
            yield choice


def _columns(areas: str) -> Iterator[int]:
    for area in areas.split():
        if match := _SPOT.fullmatch(area.replace("$", "")):
            first = column_number(match[1].encode())
            last = column_number((match[2] or match[1]).encode())
            if last - first < _WIDEST:
                yield from range(first, last + 1)
