"""The vendor's answer in the vendor's words: ``VerificationResult.read(body)``.

Reading is pure and never raises: a better reader next year improves every case already kept. What is
absent is ``None`` and never a guess, what is unknown is kept as sent under its JSON pointer, and a value of
the wrong type is treated as unknown. The source of every field is PC-GetResult.

Of an answer that was cut, what arrived whole is read, and nothing else: ``VerificationResult.cut``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from faceid_review.faceid import base64_text, liveness_log
from faceid_review.faceid.digits import Digits, exact_difference, plain
from faceid_review.faceid.liveness_log import LivenessLog
from faceid_review.faceid.pointer import pointer, step
from faceid_review.faceid.salvage import Salvaged, salvage

SUCCESS: Final = "success"
ATTACK, GENUINE, NOT_RETURNED = "attack", "genuine", "not_returned"
EXPECTED_CHECKS: Final = ("synthetic_face", "mask", "screen_replay")

_DEEPEST: Final = 8
"""How far down the places where an answer was cut are told apart; the vendor's fields have four levels."""

_DATA_URI = re.compile(r"\s*data:\s*([-\w/+.]+)\s*;\s*base64\s*,", re.ASCII)
_KNOWN_TOP: Final = frozenset(
    "biz_id biz_no biz_extra_data request_id time_used images liveness_result verify_result"
    " error_message error".split()
)
_KNOWN_LIVENESS: Final = frozenset("result failure_reason log version datetime".split())
_KNOWN_VERIFY: Final = frozenset("request_id time_used error face_genuineness id_exceptions".split())


@dataclass(frozen=True)
class Liveness:
    """``liveness_result``. ``result`` is as sent; ``passed`` only where it is exactly ``success``."""

    result: str | None
    passed: bool | None
    failure_reason: str | None
    version: str | None
    datetime: str | None
    raw_log: str | None
    log: LivenessLog


@dataclass(frozen=True)
class Comparison:
    """A confidence (0 to 100, higher is more alike) and the thresholds of this answer only.

    ``thresholds`` are sorted by number, lowest first; their names are false accept rates (1e-3 is one in
    a thousand). They differ from answer to answer and must never be used for another one. Where the answer was cut
    before all of them came (``incomplete``), or one has another form (``unread``), none is the strictest.
    """

    against: str
    confidence: Digits | None
    thresholds: tuple[tuple[str, Digits], ...]
    incomplete: bool = False
    unread: bool = False

    def passes(self, threshold: Digits) -> bool | None:
        """Whether the confidence reaches ``threshold``; None where no confidence was sent."""
        return None if self.confidence is None else self.confidence >= threshold

    @property
    def strictest_passed(self) -> str | None:
        """The name of the highest threshold reached."""
        passed = [name for name, value in self._known if self.passes(value)]
        return passed[-1] if passed else None

    @property
    def next_missed(self) -> str | None:
        """The name of the lowest threshold that is not reached."""
        return missed[0] if (missed := self._missed()) else None

    @property
    def misses_next_by(self) -> str | None:
        """How far the confidence stays below the next threshold, exactly; None too where no line holds it."""
        missed = self._missed()
        by = exact_difference(missed[1], self.confidence) if missed and self.confidence is not None else None
        return None if by is None else plain(by)

    @property
    def pointer(self) -> str:
        """Its JSON pointer in the answer."""
        return pointer("verify_result", self.against)

    def _missed(self) -> tuple[str, Digits] | None:
        return next(((name, value) for name, value in self._known if self.passes(value) is False), None)

    @property
    def _known(self) -> tuple[tuple[str, Digits], ...]:
        return () if self.incomplete or self.unread else self.thresholds


@dataclass(frozen=True)
class GenuinenessCheck:
    """One pair of ``face_genuineness`` (0 to 1), or a flag such as ``face_replaced`` without a threshold.

    ``finding`` is ``attack`` at or above the threshold: the vendor's word for a value, told to people as
    "above its threshold" and never as guilt. Absent is ``not_returned`` and never means passed.
    """

    name: str
    confidence: Digits | None
    threshold: Digits | None

    @property
    def finding(self) -> str:
        """``attack``, ``genuine`` or ``not_returned``."""
        if self.confidence is None:
            return NOT_RETURNED
        if self.threshold is None:
            is_flag = self.name == "face_replaced"
            return (ATTACK if self.confidence else GENUINE) if is_flag else NOT_RETURNED
        return ATTACK if self.confidence >= self.threshold else GENUINE

    @property
    def pointer(self) -> str:
        """The JSON pointer of its value in the answer."""
        end = "" if self.name == "face_replaced" else "_confidence"
        return pointer("verify_result", "face_genuineness", f"{self.name}{end}")

    @property
    def threshold_pointer(self) -> str:
        """The JSON pointer of its threshold."""
        return pointer("verify_result", "face_genuineness", f"{self.name}_threshold")


@dataclass(frozen=True)
class Photograph:
    """A picture as it was sent. ``data`` are the decoded bytes, or the text itself where it is no base64.

    ``problem`` is empty, ``not_base64`` or ``not_text``; whether the bytes are a sound picture is told by
    ``photograph.examine``. ``media_type`` is what the data URI claims, if it has one. ``cut`` says that the answer
    ends inside it: ``data`` and ``sha256`` are of what arrived, and it is never a whole picture.
    """

    role: str
    data: bytes = field(repr=False)
    sha256: str
    media_type: str | None
    problem: str = ""
    cut: bool = False

    @property
    def pointer(self) -> str:
        """Its JSON pointer in the answer."""
        return pointer("images", self.role)


@dataclass(frozen=True)
class VerificationResult:
    """Everything one answer says. ``unrecognised`` holds (JSON pointer, value as sent).

    ``cut`` says that the body is only the beginning of an answer; ``received`` are then the places, name by name,
    of what arrived whole, and nothing inside these is named again. ``places`` are the JSON pointers of the known fields
    that came, null included.
    """

    readable: bool
    error_message: str | None = None
    biz_id: str | None = None
    biz_no: str | None = None
    biz_extra_data: str | None = None
    request_id: str | None = None
    time_used: Digits | None = None
    liveness: Liveness | None = None
    comparisons: tuple[Comparison, ...] = ()
    genuineness: tuple[GenuinenessCheck, ...] = ()
    id_exceptions: tuple[tuple[str, Any], ...] | None = None
    verify_returned: bool = False
    verify_error: str | None = None
    verify_request_id: str | None = None
    verify_time_used: Digits | None = None
    photographs: tuple[Photograph, ...] = ()
    unrecognised: tuple[tuple[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    cut: bool = False
    received: frozenset[tuple[str, ...]] = frozenset()
    places: frozenset[str] = field(default=frozenset(), repr=False)

    def lost(self, *steps: str) -> bool:
        """Whether what is absent at this place may have been in the part that never arrived."""
        return self.cut and not _among(self.received, steps)

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Read the exact bytes of an answer. Surprises become ``unrecognised`` or ``warnings``."""
        duplicates: list[str] = []
        document, saved = _document(body, duplicates), None
        if document is None and (saved := salvage(body)):
            duplicates.clear()
            document = _document(saved.text, duplicates)
        if not isinstance(document, dict):
            return cls(readable=False, warnings=("body_unreadable",))
        return cls(**_Reader(document, duplicates, saved).fields())


def _document(sent: bytes | str, duplicates: list[str]) -> Any:
    """The JSON of an answer, every number as it was written; None where it is none, or null."""
    try:
        return json.loads(
            sent,
            parse_float=Digits,
            parse_int=Digits,
            parse_constant=str,
            object_pairs_hook=lambda pairs: _object(pairs, duplicates),
        )
    except (ValueError, RecursionError, ArithmeticError):
        return None


def _among(received: Set[tuple[str, ...]], steps: tuple[str, ...]) -> bool:
    return any(steps[:end] in received for end in range(1, len(steps) + 1))


def _object(pairs: list[tuple[str, Any]], duplicates: list[str]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        duplicates.extend(sorted({name for name in names if names.count(name) > 1}))
    return made


class _Reader:
    """Reads one document; collects what is unknown and what deserves a warning on the way."""

    def __init__(self, document: dict[str, Any], duplicates: list[str], saved: Salvaged | None) -> None:
        self.document = document
        self.saved = saved
        self.unknown: list[tuple[str, Any]] = []
        self.warnings: list[str] = ["answer_cut"] if saved else []
        self.received: set[tuple[str, ...]] = set()
        self.places: set[str] = set()
        # Where an object or list was cut: its pointer, and its member that was open too.
        self.open: dict[str, str | None] = {}
        if (saved and self._walk(saved)) or duplicates:
            self.warnings.append("duplicate_keys")

    def _walk(self, saved: Salvaged) -> bool:
        """Note what is whole and what is open on the way to the cut; whether the name that was cut occurs twice."""
        part: Any = self.document
        path: tuple[str, ...] = ()
        pointer, twice = "", False
        for name in (*saved.open, None)[:_DEEPEST]:
            if path:
                pointer = f"{pointer}/{step(path[-1])}"
                self.open[pointer] = name
            if not isinstance(part, dict):
                break
            if name is None and saved.cut in part:
                # The last value of a name counts, and the last one did not arrive whole.
                twice = True
                del part[saved.cut]
            self.received |= {(*path, key) for key in part if key != name}
            part, path = part.get(name), (*path, name or "")
        return twice

    def fields(self) -> dict[str, Any]:
        document = self.document
        self._strange(document, "", _KNOWN_TOP)
        verify = self._part(document, "verify_result", "")
        liveness = self._liveness(self._part(document, "liveness_result", ""))
        checks = self._genuineness(verify)
        if liveness and liveness.passed:
            self.warnings += [f"liveness_passed_but_{c.name}" for c in checks if c.finding == ATTACK]
        return {
            "readable": True,
            "error_message": self._text(document, "error_message", "") or self._text(document, "error", ""),
            "biz_id": self._text(document, "biz_id", ""),
            "biz_no": self._text(document, "biz_no", ""),
            "biz_extra_data": self._text(document, "biz_extra_data", ""),
            "request_id": self._text(document, "request_id", ""),
            "time_used": self._number(document, "time_used", ""),
            "liveness": liveness,
            "comparisons": tuple(self._comparisons(verify)),
            "genuineness": checks,
            "id_exceptions": self._exceptions(verify),
            "verify_returned": verify is not None,
            "verify_error": self._text(verify or {}, "error", "/verify_result"),
            "verify_request_id": self._text(verify or {}, "request_id", "/verify_result"),
            "verify_time_used": self._number(verify or {}, "time_used", "/verify_result"),
            "photographs": tuple(self._photographs()),
            "unrecognised": tuple(part for sent in self.unknown for part in self._whole(*sent)),
            "warnings": tuple(dict.fromkeys(self.warnings)),
            "cut": self.saved is not None,
            "received": frozenset(self.received),
            "places": frozenset(self.places),
        }

    def _liveness(self, part: dict[str, Any] | None) -> Liveness | None:
        if part is None:
            return None
        here = "/liveness_result"
        self._strange(part, here, _KNOWN_LIVENESS)
        result = self._text(part, "result", here)
        reason = self._text(part, "failure_reason", here)
        log = self._text(part, "log", here)
        return Liveness(
            result=result,
            passed=None if result is None else result == SUCCESS,
            # Real callbacks send "" and "null" as well as null for "no reason".
            failure_reason=None if reason in ("", "null") else reason,
            version=self._text(part, "version", here),
            datetime=self._text(part, "datetime", here),
            raw_log=log,
            log=liveness_log.read(log or ""),
        )

    def _comparisons(self, verify: dict[str, Any] | None) -> Iterator[Comparison]:
        for name, value in (verify or {}).items():
            here = f"/verify_result/{step(name)}"
            if name.startswith("result_") and isinstance(value, dict):
                self._strange(value, here, frozenset({"confidence", "thresholds"}))
                thresholds = self._part(value, "thresholds", here) or {}
                numbers = [(key, self._number(thresholds, key, f"{here}/thresholds")) for key in thresholds]
                yield Comparison(
                    name,
                    self._number(value, "confidence", here),
                    tuple(sorted(((k, n) for k, n in numbers if n is not None), key=lambda kn: kn[1])),
                    self._lost("verify_result", name, "thresholds"),
                    any(n is None and thresholds[k] is not None for k, n in numbers),
                )
            elif name not in _KNOWN_VERIFY:
                self.unknown.append((here, value))

    def _genuineness(self, verify: dict[str, Any] | None) -> tuple[GenuinenessCheck, ...]:
        here = "/verify_result/face_genuineness"
        part = self._part(verify or {}, "face_genuineness", "/verify_result") or {}
        names = dict.fromkeys(EXPECTED_CHECKS)
        for key in part:
            name, _, kind = key.rpartition("_")
            if name and kind in ("confidence", "threshold"):
                names[name] = None
            elif key != "face_replaced":
                self.unknown.append((f"{here}/{step(key)}", part[key]))
        checks = [
            GenuinenessCheck(
                name,
                self._number(part, f"{name}_confidence", here),
                self._number(part, f"{name}_threshold", here),
            )
            for name in names
        ]
        if "face_replaced" in part:
            checks.append(GenuinenessCheck("face_replaced", self._number(part, "face_replaced", here), None))
        return tuple(checks)

    def _exceptions(self, verify: dict[str, Any] | None) -> tuple[tuple[str, Any], ...] | None:
        part = self._part(verify or {}, "id_exceptions", "/verify_result")
        if part is None:
            return None
        here = "/verify_result/id_exceptions"
        return tuple((key, part[key]) for key in part if f"{here}/{step(key)}" not in self.open)

    def _photographs(self) -> Iterator[Photograph]:
        images = self._part(self.document, "images", "") or {}
        cut = self.saved.cut if self.saved and self.saved.open == ("images",) and self.saved.begun else None
        for role in sorted([*images, cut] if cut else images, key=_picture_order):
            if self.saved and role == cut:
                yield from _begun(role, self.saved.begun or "")
                continue
            value = images[role]
            if value in (None, ""):
                continue
            if not isinstance(value, str):
                self.unknown.append((f"/images/{step(role)}", value))
                continue
            yield _photograph(role, value)

    def _whole(self, pointer: str, value: Any) -> Iterator[tuple[str, Any]]:
        """An unknown value, or the members of it that came before the cut; nothing of a list that was cut."""
        if pointer not in self.open:
            yield pointer, value
        elif isinstance(value, dict):
            for key, member in value.items():
                inner = f"{pointer}/{step(key)}"
                if key != self.open[pointer] or inner in self.open:
                    yield from self._whole(inner, member)

    def _lost(self, *steps: str) -> bool:
        return self.saved is not None and not _among(self.received, steps)

    def _part(self, parent: Mapping[str, Any], key: str, at: str) -> dict[str, Any] | None:
        value = self._at(parent, key, at)
        if value is not None and not isinstance(value, dict):
            self.unknown.append((f"{at}/{step(key)}", value))
        return value if isinstance(value, dict) else None

    def _text(self, parent: Mapping[str, Any], key: str, at: str) -> str | None:
        value = self._at(parent, key, at)
        if value is not None and not isinstance(value, str):
            self.unknown.append((f"{at}/{step(key)}", value))
        return value if isinstance(value, str) else None

    def _number(self, parent: Mapping[str, Any], key: str, at: str) -> Digits | None:
        value = self._at(parent, key, at)
        if isinstance(value, Digits) and value.is_finite():
            return value
        if value is not None:
            self.unknown.append((f"{at}/{step(key)}", value))
        return None

    def _at(self, parent: Mapping[str, Any], key: str, at: str) -> Any:
        self.places |= {f"{at}/{step(key)}"} if key in parent else set()
        return parent.get(key)

    def _strange(self, part: Mapping[str, Any], at: str, known: frozenset[str]) -> None:
        self.unknown += [(f"{at}/{step(key)}", value) for key, value in part.items() if key not in known]


def _begun(role: str, value: str) -> Iterator[Photograph]:
    """A picture that was cut, as far as whole groups of base64 came; nothing where none did."""
    uri = _DATA_URI.match(value)
    if uri is None and "data:".startswith(value.strip()[:5]):
        return
    start = uri.end() if uri else 0
    encoded = "".join(value[start:].split())
    if encoded := encoded[: len(encoded) // 4 * 4]:
        yield replace(_photograph(role, f"{value[:start]}{encoded}"), cut=True)


def _photograph(role: str, value: str) -> Photograph:
    uri = _DATA_URI.match(value)
    encoded = "".join((value[uri.end() :] if uri else value).split())
    try:
        data = base64_text.decoded(encoded)
        problem = ""
    except ValueError:
        data, problem = value.encode("utf-8", "surrogatepass"), "not_base64"
    return Photograph(role, data, hashlib.sha256(data).hexdigest(), uri[1] if uri else None, problem)


def _picture_order(role: str) -> tuple[int, int, str]:
    """image_best first, then the actions by number, then whatever else came."""
    if role == "image_best":
        return 0, 0, role
    number = re.fullmatch(r"image_action([0-9]{1,4})", role)
    return (1, int(number[1]), role) if number else (2, 0, role)
