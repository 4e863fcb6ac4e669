"""The overview as a page: one file that opens from a shared drive, without network and without server."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.deadlines.model import Status
from pipeline.letters.model import Outcome
from pipeline.lists import words
from pipeline.lists.overview import LISTED

if TYPE_CHECKING:
    from pipeline.lists.overview import Overview
    from pipeline.texts import Texts

_OFF_LIST: Final = tuple(status for status in Status if status not in {Status.UNKNOWN, Status.OVERDUE, Status.DUE_SOON})
"""Statuses of which the page only counts how many there are, all or in part."""


def render_page(overview: Overview, texts: Texts) -> str:
    """The page as HTML; the content security policy lets run only the style and the script that stand in it.

    Args:
        overview: what to show; everything in it is escaped.
        texts: the reader's language.
    """
    style, script = _asset("overview.css"), _asset("overview.js")
    return (
        _environment()
        .get_template("overview.html.j2")
        .render(
            overview=overview,
            texts=texts,
            words=words,
            working_days=words.working_days,
            off_list=[(status, overview.statuses[status]) for status in _OFF_LIST],
            listed=LISTED,
            style=Markup(style),  # noqa: S704 -- a file of this package, not data
            script=Markup(script),  # noqa: S704 -- as above
            style_hash=_digest(style),
            script_hash=_digest(script),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.lists"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["letter_link"] = _letter_link
    environment.filters["slug"] = _slug
    return environment


@cache
def _asset(name: str) -> str:
    return (files("pipeline.lists") / "templates" / name).read_text("utf-8")


def _digest(source: str) -> str:
    """The hash of an inline element as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _letter_link(file: str) -> str:
    """The way from ``oversikt/oversikt.html`` to a file in ``output``; quoting leaves no scheme and no markup."""
    return "../" + quote(file)


def _slug(status: Status | Outcome) -> str:
    """The status as a class name of the style sheet: ``due-soon``."""
    return status.value.replace(" ", "-")
