"""A wrong rule is refused when the profile loads: the kind of mistake beside the sentence, as the command line tells it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from tests.profile.test_load import BASE

DUE = 'due = "mottatt + frist"'
REFUSED = [
    ("an unknown column", DUE, 'due = "motatt + frist"', "due: «motatt» is unknown; did you mean «mottatt»?"),
    ("an unknown column of a reference", DUE, 'due = "bruker.fodt"', "due: «fodt» is unknown; did you mean «født»?"),
    ("an unknown period", DUE, 'due = "mottatt + frst"', "due: «frst» is unknown; did you mean «frist»?"),
    ("an unknown function", DUE, 'due = "mottatt + weks(3)"', "due: «weks» is unknown; did you mean «weeks»?"),
    ("an unknown filter", DUE, 'due = "mottatt | soon"', "There is no filter «soon»"),
    ("an unknown deadline", DUE, 'due = "deadlines.meldng.due"', "«meldng» is unknown; did you mean «melding»?"),
    ("an unknown sheet", 'on = "sak"\ndue', 'on = "skak"\ndue', "on: «skak» is unknown; did you mean «sak»?"),
    ("an unknown choice", DUE, "due = \"mottatt if utfall == 'jo' else svar\"", "«jo» is not among the choices"),
    ("an unknown owner", DUE, DUE + '\nowner = "saksbehndler"', "owner: «saksbehndler» is unknown"),
    ("an unknown condition", DUE, DUE + '\nwhen = "not vedtaksdato"', "when: «vedtaksdato» is unknown"),
    ("an unknown key", DUE, DUE + '\nremined = "1 week"', "remined: Nobody knows this key; did you mean «remind»?"),
    ("a date plus a number", DUE, 'due = "mottatt + 3"', "to a date is added days(…), weeks(…), months(…) or a period"),
    ("a date minus a text", DUE, 'due = "mottatt - nr"', "«date - text» cannot be worked out"),
    ("a date times a number", DUE, 'due = "mottatt * 2"', "«date * number» cannot be worked out"),
    ("a number for a date", DUE, 'due = "timer"', "This gives a number; asked for is date."),
    ("a span for a date", DUE, 'due = "mottatt - svar"', "This gives a span of days; asked for is date."),
    ("a list for a date", DUE, 'due = "bruker.saker.mottatt"', "This gives a list; take one date of it"),
    ("a text for a done date", DUE, DUE + '\ndone = "nr"', "done: "),
    ("a date compared with a text", DUE, "due = \"svar if mottatt > '2026' else mottatt\"", "A date is compared with a text"),
    ("no expression", DUE, 'due = "mottatt +"', "«mottatt +» is no expression"),
    ("a period in words", DUE, 'due = "mottatt + 3 uker"', "«3 uker» is not understood here; write «weeks(3)»."),
    ("a period in words between", DUE, 'due = "mottatt + 10 working days if svar"', "write «working_days(10)»."),
    ("a function of another language", DUE, 'due = "mottatt + uker(3)"', "«uker» is unknown; did you mean «weeks»?"),
    ("two expressions", DUE, 'due = "mottatt, svar"', "«mottatt, svar» is no expression"),
    ("a circle", DUE, 'due = "deadlines.melding.due + frist"', "These need each other in a circle"),
    ("neither due nor every", DUE, "", "A deadline has either «due», or «from» and «every»."),
    (
        "both due and every",
        DUE,
        DUE + '\nfrom = "svar"\nevery = "1 year"',
        "A deadline has either «due», or «from» and «every».",
    ),
    ("a lead time that is none", 'remind = "5 working days"', 'remind = "soon"', "remind: «soon» is no period"),
    ("a recurrence that is none", DUE, 'from = "svar"\nevery = "yearly"', "every: «yearly» is no period"),
    ("a recurrence that stands still", DUE, 'from = "svar"\nevery = "0 days"', "every: «0 days» is no period"),
    ("nobody's deadline", DUE, DUE + '\nwhose = "nobody"', "whose: 'nobody' is not possible here"),
    ("a missing legal reference", 'basis = ["fvl"]', 'basis = ["fvll"]', "basis: «fvll» is unknown; did you mean «fvl»?"),
    ("a legal reference's condition", 'basis = ["fvl"]', 'basis = ["fvl if svr"]', "«svr» is unknown; did you mean «svar»?"),
    ("a legal reference without text", 'text = "forvaltningsloven § 11 a"', "valid_from = 2026-01-01", "This is missing."),
    ("a validity that is no date", "[[law.fvl]]", '[[law.fvl]]\nvalid_to = "soon"', "valid_to: 'soon' does not fit here"),
    ("Python's insides", DUE, 'due = "mottatt.__class__"', "«__class__» is unknown"),
    ("a clock", DUE, 'due = "mottatt.today()"', "«today» is unknown"),
]


@pytest.mark.parametrize(("old", "new", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_wrong_rule_is_refused_when_the_profile_loads(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert BASE.count(old) == 1
    (tmp_path / "profile.toml").write_text(BASE.replace(old, new), encoding="utf-8")

    said = CliRunner().invoke(main, ["--workspace", str(tmp_path), "--language", "en", "deadlines", "--as-of", "2026-11-23"])

    assert said.exit_code == 2, said.output
    assert words in said.output
    assert "Traceback" not in said.output
