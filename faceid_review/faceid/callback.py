"""What the vendor posts to notify_url and return_url: fields, sign, and what became of a sign that does not hold.

:func:`read` knows a callback by its content, in whatever form it was saved or logged; :func:`check` holds its
sign against the secrets at hand. Both are pure, bounded and never raise on what they are given. The form body
is PC-GetResult's: ``data`` (JSON as text) and ``sign`` = sha1(API_SECRET + data), lower case, over the exact
URL-decoded bytes; newer documents of the vendor allow sha256 as well.
"""

from __future__ import annotations

import codecs
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal
from urllib.parse import unquote_to_bytes

from faceid_review.faceid.near_misses import near_misses
from faceid_review.faceid.result import VerificationResult

LONGEST: Final = 1024 * 1024
"""Longer texts are no callbacks: biz_extra_data, their longest field, may have 4096 bytes."""

Sign = Literal["valid", "invalid", "unchecked"]
Algorithm = Literal["sha1", "sha256"]
Diagnosis = Literal[
    "reserialised",
    "plus_not_decoded",
    "html_entities",
    "trailing_newline",
    "charset",
    "other_account",
    "altered",
]

_MOST_FIELDS: Final = 64
_MOST_BRACES: Final = 32
"""How many places of a log line are tried as the beginning of its JSON."""

_ALGORITHMS: Final[Mapping[int, Algorithm]] = {40: "sha1", 64: "sha256"}
_FORM = re.compile(rb"\s*[\w.\[\]%+-]{1,100}=[^\s?]*\s*")
_NAME = re.compile(rb"(?<![\w%.-])(data|sign)=")
_TOKEN = re.compile(rb"[^\s\"<>#]+")
_DATA_AS_IT_IS = re.compile(rb"(?<![\w%.-])data=(?=\s{0,99}\{)")
_SIGN_AS_IT_IS = re.compile(rb"(?<![\w%.-])sign=([0-9A-Fa-f]{64}|[0-9A-Fa-f]{40})(?![0-9A-Fa-f])")
_HEX = re.compile(rb"[0-9A-Fa-f]*")
_SPACE = " \t\r\n"
_decoder = json.JSONDecoder()


class Form(StrEnum):
    """How a callback was written down."""

    FORM = "form"
    """The form body as it was posted."""
    QUERY = "query"
    """Its fields in a URL or in the line of a log."""
    LOGGED = "logged"
    """A JSON object with ``data`` as text, and ``sign``."""
    LOGGED_OBJECT = "logged_object"
    """A JSON object with ``data`` as an object: the bytes that were signed are lost."""
    BARE = "bare"
    """The JSON of ``data`` alone."""


@dataclass(frozen=True)
class Callback:
    """One callback. ``data`` are the exact bytes the sign is over, as far as this form kept them.

    ``document`` is the JSON that ``result`` was read from: ``data``, or where that was damaged on its way, ``data``
    with the damage undone. ``sign`` is as sent, without blanks around it; None where none came. ``unrecognised`` are the further fields
    (name, value), repeated ones included. ``remarks`` are codes of what was odd about the form:
    ``byte_order_mark``, ``utf_16``, ``duplicate_fields`` (the first of each counts), ``sign_in_capitals`` (the
    vendor's are small, so it does not hold).
    """

    form: Form
    data: bytes = field(repr=False)
    sign: str | None
    result: VerificationResult = field(repr=False)
    document: bytes = field(repr=False)
    unrecognised: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    remarks: tuple[str, ...] = ()

    @property
    def biz_id(self) -> str | None:
        """The biz_id that ``data`` names, as sent; None where it names none."""
        return self.result.biz_id

    @property
    def algorithm(self) -> Algorithm | None:
        """Which hash the sign's length belongs to."""
        return _ALGORITHMS.get(len(self.sign)) if self.sign and _HEX.fullmatch(self.sign.encode()) else None


@dataclass(frozen=True)
class SignVerdict:
    """Whether a sign holds, and if not, why.

    ``diagnosis`` is None for a sign that holds or was not checked; ``changes`` are all the changes (codes of the
    same set) that have to be undone before it holds, the diagnosis among them. ``account`` is whose secret fits.
    """

    sign: Sign
    algorithm: Algorithm | None = None
    diagnosis: Diagnosis | None = None
    account: str | None = None
    changes: tuple[Diagnosis, ...] = ()


def read(data: bytes) -> Callback | None:
    """The callback in these bytes, or None where they hold none, more than one, or more than :data:`LONGEST`.

    Known by content: a form body, its fields in a URL or one line of a log, a JSON object of ``data`` and
    ``sign`` (alone or in the line of a log), or the callback's own JSON: a biz_id with a
    liveness_result or verify_result and, unlike an answer of get_result, no ``images``, not even null.
    """
    if not 2 <= len(data) <= LONGEST:
        return None
    text, remarks = _utf8(data)
    found = _found(text)
    if found is None:
        return None
    form, signed, sign, others, twice = found
    result, document = _result(signed)
    plausible = sign is not None and _HEX.fullmatch(sign.encode("utf-8", "replace")) is not None
    if result.biz_id is None and not (plausible and len(sign or "") in _ALGORITHMS):
        return None
    if twice:
        remarks = (*remarks, "duplicate_fields")
    if sign and sign != sign.lower():
        remarks = (*remarks, "sign_in_capitals")
    return Callback(form, signed, sign, result, document, others, remarks)


def check(callback: Callback, secrets: Mapping[str, str], preferred: str | None = None) -> SignVerdict:
    """Hold the sign against ``secrets`` (account to api_secret); ``preferred`` is the account of the case.

    ``unchecked`` where no sign came, no secret of the case's account is at hand and none of another one fits, or
    the bytes that were signed are lost. ``valid`` only for the exact bytes, and with ``preferred`` given only
    under its secret.
    """
    sign, algorithm = callback.sign, callback.algorithm
    if not sign or not secrets:
        return SignVerdict("unchecked", algorithm)
    if algorithm is None:
        return SignVerdict("invalid", None, "altered", None, ("altered",))
    own = [name for name in secrets if name == preferred or preferred is None]
    foreign = [name for name in secrets if name not in own]

    def signer(data: bytes, names: Iterable[str]) -> str | None:
        return next((name for name in names if _holds(sign, secrets[name], data, algorithm)), None)

    if account := signer(callback.data, own):
        return SignVerdict("valid", algorithm, None, account)
    if account := signer(callback.data, foreign):
        return SignVerdict("invalid", algorithm, "other_account", account, ("other_account",))
    for changes, candidate in near_misses(callback.data):
        if account := signer(candidate, own):
            return SignVerdict("invalid", algorithm, changes[0], account, changes)
        if account := signer(candidate, foreign):
            return SignVerdict("invalid", algorithm, "other_account", account, ("other_account", *changes))
    if not own or callback.form is Form.LOGGED_OBJECT:
        return SignVerdict("unchecked", algorithm)
    return SignVerdict("invalid", algorithm, "altered", None, ("altered",))


def sign_of(secret: str, data: bytes, algorithm: Algorithm = "sha1") -> str:
    """The sign the vendor puts under ``data``: lower-case hex of sha1 (or sha256) over secret and data."""
    return hashlib.new(algorithm, secret.encode() + data, usedforsecurity=False).hexdigest()


def _holds(sign: str, secret: str, data: bytes, algorithm: Algorithm) -> bool:
    return hmac.compare_digest(sign_of(secret, data, algorithm).encode(), sign.encode("utf-8", "replace"))


_Found = tuple[Form, bytes, str | None, tuple[tuple[str, str], ...], bool]
"""Form, the signed bytes, sign, further fields, and whether a field came twice."""


def _utf8(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The bytes as UTF-8 without a byte order mark, and what had to be done for it."""
    if data.startswith(codecs.BOM_UTF8):
        return data[len(codecs.BOM_UTF8) :], ("byte_order_mark",)
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not marked and 0 not in data[:2]:
        return data, ()
    codec = "utf-16" if marked else ("utf-16-be" if data[0] == 0 else "utf-16-le")
    try:
        return data.decode(codec).encode(), ("utf_16",)
    except UnicodeError:
        return data, ()


def _found(text: bytes) -> _Found | None:
    try:
        held = text.decode()
    except UnicodeDecodeError:
        held = text.decode("utf-8", "surrogateescape")
        if not _is_object(held):
            # The second byte of a Chinese character may be a backslash in GB 18030, which no JSON survives.
            held = text.decode("gb18030", "replace")
    return _in_json(held, whole=True) or _in_fields(text) or _in_json(held, whole=False)


def _is_object(text: str) -> bool:
    whole = text.strip()
    return _members(whole, 0)[1] == len(whole)


def _in_json(text: str, *, whole: bool) -> _Found | None:
    """The callback that a text is, or (without ``whole``) that stands somewhere in the only line of one."""
    text = text.strip()
    if whole:
        members, end = _members(text, 0)
        return (_logged(members) or _bare(members, text)) if members and end == len(text) else None
    at = -1
    for _ in range(_MOST_BRACES):
        at = text.find("{", at + 1)
        if at < 0 or "\n" in text:
            return None
        members, end = _members(text, at)
        if members and (found := _logged(members) or _bare(members, text[at:end])):
            return found
    return None


_Member = tuple[str, Any, str]


def _members(text: str, at: int) -> tuple[list[_Member] | None, int]:
    """The members (name, value, as written) of the JSON object at ``at`` and where it ends; None where is none."""
    members, place = list[_Member](), _past(text, at + 1)
    if not text.startswith("{", at):
        return None, at
    try:
        while text[place] != "}":
            name, place = _decoder.raw_decode(text, place)
            place = _past(text, place)
            if not isinstance(name, str) or text[place] != ":":
                return None, at
            start = _past(text, place + 1)
            value, place = _decoder.raw_decode(text, start)
            members.append((name, value, text[start:place]))
            place = _past(text, place)
            if text[place] == ",":
                place = _past(text, place + 1)
            elif text[place] != "}":
                return None, at
    except (ValueError, IndexError, RecursionError):
        return None, at
    return members, place + 1


def _past(text: str, place: int) -> int:
    while place < len(text) and text[place] in _SPACE:
        place += 1
    return place


def _logged(members: list[_Member]) -> _Found | None:
    """``{"data": ..., "sign": ...}``; the values may stand in lists of one, as some frameworks log forms."""
    datas = [(_alone(value), raw) for name, value, raw in members if name == "data"]
    signs = [_alone(value) for name, value, _ in members if name == "sign"]
    if not datas or not (signs or len(members) == 1):
        return None
    others = [(name, _written(value, raw)) for name, value, raw in members if name not in ("data", "sign")]
    others += [("data", _written(value, raw)) for value, raw in datas[1:]]
    others += [("sign", str(value)) for value in signs[1:]]
    twice = len(datas) > 1 or len(signs) > 1
    sign = signs[0].strip() if signs and isinstance(signs[0], str) else None
    data, raw = datas[0]
    if isinstance(data, str):
        signed = _bytes(data)
        if re.match(rb"\s*%7[Bb]", signed):
            signed = _unquoted(signed)
        return Form.LOGGED, signed, sign, tuple(others), twice
    if isinstance(data, dict):
        return Form.LOGGED_OBJECT, _bytes(raw), sign, tuple(others), twice
    return None


def _alone(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _written(value: Any, raw: str) -> str:
    return value if isinstance(value, str) else raw


def _bare(members: list[_Member], text: str) -> _Found | None:
    names = {name for name, _, _ in members}
    if "biz_id" not in names or not names & {"liveness_result", "verify_result"}:
        return None
    if names & {"images", "error_message"}:
        return None
    return Form.BARE, _bytes(text), None, (), False


def _in_fields(text: bytes) -> _Found | None:
    if _FORM.fullmatch(text):
        return _fields(Form.FORM, text.strip())
    lines = [line for line in text.splitlines() if _names_both(line)]
    if len(lines) > 1 or (not lines and not _names_both(text)):
        return None
    line = lines[0] if lines else text
    if found := _as_it_is(line):
        return found
    for token in _TOKEN.findall(line):
        if _names_both(token) and (first := _NAME.search(token)):
            question = token.rfind(b"?", 0, first.start())
            return _fields(Form.QUERY, token[question + 1 if question >= 0 else first.start() :])
    return None


def _names_both(text: bytes) -> bool:
    if b"data=" not in text or b"sign=" not in text:
        return False
    names = set[bytes]()
    for name in _NAME.finditer(text):
        names.add(name[1])
        if len(names) == 2:
            return True
    return False


def _as_it_is(line: bytes) -> _Found | None:
    """``data={...}&sign=...`` with its JSON already decoded by whoever logged it, so that it is not decoded again."""
    begin, sign = _DATA_AS_IT_IS.search(line), _SIGN_AS_IT_IS.search(line)
    if begin is None or sign is None:
        return None
    rest = line[begin.end() :].decode("utf-8", "surrogateescape").lstrip()
    members, end = _members(rest, 0)
    return (Form.QUERY, _bytes(rest[:end]), sign[1].decode(), (), False) if members else None


def _fields(form: Form, text: bytes) -> _Found | None:
    parts = text.split(b"&", _MOST_FIELDS)
    pairs = [
        (_unquoted(name), _unquoted(value)) for name, _, value in (part.partition(b"=") for part in parts)
    ]
    datas = [value for name, value in pairs if name == b"data"]
    signs = [value for name, value in pairs if name == b"sign"]
    if not datas:
        return None
    others = [(name, value) for name, value in pairs if name not in (b"data", b"sign")]
    others += [(b"data", value) for value in datas[1:]] + [(b"sign", value) for value in signs[1:]]
    sign = signs[0].decode("utf-8", "replace").strip() if signs else None
    if sign and form is Form.QUERY:
        # What a log puts behind the URL is no part of the sign.
        sign = re.match(r"[0-9A-Fa-f]*", sign)[0] or sign  # type: ignore[index]
    told = tuple((n.decode("utf-8", "replace"), v.decode("utf-8", "replace")) for n, v in others)
    return form, datas[0], sign, told, len(datas) > 1 or len(signs) > 1


def _unquoted(value: bytes) -> bytes:
    return unquote_to_bytes(value.replace(b"+", b" "))


def _bytes(text: str) -> bytes:
    """``text`` as UTF-8, with the bytes that were none as they came."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _result(signed: bytes) -> tuple[VerificationResult, bytes]:
    """What ``data`` says and where; where it was damaged on its way, what it says once a damage is undone."""
    result = VerificationResult.read(signed)
    if result.readable and not result.cut:
        return result, signed
    for _, candidate in near_misses(signed, rewritten=False):
        better = VerificationResult.read(candidate)
        if better.readable and not better.cut:
            return better, candidate
    return result, signed
