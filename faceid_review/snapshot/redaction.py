"""A case with things taken out of it, before a page is written: names, numbers, texts, pictures.

What a profile removes is removed from the entries and from the bodies, and the case is folded anew from what is left:
no page, attachment or metadata can hold what the case does not. Each item leaves a commitment, SHA-256(salt, item),
in the manifest, so that whoever is shown the item later can prove that it is the one. When the file is made it is read
again, and is not handed out where one of the removed values is found in it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any, Final

from faceid_review import resources
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.result import Photograph, VerificationResult
from faceid_review.i18n import LANGUAGES, Words
from faceid_review.review.case import Case, exhibit_number, fold
from faceid_review.review.sources import is_json
from faceid_review.snapshot.exhibits import Withheld
from faceid_review.snapshot.manifest import Part
from faceid_review.snapshot.profile import DRAWN, KEEP, Profile
from faceid_review.snapshot.raw_response import Literal, Members, Tree, parsed
from faceid_review.snapshot.this_copy import Frame
from faceid_review.vault.entry import Entry

REVIEWER: Final = "R"
ACCOUNT: Final = "A"
"""Codes that are the same in every language stand for names: R1, A1."""

_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_ANSWERS: Final = ("answer", "imported")
_TYPED: Final = {
    "note": ("text",),
    "note_version": ("text",),
    "decided": ("note",),
    "dispute_closed": ("text",),
    "pin": ("text",),
    "component": ("text",),
    "waiting": ("reason",),
    "on_hold": ("reason",),
    "snoozed": ("reason",),
    "held": ("reason",),
    "asked_again": ("reason",),
    "tagged": ("tag",),
    "untagged": ("tag",),
}
_CLAIMANT: Final = {
    "dispute_opened": ("who", "identity", "grounds"),
    "particulars": ("statement", "legal_basis", "purpose"),
    "reference": ("name", "source"),
    "exported": ("recipient", "purpose"),
    "handed_over": ("recipient", "how"),
    "explained": ("text",),
    "dispute_note": ("text",),
}
_FRAUD: Final = (
    "/verify_result/face_genuineness",
    "/verify_result/id_exceptions",
    "/liveness_result/log",
)
_PLACES: Final[tuple[tuple[str, Any], ...]] = (
    ("base_url", ""),
    ("headers", []),
    ("tls", {}),
    ("machine", ""),
    ("vault", ""),
)
_NAMES: Final = ("who", "name", "recipient")
_STRUCTURE: Final = (
    b"x-default Catalog Parent Resources Metadata ViewerPreferences DisplayDocTitle Direction Outlines StructTreeRoot"
    b" MarkInfo Marked OutputIntents EmbeddedFile Filespec AFRelationship Source Params ModDate Length FlateDecode"
    b" DCTDecode DeviceRGB DeviceGray DeviceCMYK ICCBased XObject Subtype Identity-H ToUnicode CIDFont FontDescriptor"
    b" document creator producer keywords faceid-review-chain faceid-review-manifest verify_snapshot signer"
)
"""Words that every PDF of ours is built with."""

_TELLING: Final = 16
"""Bytes from which on a typed text is told from our own words."""

_IDS: Final = ("biz_id", "biz_no", "request_id")


@dataclass(frozen=True)
class Removed:
    """One thing that was taken out. ``pointer`` says where it stood, ``reason`` is a code of the profile.

    ``values`` are the forms in which it must not be found again.
    """

    number: int
    pointer: str
    reason: str
    item: bytes = field(repr=False)
    values: tuple[str | bytes, ...] = field(repr=False)

    def part(self, seed: bytes) -> Part:
        """Its line in the manifest: a commitment instead of a hash."""
        return Part.removed(f"removed {self.number}", self.item, seed, self.pointer, self.reason)


def redacted(
    case: Case, frame: Frame, profile: Profile, *words: Words
) -> tuple[Case, Frame, tuple[Removed, ...]]:
    """The case and the frame as ``profile`` lets them out, and what was taken out of them.

    ``words`` are the languages of the copy: what stands in place of a text is one text in all of them.

    Raises ValueError where something is to be taken out and the frame has no seed.
    """
    if not profile.redacted:
        return case, frame, ()
    if not frame.seed:
        # Without one the salts could be computed by anybody, and a name be guessed from its commitment.
        raise ValueError("seed")
    return _Redaction(case, frame, profile, *words).made()


class _Redaction:
    """Takes things out of one case, and remembers them in order."""

    def __init__(self, case: Case, frame: Frame, profile: Profile, *words: Words) -> None:
        self.case, self.frame, self.profile, self.words = case, frame, profile, words
        self.removed: list[Removed] = []
        self._instead: dict[str, str] = {}
        self._withheld: dict[str, Photograph] = {}
        self._hashes: dict[str, str] = {}
        self._bodies = self._held_bodies()

    def made(self) -> tuple[Case, Frame, tuple[Removed, ...]]:
        remove, case = self.profile.remove, self.case
        staff = [*(e.by for e in case.events), self.frame.exporter]
        accounts = [case.account, *(str(e.facts["account"]) for e in case.events if e.facts.get("account"))]
        named = {*staff, *accounts}
        if "staff" in remove:
            self._names("staff", staff, _codes(REVIEWER, named))
        if "place" in remove:
            self._names("place", accounts, _codes(ACCOUNT, named))
            self._take("/vault", "place", self.frame.vault, sought=False)
        if "ids" in remove:
            self._numbers()
        self._substitution = _substitution(self._instead)
        bodies = {entry.number: self._body(entry) for entry in case.events if entry.number in self._bodies}
        entries = [self._entry(entry) for entry in case.events]
        frame = replace(
            self.frame,
            exporter=self._text(self.frame.exporter),
            vault="–" if "place" in remove else self.frame.vault,
        )
        return fold(entries, bodies, self._read), frame, tuple(self.removed)

    def _held_bodies(self) -> dict[int, bytes]:
        case = self.case
        return {
            **{one.entry: one.body for one in case.sources},
            **{one.entry: one.body for one in case.callbacks},
            **{one.entry: one.data for one in case.references},
        }

    def _read(self, body: bytes) -> VerificationResult:
        result = VerificationResult.read(body)
        shown = tuple(self._withheld.get(one.role, one) for one in result.photographs)
        return replace(result, photographs=shown) if shown else result

    # ---------------------------------------------------------------------------------------------- taking out

    def _take(
        self, pointer: str, reason: str, item: str | bytes, *more: str | bytes, sought: bool = True
    ) -> str:
        """Note that ``item`` goes; gives what stands in its place. ``sought`` is looked for when the file is made."""
        known = item.encode("utf-8", "surrogatepass") if isinstance(item, str) else item
        if not known:
            return ""
        number = len(self.removed) + 1
        sought = sought and not _is_common(known)
        self.removed.append(Removed(number, pointer, reason, known, (item, *more) if sought else ()))
        return " ".join(dict.fromkeys(words("dossier.removed", n=number) for words in self.words))

    def _names(self, reason: str, found: list[str], codes: Iterator[str]) -> None:
        for number, name in enumerate(dict.fromkeys(filter(None, found)), start=1):
            self._take(f"/{reason}/{number}", reason, name)
            self._instead.setdefault(name, next(codes))

    def _numbers(self) -> None:
        case = self.case
        # Other cases of the dispute are told by number, and so are the ids inside the answers.
        found = {str(case.biz_id): "TRAINING", case.number: "TRAINING-CASE"}
        for dispute in case.work.disputes:
            found |= {
                other: f"TRAINING-{n}" for n, other in enumerate(dispute.cases, 2) if other not in found
            }
        for body in self._bodies.values():
            for pointer, value in _texts(parsed(body)) if is_json(body) else ():
                name = pointer.rpartition("/")[2]
                if name in _IDS and value and value not in found:
                    found[value] = f"{name}-{len(found)}"
        for value, instead in list(found.items()):
            if uuid := _UUID.search(value):
                found.setdefault(uuid[0], f"{instead}-uuid")
        for value, instead in found.items():
            if value:
                self._take(f"/ids/{instead}", "ids", value)
                self._instead[value] = instead

    # ------------------------------------------------------------------------------------------------- entries

    def _entry(self, entry: Entry) -> Entry:
        remove, facts = self.profile.remove, dict(entry.facts)
        for reason, table in (("notes", _TYPED), ("claimant", _CLAIMANT)):
            # What was said to the claimant is theirs; a line of our own about the dispute is not.
            own = entry.act == "dispute_note" and facts.get("kind") == "note"
            names = ("text",) if own and reason == "notes" else table.get(entry.act, ())
            for name in names if reason in remove else ():
                if isinstance(text := facts.get(name), str) and text:
                    # A word such as "decided" is taken out too, and stands in our own words as well.
                    sought = name in _NAMES or len(text.encode()) >= _TELLING
                    at = f"/entries/{entry.number}/{name}"
                    facts[name] = self._take(at, reason, text, sought=sought)
        if "place" in remove:
            for name, empty in _PLACES:
                if facts.get(name):
                    told = json.dumps(facts[name], ensure_ascii=False, default=str)
                    self._take(f"/entries/{entry.number}/{name}", "place", told, sought=name != "vault")
                    facts[name] = empty
            if entry.act in (*_ANSWERS, "callback") and facts.get("name"):
                facts["name"] = self._take(f"/entries/{entry.number}/name", "place", str(facts["name"]))
        if "hashes" in remove:
            for name in ("sha256", "left_sha256", "right_sha256"):
                if isinstance(digest := facts.get(name), str) and digest:
                    facts[name] = self._hashes.get(digest, "–")
        by, subject = self._text(entry.by), self._text(entry.subject)
        record = entry.record if self.profile.pictures == KEEP else None
        return replace(entry, by=by, subject=BizId(subject), facts=self._everywhere(facts), record=record)

    def _text(self, text: str) -> str:
        return self._substitution(text)

    def _everywhere(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {name: self._everywhere(item) for name, item in value.items()}
        return [self._everywhere(item) for item in value] if isinstance(value, list | tuple) else value

    # -------------------------------------------------------------------------------------------------- bodies

    def _body(self, entry: Entry) -> bytes:
        body, profile = self._bodies[entry.number], self.profile
        if entry.act == "reference":
            return self._reference(entry, body)
        if profile.pictures == KEEP and not profile.remove & {"ids", "extra", "fraud"}:
            return body
        tree = parsed(body) if entry.act in _ANSWERS and is_json(body) else None
        if tree is None:
            kept_whole = entry.act == "callback" and not profile.remove & {"ids", "extra", "fraud"}
            if not kept_whole:
                self._take(f"/bodies/{entry.number}", "unreadable", body)
            return body if kept_whole else b""
        text = _written(self._without(tree, "", entry))
        return text.encode("utf-8", "surrogatepass")

    def _without(self, tree: Tree, at: str, entry: Entry) -> Tree:
        if isinstance(tree, Members):
            made = Members()
            for name, value in tree:
                here = f"{at}/{name}"
                if self._goes(here):
                    told = json.dumps(_plain(value), ensure_ascii=False)
                    self._take(f"/bodies/{entry.number}{here}", self._why(here), told, *_longest_text(value))
                    continue
                made.append((self._text(name), self._without(value, here, entry)))
            return made
        if isinstance(tree, list):
            return [self._without(one, f"{at}/{n}", entry) for n, one in enumerate(tree)]
        if isinstance(tree, str) and not isinstance(tree, Literal):
            if at.startswith("/images/") and self.profile.pictures != KEEP:
                return self._picture(at.removeprefix("/images/"), tree, entry)
            return self._text(tree)
        return tree

    def _goes(self, pointer: str) -> bool:
        remove = self.profile.remove
        return ("fraud" in remove and pointer in _FRAUD) or (
            "extra" in remove and pointer == "/biz_extra_data"
        )

    def _why(self, pointer: str) -> str:
        return "fraud" if pointer in _FRAUD else "extra"

    def _picture(self, role: str, text: str, entry: Entry) -> str:
        photographs = (
            self.case.photographs if self.case.answer and entry.number == self.case.answer.entry else ()
        )
        sent = next((one for one in photographs if one.role == role), None)
        data = sent.data if sent else text.encode("utf-8", "surrogatepass")
        marker = self._take(f"/bodies/{entry.number}/images/{role}", "pictures", data, text, data)
        if self.profile.pictures == DRAWN:
            drawn = drawing(exhibit_number(role))
            if sent:
                self._stands_for(sent.sha256, drawn)
            return base64.b64encode(drawn).decode()
        if sent:
            self._withheld[role] = Withheld(
                role, b"", sent.sha256, None, "withheld", size=len(data), marker=marker
            )
        return marker

    def _reference(self, entry: Entry, body: bytes) -> bytes:
        if self.profile.pictures == KEEP or not body:
            return body
        self._take(f"/bodies/{entry.number}", "pictures", body)
        if self.profile.pictures != DRAWN:
            return b""
        drawn = drawing(f"entry {entry.number}")
        self._stands_for(str(entry.facts["sha256"]), drawn)
        return drawn

    def _stands_for(self, sha256: str, drawn: bytes) -> None:
        self._hashes[sha256] = Part.of("", drawn).sha256


def _codes(letter: str, named: Container[str]) -> Iterator[str]:
    """R1, R2 and so on, without one that is somebody's name."""
    return (code for number in count(1) if (code := f"{letter}{number}") not in named)


def drawing(name: str) -> bytes:
    """A drawing of nobody, as a JPEG; another file for each name, so that marks find the one they belong to."""
    drawn, said = _drawn(), name.encode("ascii", "replace")[:60]
    return drawn[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + drawn[2:]


@cache
def _drawn() -> bytes:
    return resources.read("snapshot/nobody.jpg")


def _is_common(item: bytes) -> bool:
    """Whether these bytes stand in the words of the program itself: finding them again would mean nothing."""
    return len(item) < 200 and any(item.lower() in one for one in _our_words())


@cache
def _our_words() -> tuple[bytes, ...]:
    catalogues = [resources.read(f"locale/{lang}/LC_MESSAGES/faceid_review.mo") for lang in LANGUAGES]
    return tuple(one.lower() for one in (*catalogues, resources.read("glossary.toml"), _STRUCTURE))


def _substitution(instead: Mapping[str, str]) -> Callable[[str], str]:
    """Puts one text in place of another, the longest first; a Latin name only where it is a word of its own."""
    if not instead:
        return lambda text: text
    longest = sorted(instead, key=len, reverse=True)
    pattern = re.compile("|".join(map(word, longest)))
    return lambda text: pattern.sub(lambda m: instead[m[0]], text)


def word(text: str) -> str:
    """A pattern for ``text`` that does not begin or end inside a longer Latin word or number."""
    before = r"(?<![0-9A-Za-z_])" if text[0].isascii() and text[0].isalnum() else ""
    after = r"(?![0-9A-Za-z_])" if text[-1].isascii() and text[-1].isalnum() else ""
    return f"{before}{re.escape(text)}{after}"


def _texts(tree: Tree, at: str = "") -> Iterator[tuple[str, str]]:
    pairs = tree if isinstance(tree, Members) else enumerate(tree) if isinstance(tree, list) else ()
    for name, value in pairs:
        if isinstance(value, str):
            yield f"{at}/{name}", value
        else:
            yield from _texts(value, f"{at}/{name}")


def _longest_text(tree: Tree) -> tuple[str, ...]:
    if isinstance(tree, str) and not isinstance(tree, Literal):
        return (tree,)
    found = [value for _, value in _texts(tree) if not isinstance(value, Literal)]
    return tuple(one for one in found if len(one) >= 8)


def _plain(tree: Tree) -> Any:
    if isinstance(tree, Members):
        return {name: _plain(value) for name, value in tree}
    return [_plain(one) for one in tree] if isinstance(tree, list) else tree


def _written(tree: Tree) -> str:
    """The JSON of a tree, numbers in the characters they were sent in."""
    if isinstance(tree, Members):
        inner = ", ".join(f"{json.dumps(n, ensure_ascii=False)}: {_written(v)}" for n, v in tree)
        return "{" + inner + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(_written, tree)) + "]"
    return str(tree) if isinstance(tree, Literal) else json.dumps(tree, ensure_ascii=False)
