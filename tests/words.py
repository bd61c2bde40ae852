"""Our own words, from `.po` to `.mo`:  python -m tests.words [--check]

Every part of the program has its own `resources/locale/<lang>/<part>.po`; all parts of one language become
one `resources/locale/<lang>/LC_MESSAGES/faceid_review.mo`, always the same bytes for the same words. With
`--check` nothing is written: what is wrong, stale or missing in one of the languages is told, and the exit is 1.
"""

import io
import re
import string
import sys
from collections import Counter
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

LOCALE = Path(__file__).parents[1] / "resources" / "locale"


class Words(Catalog):
    """A catalogue without dates and tool versions in its header, so that it compiles to the same bytes anywhere."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header that gettext reads: language, plural rule, encoding."""
        return [
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("Content-Type", "text/plain; charset=utf-8"),
        ]


def languages() -> list[str]:
    """The languages that have words at all, by folder name."""
    return sorted(folder.name for folder in LOCALE.iterdir() if any(folder.glob("*.po")))


def read(lang: str) -> tuple[Words, list[str]]:
    """All parts of one language as one catalogue, and what is wrong with them, each as one sentence."""
    words, wrong, seen = Words(locale=lang), [], dict[str, Path]()
    for part in sorted((LOCALE / lang).glob("*.po")):
        text = part.read_text(encoding="utf-8")
        where = f"{lang}/{part.name}"
        # read_po would merge a key that stands twice in one file without a word.
        twice = [
            key for key, n in Counter(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)).items() if n > 1
        ]
        wrong += [f"{where}: {key} stands twice" for key in twice]
        try:
            messages = read_po(io.StringIO(text), locale=lang, abort_invalid=True)
        except PoFileError as error:
            wrong.append(f"{where}: {error}")
            continue
        for message in messages:
            if not message.id:
                continue
            wrong += [f"{where}: {sentence}" for sentence in faults(message)]
            if (earlier := seen.setdefault(key_of(message), part)) != part:
                wrong.append(f"{where}: {key_of(message)} stands in {earlier.name} too")
            words.add(message.id, message.string)
    return words, wrong


def key_of(message: Message) -> str:
    """The symbolic key of a message, which is the same for its plural."""
    return message.id if isinstance(message.id, str) else message.id[0]


def sentences(message: Message) -> tuple[str, ...]:
    """The text of a message, one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def facts(message: Message) -> set[str]:
    """The names of the {facts} in a message. ValueError: a brace without its pair."""
    names = [name for text in sentences(message) for _, name, _, _ in string.Formatter().parse(text)]
    return {name for name in names if name is not None}


def faults(message: Message) -> list[str]:
    """What is wrong with one message by itself."""
    wrong = []
    if message.fuzzy:
        wrong.append(f"{key_of(message)} is marked fuzzy")
    if not all(sentences(message)):
        wrong.append(f"{key_of(message)} is empty")
    try:
        if not all(name.isidentifier() for name in facts(message)):
            wrong.append(f"{key_of(message)} has a fact without a name")
    except ValueError as error:
        wrong.append(f"{key_of(message)}: {error}")
    return wrong


def compiled(words: Words) -> bytes:
    """The `.mo` of one language."""
    file = io.BytesIO()
    write_mo(file, words)
    return file.getvalue()


def target(lang: str) -> Path:
    """Where the `.mo` of one language lies."""
    return LOCALE / lang / "LC_MESSAGES" / "faceid_review.mo"


def problems() -> list[str]:
    """Everything wrong with the words: within a part, between parts, between languages, and stale `.mo` files."""
    wrong, messages = [], dict[str, dict[str, Message]]()
    for lang in languages():
        words, faulty = read(lang)
        wrong += faulty
        messages[lang] = {key_of(message): message for message in words if message.id}
        if not faulty and (not target(lang).exists() or target(lang).read_bytes() != compiled(words)):
            wrong.append(f"{lang}: the .mo is not what the .po files say now: make words")
    if wrong:
        return wrong
    for key in sorted(set().union(*messages.values())):
        missing = [lang for lang in messages if key not in messages[lang]]
        if missing:
            wrong.append(f"{key} is missing in {', '.join(missing)}")
        elif len({frozenset(facts(messages[lang][key])) for lang in messages}) > 1:
            said = {lang: sorted(facts(messages[lang][key])) for lang in messages}
            wrong.append(f"{key} uses different facts: {said}")
    return wrong


def keys() -> set[str]:
    """Every key that is written in at least one language."""
    return {key_of(message) for lang in languages() for message in read(lang)[0] if message.id}


def main() -> int:
    """Compiles, or only checks; 1 where something is wrong."""
    if "--check" in sys.argv[1:]:
        wrong = problems()
    else:
        read_all = {lang: read(lang) for lang in languages()}
        wrong = [sentence for _, faulty in read_all.values() for sentence in faulty]
        if not wrong:
            for lang, (words, _) in read_all.items():
                target(lang).parent.mkdir(exist_ok=True)
                target(lang).write_bytes(compiled(words))
                print(f"{lang}: {len(words)} words")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
