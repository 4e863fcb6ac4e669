"""Every mistake in a profile is told when it loads: where it stands, what is wrong, what was probably meant."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from pipeline.faults import NoWorkspace
from pipeline.profile.load import BrokenProfile, load_profile
from pipeline.profile.model import Profile

BASE = """
[office]
municipality = "Sted"
country = "NO"
language = "nb"

[terms]
frist = "3 weeks"
tall = 3

[register]
workbook = "r.xlsx"

[sheets.person]
key = "navn"
recipient = { name = "navn", address = ["navn"] }
[sheets.person.columns]
navn = { type = "text", class = "navn" }
født = { type = "date" }
alder = { type = "number", value = "age(født)" }

[sheets.sak]
key = "nr"
[sheets.sak.columns]
nr = { type = "text" }
mottatt = { type = "date" }
svar = { type = "date" }
utfall = { type = "choice", choices = ["ja", "nei"] }
bruker = { type = "ref", to = "person", back = "saker" }
timer = { type = "number" }

[deadlines.melding]
on = "sak"
due = "mottatt + frist"
basis = ["fvl"]
remind = "5 working days"

[letters.brev]
on = "sak"
template = "brev.docx"
serves = "melding"
sent = "svar"
to = ["bruker"]
shows = ["navn"]

[[law.fvl]]
text = "forvaltningsloven § 11 a"
""".replace("født =", '"født" =')


def write(folder: Path, text: str | bytes, name: str = "profile.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def mistakes(path: Path) -> list[tuple[str, str, str]]:
    """Table, key and sentence of every mistake."""
    with pytest.raises(BrokenProfile) as error:
        load_profile(path)
    return [(mistake.table, mistake.key, mistake.sentence.format_map(dict(mistake.facts))) for mistake in error.value.mistakes]


def changed(old: str, new: str) -> str:
    assert BASE.count(old) == 1, f"{old!r} stands {BASE.count(old)} times in the profile"
    return BASE.replace(old, new)


def test_the_profile_that_the_mistakes_are_planted_in_is_whole(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, BASE))

    assert isinstance(profile, Profile)
    assert (profile.sheets["sak"].title, profile.deadlines["melding"].title) == ("Sak", "Melding")
    assert profile.sheets["person"].columns["født"].heading == "Født"


def test_the_offices_own_profile_loads(root: Path) -> None:
    assert load_profile(root / "profile.toml").office.country == "NO"


DUE = 'due = "mottatt + frist"'
IN_DUE = [
    ("motatt + frist", "«motatt» is unknown; did you mean «mottatt»?"),
    ("mottatt + fris", "«fris» is unknown; did you mean «frist»?"),
    ("bruker.født2 + frist", "«født2» is unknown; did you mean «født»?"),
    ("bruker.saker.mottat | first", "«mottat» is unknown; did you mean «mottatt»?"),
    ("mottatt + weks(3)", "«weks» is unknown; did you mean «weeks»?"),
    ("mottatt + tall", "«date + number» cannot be worked out"),
    ("mottatt - nr", "«date - text» cannot be worked out"),
    ("mottatt * 2", "«date * number» cannot be worked out"),
    ("mottatt + 3", "to a date is added days(…), weeks(…), months(…) or a period"),
    ("mottatt +", "«mottatt +» is no expression"),
    ("", "«» is no expression; look for a bracket"),
    ("mottatt, svar", "«mottatt, svar» is no expression; look for"),
    ("{{ mottatt }}", "is no expression"),
    ("mottatt) }} {{ (svar", "is no expression; look for"),
    ("mottatt if utfall == 'jo' else svar", "«jo» is not among the choices; did you mean"),
    ("mottatt if 'nie' == utfall else svar", "«nie» is not among the choices; did you mean «nei»?"),
    ("mottatt if utfall in ['ja', 'nie'] else svar", "«nie» is not among the choices; did you mean «nei»?"),
    ("mottatt if utfall not in ['nie'] else svar", "«nie» is not among the choices; did you mean «nei»?"),
    ("mottatt if mottatt > 3 else svar", "A date is compared with a number; that never holds."),
    ("mottatt if mottatt == '2026-01-01' else svar", "A date is compared with a text; that never holds."),
    ("mottatt if timer < frist else svar", "A number is compared with a period; that never holds."),
    ("mottatt if bruker == 'Kari' else svar", "A row is compared with a text; that never holds."),
    ("mottatt if 'ja' in bruker else svar", "A text is compared with a row; that never holds."),
    ("deadlines.meldng.due", "«meldng» is unknown; did you mean «melding»?"),
    ("deadlines.melding.due", "These need each other in a circle: deadlines.melding → deadlines.melding."),
    ("sheets.sk.mottatt | first", "«sk» is unknown; did you mean «sak»?"),
    ("sheets['sk'].mottatt | first", "«sk» is unknown; did you mean «sak»?"),
    ("(sheets.sak['1']).motatt", "«motatt» is unknown; did you mean «mottatt»?"),
    ("(bruker.saker | selectattr('motatt')).mottatt | first", "«motatt» is unknown; did you mean «mottatt»?"),
    ("(bruker.saker | rejectattr('bruker.nvn')).mottatt | first", "«nvn» is unknown; did you mean «navn»?"),
    ("(bruker.saker | selectattr('utfall', 'eq', 'nie')).mottatt | first", "«nie» is not among the choices"),
    ("(bruker.saker | selectattr('utfall', 'equal', 'ja')).mottatt | first", "«equal» is unknown"),
    ("bruker.saker | map(attribute='motatt') | first", "«motatt» is unknown; did you mean «mottatt»?"),
    ("(bruker.saker | sort(attribute='motatt') | first).mottatt", "«motatt» is unknown; did you mean «mottatt»?"),
    ("bruker.saker.mottatt", "This gives a list; take one date of it, with «| first» or «| max»."),
    ("mottatt + days(timer / 7 | round)", "The filter «round» works on the last part of the calculation alone"),
    ("mottatt | nofilter", "There is no filter «nofilter»."),
    ("mottatt if mottatt is odder else svar", "«odder» is unknown; did you mean «odd»?"),
    ("mottatt.aar", "«aar» is unknown."),
    ("today.today()", "«today» is unknown"),
    ("(mottatt - svar).dayz", "«dayz» is unknown; did you mean «days»?"),
    ("mottatt if nr.upper() == 'X' else svar", "«upper» is asked of a text, which has no such thing."),
    ("mottatt()", "A date is no function; take away the brackets behind it."),
    ("range(10)", "«range» is unknown"),
    ("timer", "This gives a number; asked for is date."),
    ("frist", "This gives a period; asked for is date."),
    ("mottatt - svar", "This gives a span; asked for is date."),
    ("mottatt if bruker else letters.sendt | max", "«sendt» is unknown; did you mean «sent»?"),
    ("record.svar", "«record» is unknown."),
    ("bruker['fodt']", "«fodt» is unknown; did you mean «født»?"),
    ("bruker[nr]", "A field in square brackets is named outright"),
    ("mottatt + days(bruker.saker | sum('timr'))", "«timr» is unknown; did you mean «timer»?"),
    ("bruker.saker | map(**nr) | first", "The arguments are written out here one by one"),
    ("bruker.saker | map(attribute=nr) | first", "The arguments are written out here one by one"),
    ("(" * 3000 + "mottatt" + ")" * 3000, "is no expression"),
    ("mottatt or " * 3000 + "svar", "is no expression"),
]


@pytest.mark.parametrize(("due", "words"), IN_DUE)
def test_a_mistake_in_an_expression_is_told_at_its_key(tmp_path: Path, due: str, words: str) -> None:
    found = mistakes(write(tmp_path, changed(DUE, f'due = "{due}"')))

    assert {(table, key) for table, key, _ in found} == {("[deadlines.melding]", "due")}
    assert any(words in sentence for _, _, sentence in found), found


@pytest.mark.parametrize(
    "due",
    [
        *("frist + mottatt", "mottatt + 2 * frist", "mottatt + frist * tall", "mottatt or svar", "[mottatt, svar] | max"),
        *("bruker['født']", "bruker.saker[0].mottatt", "sheets.sak[nr].mottatt", "bruker.saker[:2].mottatt | first"),
        "mottatt or " * 60 + "svar",
        *("bruker.saker.mottatt | max", "(bruker.saker | sort(attribute='mottatt') | first).mottatt", "mottatt.replace(day=1)"),
        *("mottatt + days(bruker.saker.timer | sum)", "mottatt + days((timer / 7) | round)", "mottatt if 'x' in nr else svar"),
        *("(bruker.saker | valid(today) | first).mottatt if false else svar", "mottatt if mottatt.year > 2025 else svar"),
        *(
            "letters.sent | max",
            "sheets.sak['1'].mottatt",
            "mottatt | default(svar)",
            "bruker.saker | map(attribute='mottatt') | max",
        ),
    ],
)
def test_what_is_right_is_let_through(tmp_path: Path, due: str) -> None:
    assert load_profile(write(tmp_path, changed(DUE, f'due = "{due}"'))).deadlines["melding"].due == due


IN_TABLES = [
    ('key = "nr"', 'key = "nmr"', "[sheets.sak]", "key", "«nmr» is unknown; did you mean «nr»?"),
    ('key = "navn"', 'key = "alder"', "[sheets.person]", "key", "«alder» is unknown"),
    ('key = "navn"', 'key = "navn"\nvalid = ["født", "til"]', "[sheets.person]", "valid", "«til» is unknown"),
    ('key = "nr"', "", "[sheets.sak]", "key", "This is missing."),
    ('municipality = "Sted"', "", "[office]", "municipality", "This is missing."),
    ('country = "NO"', 'country = "FI"', "[office]", "country", "'FI' is not possible here; possible are 'NO', 'SE' or 'DK'."),
    ('language = "nb"', 'language = "nb"\nclosed = ["24-12"]', "[office]", "closed.0", "'24-12' does not fit here"),
    ('basis = ["fvl"]', 'basis = ["fvll"]', "[deadlines.melding]", "basis", "«fvll» is unknown; did you mean «fvl»?"),
    ('basis = ["fvl"]', 'basis = ["fvl if svr"]', "[deadlines.melding]", "basis", "«svr» is unknown; did you mean «svar»?"),
    (
        'remind = "5 working days"',
        'remind = "5 workdays"',
        "[deadlines.melding]",
        "remind",
        "«5 workdays» is no period; write it as",
    ),
    ('remind = "5 working days"', 'remined = "5 days"', "[deadlines.melding]", "remined", "did you mean «remind»?"),
    ('remind = "5 working days"', 'whose = "offise"', "[deadlines.melding]", "whose", "'offise' is not possible here"),
    (DUE, 'from = "mottatt"', "[deadlines.melding]", "due", "A deadline has either «due», or «from» and «every»."),
    (DUE, 'every = "1 year"', "[deadlines.melding]", "due", "A deadline has either «due», or «from» and «every»."),
    (DUE, "", "[deadlines.melding]", "due", "A deadline has either «due», or «from» and «every»."),
    (DUE, DUE + '\nfrom = "svar"\nevery = "1 year"', "[deadlines.melding]", "due", "either «due», or «from»"),
    (DUE, 'from = "mottatt"\nevery = "0 days"', "[deadlines.melding]", "every", "«0 days» is no period"),
    (DUE, 'from = "mottatt"\nevery = "yearly"', "[deadlines.melding]", "every", "«yearly» is no period"),
    ('frist = "3 weeks"', 'frist = "3 wekes"', "[deadlines.melding]", "due", "«date + text» cannot be worked out"),
    ("tall = 3", "days = 3", "[terms]", "days", "«days» is a name of the grammar's own"),
    ("tall = 3", "sent = 3", "[terms]", "sent", "«sent» is a name of the grammar's own"),
    ("tall = 3", "standing = 3", "[terms]", "standing", "«standing» is a name of the grammar's own"),
    ("tall = 3", "timer = 3", "[sheets.sak.columns] timer", "", "«timer» is a term already"),
    ("tall = 3", "saker = 3", "[sheets.sak.columns] bruker", "back", "«saker» is a term already"),
    ('on = "sak"\ndue', 'on = "skak"\ndue', "[deadlines.melding]", "on", "«skak» is unknown; did you mean «sak»?"),
    ('serves = "melding"', 'serves = "meldng"', "[letters.brev]", "serves", "«meldng» is unknown; did you mean «melding»?"),
    ('sent = "svar"', 'sent = "svr"', "[letters.brev]", "sent", "«svr» is unknown; did you mean «svar»?"),
    ('sent = "svar"', 'sent = "nr"', "[letters.brev]", "sent", "«nr» is unknown"),
    ('shows = ["navn"]', 'shows = ["namn"]', "[letters.brev]", "shows", "«namn» is unknown; did you mean «navn»?"),
    ('to = ["bruker"]', 'to = ["nr"]', "[letters.brev]", "to", "This gives a text, and nobody can write to that."),
    ('to = ["bruker"]', 'copi = ["bruker"]', "[letters.brev]", "copi", "did you mean «copy»?"),
    ('template = "brev.docx"', "", "[letters.brev]", "template", "This is missing."),
    (
        'to = "person", back = "saker"',
        'to = "persn", back = "saker"',
        "[sheets.sak.columns] bruker",
        "to",
        "did you mean «person»?",
    ),
    ('to = "person", back = "saker"', 'back = "saker"', "[sheets.sak.columns] bruker", "to", "says with «to» which sheet"),
    ('back = "saker"', 'back = "navn"', "[sheets.sak.columns] bruker", "back", "«navn» is also a column of the sheet person"),
    ('back = "saker"', 'back = "letters"', "[sheets.sak.columns] bruker", "back", "«letters» is a name of the grammar's own"),
    (
        "timer = {",
        'forelder = { type = "ref", to = "person", back = "saker" }\ntimer = {',
        *("[sheets.sak.columns] forelder", "back", "The sheet person has two ways back that are called «saker»."),
    ),
    ("timer = {", 'today = { type = "date" }\ntimer = {', "[sheets.sak.columns] today", "", "is a name of the grammar's own"),
    ("timer = {", 'x = { type = "choice" }\ntimer = {', "[sheets.sak.columns] x", "choices", "lists its «choices»"),
    (
        "timer = {",
        'x = { type = "text", pattern = "(" }\ntimer = {',
        "[sheets.sak.columns] x",
        "pattern",
        "no regular expression",
    ),
    ('type = "number" }', 'type = "nummer" }', "[sheets.sak.columns.timer]", "type", "'nummer' is not possible here"),
    (
        'type = "number" }',
        'type = "number", requird = true }',
        "[sheets.sak.columns.timer]",
        "requird",
        "did you mean «required»?",
    ),
    (
        'type = "number" }',
        'type = "number", not_before = "nr" }',
        "[sheets.sak.columns] timer",
        "not_before",
        "asked for is date",
    ),
    ('type = "number" }', 'type = "number", value = "mottatt" }', "[sheets.sak.columns] timer", "value", "asked for is number"),
    ('name = "navn", address', 'name = "nvn", address', "[sheets.person] recipient", "name", "did you mean «navn»?"),
    ('text = "forvaltningsloven § 11 a"', 'txt = "§ 11 a"', "[[law.fvl]]", "0.txt", "did you mean «text»?"),
    ("[register]", '[statistics.saker]\non = "sakk"\n[register]', "[statistics.saker]", "on", "did you mean «sak»?"),
    ("[register]", "[registers]\n[register]", "", "registers", "did you mean «register»?"),
    (
        "[sheets.person]",
        '[sheets.letters]\nkey = "a"\ncolumns = {a = {type = "text"}}\n[sheets.person]',
        "[sheets.letters]",
        "",
        "taken",
    ),
]


@pytest.mark.parametrize(("old", "new", "table", "key", "words"), IN_TABLES)
def test_a_mistake_in_a_table_is_told_where_it_stands(
    tmp_path: Path, old: str, new: str, table: str, key: str, words: str
) -> None:
    found = mistakes(write(tmp_path, changed(old, new)))

    assert [(at, of) for at, of, sentence in found if words in sentence] == [(table, key)], found


@pytest.mark.parametrize(
    "text", ["sheets = 3", "[sheets]\nx = 3", "[sheets.x]\ncolumns = 3", "deadlines = []", "terms = 'x'", ""]
)
def test_tables_of_another_shape_are_mistakes_and_no_crash(tmp_path: Path, text: str) -> None:
    assert mistakes(write(tmp_path, text))


def test_computed_columns_in_a_circle_are_told(tmp_path: Path) -> None:
    circle = 'a = { type = "number", value = "b + 1" }\nb = { type = "number", value = "bruker.saker.a | sum" }\ntimer = {'
    found = mistakes(write(tmp_path, changed("timer = {", circle)))

    assert [(table, sentence) for table, _, sentence in found] == [
        ("[sheets.sak.columns] a", "These need each other in a circle: sak.a → sak.b → sak.a."),
        ("[sheets.sak.columns] b", "These need each other in a circle: sak.b → sak.a → sak.b."),
    ]


@pytest.mark.parametrize(
    "value",
    [
        *("bruker.saker | sum(attribute='a')", "bruker.saker | sum('a')", "bruker.saker | map(attribute='a') | sum"),
        *("bruker.saker | sum(attribute='bruker.saker.a')", "bruker.saker[0]['a']"),
        "bruker.saker | map('sum', 'a') | sum",
    ],
)
def test_a_circle_through_a_filter_is_a_circle(tmp_path: Path, value: str) -> None:
    column = f'a = {{ type = "number", value = "{value}" }}\ntimer = {{'

    assert mistakes(write(tmp_path, changed("timer = {", column))) == [
        ("[sheets.sak.columns] a", "value", "These need each other in a circle: sak.a → sak.a.")
    ]


@pytest.mark.parametrize(
    "value",
    [
        *("bruker.navn", "bruker['navn']", "'v/ ' ~ bruker.navn", "bruker.navn if utfall else nr", "bruker.navn | upper"),
        *("[bruker] | map(attribute='navn') | join", "bruker.saker | join(', ', 'bruker.navn')", "bruker.navn or nr"),
        *("sheets.sak | map(attribute='bruker.navn') | first", "sheets.person[nr].navn", "([bruker] | first).navn"),
        "[[bruker]] | map('join', ', ', 'navn') | first",
    ],
)
@pytest.mark.parametrize(("own", "right"), [("open", False), ("annet", False), ("navn", True)])
def test_a_computed_column_keeps_the_class_of_what_it_passes_on(tmp_path: Path, value: str, own: str, *, right: bool) -> None:
    column = f'x = {{ type = "text", class = "{own}", value = "{value}" }}\ntimer = {{'
    path = write(tmp_path, changed("timer = {", column))

    if right:
        assert load_profile(path).sheets["sak"].columns["x"].class_ == own
    else:
        sentence = "This reads «navn» of the class «navn»; give the column that class."
        assert mistakes(path) == [("[sheets.sak.columns] x", "class", sentence)]


@pytest.mark.parametrize(
    "value",
    [
        *("'a' if bruker.navn else 'b'", "'a' if bruker.navn == nr else 'b'", "(bruker.saker | selectattr('bruker.navn')).nr"),
        *("'a' if bruker.navn is defined else nr", "bruker.saker.nr | join"),
    ],
)
def test_what_a_computed_column_only_decides_by_gives_it_no_class(tmp_path: Path, value: str) -> None:
    column = f'x = {{ type = "text", value = "{value}" }}\ntimer = {{'

    assert load_profile(write(tmp_path, changed("timer = {", column))).sheets["sak"].columns["x"].class_ == "open"


@pytest.mark.parametrize(
    ("term", "meant"),
    [
        *(("3 uker", "3 weeks"), ("1 uke", "1 week"), ("10 arbeidsdager", "10 working days"), ("2 år", "2 years")),
        *(("4 veckor", "4 weeks"), ("14 dage", "14 days"), ("3 Måneder", "3 months"), ("3 wekes", "3 weeks")),
        *(("10 workin days", "10 working days"), ("3weeks", "3 weeks"), ("3 Weeks", "3 weeks")),
    ],
)
def test_a_period_in_another_language_is_told_at_its_term(tmp_path: Path, term: str, meant: str) -> None:
    sentence = f"«{term}» is no period that rules can count with; write «{meant}» ("

    found = mistakes(write(tmp_path, changed("tall = 3", f'tall = 3\nny = "{term}"')))
    assert [(table, key) for table, key, _ in found] == [("[terms]", "ny")]
    assert found[0][2].startswith(sentence)


@pytest.mark.parametrize("term", ["3 weeks", "støttekontakt", "12 rom", "00 00 00 00", "§ 11 a", "uke", "3"])
def test_a_term_that_is_a_text_is_let_through(tmp_path: Path, term: str) -> None:
    assert load_profile(write(tmp_path, changed("tall = 3", f'tall = 3\nny = "{term}"'))).terms["ny"] == term


@pytest.mark.parametrize("key", ["to", "copy"])
@pytest.mark.parametrize("source", ["bruker.saker", "sheets.sak | first", "[bruker] + bruker.saker"])
def test_a_letter_goes_to_rows_that_have_an_address(tmp_path: Path, key: str, source: str) -> None:
    text = changed('to = ["bruker"]', f'{key} = ["{source}"]')

    assert mistakes(write(tmp_path, text))[-1] == (
        *("[letters.brev]", key, "This gives rows of the sheet sak, which has no «recipient» to say how they are addressed."),
    )


def test_a_circle_may_go_over_a_deadline(tmp_path: Path) -> None:
    text = changed("timer = {", 'neste = { type = "date", value = "deadlines.melding.due" }\ntimer = {').replace(
        DUE, 'due = "neste"'
    )

    assert "sak.neste → deadlines.melding → sak.neste" in mistakes(write(tmp_path, text))[0][2]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = changed(DUE, 'due = "motatt + fris"').replace('sent = "svar"', 'sent = "svr"').replace('key = "nr"', 'key = "nmr"')

    assert [(table, key) for table, key, _ in mistakes(write(tmp_path, text))] == [
        ("[sheets.sak]", "key"),
        ("[letters.brev]", "sent"),
        ("[deadlines.melding]", "due"),
        ("[deadlines.melding]", "due"),
    ]


@pytest.mark.parametrize(
    ("on_letters", "right"),
    [
        ("letter == 'brev'", "record.mottatt"),
        ("letter == 'attest'", "record.født"),
        ("letter in ['brev']", "record.mottatt"),
    ],
)
def test_a_rule_on_letters_sees_the_rows_of_the_letters_it_names(tmp_path: Path, on_letters: str, right: str) -> None:
    rule = (
        '[sheets.kurs]\nkey = "id"\n[sheets.kurs.columns]\nid = {{ type = "text" }}\n"født" = {{ type = "date" }}\n'
        '[letters.attest]\non = "kurs"\ntemplate = "a.docx"\n'
        '[deadlines.klage]\non = "letters"\nwhen = "{}"\ndue = "{}"\n[[law.fvl]]'
    )
    wrong = "record.født" if right == "record.mottatt" else "record.mottatt"

    assert load_profile(write(tmp_path, changed("[[law.fvl]]", rule.format(on_letters, right)))).deadlines["klage"].due == right
    found = mistakes(write(tmp_path, changed("[[law.fvl]]", rule.format(on_letters, wrong))))
    assert [(table, key) for table, key, _ in found] == [("[deadlines.klage]", "due")]


def test_a_letter_that_no_rule_makes_is_told_in_a_rule_on_letters(tmp_path: Path) -> None:
    rule = '[deadlines.klage]\non = "letters"\nwhen = "letter == \'bref\'"\ndue = "sent"\n[[law.fvl]]'

    assert mistakes(write(tmp_path, changed("[[law.fvl]]", rule))) == [
        ("[deadlines.klage]", "when", "«bref» is not among the choices; did you mean «brev»?")
    ]


# ------------------------------------------------------------------ the file


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BASE.replace('"født" =', "født ="), '«født = { type = "date" }»: a key with å, ä, æ, ö or ø stands in quotes.'),
        ("[sheets.ærend]\n", "a key with å, ä, æ, ö or ø stands in quotes."),
        (
            '[register]\nworkbook = "F:\\Helse\\Saker.xlsx"\n',
            "a path with backslashes stands in single quotes, 'F:\\cases.xlsx'.",
        ),
        ("[office]\ncountry = “NO”\n", "these quotes are curly; write straight ones."),
        ('x = { type = "date",\n  required = true }\n', 'Line 1, «x = { type = "date",»: a table in braces stays on one line.'),
        ("a = 1\na = 2\n", "Line 2, «a = 2»: this name stands twice."),
        ('a = "open\nb = 1', 'Line 1, «a = "open»: this is not TOML'),
        ("a", "this is not TOML"),
        ("a = 'blåbær".encode("latin-1"), "The file is not saved as UTF-8; save it again with that encoding."),
        ("a = " + "[" * 3000 + "]" * 3000, "The file has brackets within brackets, too many to be read."),
        (BASE.encode("utf-16"), "The file is not saved as UTF-8; save it again with that encoding."),
    ],
)
def test_a_file_that_cannot_be_read_says_what_people_forget(tmp_path: Path, text: str | bytes, words: str) -> None:
    found = mistakes(write(tmp_path, text))

    assert len(found) == 1
    assert words in found[0][2]


def test_a_byte_order_mark_from_notepad_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    assert load_profile(write(tmp_path, b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())).deadlines


def test_a_letter_with_a_ring_typed_on_a_mac_is_the_one_typed_on_a_pc(tmp_path: Path) -> None:
    keys_apart = BASE.replace('"født"', unicodedata.normalize("NFD", '"båret"')).replace("age(født)", "age(båret)")

    assert list(load_profile(write(tmp_path, keys_apart)).sheets["person"].columns) == ["navn", "båret", "alder"]


def test_without_a_file_there_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace):
        load_profile(tmp_path / "profile.toml")


# ------------------------------------------------------------------ extends


def test_tables_merge_and_values_and_lists_replace(tmp_path: Path) -> None:
    write(tmp_path, BASE, "base.toml")
    own = 'extends = "base.toml"\n[terms]\nfrist = "4 weeks"\n'
    column = '[sheets.sak.columns]\nutfall = { choices = ["ja", "nei", "delvis"] }\n'
    profile = load_profile(write(tmp_path, own + column + '[letters.brev]\nto = []\n[deadlines.melding]\nwhen = "false"\n'))

    assert profile.terms == {"frist": "4 weeks", "tall": 3}
    assert profile.sheets["sak"].columns["utfall"].choices == ("ja", "nei", "delvis")
    assert profile.sheets["sak"].columns["utfall"].type == "choice"
    assert profile.letters["brev"].to == ()
    assert (profile.deadlines["melding"].when, profile.deadlines["melding"].due) == ("false", "mottatt + frist")


def test_a_mistake_in_what_is_laid_over_is_told(tmp_path: Path) -> None:
    write(tmp_path, BASE, "base.toml")
    found = mistakes(write(tmp_path, 'extends = "base.toml"\n[deadlines.meldng]\nwhen = "false"\n'))

    assert [(table, key) for table, key, _ in found] == [("[deadlines.meldng]", "on")]


@pytest.mark.parametrize("extends", ["profile.toml", "./profile.toml", "../{folder}/profile.toml", "other.toml"])
def test_a_profile_that_extends_itself_is_told(tmp_path: Path, extends: str) -> None:
    write(tmp_path, 'extends = "profile.toml"', "other.toml")
    path = write(tmp_path, f'extends = "{extends.format(folder=tmp_path.name)}"\n' + BASE)

    assert mistakes(path) == [("", "extends", "The profile extends itself.")]


def test_a_profile_that_extends_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "base.toml").mkdir()
    found = mistakes(write(tmp_path, 'extends = "base.toml"\n' + BASE))

    assert [sentence for _, _, sentence in found] == [
        "The file cannot be read; see whether it is a file, and whether this account may read it."
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("municipality = 3", "3 does not fit here; a text in quotes is asked for."),
        ("municipality = 'x'\nclosed = 'x'", "'x' does not fit here; a list in square brackets is asked for."),
        ("municipality = 'x'\nclosed = ['1']", "'1' does not fit here; write a day as month and day, «12-24»"),
        ("municipality = 'x'\nstart = 'x'", "'x' does not fit here; a date such as 2026-05-15 is asked for"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_our_own_words(tmp_path: Path, value: str, words: str) -> None:
    found = mistakes(write(tmp_path, changed('municipality = "Sted"', value)))

    assert len(found) == 1
    assert words in found[0][2]


@pytest.mark.parametrize(
    ("extends", "words"),
    [
        ('"altaa"', "There is no profile"),
        ('"nowhere.toml"', "There is no profile"),
        ("3", "name of a profile"),
        ("[]", "name of a profile"),
    ],
)
def test_a_profile_that_extends_nothing_is_told(tmp_path: Path, extends: str, words: str) -> None:
    found = mistakes(write(tmp_path, f"extends = {extends}\n" + BASE))

    assert [(table, key) for table, key, _ in found] == [("", "extends")]
    assert words in found[0][2]
