"""Pages that run no script: one look and one content security policy for all of them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def plain_page(package: str, template: str, **names: Any) -> str:
    """The page as HTML; everything in it is escaped, and the policy lets no script run.

    Args:
        package: in whose ``templates`` folder the template lies.
        template: its file name; it puts `style` and `style_hash` into its head.
        names: what it prints.
    """
    style = (files("pipeline.lists") / "templates" / "plain.css").read_text("utf-8")
    return (
        page_environment(package).get_template(template).render(**names, style=Markup(style), style_hash=content_digest(style))  # noqa: S704 -- a file of this package, not data
    )


@cache
def page_environment(package: str) -> Environment:
    """What a package's pages are rendered in."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def content_digest(source: str) -> str:
    """How a content security policy names a style or script that may stand in the page."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
