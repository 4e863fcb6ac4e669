"""A page in headless Chromium, opened from a file as staff open it from a shared drive."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

MORNING = "2026-11-23T08:00:00"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"))), None)

needs_chromium = pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on this machine")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of the system's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser,
    file: Path,
    fragment: str = "",
    *,
    width: int = 1440,
    dark: bool = False,
    today: str = MORNING,
    ready: str = "html[data-ready]",
) -> Iterator[Page]:
    """The file in a window; whatever the page complains of, asks the network for or says in a dialog fails the test.

    Args:
        browser: whose window.
        file: the page.
        fragment: of its address.
        width: of the window.
        dark: whether the reader's screen is.
        today: what the reader's clock says.
        ready: what is there once the page can be read.
    """
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    complaints: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", dismissed)
    page.on("request", lambda request: None if request.url.startswith("file:") else complaints.append(request.url))
    page.clock.set_fixed_time(today)
    page.goto(file.as_uri() + fragment)
    page.wait_for_selector(ready, state="attached")
    yield page
    page.close()
    assert complaints == []
