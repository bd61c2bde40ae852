"""What travels with a document: the answer, its headers, callbacks, exhibits, recipes, and the case's entries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from faceid_review.snapshot.attaching import Attachment
from faceid_review.snapshot.exhibits import Exhibit
from faceid_review.snapshot.manifest import ANSWER
from faceid_review.snapshot.marks import scaled
from faceid_review.snapshot.other_sources import further
from faceid_review.snapshot.this_copy import ThisCopy

RAW: Final = "raw_response.bin"
HEADERS: Final = "response_headers.txt"
EVENTS: Final = "events.jsonl"
RECIPE: Final = "recipe.json"

SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})
_MOST_PICTURES: Final = 64 * 1024 * 1024
_BYTES: Final = "application/octet-stream"


def attachments(copy: ThisCopy, exhibits: Sequence[Exhibit]) -> list[Attachment]:
    """Everything that the profile lets travel, as far as there is any."""
    doors = {
        "answer": _answer,
        "headers": _headers,
        "callbacks": _callbacks,
        "events": _events,
    }
    made = [one for name, door in doors.items() if name in copy.profile.attachments for one in door(copy)]
    if "exhibits" in copy.profile.attachments:
        made += _pictures(copy, exhibits)
    return made


def _answer(copy: ThisCopy) -> Iterator[Attachment]:
    answer, words = copy.case.answer, copy.words
    if answer and not answer.too_long:
        yield Attachment(RAW, answer.body, _BYTES, words("snapshot.attached.raw"), "Source", ANSWER)


def _headers(copy: ThisCopy) -> Iterator[Attachment]:
    answer, words = copy.case.answer, copy.words
    if answer is None or not answer.headers:
        return
    # A file need not tell the status; none is made up for it.
    lines = [f"HTTP {answer.status}"] if answer.status else []
    for name, value in answer.headers:
        told = words("dossier.withheld") if name.lower() in SECRET_HEADERS else value
        lines.append(f"{name}: {told}")
    body = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n"
    yield Attachment(HEADERS, body, "text/plain", words("dossier.attached.headers"), "Source")


def _callbacks(copy: ThisCopy) -> Iterator[Attachment]:
    words = copy.words
    for one in further(copy):
        yield Attachment(one.name, one.body, _BYTES, words(one.description), "Source")
    for source in copy.case.callbacks:
        told = {
            "sign": source.sign,
            "algorithm": source.algorithm,
            "diagnosis": source.diagnosis,
            "account": source.account,
            "changes": list(source.changes),
            "file": source.name,
            "sha256": source.sha256,
            "imported_at": source.at.astimezone(UTC).isoformat(),
        }
        text = "".join(f"{name}: {_plain(value)}\n" for name, value in told.items())
        description = words("dossier.attached.sign")
        yield Attachment(f"callback_{source.entry}_sign.txt", _bytes(text), "text/plain", description)


def _events(copy: ThisCopy) -> Iterator[Attachment]:
    text = "".join(json.dumps(_told(e), ensure_ascii=False, default=str) + "\n" for e in copy.case.events)
    yield Attachment(EVENTS, _bytes(text), "application/jsonl", copy.words("dossier.attached.events"))


def _told(entry: Any) -> Mapping[str, Any]:
    # From the seed of an earlier copy could be told what was taken out of it.
    facts = {name: value for name, value in entry.facts.items() if name != "seed"}
    if isinstance(headers := facts.get("headers"), list | tuple):
        facts["headers"] = [pair for pair in headers if str(pair[0]).lower() not in SECRET_HEADERS]
    return {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(),
        "by": entry.by,
        "act": entry.act,
        "subject": entry.subject,
        "facts": facts,
        "link": entry.link.hex(),
    }


def _pictures(copy: ThisCopy, exhibits: Sequence[Exhibit]) -> Iterator[Attachment]:
    words, room, recipes = copy.words, _MOST_PICTURES, list[Mapping[str, Any]]()
    for exhibit in exhibits:
        data = exhibit.picture.data
        if exhibit.withheld or not data or len(data) > room:
            continue
        room -= len(data)
        number = exhibit.number if re.fullmatch(r"E[0-9]+[a-z]?", exhibit.number) else exhibit.picture.role
        yield Attachment(
            exhibit.file,
            data,
            _BYTES if exhibit.picture.problem else "image/jpeg",
            words("snapshot.attached.picture", number=number[:60]),
            "Data" if exhibit.ours else "Source",
            pointer=exhibit.picture.pointer[:300],
        )
        if recipe := exhibit.recipe:
            recipes.append({"exhibit": exhibit.number, "file": exhibit.file, **recipe})
    if copy.profile.shows("compared"):
        recipes += [one.recipe for one in scaled(copy, exhibits)]
    if recipes:
        text = json.dumps({"derived": recipes}, indent=1, ensure_ascii=False) + "\n"
        yield Attachment(RECIPE, _bytes(text), "application/json", words("dossier.attached.recipe"))


def _plain(value: Any) -> str:
    return "-" if value in (None, "", []) else " ".join(str(value).split())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
