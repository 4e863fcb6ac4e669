"""``statistics`` as a manager uses it: the figures of an office, of twelve together, and of a quarter that is past."""

from __future__ import annotations

import csv
import io
import random
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.walk.small_office import PEOPLE, PROFILE, SmallOffice, cases

TODAY = date(2026, 11, 23)
FIGURES = """
[statistics.received]
title = "Applications"
on = "case"
[statistics.received.by]
Year = "received.year"
Outcome = "outcome or 'undecided'"

[statistics.people]
title = "People who have applied"
on = "case"
value = "person"
how = "distinct"

[statistics.granted]
title = "Granted"
on = "case"
when = "decided"
value = "outcome == 'granted'"
how = "share"

[statistics.took]
title = "From application to decision"
on = "case"
when = "decided"
value = "decided - received"
how = "median"
unit = "days"
[statistics.took.by]
Clerk = "clerk"

[statistics.kept]
title = "Deadlines kept"
on = "deadlines"
when = "due <= today and standing in ['kept', 'late', 'missed']"
value = "standing == 'kept'"
how = "share"
personal = false
[statistics.kept.by]
Deadline = "title"
"""

Row = tuple[str, str, date, date | None, date | None, str | None, str]
"""Number, person, received, notice sent, decided, outcome, clerk."""
Key = tuple[str, str, str]
"""Figure, group, office."""


def made_up(office: int) -> list[Row]:
    """An office's cases: the higher its number the more, from two on."""
    dice = random.Random(office)  # noqa: S311 -- made-up cases, the same each time
    rows: list[Row] = []
    for n in range(2 + office * 3):
        received = TODAY - timedelta(days=dice.randint(1, 600))
        decided = received + timedelta(days=dice.randint(5, 60))
        outcome = dice.choice(("granted", "granted", "refused"))
        is_decided = decided <= TODAY and dice.random() < 0.7
        notice = received + timedelta(days=dice.randint(3, 30))
        rows.append(
            (
                f"C-{n}",
                dice.choice(("P-1", "P-2")),
                received,
                notice if notice <= TODAY and dice.random() < 0.6 else None,
                decided if is_decided else None,
                outcome if is_decided else None,
                dice.choice(("ABC", "DEF")),
            )
        )
    return rows


def furnished(folder: Path, name: str, rows: list[Row]) -> SmallOffice:
    office = SmallOffice(folder)
    office.write_profile(PROFILE.replace('"Sted"', f'"{name}"') + FIGURES)
    office.write_register(
        cases(*((number, who, None, got, told, done, how, None, clerk) for number, who, got, told, done, how, clerk in rows)),
        PEOPLE,
    )
    return office


def numbers(file: Path) -> dict[Key, str]:
    """What a file of lines for programs says."""
    rows = csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig")), delimiter=";")
    next(rows)
    return {(figure, group, office): number for _, figure, group, office, number, _ in rows}


def expected(rows: list[Row], office: str) -> Iterator[tuple[Key, float]]:
    """The same figures, counted from the rows by hand."""
    by_group = Counter(f"{row[2].year} · {row[5] or 'undecided'}" for row in rows)
    yield from ((("received", group, office), n) for group, n in by_group.items())
    yield ("received", "In total", office), len(rows)
    yield ("people", "In total", office), len({row[1] for row in rows})
    decided = [row for row in rows if row[4] is not None]
    if decided:
        yield ("granted", "In total", office), 100 * sum(row[5] == "granted" for row in decided) / len(decided)
        yield ("took", "In total", office), statistics.median(days(row) for row in decided)
    for clerk in {row[6] for row in decided}:
        yield ("took", clerk, office), statistics.median(days(row) for row in decided if row[6] == clerk)
    kept = [answered(row) for row in rows if row[2] + timedelta(weeks=3) <= TODAY and answered(row) is not None]
    if kept:
        yield ("kept", "Answer", office), 100 * sum(map(bool, kept)) / len(kept)


def days(row: Row) -> int:
    assert row[4] is not None
    return (row[4] - row[2]).days


def answered(row: Row) -> bool | None:
    """Whether the answer came in time; None while it can still come."""
    done, due = row[3] or row[4], row[2] + timedelta(weeks=3)
    return done <= due if done else False if due < TODAY else None


def agrees(said: Mapping[Key, str], wanted: Mapping[Key, float], within: float = 1e-3) -> bool:
    return all(said[key] != ":" and float(said[key]) == pytest.approx(number, abs=within) for key, number in wanted.items())


ONE_DECIMAL = 0.0501
"""What is shared is rounded to that, so that nobody can reckon a mean back to the few that it is of."""


def test_an_offices_figures_are_those_that_one_counts_by_hand(tmp_path: Path) -> None:
    office = furnished(tmp_path / "office", "Sted", made_up(9))

    assert office.call("statistics", "--as-of", str(TODAY)).exit_code == 0
    assert agrees(numbers(office.output / "statistics" / "statistics.csv"), dict(expected(made_up(9), "Sted")))


def test_twelve_offices_figures_agree_wherever_they_are_shown_and_small_ones_are_not(tmp_path: Path) -> None:
    offices = {f"Sted {n}": made_up(n) for n in range(12)}
    folders = [furnished(tmp_path / name, name, rows).folder for name, rows in offices.items()]
    here = furnished(tmp_path / "here", "Here", made_up(1))

    result = here.call("statistics", *map(str, folders), "--as-of", str(TODAY))

    assert result.exit_code == 0, result.stderr
    said = numbers(here.output / "statistics" / "statistics together.csv")
    wanted = {key: number for name, rows in offices.items() for key, number in expected(rows, name)}
    shown = {key: number for key, number in wanted.items() if said[key] != ":"}
    assert agrees(said, shown, ONE_DECIMAL)
    assert len(shown) > len(wanted) / 3, "what is hidden leaves something to read"
    counts = {key: number for key, number in wanted.items() if key[0] in {"received", "people"}}
    assert all(said[key] == ":" for key, number in counts.items() if 0 < number < 5)
    everybody = [row for rows in offices.values() for row in rows]
    people = {(name, row[1]) for name, rows in offices.items() for row in rows}
    assert float(said["people", "In total", "All together"]) == len(people)
    assert said["received", "In total", "All together"] == ":", "one office is small, and the others share how many they have"
    assert float(said["kept", "Answer", "All together"]) == pytest.approx(
        dict(expected(everybody, ""))["kept", "Answer", ""], abs=ONE_DECIMAL
    )


def test_every_number_can_be_traced_to_its_records_inside_the_office_alone(tmp_path: Path) -> None:
    office = furnished(tmp_path / "office", "Sted", made_up(3))
    office.call("statistics", "--as-of", str(TODAY))
    inside, outside = (
        openpyxl.load_workbook(office.output / "statistics" / f"{name}.xlsx") for name in ("statistics", "statistics to share")
    )

    basis = [row for row in inside["Counted from"].iter_rows(min_row=2, values_only=True) if row[0] == "Applications"]
    assert sorted(str(row[3]) for row in basis) == sorted(row[0] for row in made_up(3))
    assert outside.sheetnames == ["Statistics"]


def test_a_row_that_cannot_be_read_is_told_and_not_lost(tmp_path: Path) -> None:
    office = furnished(tmp_path / "office", "Sted", made_up(3))
    office.change("Cases", "D3", "week 45")
    office.call("statistics", "--as-of", str(TODAY))

    book = openpyxl.load_workbook(office.output / "statistics" / "statistics.xlsx")
    rows = [row for row in book["Counted from"].iter_rows(min_row=2, values_only=True) if row[0] == "Applications"]
    assert [row[3] for row in rows if row[1] == "Cannot be counted"] == ["C-1"]
    assert len(rows) == len(made_up(3))
    assert "1 record cannot be counted" in (office.output / "statistics" / "statistics.html").read_text("utf-8")


def test_a_past_days_figures_are_rebuilt_from_what_the_runs_have_kept(tmp_path: Path) -> None:
    office = furnished(tmp_path / "office", "Sted", made_up(3))
    office.run(day="2026-11-20")
    office.call("statistics", "--as-of", "2026-11-20")
    then = (office.output / "statistics" / "statistics.csv").read_bytes()
    office.change("Cases", "F3", date(2026, 11, 2))
    office.change("Cases", "G3", "refused")
    office.run(day="2026-11-23")

    office.call("statistics", "--as-of", "2026-11-20")
    assert (office.output / "statistics" / "statistics.csv").read_bytes() != then
    assert office.call("statistics", "--as-of", "2026-11-20", "--as-it-stood").exit_code == 0
    assert (office.output / "statistics" / "statistics.csv").read_bytes() == then

    before = office.call("deadlines", "--as-of", "2026-11-20", "--as-it-stood", "--json")
    assert '"record": "C-1"' in before.stdout
    too_early = office.call("statistics", "--as-of", "2026-11-01", "--as-it-stood")
    assert too_early.exit_code == 2
    assert "No copy of the register book.xlsx as it stood on 2026-11-01 is kept" in too_early.stderr


def test_all_offices_that_cannot_be_counted_are_named_at_once(tmp_path: Path) -> None:
    here = furnished(tmp_path / "here", "Here", made_up(1))
    (tmp_path / "empty").mkdir()
    broken = furnished(tmp_path / "broken", "Broken", made_up(1))
    broken.workbook.write_bytes(b"")

    result = here.call("statistics", str(here.folder), str(tmp_path / "empty"), str(broken.folder))

    assert result.exit_code == 2
    assert "There is no profile.toml in" in result.stderr
    assert "book.xlsx" in result.stderr
    assert not (here.output / "statistics").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('[statistics.x]\ntitle = "X"\non = "cases"', "did you mean «case»?"),
        (
            '[statistics.x]\ntitle = "X"\non = "case"\nhow = "sum"\nvalue = "clerk"',
            "asked for is number, span of days.",
        ),
        ('[statistics.x]\ntitle = "X"\non = "case"\n[statistics.x.by]\nWhere = "person.street"', "of the class «address»"),
        ('[statistics.x]\ntitle = "X"\non = "deadlines"\nwhen = "standing == \'keept\'"', "keept"),
    ],
)
def test_a_figure_that_cannot_be_counted_or_tells_too_much_is_refused_with_the_profile(
    office: SmallOffice, wrong: str, said: str
) -> None:
    office.write_profile(f"{PROFILE}\n{wrong}\n")
    result: Any = office.call("statistics", "--as-of", str(TODAY))

    assert result.exit_code == 2
    assert said in result.stderr
