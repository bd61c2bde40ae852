"""What leaves the house: a case made into a signed file, written whole, checked, recorded, and made anew later.

The entry of an export holds all that went into the file, so that the same bytes come out again; where they cannot
(another version, another font, a purged case, a password, another signature) it is said why, and nothing is written.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from faceid_review import __version__
from faceid_review.errors import Afterwards, Damaged, NotAllowed, ReviewError, Usage
from faceid_review.i18n import words as words_of
from faceid_review.review import policies
from faceid_review.review.accounts import AccountBook
from faceid_review.review.case import Case
from faceid_review.review.casebook import Casebook
from faceid_review.review.personal import WORDS
from faceid_review.review.sources import Answer, CallbackSource
from faceid_review.snapshot import document, office, profile
from faceid_review.snapshot.document import Document, Frame, Note, NotMade
from faceid_review.snapshot.office import Office
from faceid_review.snapshot.proof import Proof
from faceid_review.snapshot.signing import Signer, seal
from faceid_review.snapshot.verify import verify
from faceid_review.vault.entry import Entry
from faceid_review.vault.vault import Vault

_KEY: Final = "signing key"
_LONGEST_PASSWORD: Final = 127
"""Bytes of UTF-8 that the AES-256 of a PDF takes (ISO 32000-2, 7.6.4.3.3)."""

_PARTS: Final = ("typst", "pyhanko", "segno", "pillow")


class NotAgain(ReviewError):
    """An earlier export cannot be made anew; nothing was written. The wording says why."""

    exit_code = 7


@dataclass(frozen=True)
class Wish:
    """What a copy is to be: its language, its profile, for whom and what for, and how it is protected.

    ``left_out`` are sections of the profile that this copy goes without. ``thumbnails`` only where the profile leaves the
    pictures out. With ``password`` it is encrypted (AES-256) and no PDF/A. With ``office`` it carries the office's signature too.
    """

    lang: str
    profile: str = profile.DEFAULT
    recipient: str = ""
    purpose: str = ""
    left_out: tuple[str, ...] = ()
    password: str | None = field(default=None, repr=False)
    office: Office | None = field(default=None, repr=False)
    thumbnails: bool = False


@dataclass(frozen=True)
class Exported:
    """A snapshot that lies on the disk, checked. ``notes`` say what it could not do as it should."""

    path: Path
    sha256: str
    pages: int
    notes: tuple[Note, ...]


class Delivery:
    """The way out of one vault. Any thread may call; ``write`` puts bytes on the disk, whole or not at all."""

    def __init__(
        self,
        vault: Vault,
        casebook: Casebook,
        accounts: AccountBook,
        write: Callable[[Path, bytes], Path],
        *,
        time_stamps: str = "",
        demo: bool = False,
    ) -> None:
        self._vault, self._casebook, self._accounts, self._write = vault, casebook, accounts, write
        self._time_stamps = time_stamps
        self._demo = demo
        self._lock = threading.Lock()
        self._signer: Signer | None = None

    def stamp_at(self, server: str) -> None:
        """From now on every export asks this RFC 3161 server for a time stamp; empty for none."""
        self._time_stamps = server

    @property
    def signer(self) -> Signer:
        """The vault's key, made when first needed. It lies sealed in the vault; its fingerprint is in an entry."""
        with self._lock:
            if self._signer is None:
                self._signer = self._kept_signer()
            return self._signer

    def _kept_signer(self) -> Signer:
        kept = self._vault.sealed.get(_KEY)
        if kept is not None:
            return Signer(bytes.fromhex(kept))
        seed = os.urandom(32)
        signer = Signer(seed)
        with self._vault.transaction():
            self._vault.sealed.put(_KEY, seed.hex())
            self._vault.ledger.append("signing_key_made", facts={"fingerprint": signer.key.fingerprint})
        return signer

    def put_down(self, target: Path, data: bytes) -> None:
        """Write a file that goes with snapshots, whole or not at all."""
        self._write(target, data)

    def preview(self, case: Case, wish: Wish) -> Document:
        """What :meth:`export` would write now, unsigned and in memory alone: nothing is written, nothing recorded."""
        self._may_leave(case)
        frame = self._frame(wish, os.urandom(32))
        return self._document(self._folded(case.biz_id, frame.entries), frame, wish)

    def export(self, case: Case, target: Path, wish: Wish) -> Exported:
        """Write a snapshot: made, signed, checked, written aside, synced, renamed, read again, recorded.

        Raises :class:`Afterwards`, also where the answer repeats the account's secret: it stays kept as it came,
        but leaves the house only once that secret is no longer in force. Raises :class:`NotAllowed`, :class:`Usage`.
        """
        self._may_leave(case)
        if wish.password is not None:
            _usable(wish.password)
        seed = os.urandom(32)
        frame = self._frame(wish, seed)
        # Folded anew, so that the file follows from the entries up to this one and from nothing else.
        case = self._folded(case.biz_id, frame.entries)
        made = self._document(case, frame, wish)
        pdf, protected, notes = self._signed(made.pdf, frame, wish)
        digest = hashlib.sha256(pdf).hexdigest()
        self._check(pdf, wish.password)
        path = self._write(target, pdf)
        facts = {
            "export": frame.export,
            "sha256": digest,
            "bytes": len(pdf),
            "pages": made.pages,
            "lang": wish.lang,
            "profile": wish.profile,
            "left_out": list(wish.left_out),
            "thumbnails": wish.thumbnails,
            "at": frame.exported_at.isoformat(),
            "zone": frame.zone,
            "version": frame.version,
            "exporter": frame.exporter,
            "vault": frame.vault,
            "demo": frame.demo,
            "chain_count": frame.entries,
            "chain_head": frame.head,
            "recipient": wish.recipient,
            "purpose": wish.purpose,
            "seed": seed.hex(),
            "stamp": frame.stamp,
            "signer": frame.key,
            "fonts": document.fonts_sha256(),
            **{name: version(name) for name in _PARTS},
            "protected": protected,
        }
        self._record(case.biz_id, facts)
        return Exported(path, digest, made.pages, (*made.notes, *notes))

    def _record(self, biz_id: str, facts: Mapping[str, Any]) -> None:
        """Write down that a copy left the house, whatever became of the case meanwhile."""
        try:
            self._casebook.record("exported", biz_id, facts)
        except NotAllowed:
            # Purged while the copy was made: that it is out there must be known, what was said of it no longer.
            words = dict.fromkeys(WORDS["exported"], "")
            self._casebook.record("exported", biz_id, {**facts, **words})

    def again(self, number: int, target: Path) -> Exported:
        """Make the file of the export in entry ``number`` anew, byte for byte, and write it.

        Raises :class:`NotAgain` where it does not come out the same, :class:`Usage` where that entry is no export.
        """
        entry = next(self._vault.ledger.entries(after=number - 1), None) if number > 0 else None
        if entry is None or entry.number != number or entry.act != "exported":
            raise Usage("not_an_export", number=number)
        if isinstance(entry.facts.get("again"), int):
            return self.again(entry.facts["again"], target)
        facts = entry.facts
        if "seed" not in facts:
            raise NotAgain("again_too_old")
        if facts["protected"]:
            raise NotAgain(f"again_{facts['protected'][0]}")
        case = self._as_it_was(entry)
        frame = Frame(
            exporter=facts["exporter"],
            exported_at=datetime.fromisoformat(facts["at"]),
            zone=facts["zone"],
            version=facts["version"],
            vault=facts["vault"],
            entries=facts["chain_count"],
            head=facts["chain_head"],
            demo=facts["demo"],
            recipient=facts["recipient"],
            purpose=facts["purpose"],
            seed=bytes.fromhex(facts["seed"]),
            key=self.signer.key.fingerprint,
            stamp=facts["stamp"],
            policies=self._policies(facts["chain_count"]),
        )
        wish = Wish(
            facts["lang"],
            facts["profile"],
            left_out=tuple(facts["left_out"]),
            thumbnails=bool(facts.get("thumbnails")),
        )
        made = self._document(case, frame, wish)
        pdf = seal(made.pdf, self.signer, frame.exported_at)
        if hashlib.sha256(pdf).hexdigest() != facts["sha256"]:
            raise NotAgain("again_differs", what=", ".join(self._changed(facts)) or "–")
        path = self._write(target, pdf)
        kept = ("sha256", "bytes", "pages", "lang", "profile", "recipient", "purpose")
        told = {"export": frame.export, **{name: facts[name] for name in kept}, "again": number}
        self._casebook.record("exported", entry.subject, told)
        return Exported(path, facts["sha256"], made.pages, made.notes)

    def _as_it_was(self, entry: Entry) -> Case:
        """The case at the moment of an export. Raises :class:`NotAgain` where it was purged since."""
        now = self._casebook.open(entry.subject, record=False)
        if now.hidden:
            raise NotAllowed("judge_first")
        if any(event.act == "purged" for event in now.events):
            raise NotAgain("again_purged")
        try:
            return self._folded(entry.subject, entry.facts["chain_count"])
        except Damaged as error:
            gone = NotAgain("again_purged") if error.wording == "body_gone" else error
        raise gone

    def _changed(self, facts: Mapping[str, Any]) -> Iterator[str]:
        """What is no longer as it was at that export."""
        now = {
            "version": __version__,
            "fonts": document.fonts_sha256(),
            "signer": self.signer.key.fingerprint,
            **{name: version(name) for name in _PARTS},
        }
        for name, value in now.items():
            if facts.get(name) != value:
                yield f"{name} {str(facts.get(name))[:16]} → {value[:16]}"

    def _may_leave(self, case: Case) -> None:
        # As the policy is now: it may have been switched on since the case was read.
        if self._casebook.veiled(case).hidden:
            raise NotAllowed("judge_first")

    def _folded(self, biz_id: str, number: int) -> Case:
        """The case as entry ``number`` left it. Raises :class:`Afterwards` where a secret in force would leave with it."""
        case = self._casebook.as_of(biz_id, number)
        # Not only the answer on show: every source travels with the copy.
        sources: list[Answer | CallbackSource] = [*case.sources, *case.callbacks]
        if name := self._accounts.repeated_in(*(part for one in sources for part in _sent(one))):
            raise Afterwards("secret_repeated", name=name)
        return case

    def _frame(self, wish: Wish, seed: bytes) -> Frame:
        key = self.signer.key.fingerprint
        count = self._vault.ledger.count
        head = (self._vault.ledger.link_at(count) or b"").hex()
        # By way of its text, so that the same zone comes out of the entry.
        at = datetime.fromisoformat(datetime.now().astimezone().isoformat())
        words = words_of("en" if wish.lang == "en" else "zh")
        stamp = words("signing.stamp_asked", server=self._time_stamps) if self._time_stamps else ""
        return Frame(
            exporter=self._vault.ledger.by,
            exported_at=at,
            zone=time.strftime("%Z"),
            version=__version__,
            vault=self._vault.home.name,
            entries=count,
            head=head,
            demo=self._demo,
            recipient=wish.recipient,
            purpose=wish.purpose,
            seed=seed,
            key=key,
            stamp=stamp,
            policies=self._policies(count),
        )

    def _policies(self, count: int) -> tuple[Entry, ...]:
        """What the first ``count`` entries tell of the office's policies."""
        return tuple(e for e in self._vault.ledger.entries(policies.SUBJECT) if e.number <= count)

    def _document(self, case: Case, frame: Frame, wish: Wish) -> Document:
        who = profile.load(wish.profile)
        who = who.with_thumbnails() if wish.thumbnails else who
        who = replace(who, sections=who.sections - set(wish.left_out))
        return document.make(case, frame, wish.lang, profile=who, proof=Proof(self.signer))

    def _signed(self, pdf: bytes, frame: Frame, wish: Wish) -> tuple[bytes, list[str], tuple[Note, ...]]:
        """The file with every signature it gets, what keeps it from being made anew, and what did not come about."""
        protected, notes = list[str](), list[Note]()
        if wish.password is not None:
            pdf = _encrypted(pdf, wish.password)
            protected.append("password")
            notes.append(Note("signing.note.not_archive"))
        if wish.office:
            pdf = office.sign(pdf, wish.office, wish.password)
            protected.append("office")
        if self._time_stamps:
            try:
                pdf = office.stamp_time(pdf, self._time_stamps, wish.password)
                protected.append("time_stamp")
            except Afterwards as error:
                notes.append(Note("signing.note.no_time_stamp", dict(error.facts)))
        return seal(pdf, self.signer, frame.exported_at, wish.password), protected, tuple(notes)

    def _check(self, pdf: bytes, password: str | None) -> None:
        """Look at the file as a stranger would. Raises :class:`NotMade` where it does not hold."""
        verdict = verify(pdf, self.signer.key.fingerprint, password)
        if not verdict.good:
            wrong = ", ".join(finding.code for finding in verdict.findings if finding.good is False)
            raise NotMade("snapshot_not_made", reason=wrong[:300])


def _usable(password: str) -> None:
    if not password or len(password.encode("utf-8", "surrogatepass")) > _LONGEST_PASSWORD:
        raise Usage("password_unusable", most=_LONGEST_PASSWORD)


def _encrypted(pdf: bytes, password: str) -> bytes:
    """``pdf`` behind a password (AES-256), without its claim to be PDF/A."""
    import pikepdf  # noqa: PLC0415 - loaded when first used

    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        with opened.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
            for name in ("pdfaid:part", "pdfaid:conformance"):
                if name in told:
                    del told[name]
        opened.save(
            out,
            encryption=pikepdf.Encryption(owner=password, user=password, R=6),
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
        )
    return out.getvalue()


def _sent(source: Answer | CallbackSource) -> Iterator[bytes]:
    yield source.body
    if isinstance(source, Answer):
        yield from (value.encode("utf-8", "surrogateescape") for _, value in source.headers)
