"""The pictures of the pages in ``docs/bilder``, from two mornings of the demo: ``make pictures`` (needs Chromium)."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from click.testing import CliRunner
from playwright.sync_api import sync_playwright

from pipeline.cli import main

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURES: Final = ROOT / "docs" / "bilder"
MORNINGS: Final = (date(2026, 11, 20), date(2026, 11, 23))
PAGES: Final = {
    "oversikt.png": ("oversikt/oversikt.html", "header", 1860),
    "statistikk.png": ("statistikk/statistikk.html", "#f15", 1500),
}
"""Each picture's page below the output, what stands at its top, and how much of it is shown, in pixels."""

WIDTH: Final = 1400
SHARPNESS: Final = 900 / WIDTH
"""Pixels of the picture for one of the page."""


def picture_pages(folder: Path) -> None:
    """Run the demo in a folder of its own and photograph its pages."""
    for part in ("profile.toml", "registers", "templates"):
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
    for day in MORNINGS:
        _call(folder, "run", "--as-of", day.isoformat())
    _call(folder, "statistics", "--as-of", MORNINGS[-1].isoformat())
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (file, first, shown) in PAGES.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": shown}, device_scale_factor=SHARPNESS)
            page.clock.set_fixed_time(f"{MORNINGS[-1]}T08:00:00")
            page.goto((folder / "output" / file).as_uri())
            page.locator(first).evaluate("element => scrollTo(0, element.getBoundingClientRect().top - 40)")
            page.wait_for_timeout(300)  # milliseconds, for what comes up when it is seen
            page.screenshot(path=PICTURES / name)
        browser.close()


def _call(folder: Path, *arguments: str) -> None:
    result = CliRunner().invoke(main, ["--workspace", str(folder), *arguments])
    if result.exit_code > 1:
        raise SystemExit(result.output)


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        picture_pages(Path(made))
