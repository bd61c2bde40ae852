"""What an act was and what a reader of custody has to know of it, in the words of a copy's language.

Every fact stands in the attached entries; here are the few that tell which picture, which copy, for whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from faceid_review.i18n import Words
from faceid_review.review import marked
from faceid_review.review.tombstone import RETENTION, UNSTATED
from faceid_review.snapshot import profile
from faceid_review.snapshot.blocks import Cell, fixed, line, visible_breaks
from faceid_review.snapshot.this_copy import ThisCopy
from faceid_review.vault.entry import Entry

_LONGEST: Final = 240
_CUT_BACK: Final = 24
"""Characters given up at most, so that a text does not end in mid-word."""

_HASH: Final = 16

Facts = Mapping[str, Any]
Told = Iterator[str]


def act(copy: ThisCopy, name: str) -> Cell:
    """What was done; an act that this version does not know by its code."""
    for key in (f"snapshot.act.{name}", f"dossier.act.{name}"):
        if (told := copy.words(key)) != key:
            return told
    return fixed(name[:40])


def facts_of(copy: ThisCopy, entry: Entry) -> Cell:
    """The facts that matter, in a sentence, and under it the beginning of a file's hash."""
    tell = _TELLERS.get(entry.act)
    told = copy.words("dossier.did.comma").join(filter(None, tell(copy, entry.facts))) if tell else ""
    cells: list[Cell] = [told] if told else []
    digest = entry.facts.get("sha256")
    if entry.act in _FILES and isinstance(digest, str) and digest:
        shown = f"{digest[:_HASH]}…" if len(digest) > _HASH else digest
        cells.append(line("SHA-256 ", fixed(shown)))
    return cells or ""


def _cut(value: Any) -> str:
    """A text on one line; a long one ends after a whole word."""
    text = visible_breaks(" ".join(str(value or "").split()))
    if len(text) <= _LONGEST:
        return text
    space = text.rfind(" ", _LONGEST - _CUT_BACK, _LONGEST)
    return text[: space if space > 0 else _LONGEST] + " …"


def _exhibit(copy: ThisCopy, role: Any) -> str:
    return marked.exhibit(copy.case, str(role))[:60]


def _attempt(copy: ThisCopy, facts: Facts) -> Told:
    words = copy.words
    if facts.get("attempt"):
        yield words("dossier.did.attempt", n=facts["attempt"])
    if facts.get("account"):
        yield words("dossier.did.account", account=_cut(facts["account"]))


def _came(copy: ThisCopy, facts: Facts) -> Told:
    yield from _attempt(copy, facts)
    if facts.get("status"):
        yield f"HTTP {facts['status']}"
    yield from _file(copy, facts)


def _file(copy: ThisCopy, facts: Facts) -> Told:
    words = copy.words
    if facts.get("name"):
        yield words("dossier.did.file", name=_cut(facts["name"]))
    if isinstance(size := facts.get("bytes"), int):
        yield words.many("snapshot.bytes", size)


def _opened(copy: ThisCopy, facts: Facts) -> Told:
    if facts.get("hidden"):
        yield copy.words("dossier.did.hidden")


def _revealed(copy: ThisCopy, facts: Facts) -> Told:
    yield copy.words("dossier.round.after" if facts.get("judged") else "dossier.round.before")


def _viewed(copy: ThisCopy, facts: Facts) -> Told:
    yield _exhibit(copy, facts.get("role", ""))


def _altered(copy: ThisCopy, facts: Facts) -> Told:
    words = copy.words
    yield _exhibit(copy, facts.get("role", ""))
    done = facts.get("altered")
    yield words("stage.comma").join(_alterations(words, done if isinstance(done, Mapping) else {}))


def _alterations(words: Words, done: Facts) -> Told:
    """How the view differed from the picture, as the strip over it said it."""
    if not done:
        yield words("dossier.did.original")
    if turns := done.get("turns"):
        yield words("stage.altered.turned", degrees=90 * int(turns))
    if done.get("mirrored"):
        yield words("stage.altered.mirrored")
    for name in ("brightness", "contrast"):
        if value := done.get(name):
            yield words(f"stage.altered.{name}", value=f"{int(value):+d}")
    if gamma := done.get("gamma"):
        yield words("stage.altered.gamma", value=f"{int(gamma) / 100:.2f}")
    if done.get("grey"):
        yield words("stage.altered.grey")


def _pin(copy: ThisCopy, facts: Facts) -> Told:
    words = copy.words
    yield _exhibit(copy, facts.get("role", ""))
    yield words("dossier.did.point", x=facts.get("x"), y=facts.get("y"))
    if facts.get("feature"):
        yield marked.component_name(str(facts["feature"])[:60], words)


def _unpin(copy: ThisCopy, facts: Facts) -> Told:
    if facts.get("pin"):
        yield copy.words("dossier.did.of_entry", n=facts["pin"])


def _component(copy: ThisCopy, facts: Facts) -> Told:
    words, finding = copy.words, str(facts.get("finding") or "")
    name = marked.component_name(str(facts.get("component"))[:60], words)
    said = words(f"marks.{finding}") if finding else words("dossier.did.taken_back")
    yield words("marks.named", name=name, text=said)
    yield from _aligned(copy, facts)


def _aligned(copy: ThisCopy, facts: Facts) -> Told:
    left, right = (_exhibit(copy, facts.get(side, "")) for side in ("left", "right"))
    yield copy.words("marks.pair", left=left, right=right)


def _note_version(copy: ThisCopy, facts: Facts) -> Told:
    yield copy.words("dossier.did.note", n=facts.get("note"))


def _judged(copy: ThisCopy, facts: Facts) -> Told:
    yield copy.words(f"judging.step.{facts.get('step')}")


def _decided(copy: ThisCopy, facts: Facts) -> Told:
    yield copy.words(f"dossier.outcome.{facts.get('outcome')}")


def _dispute(copy: ThisCopy, facts: Facts) -> Told:
    yield _cut(facts.get("dispute"))
    if kind := facts.get("kind"):
        yield copy.words(f"judging.kind.{kind}")


def _explained(copy: ThisCopy, facts: Facts) -> Told:
    yield _cut(facts.get("lang"))


def _reason(copy: ThisCopy, facts: Facts) -> Told:
    yield _cut(facts.get("tag") or facts.get("reason"))


def _exported(copy: ThisCopy, facts: Facts) -> Told:
    words, name = copy.words, str(facts.get("profile") or "")
    if facts.get("export"):
        yield words("dossier.did.export", export=_cut(facts["export"]))
    if name in profile.names():
        yield words("dossier.did.profile", profile=profile.load(name).title(copy.lang))
    if facts.get("recipient"):
        yield words("dossier.did.for", recipient=_cut(facts["recipient"]))
    if facts.get("again"):
        yield words("dossier.did.again", n=facts["again"])


def _handed_over(copy: ThisCopy, facts: Facts) -> Told:
    words = copy.words
    yield words("dossier.did.of_entry", n=facts.get("copy"))
    if facts.get("recipient"):
        yield words("dossier.did.for", recipient=_cut(facts["recipient"]))
    yield _cut(facts.get("how"))


def _purged(copy: ThisCopy, facts: Facts) -> Told:
    code = facts.get("reason")
    yield copy.words(f"keeping.{code}") if code in (RETENTION, UNSTATED) else _cut(code)


_FILES: Final = frozenset({"answer", "imported", "callback", "reference", "exported", "handed_over"})
"""Acts whose ``sha256`` is that of a file which came or went."""

_TELLERS: Final[Mapping[str, Callable[[ThisCopy, Facts], Told]]] = MappingProxyType(
    {
        "queued": _attempt,
        "armed": _attempt,
        "sent": _attempt,
        "not_sent": _attempt,
        "unknown": _attempt,
        "asked_again": _reason,
        "answer": _came,
        "imported": _file,
        "callback": _file,
        "reference": _file,
        "opened": _opened,
        "revealed": _revealed,
        "viewed": _viewed,
        "altered_view": _altered,
        "pin": _pin,
        "unpin": _unpin,
        "component": _component,
        "aligned": _aligned,
        "note_version": _note_version,
        "judged": _judged,
        "decided": _decided,
        "dispute_opened": _dispute,
        "dispute_note": _dispute,
        "dispute_closed": _dispute,
        "explained": _explained,
        "tagged": _reason,
        "untagged": _reason,
        "waiting": _reason,
        "on_hold": _reason,
        "snoozed": _reason,
        "held": _reason,
        "exported": _exported,
        "handed_over": _handed_over,
        "purged": _purged,
    }
)
