"""Types into a workbook as a person does, in LibreOffice under Norwegian settings; run by the Python that has ``uno``.

``python3 typist.py WORKBOOK TARGET < CELLS``: a JSON list of [sheet, cell, what is typed]; the workbook is saved as TARGET.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own module
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]  # as above
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]  # as above

NORWEGIAN = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>nb-NO</value></prop>
</item>
</oor:items>
"""


def main(workbook: str, target: str) -> None:
    """Open, type, save."""
    with libreoffice() as desktop:
        document = desktop.loadComponentFromURL(Path(workbook).as_uri(), "_blank", 0, (option("Hidden", value=True),))
        for sheet, cell, typed in json.load(sys.stdin):
            document.Sheets.getByName(sheet).getCellRangeByName(cell).FormulaLocal = typed
        save(document, target)


@contextmanager
def libreoffice() -> Iterator[Any]:
    """A LibreOffice of its own under Norwegian settings; its desktop."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(NORWEGIAN, encoding="utf-8")
        pipe = f"typist{Path(folder).name}"
        office = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation={Path(folder).as_uri()}",
                "--headless",
                "--norestore",
                f"--accept=pipe,name={pipe};urp;",
            ],
        )
        try:
            desktop = connect(pipe)
            yield desktop
            desktop.terminate()
            office.wait(30)
        finally:
            office.kill()


def save(document: Any, target: str) -> None:
    """As a workbook, and close it."""
    document.storeToURL(Path(target).as_uri(), (option("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)  # noqa: FBT003 -- LibreOffice knows no names of arguments


def connect(pipe: str) -> Any:
    """The desktop, once it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise SystemExit("LibreOffice does not answer")


def option(name: str, value: object) -> Any:
    """A named option of a call."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


if __name__ == "__main__":
    main(*sys.argv[1:])
