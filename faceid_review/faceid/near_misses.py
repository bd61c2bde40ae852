"""What a signed text may have been before something on its way changed it.

The sign of a callback is over exact bytes, and much of what programs do to a text in good faith breaks it. Each
candidate here undoes one such change, or two; which one fits, the sign itself decides.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final, Literal

Change = Literal["reserialised", "plus_not_decoded", "html_entities", "trailing_newline", "charset"]

_MOST_BYTES: Final = 24 * 1024 * 1024
"""How many bytes of candidates are tried for one text."""

_LONGEST_REWRITTEN: Final = 64 * 1024
"""Longer texts are not written anew: a callback's longest field has 4096 bytes."""

_CHARSETS: Final = ("latin-1", "cp1252", "gb18030")
_SEPARATORS: Final = ((", ", ": "), (",", ":"), (",", ": "), (", ", ":"))
_BETWEEN, _AFTER = "\x00", "\x01"
"""Where a comma and where a colon stands; in JSON no text holds these characters as they are."""

_XML: Final = {
    "&quot;": '"',
    "&#34;": '"',
    "&#x22;": '"',
    "&apos;": "'",
    "&#39;": "'",
    "&lt;": "<",
    "&gt;": ">",
}
_STRUCTURAL_PLUS = re.compile(rb"(?<=[:,{}\]])\+|(?<=\"MegLive)\+")

_SEEN_ORDER: Final = {
    name: place
    for place, name in enumerate(
        "time_used id_exceptions request_id face_genuineness result_faceid result_ref1 verify_result biz_no"
        " biz_extra_data liveness_result biz_id id_attacked id_photo_monochrome synthetic_face_threshold"
        " synthetic_face_confidence mask_confidence mask_threshold screen_replay_confidence"
        " screen_replay_threshold confidence thresholds 1e-3 1e-5 1e-4 1e-6 result version log datetime"
        " failure_reason".split()
    )
}
"""The order of names in the callbacks that are publicly known (facts.md, section 8)."""


def near_misses(data: bytes, *, rewritten: bool = True) -> Iterator[tuple[tuple[Change, ...], bytes]]:
    """Candidates with the changes each of them undoes, likeliest first: one change, then two.

    Without ``rewritten`` the JSON is taken as it stands. No candidate comes twice.
    """
    seen = {data}
    fresh = partial(_fresh, seen)
    once = [((change,), candidate) for change, candidate in _undone(data) if fresh(candidate)]
    yield from once
    if rewritten:
        yield from _rewritten_each([((), data)], fresh)
    for changes, text in once:
        for change, candidate in _undone(text):
            if change not in changes and fresh(candidate):
                yield (*changes, change), candidate
    if rewritten:
        yield from _rewritten_each(once, fresh)


def _fresh(seen: set[bytes], candidate: bytes) -> bool:
    if candidate in seen:
        return False
    seen.add(candidate)
    return True


def _rewritten_each(
    texts: Iterable[tuple[tuple[Change, ...], bytes]], fresh: Callable[[bytes], bool]
) -> Iterator[tuple[tuple[Change, ...], bytes]]:
    room = _MOST_BYTES
    for changes, text in texts:
        for candidate in _rewritten(text):
            room -= len(candidate)
            if room < 0:
                return
            if fresh(candidate):
                yield (*changes, "reserialised"), candidate


def _undone(data: bytes) -> Iterator[tuple[Change, bytes]]:
    """Each of the changes to the text, undone by itself."""
    if b"+" in data:
        yield "plus_not_decoded", data.replace(b"+", b" ")
        yield "plus_not_decoded", _STRUCTURAL_PLUS.sub(b" ", data)
    text = _decoded(data, "utf-8")
    if text is not None and (inner := _escaped_once_more(text)) is not None:
        yield "reserialised", _encoded(inner)
    if text is not None and "&" in text:
        for unescaped in (html.unescape(text), _few_unescaped(text), html.unescape(html.unescape(text))):
            yield "html_entities", _encoded(unescaped)
    if not data.isascii():
        for candidate in _read_otherwise(data, text):
            yield "charset", candidate
    for ending in (data.rstrip(b"\r\n"), data.strip(), data + b"\n", data + b"\r\n"):
        yield "trailing_newline", ending


def _few_unescaped(text: str) -> str:
    for entity, character in _XML.items():
        text = text.replace(entity, character)
    return text.replace("&amp;", "&")


def _read_otherwise(data: bytes, text: str | None) -> Iterator[bytes]:
    """The bytes in the charset they were misread from; ``text`` is what they are as UTF-8, where they are."""
    for charset in _CHARSETS:
        if (read := _decoded(data, charset)) is not None:
            yield _encoded(read)
        if text is None or (was := _in(text, charset)) is None:
            continue
        yield was
        # Read in one charset and written in another, with a third one meant.
        for other in _CHARSETS:
            if other != charset and (read := _decoded(was, other)) is not None:
                yield _encoded(read)


def _decoded(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except UnicodeError:
        return None


def _in(text: str, charset: str) -> bytes | None:
    try:
        return text.encode(charset)
    except UnicodeError:
        return None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


class _Number(str):
    """A number with its own digits, or true, false and null."""

    __slots__ = ()


class _Members(list[tuple[str, Any]]):
    """An object's members in order, repeated names included."""


def _tree(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_Number,
            object_pairs_hook=_Members,
        )
    except (ValueError, RecursionError):
        return None


def _escaped_once_more(text: str) -> str | None:
    r"""The text inside ``"{\\"biz_id\\": ...}"`` or ``{\\"biz_id\\": ...}``; None where it is not of that kind."""
    if not text.startswith(('"', '{\\"')):
        return None
    inner = _tree(text if text.startswith('"') else f'"{text}"')
    return inner if isinstance(inner, str) and not isinstance(inner, _Number) else None


def _rewritten(data: bytes) -> Iterator[bytes]:
    """The same JSON in the ways that programs write it: spacing, order of names, escapes, whole numbers."""
    text = _decoded(data, "utf-8") if len(data) <= _LONGEST_REWRITTEN else None
    if text is None:
        return
    tree = _tree(text)
    if not isinstance(tree, _Members):
        return
    try:
        yield from _writings(tree)
    except RecursionError:
        return


def _writings(tree: _Members) -> Iterator[bytes]:
    seen = set[str]()
    for ordered in (tree, _sorted(tree, _by_name), _sorted(tree, _as_seen)):
        for wholes in ("as they are", "pairs", "all"):
            for ascii_only in (True, False):
                pieces = list[str]()
                _write(ordered, ascii_only, wholes, "", pieces)
                written = "".join(pieces)
                if written in seen:
                    continue
                seen.add(written)
                for between, after in _SEPARATORS:
                    spaced = written.replace(_BETWEEN, between).replace(_AFTER, after)
                    yield _encoded(spaced)
                    if "/" in spaced:
                        yield _encoded(spaced.replace("/", "\\/"))


def _by_name(name: str) -> tuple[int, str]:
    return 0, name


def _as_seen(name: str) -> tuple[int, str]:
    return _SEEN_ORDER.get(name, len(_SEEN_ORDER)), name


def _sorted(tree: Any, by: Any) -> Any:
    if isinstance(tree, _Members):
        return _Members(sorted(((n, _sorted(v, by)) for n, v in tree), key=lambda member: by(member[0])))
    return [_sorted(item, by) for item in tree] if isinstance(tree, list) else tree


def _write(tree: Any, ascii_only: bool, wholes: str, name: str, out: list[str]) -> None:
    """Append the JSON of ``tree`` to ``out``, with marks in place of commas and colons.

    ``wholes`` says which whole numbers get back their ``.0`` (JavaScript writes 0.0 as 0, and the vendor's confidences
    are no integers); ``name`` is the path of names to the value.
    """
    if isinstance(tree, _Members):
        out.append("{")
        for place, (key, value) in enumerate(tree):
            out.append(f"{_BETWEEN if place else ''}{json.dumps(key, ensure_ascii=ascii_only)}{_AFTER}")
            _write(value, ascii_only, wholes, f"{name}/{key}", out)
        out.append("}")
    elif isinstance(tree, list):
        out.append("[")
        for place, value in enumerate(tree):
            out.append(_BETWEEN if place else "")
            _write(value, ascii_only, wholes, name, out)
        out.append("]")
    elif isinstance(tree, _Number):
        out.append(f"{tree}.0" if tree.lstrip("-").isdigit() and _is_real(name, wholes) else tree)
    else:
        out.append(json.dumps(tree, ensure_ascii=ascii_only))


def _is_real(name: str, wholes: str) -> bool:
    if wholes == "as they are":
        return False
    if "/face_genuineness/" in name:
        return name.endswith(("_confidence", "_threshold"))
    return wholes == "all" and (name.endswith("/confidence") or "/thresholds/" in name)
