"""Values as flat objects for programs: the JSON that the command line prints (``docs/design.md``, Commands)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.deadlines.compare import Change
from pipeline.deadlines.explain import trigger
from pipeline.deadlines.model import Deadline
from pipeline.findings import Finding, sentence
from pipeline.letters.model import Letter
from pipeline.lists.story import reasons_in_words
from pipeline.profile.model import LETTERS
from pipeline.register.model import Ref, View, references
from pipeline.texts import Texts

Flat = dict[str, str | int | None]


def findings(found: Sequence[Finding], texts: Texts) -> list[Flat]:
    """Findings, one object each."""
    return [_finding(finding, texts) for finding in found]


def _finding(finding: Finding, texts: Texts) -> Flat:
    said = sentence(finding, texts)
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "file": finding.place.file,
        "sheet": finding.place.sheet,
        "cell": finding.place.cell,
        "heading": finding.heading,
        "record": finding.record,
        "value": finding.shown,
        "message": said.message,
        "cure": said.cure,
    }


def deadlines(found: Sequence[Deadline], view: View) -> list[Flat]:
    """Deadlines, one object each; one on letters names the letter's record and its recipient."""
    return [_deadline(deadline, view) for deadline in found]


def _deadline(deadline: Deadline, view: View) -> Flat:
    record, recipient = about(deadline, view)
    rule, row = view.register.profile.deadlines[deadline.rule], view.row(deadline.record)
    return {
        "record": record,
        "deadline": deadline.rule,
        "title": rule.title,
        "owner": deadline.owner,
        "trigger": _day(trigger(rule, row)) if row else None,
        "raw": _day(deadline.raw),
        "due": _day(deadline.due),
        "act_by": _day(deadline.act_by),
        "done": _day(deadline.done),
        "status": str(deadline.status),
        "recipient": recipient,
    }


def changes(found: Sequence[Change], view: View, other: View) -> list[Flat]:
    """What another routine would change, one object each; empty where only one of the routines has the deadline."""
    return [_change(change, other if change.after else view) for change in found]


def _change(change: Change, view: View) -> Flat:
    deadline, before, after = change.deadline, change.before, change.after
    record, recipient = about(deadline, view)
    return {
        "record": record,
        "deadline": deadline.rule,
        "title": view.register.profile.deadlines[deadline.rule].title,
        "owner": deadline.owner,
        "due": _day(before.due) if before else None,
        "act_by": _day(before.act_by) if before else None,
        "status": str(before.status) if before else None,
        "due_then": _day(after.due) if after else None,
        "act_by_then": _day(after.act_by) if after else None,
        "status_then": str(after.status) if after else None,
        "recipient": recipient,
    }


def about(deadline: Deadline, view: View) -> tuple[str, str | None]:
    """The key of the record that a deadline is about, and for one on letters the key of the recipient."""
    if deadline.record.sheet != LETTERS:
        return deadline.record.key, None
    record = view.register.get(deadline.record)
    if record is None:
        return deadline.record.key, None
    return _key(references(record, "record")) or deadline.record.key, _key(references(record, "recipient"))


def _key(refs: tuple[Ref, ...]) -> str | None:
    return refs[0].key if refs else None


def letters(found: Sequence[Letter], files: dict[str, str], texts: Texts) -> list[Flat]:
    """Letters, one object each; `files` are relative to the output folder, by obligation id."""
    return [
        {
            "record": letter.obligation.record.key,
            "letter": letter.obligation.letter,
            "recipient": letter.obligation.recipient.key if letter.obligation.recipient else None,
            "role": letter.obligation.role,
            "outcome": str(letter.outcome),
            "reasons": reasons_in_words(letter.reasons, texts) or None,
            "file": files.get(letter.obligation.id),
        }
        for letter in found
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
