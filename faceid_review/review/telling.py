"""Facts into sentences, in the reader's language: errors, rows and whole cases for people without a window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from faceid_review.errors import Refused, ReviewError
from faceid_review.faceid import glossary
from faceid_review.i18n import Words, grouped
from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval

_SPACES = "\u202f\u2009\u00a0"


def sentence(error: ReviewError, w: Words) -> str:
    """What an error says: is the answer spent, what is kept, what can be done."""
    facts = {name: value for name, value in error.facts.items() if name != "rescue"}
    said = w(f"error.{error.wording}", **facts)
    if isinstance(error, Refused):
        meaning = glossary.refusal(str(facts["code"]), int(facts["status"]))
        said = f"{said} {meaning.meaning.text(w.lang)} {meaning.next_step.text(w.lang)}"
    return said


def ends(api_key: str) -> str:
    """The beginning and the end of an api_key, enough to tell two apart."""
    return api_key if len(api_key) <= 8 else f"{api_key[:4]}…{api_key[-4:]}"


def place(keychain: str, w: Words) -> str:
    """Where secrets lie, in words."""
    return w("cli.place_vault") if keychain == "vault" else keychain


def stage(told: Retrieval, w: Words) -> str:
    """One question's progress, for a terminal."""
    if told.received:
        return w("cli.arriving", biz_id=told.biz_id, received=grouped(told.received))
    return f"{told.biz_id}  {w(f'stage.{told.stage.value}')}"


def head(row: Mapping[str, Any], w: Words) -> str:
    """One case in a line: how it stands and at most a few facts."""
    if not row:
        return ""
    facts = [w(f"stage.{row['stage']}")]
    if row["stage"] == Stage.REFUSED and row.get("code"):
        facts.append(str(row["code"]))
    if row["stage"] in (Stage.KEPT, Stage.PARTIAL):
        facts.append(w.many("cli.pictures", row["pictures"]))
        facts.append(w("cli.bytes", n=grouped(row["bytes"] or 0)))
        if row["reason"]:
            facts.append(row["reason"])
        if row["strictest"]:
            facts.append(w("cli.passes", name=row["strictest"]))
        if row["flags"]:
            facts.append(w("cli.flags", names=", ".join(row["flags"])))
    return _printable(" · ".join(facts))


def case(stated: Mapping[str, Any], w: Words) -> str:
    """A case as lines of text: every field that came, absent ones said to be absent."""
    return "\n".join(_printable(line) for line in _lines(stated, w))


def _printable(line: str) -> str:
    """``line`` with control and invisible characters written out: a vendor's text commands no terminal."""
    return "".join(c if c.isprintable() or c in _SPACES else f"\\u{ord(c):04x}" for c in line)


def _lines(stated: Mapping[str, Any], w: Words) -> Iterator[str]:
    yield f"{stated['case']}  {stated['biz_id']}"
    stage_ = stated["stage"]
    yield f"{w('show.stage')}: {w(f'stage.{stage_}')}"
    yield f"{w('show.account')}: {stated['account'] or w('show.none')}"
    if stated["received_at"]:
        complete = w("show.complete" if stated["complete"] else "show.incomplete")
        size = w("cli.bytes", n=grouped(stated["body_bytes"]))
        yield f"{w('show.received')}: {stated['received_at']}, {complete}, {size}"
        yield f"SHA-256: {stated['body_sha256']}"
    if refusal := stated["refusal"]:
        meaning = glossary.refusal(refusal["code"], refusal["http_status"])
        yield f"{w('show.refused')}: {refusal['code']} (HTTP {refusal['http_status']})"
        yield f"  {meaning.meaning.text(w.lang)}"
        spent = refusal["spent"]
        yield f"  {w(f'spent.{spent}')} {meaning.next_step.text(w.lang)}"
    for name in ("biz_no", "biz_extra_data", "request_id", "verify_request_id"):
        if stated[name] is not None:
            yield f"{name}: {stated[name]}"
    if stated["stage"] in (Stage.KEPT, Stage.PARTIAL) and "body_unreadable" not in stated["warnings"]:
        yield from _verdicts(stated, w)
    for image in stated["images"]:
        size = f"{image['width']} × {image['height']}" if image["width"] else ""
        status = w(f"picture.{image['status']}")
        yield f"{image['role']}: {status} {size}  SHA-256 {image['sha256']}"
    for warning in stated["warnings"]:
        said = glossary.warning(warning)
        yield f"! {said.text(w.lang) if said else warning}"
    for pointer, value in stated["unrecognised"].items():
        yield f"{w('show.unrecognised')} {pointer}: {str(value)[:200]}"


def _verdicts(stated: Mapping[str, Any], w: Words) -> Iterator[str]:
    liveness = stated["liveness"]
    absent = w("show.not_received" if "answer_cut" in stated["warnings"] else "show.not_returned")
    yield f"liveness: {(liveness or {}).get('result') or absent}"
    if liveness and liveness["failure_reason"]:
        yield f"failure_reason: {liveness['failure_reason']}"
        meaning = glossary.failure_reason(liveness["failure_reason"])
        for reading in meaning.readings(w.lang) if meaning else ():
            yield f"  - {reading.ours}"
    for comparison in stated["comparisons"]:
        thresholds = ", ".join(f"{name} {value}" for name, value in comparison["thresholds"].items())
        yield f"{comparison['against']}: {comparison['confidence'] or absent} ({thresholds})"
        if comparison["strictest_passed"]:
            yield f"  {w('cli.passes', name=comparison['strictest_passed'])}"
        if comparison["misses_next_by"]:
            yield f"  {w('show.misses', by=comparison['misses_next_by'])}"
    if not stated["comparisons"]:
        yield f"verify_result: {stated['verify_error'] or absent}"
    for check in stated["genuineness"]:
        if check["confidence"] is None:
            yield f"{check['check']}: {absent}"
        else:
            finding = w(f"finding.{check['finding']}")
            yield f"{check['check']}: {check['confidence']} ({check['threshold']}) {finding}"
    exceptions = stated["id_exceptions"]
    yield f"id_exceptions: {exceptions if exceptions is not None else absent}"
