"""What people read, in the office's language.

Every sentence in the code is English and passes through a `Texts`, which looks it up in the gettext catalogue of its language
(``locale/*/LC_MESSAGES/fristbrev.po``) and fills in the facts.
A sentence that must stand in a table before the language is known is marked with `message`.
"""

from __future__ import annotations

import datetime as dt
import gettext
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

LANGUAGES = ("nb", "nn", "sv", "da", "en")

_LOCALES = Path(__file__).parent / "locale"


def message(sentence: str) -> str:
    """Mark a sentence for the catalogues without translating it yet."""
    return sentence


class Texts:
    """One language: sentences, dates and numbers as it writes them."""

    def __init__(self, language: str) -> None:
        """Open the catalogue of `language`; English needs none."""
        self.language = language
        self._catalogue: gettext.NullTranslations = gettext.NullTranslations()
        for step in _fallbacks(language):
            found = gettext.translation("fristbrev", _LOCALES, [step], fallback=True)
            self._catalogue.add_fallback(found)

    def __call__(self, sentence: str, /, **facts: object) -> str:
        """The sentence in this language with its facts filled in; days among them as lists write them."""
        translated = self._catalogue.gettext(sentence) if sentence else ""
        return translated.format_map({name: self._shown(fact) for name, fact in facts.items()}) if facts else translated

    def _shown(self, fact: object) -> object:
        return self.short_date(fact) if isinstance(fact, dt.date) else fact

    def count(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """A sentence about `n` things, in the number that the language asks for."""
        return self._catalogue.ngettext(one, many, n).format_map(
            {"n": n, **{name: self._shown(fact) for name, fact in facts.items()}}
        )

    def name(self, word: str) -> str:
        """The word for a merge field or a file, which people type: ``recipient`` is ``mottaker``."""
        return self._catalogue.pgettext("name", word)

    def date(self, day: dt.date) -> str:
        """A day as letters write it: 23. november 2026."""
        return _long_date(self.language, day.toordinal())

    def short_date(self, day: dt.date) -> str:
        """A day as lists write it: 23.11.2026, and 2026-11-23 in Swedish and English."""
        return day.isoformat() if self.language in {"sv", "en"} else f"{day.day:02}.{day.month:02}.{day.year:04}"

    def date_in(self, day: dt.date, form: str) -> str:
        """A day in a form of the Unicode locale data (UTS 35): ``EEEE`` is mandag, ``LLLL y`` november 2026."""
        from babel.dates import format_date

        return format_date(day, form, locale=self.language)

    def number(self, value: float | Decimal, decimals: int | None = None) -> str:
        """A number with the language's decimal sign: 7,5; with as many decimals as are asked for."""
        from babel.numbers import format_decimal

        form = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value or 0, form, locale=self.language)  # nought has no sign


@lru_cache(maxsize=4096)
def _long_date(language: str, ordinal: int) -> str:
    from babel.dates import format_date

    return format_date(dt.date.fromordinal(ordinal), "long", locale=language)


def _fallbacks(language: str) -> tuple[str, ...]:
    """Where a nynorsk sentence is missing, the bokmål one is nearer than the English."""
    return ("nn", "nb") if language == "nn" else (language,)


@cache
def texts_in(language: str) -> Texts:
    """The texts of a language, opened once."""
    return Texts(language)
