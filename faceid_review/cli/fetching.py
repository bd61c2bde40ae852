"""``fetch``: which ids are meant, asking each once, and one line about each as it ends."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from faceid_review.cli.lines import opened, say, say_json
from faceid_review.errors import BadId, NotKept, ReviewError, Usage
from faceid_review.faceid import biz_id
from faceid_review.faceid.biz_id import BizId
from faceid_review.i18n import Words
from faceid_review.review import telling
from faceid_review.review.case import Stage
from faceid_review.review.retrieval import Retrieval
from faceid_review.session import Session, write_whole

WORST_FIRST: Final = (1, 6, 4, 5, 7, 3, 2, 0)
_BAR: Final = 24


def fetch(options: argparse.Namespace, w: Words) -> int:
    """Ask for every id that is given, once; the exit code is that of the worst outcome."""
    reason = options.reason.strip()
    if options.again and not reason:
        raise Usage("reason_needed")
    if options.again and (options.ids or options.waiting):
        raise Usage("again_is_for_one")
    codes: list[int] = []
    with opened(options) as session:
        tell = _Teller(session, w, as_json=options.json, codes=codes)
        ids = _ids(options, tell.bad)
        if options.waiting:
            ids = [*session.casebook.waiting(), *ids]
        session.queue.listener = tell.retrieval
        if options.accept_root:
            session.accept_root(options.accept_root, options.account)
        if ids:
            session.queue.ask(ids, options.account, again=reason if options.again else "")
        while session.queue.busy:
            try:
                session.queue.wait()
            except KeyboardInterrupt:
                session.queue.stop()
        if not ids and not codes and not options.waiting:
            raise BadId("id_empty")
    return min(codes, key=WORST_FIRST.index, default=0)


def _ids(options: argparse.Namespace, bad: Callable[[str, ReviewError], None]) -> list[BizId]:
    """The ids that were given, in order; what is none is told and left."""
    given = [options.again] if options.again else options.ids
    ids: dict[BizId, None] = {}
    for text in given:
        source = sys.stdin.buffer.read().decode("utf-8-sig", "replace") if text == "-" else text
        literal = options.literal or (bool(options.again) and not biz_id.find_all(source))
        if literal:
            for line in source.splitlines() if text == "-" else [source]:
                try:
                    ids[BizId.literal(line)] = None
                except BadId as error:
                    bad(line, error)
            continue
        found = biz_id.find_all(source)
        ids.update(dict.fromkeys(biz_id.distinct(found)))
        for one in found:
            if one.biz_id is None:
                bad(one.text, BadId("id_odd", text=one.text, meant=one.meant))
        if not found:
            bad(
                source,
                BadId("id_empty" if not source.strip() else "id_none", text=biz_id.visible(source[:80])),
            )
    return list(ids)


class _Teller:
    """Says what becomes of each question, as lines for people or as JSON, and remembers the exit codes."""

    def __init__(self, session: Session, w: Words, *, as_json: bool, codes: list[int]) -> None:
        self._session, self._w, self._as_json, self._codes = session, w, as_json, codes
        self._lock = threading.Lock()

    def retrieval(self, told: Retrieval) -> None:
        """One word of the queue: progress to a terminal, an ending as a line."""
        if isinstance(told.error, NotKept):
            saved = _saved_elsewhere(told.error)
            say(self._w("cli.rescued", name=saved) if saved else self._w("cli.not_rescued"))
        if told.stage in (Stage.ASKING, Stage.QUEUED) and told.error is None:
            if sys.stderr.isatty() and not self._as_json:
                sys.stderr.write(f"\r{self._progress()}  {telling.stage(told, self._w)}\x1b[K")
            return
        self._line(told.biz_id, told.stage, told.error)

    def _progress(self) -> str:
        """A bar with counts and, when there is a pace, the time left."""
        at = self._session.queue.line.progress()
        whole = at.done + at.under_way + at.waiting
        filled = _BAR * at.done // whole if whole else 0
        left = at.seconds_left
        time_left = self._w("cli.time_left", minutes=f"{left / 60:.0f}") if left and left > 60 else ""
        return f"[{'#' * filled}{'-' * (_BAR - filled)}] {at.done}/{whole} {time_left}"

    def bad(self, text: str, error: ReviewError) -> None:
        """A text that is no id."""
        self._line(biz_id.visible(text), Stage.NOT_SENT, error)

    def _line(self, name: str, stage: Stage, error: ReviewError | None) -> None:
        row = self._session.casebook.row(name) or {}
        with self._lock:
            self._codes.append(_exit_code(stage, error))
            if not self._as_json:
                if sys.stderr.isatty():
                    sys.stderr.write("\r\x1b[K")
                sentence = telling.sentence(error, self._w) if error else telling.head(row, self._w)
                print(f"{name}\t{stage.value}\t{sentence}", flush=True)
                return
            say_json(
                {
                    "biz_id": name,
                    "stage": stage.value,
                    "error": _error(error, self._w) if error else None,
                    "body_sha256": row.get("sha256"),
                }
            )


def _saved_elsewhere(error: NotKept) -> str:
    """Save the sealed bytes of an answer that the vault could not take: here, or where there is room."""
    name = f"faceid-review-rescue-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}.sealed"
    for folder in (Path.cwd(), Path.home(), Path(tempfile.gettempdir())):
        try:
            return str(write_whole(folder / name, error.rescue))
        except ReviewError:
            continue
    return ""


def _exit_code(stage: Stage, error: ReviewError | None) -> int:
    """A partly kept answer counts as a call that may be spent without a kept answer."""
    if error is not None:
        return error.exit_code
    return {Stage.PARTIAL: 4, Stage.UNKNOWN: 4, Stage.NOT_SENT: 3, Stage.CANCELLED: 3}.get(stage, 0)


def _error(error: ReviewError, w: Words) -> dict[str, str]:
    code = str(error.facts.get("code") or error.wording)
    return {"code": code, "spent": error.spent.value, "message": telling.sentence(error, w)}
