"""``validate`` and ``templates``: what is to be mended before a run."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import FOUND_ERRORS, Office, as_json, as_of, guarded, print_json
from pipeline.cli.fields import print_fields
from pipeline.cli.mistakes import flat_mistakes, flat_notes, flat_unused, mistake_in_words, print_mistakes, print_unused
from pipeline.texts import Texts

if TYPE_CHECKING:
    from pipeline.findings import Finding
    from pipeline.profile.model import Profile


@click.command()
@as_of
@as_json
@click.option("--annotate", "annotated", is_flag=True, help="Write a copy of the register with every finding marked.")
@click.option("--owner", help="Only the findings that this person has to see to.")
@guarded
def validate(office: Office, today: date, machine: bool, annotated: bool, owner: str | None) -> None:
    """Check profile, templates and register, and tell what has changed since the last run."""
    from pipeline.findings import Severity, counted
    from pipeline.ledger.store import Ledger
    from pipeline.lists import flat
    from pipeline.lists.changes import changes_in_words
    from pipeline.lists.story import finding_in_words
    from pipeline.run import annotate, check, ledger_path

    with Ledger(ledger_path(office.workspace), read_only=True) as ledger:
        checked = check(office.workspace, today, ledger)
    reading, mistakes, since = checked.reading, checked.contract.mistakes, checked.since
    register = reading.register
    found = checked.seen_to_by(owner, _all_findings(register.findings, register.excluded))
    if machine:
        print_json([*flat.findings(found, office.texts), *flat_mistakes(mistakes, office.texts)])
    else:
        for finding in found:
            click.echo(f"{office.texts(str(finding.severity))}: {finding_in_words(finding, office.texts)}")
        print_mistakes(mistakes, office.texts)
        _print_codes(found, office.texts)
        errors = sum(finding.severity is Severity.ERROR for finding in found)
        rows = sum(len(records) for records in register.records.values())
        click.echo(
            office.texts(
                "{rows} rows read, {excluded} left out, {errors}, {warnings}.",
                rows=rows + len(register.excluded),
                excluded=len(register.excluded),
                **counted(errors, len(found) - errors, office.texts),
            )
        )
        if not register.profile.deadlines:
            click.echo(office.texts("The profile has no deadlines yet: no list will show any, whatever the register holds."))
        if since.day is not None and owner is None:
            lines = tuple(changes_in_words(since.changes, register.profile, office.texts))
            changed = office.texts("Changed since the run of {day}:", day=since.day)
            click.echo(changed if lines else office.texts("Nothing has changed since the run of {day}.", day=since.day))
            for line in lines:
                click.echo(line)
    for path in annotate(office.workspace, reading, today) if annotated else ():
        click.echo(office.texts("The register with its findings marked: {path}", path=str(path)), err=machine)
    if mistakes or any(finding.severity is Severity.ERROR for finding in found):
        sys.exit(FOUND_ERRORS)


def _print_codes(found: Sequence[Finding], texts: Texts) -> None:
    """The codes of what was found, the most frequent first: what `explain` is asked for."""
    codes = Counter(finding.code for finding in found).most_common()
    if codes:
        told = ", ".join(f"{code} {count}" for code, count in codes)
        click.echo(texts("What one of them means, says «fristbrev explain --code»; there are {codes}.", codes=told))


def _all_findings(findings: Sequence[Finding], excluded: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with those of rows that were left out, each once."""
    return tuple(dict.fromkeys((*findings, *excluded)))


@click.command()
@as_of
@as_json
@click.option("--fields", "letter", metavar="LETTER", help="List the merge fields that an author may use in a letter.")
@click.option(
    "--docx",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write that list as a Word file to copy from.",
)
@guarded
def templates(office: Office, today: date, machine: bool, letter: str | None, page: Path | None) -> None:
    """Check all templates."""
    from pipeline.calendars import Calendar
    from pipeline.profile.load import load_profile
    from pipeline.run import check_workspace_templates, files_of_no_letter, ways, workspace_versions, write_copies

    workspace = office.workspace
    profile = load_profile(workspace.profile)
    if letter is not None:
        print_fields(office, profile, letter, page, machine=machine)
        return
    if page is not None:
        raise click.UsageError("--docx goes with --fields.")
    calendar = Calendar(profile.office.country, profile.office.closed)
    contract = check_workspace_templates(workspace, profile, calendar)
    mistakes = contract.mistakes
    copies = write_copies(workspace, profile, contract, date.today())  # noqa: DTZ011 -- the office's own day
    if machine:
        print_json(
            [
                *flat_mistakes(mistakes, office.texts),
                *flat_notes(contract, office.texts),
                *flat_unused(contract, profile, office.texts),
            ]
        )
    else:
        print_mistakes(mistakes, office.texts)
        for note in contract.notes:
            click.echo(office.texts("To be known: {note}", note=mistake_in_words(note, office.texts)))
        for path in copies:
            click.echo(office.texts("The template with a comment at each mistake: {path}", path=str(path)))
        for name, (version, whole) in ways(workspace, profile, calendar).items():
            click.echo(_way_in_words(name, version, whole, office.texts))
        print_unused(contract, profile, office.texts)
        for name in files_of_no_letter(workspace, profile):
            unnamed = office.texts(
                "To be known: no letter in the profile is made of {file}; a letter names its file with «template».", file=name
            )
            click.echo(unnamed)
        _print_unapproved(profile, workspace_versions(workspace, profile), today, office.texts)
        click.echo(
            office.texts(
                "{count} letters checked, {broken} with mistakes in their templates.",
                count=len(profile.letters),
                broken=len(mistakes),
            )
        )
    if mistakes:
        sys.exit(FOUND_ERRORS)


def _print_unapproved(profile: Profile, versions: Mapping[str, str], today: date, texts: Texts) -> None:
    """For each letter that is not approved as it is, the line with which somebody can approve it."""
    from pipeline.letters.approval import approval_lines

    waiting = [rule for rule in profile.letters.values() if not rule.approved or rule.approved.version != versions[rule.name]]
    if not profile.letters:
        click.echo(texts("The profile has no letters yet."))
        return
    if not waiting:
        click.echo(texts("All letters are approved as they are."))
        return
    click.echo(
        texts.count(
            "{n} letter is not approved as it is. Who approves it puts this line under its heading in the profile:",
            "{n} letters are not approved as they are. Who approves one puts its line under its heading in the profile:",
            len(waiting),
        )
    )
    for rule in waiting:
        for line in approval_lines(rule.name, versions[rule.name], texts("name"), today.isoformat()):
            click.echo(line)


def _way_in_words(name: str, version: str, whole: str, texts: Texts) -> str:
    if not whole:
        return texts("{file}, version {version}: compiled once for all letters", file=name, version=version)
    return texts(
        "{file}, version {version}: rendered anew for each letter, which is slower: {reason}",
        file=name,
        version=version,
        reason=texts(whole),
    )
