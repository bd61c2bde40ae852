"""Our own words in Chinese and English.

The language is always an argument and never frozen at import, so that the window, the log and a snapshot
may each speak another one. Keys are symbolic (``fetch.start``); the sentences lie in ``resources/locale``.
"""

from __future__ import annotations

import gettext
import locale
import os
from functools import cache
from typing import Any, Final

from faceid_review import resources

LANGUAGES: Final = ("en", "zh")


class Words:
    """The sentences of one language. Call it with a key and the facts that fill the sentence."""

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGUAGES else "en"
        self._catalogue = gettext.translation(
            "faceid_review", str(resources.path("locale")), [self.lang], fallback=True
        )

    def __call__(self, key: str, /, **facts: Any) -> str:
        """The sentence named ``key``; a key nobody has written comes back as it is."""
        sentence = self._catalogue.gettext(key)
        return sentence.format_map(_Facts(facts))

    def many(self, key: str, n: int, /, **facts: Any) -> str:
        """The sentence named ``key`` for ``n`` things; ``{n}`` in it is the number."""
        return self._catalogue.ngettext(key, key, n).format_map(_Facts({"n": grouped(n), **facts}))


class _Facts(dict[str, Any]):
    """Facts for a sentence; one that is not there leaves a gap rather than an error in an error."""

    def __missing__(self, key: str) -> str:
        return ""


@cache
def words(lang: str) -> Words:
    """The words of ``lang`` (``zh`` or ``en``; anything else is English)."""
    return Words(lang)


def grouped(n: int) -> str:
    """A whole number with narrow spaces between thousands, at which no line breaks: 143 210."""
    return f"{n:,}".replace(",", "\u202f")


def system_language() -> str:
    """The language this machine is set to, as one of ``LANGUAGES``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
