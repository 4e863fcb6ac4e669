"""What a template must not do: reach files, network or Python's insides, run for ever, fill the memory."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from pipeline.letters.budget import LIMIT, Budget, size, turn
from pipeline.letters.model import Outcome
from pipeline.letters.template import TemplateEnvironment
from pipeline.lists.story import reason_in_words
from pipeline.register.model import View
from pipeline.texts import texts_in
from tests.letters.made_up import case, excel, filled, mistakes, person, profile, templates, text_of, view, word

SECONDS = 20
"""Each attack ends long before; a machine with much else to do is given its time."""

LONG = "{% set a = 'abcdefghij' * 1000 %}"
MANY = f"{LONG}{{% set list = a | list %}}"

INSIDES = (
    "{{ case.__class__ }}",
    "{{ case.record.place.__init__.__globals__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ case.received.__reduce__() }}",
    "{{ case['__class__'] }}",
    "{{ case | attr('__class__') }}",
    "{{ [case] | map(attribute='__class__') | list }}",
    "{{ [case] | map('attr', '__class__') | list }}",
    "{{ [case] | groupby('__class__') | list }}",
    "{{ [case] | sum(attribute='__class__', start='') }}",
    "{{ case.view.register.records }}",
    "{{ sheets._view.register }}",
    "{{ cycler.__init__.__globals__.os.popen('id') }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ namespace(a=1).__init__ }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ joiner() }}",
    "{{ dict(a=1) }}",
    "{{ range(10) | list }}",
    "{{ '{0.__class__}'.format(case) }}",
    "{{ '%s' | format(case.__dict__) }}",
    "{{ 'x'.encode() }}",
    "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "{% for x in [1] %}{{ loop.__class__ }}{% endfor %}",
    "{{ _print.__self__ }}",
    "{{ _voice }}",
    "{{ days.__wrapped__ }}",
    "{{ days.cache_clear() }}",
)
ELSEWHERE = (
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os }}",
    "{% from 'x' import y %}",
    "{% extends 'notice.docx' %}",
    "{% block a %}x{% endblock %}",
    "{{ open('/etc/passwd').read() }}",
    "{{ urlopen('http://127.0.0.1/') }}",
)
ENDLESS = (
    "{{ 'a' * 10**9 }}",
    "{{ ('a' * 10000) * 10000 }}",
    "{{ 10 ** 10 ** 10 }}",
    f"{{% set n = 2 ** 60 %}}{'{% set n = n * n %}' * 20}{{{{ n }}}}",
    "{{ range(10**9) | sum }}",
    f"{MANY}{{% for x in list %}}{{% for y in list %}}{{% for z in list %}}.{{% endfor %}}{{% endfor %}}{{% endfor %}}",
    f"{MANY}{{{{ list | map('replace', 'a', a) | join }}}}",
    f"{MANY}{{{{ list | join(a) }}}}",
    f"{MANY}{{{{ list | select('in', list) | map('in', list) | list | length }}}}",
    f"{MANY}{{{{ list | batch(1) | map('slice', 10000) | list | length }}}}",
    f"{LONG}{{{{ a | replace('', a) | replace('a', a) }}}}",
    f"{LONG}{{{{ a | indent(10000) | wordwrap(1, wrapstring=a) }}}}",
    f"{LONG}{'{% set a = a ~ a %}' * 30}{{{{ a }}}}",
    f"{LONG}{'{% set a = a + a %}' * 30}{{{{ a }}}}",
    f"{LONG}{'{% set a %}{{ a }}{{ a }}{% endset %}' * 30}{{{{ a }}}}",
    f"{LONG}{'{% set a = [a, a] | join %}' * 30}{{{{ a }}}}",
    f"{MANY}{'{% set list = list + list %}' * 30}{{{{ list }}}}",
    f"{MANY}{{% for x in list %}}{'text ' * 2000}{{% endfor %}}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%*d' | format(1000000000, 1) }}",
    "{{ 'a' | center(10**9) }}",
    "{{ 1.5 | round(10**9, 'ceil') }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}",
    f"{MANY}{{% macro m(n) %}}{{% if n %}}{{{{ m(n - 1) }}}}{{{{ m(n - 1) }}}}{{% endif %}}{{% endmacro %}}{{{{ m(40) }}}}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{{ " + "not " * 3000 + "1 }}",
    "{{ 1" + " + 1" * 5000 + " }}",
    "".join(f"{{% for x{n} in [1] %}}" for n in range(30)) + "x" + "{% endfor %}" * 30,
    "{% if 1 %}" * 500 + "x" + "{% endif %}" * 500,
)


def seen() -> View:
    """A register of one case, and a hundred for those who list them."""
    others = [case(f"C-{number}", received=date(2026, 11, 10)) for number in range(2, 102)]
    routine = profile({"dated": "received", "when": "person"})
    return view(routine, person("P-1", name="Kari", street="Gate 1"), case(person="P-1", received=date(2026, 11, 10)), *others)


def withheld(content: bytes) -> list[str]:
    """Why the letter is withheld, by the run; and that the check of templates lives through it as well."""
    found = templates(notice__docx=content)
    mistakes(profile(), found)
    letters, left = filled(seen(), found)
    assert letters == ()
    assert {letter.outcome for letter in left} == {Outcome.WITHHELD}
    return [reason_in_words(reason, texts_in("en")) for letter in left for reason in letter.reasons]


@pytest.mark.parametrize("attack", [*INSIDES, *ELSEWHERE, *ENDLESS], ids=lambda attack: attack[:60])
def test_an_attack_is_refused_in_a_sentence_within_seconds(attack: str) -> None:
    start = time.monotonic()
    (reason,) = withheld(word(attack))
    assert time.monotonic() - start < SECONDS
    assert reason.endswith(".")
    assert not any(inside in reason for inside in ("Traceback", "object at 0x", "<class", "pipeline."))


@pytest.mark.parametrize("attack", INSIDES[:5])
def test_what_an_attack_reaches_for_is_told_before_any_letter_is_filled(attack: str) -> None:
    assert mistakes(profile(), templates(notice__docx=word(attack)))


@pytest.mark.parametrize("text", ["{{" * 20_000, "{%" * 20_000, "{{ '" * 10_000, "{% raw %}" * 5_000, "{{ a" + "“" * 20_000])
def test_braces_without_end_keep_nobody_waiting(text: str) -> None:
    start = time.monotonic()
    found = templates(notice__docx=word(text))
    mistakes(profile(), found)
    filled(seen(), found)
    assert time.monotonic() - start < SECONDS


def test_an_entity_of_a_template_reaches_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Kept to ourselves", encoding="utf-8")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word("ENTITY"))) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name).replace(b"ENTITY", b"a&e;b")
            if name == "word/document.xml":
                declared = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>\n<w:document'
                content = content.replace(b"<w:document", declared.encode(), 1)
            target.writestr(name, content)
    found = templates(notice__docx=out.getvalue())
    mistakes(profile(), found)
    letters, left = filled(seen(), found)
    assert len(letters) + len(left) == 1
    for letter in letters:
        assert "Kept" not in text_of(letter.content)


def test_a_workbook_is_under_the_same_limits() -> None:
    routine = profile({"dated": "received", "enclosures": ["hours.xlsx"]})
    registered = view(routine, person("P-1", name="Kari"), case(person="P-1", received=date(2026, 11, 10)))
    found = templates(notice__docx=word("x"), hours__xlsx=excel(A1="{{ 'a' * 10**9 }}"))
    letters, (left,) = filled(registered, found)
    assert letters == ()
    assert reason_in_words(left.reasons[0], texts_in("en")).endswith(".")


def test_each_document_has_the_whole_budget() -> None:
    seen_by_all = view(
        profile({"dated": "received"}),
        person("P-1", name="Kari"),
        *(case(f"C-{number}", person="P-1", received=date(2026, 11, 10)) for number in range(1, 9)),
    )
    body = f"{MANY}{{% for x in list %}}{{% if loop.last %}}{{{{ x }}}}{{% endif %}}{{% endfor %}}"
    letters, left = filled(seen_by_all, templates(notice__docx=word(body * 2)))
    assert (len(letters), left) == (8, ())


@pytest.mark.parametrize(("value", "expected"), [("abc", 3), ([1, 2], 10), (7, 0), (None, 0)])
def test_the_size_of_a_value(value: object, expected: int) -> None:
    assert size(value) == expected


def test_a_budget_ends_and_begins_again() -> None:
    budget = Budget()
    budget.spend(LIMIT)
    with pytest.raises(Exception, match="more work than any letter needs"):
        budget.spend(turn(0))
    budget.renew()
    assert budget.spent("abc") == "abc"


def test_the_sandbox_is_the_same_in_another_process() -> None:
    made, arguments = TemplateEnvironment(seen().rules.calendar, texts_in("nb")).__reduce__()
    assert "kort_dato" in made(*arguments).filters
