"""What tells a birthday stands on the office's own lists, by its month, and leaves the office in no calendar."""

from __future__ import annotations

from pathlib import Path

from pipeline.calendars import Calendar
from pipeline.deadlines.personal import personal_rules
from pipeline.profile.expressions import Rules
from pipeline.profile.load import load_profile
from tests.deadlines.made_up import profile

RULES = Rules(Calendar("NO"))


def test_of_altas_rules_those_about_an_age_are_personal(root: Path) -> None:
    assert personal_rules(load_profile(root / "profile.toml"), RULES) == {"varsles_selv_fra", "får_kopi_fra", "blir_myndig"}


def test_of_osthammars_rules_those_about_an_age_are_personal(root: Path) -> None:
    assert personal_rules(load_profile(root / "examples" / "osthammar" / "profile.toml"), RULES) == {"egen_talan", "myndig"}


def test_a_routine_without_ages_has_none(root: Path) -> None:
    assert personal_rules(load_profile(root / "examples" / "thisted" / "profile.toml"), RULES) == frozenset()


def test_what_counts_from_a_personal_date_is_personal_too() -> None:
    made = profile(
        {
            "plain": {"due": "start"},
            "age": {"due": "(until + years(18)).replace(day=1)"},
            "after": {"due": "deadlines.age.due + weeks(2)"},
            "last": {"from": "deadlines.after.due", "every": "1 year"},
            "other": {"due": "deadlines.plain.due", "when": "until"},
        }
    )
    case = made.sheets["case"]
    columns = {**case.columns, "until": case.columns["until"].model_copy(update={"class_": "identity"})}
    made = made.model_copy(update={"sheets": {**made.sheets, "case": case.model_copy(update={"columns": columns})}})

    assert personal_rules(made, RULES) == {"age", "after", "last"}
