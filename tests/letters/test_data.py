"""Data stays data: what stands in a cell stands in the letter as it was typed, whoever renders the template."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.letters.compiled import Whole
from pipeline.letters.fill import Filling, fill
from pipeline.letters.template import TemplateEnvironment
from tests.letters.made_up import case, person, planned, profile, templates, text_of, view, word

FIELD = "S{{ case.reason }}E"

TYPED = {
    "signs of XML": "Berg & Sønn <AS> \"x\" 'y'",
    "tags": "{{ 7*7 }} {% if %} {# #} {_{ }_}",
    "a formula": "=cmd|' /C calc'!A1",
    "right to left": "a\u200fב\u202ec",
    "emoji": "👩\u200d👧 🇳🇴",
    "very long": "ord " * 8000 + "slutt",
    "many lines": "en\nto\ntre",
    "a tab": "a\tb",
    "entities": "&#123; &amp; &lt;",
    "the end of an element": "]]></w:t><w:p/>",
}
CHANGED = {
    "lines of other systems": ("en\r\nto\u2028tre\u2029fire", "en\nto\ntre\nfire"),
    "what XML cannot hold": ("a\x07b\x0cc\ufffe", "abc"),
}


@pytest.mark.parametrize("whole", [False, True], ids=["compiled", "as docxtpl"])
@pytest.mark.parametrize(
    ("value", "printed"),
    [*((value, value) for value in TYPED.values()), *CHANGED.values()],
    ids=[*TYPED, *CHANGED],
)
def test_a_value_is_printed_as_typed(value: str, printed: str, *, whole: bool) -> None:
    seen = view(profile({"dated": "received"}), person("P-1"), case(person="P-1", received=date(2026, 11, 10), reason=value))
    found = templates(notice__docx=word(FIELD, header=[FIELD], cells=[FIELD]))
    environment = TemplateEnvironment(seen.rules.calendar)
    if whole:
        template = found["notice.docx"]
        environment._ways[template.digest] = Whole(template.content, environment)
    (letter,), _ = fill(planned(seen), Filling(seen, found, environment))
    assert text_of(letter.content).count(f"S{printed}E") == 3
