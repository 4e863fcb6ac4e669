"""A due date names the law that is valid on its day; where the profile has none, that is a finding with the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from pipeline.deadlines.compute import compute
from pipeline.deadlines.references import without_reference
from pipeline.findings import Severity, sentence
from pipeline.register.model import Value
from pipeline.texts import texts_in
from tests.deadlines.made_up import faulty, profile, record, view

LAW: Mapping[str, object] = {
    "always": [{"text": "§ 1"}],
    "old": [{"text": "§ 2", "valid_to": date(2026, 12, 31)}],
    "new": [{"text": "§ 3", "valid_from": date(2027, 1, 1)}],
    "both": [{"text": "§ 2", "valid_to": date(2026, 12, 31)}, {"text": "§ 3", "valid_from": date(2027, 1, 1)}],
    "gap": [{"text": "§ 2", "valid_to": date(2026, 11, 30)}, {"text": "§ 3", "valid_from": date(2027, 1, 1)}],
}
YEAR_END = date(2026, 12, 31)
NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("basis", "values", "subjects"),
    [
        (["always"], {"start": NEW_YEAR}, []),
        (["old"], {"start": YEAR_END}, []),
        (["old"], {"start": NEW_YEAR}, ["old"]),
        (["new"], {"start": YEAR_END}, ["new"]),
        (["new"], {"start": NEW_YEAR}, []),
        (["both"], {"start": YEAR_END}, []),
        (["both"], {"start": NEW_YEAR}, []),
        (["gap"], {"start": YEAR_END}, ["gap"]),
        (["always", "old", "gap"], {"start": NEW_YEAR}, ["old"]),
        (["old if noted"], {"start": NEW_YEAR, "noted": True}, ["old"]),
        (["old if noted"], {"start": NEW_YEAR, "noted": False}, []),
        (["old if noted"], {"start": NEW_YEAR, "noted": faulty("noted")}, []),
        (["old"], {"start": NEW_YEAR, "met": date(2026, 11, 2)}, []),
        (["old"], {"start": NEW_YEAR, "stopped": True}, []),
        (["old"], {}, []),
        (["old"], {"start": faulty()}, []),
    ],
)
def test_a_reference_that_is_not_valid_on_the_deadlines_day_is_a_finding(
    basis: list[str], values: Mapping[str, Value], subjects: list[str]
) -> None:
    rule = {"due": "start", "when": "not stopped", "done": "met", "basis": basis}
    seen = view(profile({"it": rule}, law=LAW), record(**values))

    found = list(without_reference(seen, compute(seen)))

    assert [dict(finding.facts)["subject"] for finding in found] == subjects
    assert {(finding.severity, finding.sheet, finding.record) for finding in found} <= {(Severity.WARNING, "case", "1")}


def test_it_is_told_with_rule_reference_and_day() -> None:
    seen = view(profile({"it": {"due": "start", "basis": ["old"]}}, law=LAW), record(start=NEW_YEAR))

    (found,) = without_reference(seen, compute(seen))

    assert sentence(found, texts_in("en")).message == (
        "«it» falls on 2027-01-01, and no version of the legal reference «old» is valid then."
    )
    assert str(found.place) == "Cases!2"
