"""Which version of a letter's files somebody has approved, and whether they are still those.

A version is told from the files as they lie in the folder: the template, its variants for languages, its enclosures and the
letterhead. So it is the same on every machine, and a change in any of them is a change of the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pipeline.files import digest
from pipeline.findings import Fact, Finding, Place, Severity
from pipeline.letters.template import files_of
from pipeline.profile.model import Profile

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
"""A key that TOML takes without quotes."""
_SHOWN: Final = 12
"""Characters of a digest: few enough to be copied by hand, and far too many to come twice."""


def version_name(whole: str) -> str:
    """A digest as people read and write it."""
    return whole[:_SHOWN]


def letter_versions(profile: Profile, files: Mapping[str, bytes | None]) -> Mapping[str, str]:
    """The present version of each letter's files, by letter.

    Args:
        profile: which files a letter has.
        files: the content of those that are there, by name; None of one that cannot be read.
    """
    digests = {name: digest(content or b"") for name, content in files.items()}
    return {
        rule.name: version_name(
            digest("\n".join(f"{name} {digests[name]}" for name in files_of(rule, profile) if name in digests).encode())
        )
        for rule in profile.letters.values()
    }


def changed_since_approved(profile: Profile, versions: Mapping[str, str]) -> Iterator[Finding]:
    """A warning for each letter whose files are no longer those that were approved."""
    for rule in profile.letters.values():
        approved = rule.approved
        if approved is not None and approved.version != versions[rule.name]:
            facts: dict[str, Fact] = {
                "letter": rule.title,
                "by": approved.by,
                "on": approved.on,
                "approved": approved.version,
                "version": versions[rule.name],
            }
            yield Finding("template-not-approved", Place(rule.template), Severity.WARNING, facts=tuple(facts.items()))


def approval_lines(letter: str, version: str, by: str, on: str) -> tuple[str, str]:
    """The heading of a letter in the profile, and the line under it that approves a version."""
    name = letter if _BARE.fullmatch(letter) else f'"{letter}"'
    return f"[letters.{name}]", f'approved = {{ by = "{by}", on = {on}, version = "{version}" }}'
