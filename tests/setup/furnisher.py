"""Puts into a register what offices put into theirs, in LibreOffice; run by the Python that has ``uno``.

``python3 furnisher.py WORKBOOK TARGET``: the first sheet gets a pivot table, form controls, a chart, a comment, a dropdown from
another sheet, data bars, a filter and rich text.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own module
from com.sun.star.awt import Point, Rectangle, Size  # type: ignore[import-not-found]  # as above
from typist import libreoffice, option, save  # type: ignore[import-not-found]  # beside this program


def main(workbook: str, target: str) -> None:
    """Open, furnish, save."""
    with libreoffice() as desktop:
        document = desktop.loadComponentFromURL(Path(workbook).as_uri(), "_blank", 0, (option("Hidden", value=True),))
        sheet = document.Sheets.getByIndex(0)
        _pivot(sheet)
        for number, kind in enumerate(("CheckBox", "CommandButton", "ListBox")):
            _control(document, sheet, kind, number)
        sheet.Charts.addNewByName("Antall", Rectangle(25000, 500, 8000, 5000), (_area(sheet, "D1:D3"),), True, False)  # noqa: FBT003
        sheet.Annotations.insertNew(sheet.getCellRangeByName("A2").CellAddress, "Ring først")
        _dropdown(sheet.getCellRangeByName("C2:C9"))
        _rich_text(sheet.getCellRangeByName("C3"))
        ranges = document.DatabaseRanges
        ranges.addNewByName("Ting1", _area(sheet, "A1:D3"))
        ranges.getByName("Ting1").AutoFilter = True
        save(document, target)


def _area(sheet: Any, cells: str) -> Any:
    return sheet.getCellRangeByName(cells).RangeAddress


def _pivot(sheet: Any) -> None:
    tables = sheet.DataPilotTables
    made = tables.createDataPilotDescriptor()
    made.SourceRange = _area(sheet, "A1:D3")
    fields = made.DataPilotFields
    fields.getByName("Nummer").Orientation = uno.Enum("com.sun.star.sheet.DataPilotFieldOrientation", "ROW")
    antall = fields.getByName("Antall")
    antall.Orientation = uno.Enum("com.sun.star.sheet.DataPilotFieldOrientation", "DATA")
    antall.Function = uno.Enum("com.sun.star.sheet.GeneralFunction", "SUM")
    tables.insertNewByName("Oversikt", sheet.getCellRangeByName("M1").CellAddress, made)


def _control(document: Any, sheet: Any, kind: str, number: int) -> None:
    model = document.createInstance(f"com.sun.star.form.component.{kind}")
    shape = document.createInstance("com.sun.star.drawing.ControlShape")
    shape.Position, shape.Size = Point(15000, 5000 + 1500 * number), Size(3000, 1000)
    shape.Control = model
    sheet.DrawPage.add(shape)


def _dropdown(cells: Any) -> None:
    choice = cells.Validation
    choice.Type = uno.Enum("com.sun.star.sheet.ValidationType", "LIST")
    choice.setFormula1("$Koder.$A$1:$B$1")
    cells.Validation = choice


def _rich_text(cell: Any) -> None:
    cell.String = "vanlig fet"
    cursor = cell.createTextCursor()
    cursor.goLeft(3, True)  # noqa: FBT003 -- LibreOffice knows no names of arguments
    cursor.CharWeight = 150


if __name__ == "__main__":
    main(*sys.argv[1:])
