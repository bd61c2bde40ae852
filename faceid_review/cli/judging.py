"""Judging, deciding and the work list: ``note``, ``judge``, ``decide``, ``list`` and their kin."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime, time
from typing import Final

from faceid_review.cli.arguments import day, days
from faceid_review.cli.lines import opened, say, say_json
from faceid_review.errors import Usage
from faceid_review.i18n import Words, grouped
from faceid_review.review import access, judged, statement, telling
from faceid_review.review.case import Case
from faceid_review.review.judging import PARTICULARS, Outcome, Step
from faceid_review.review.plain_text import visible
from faceid_review.review.reviewing import PERSONS_FILED, PERSONS_WARNED
from faceid_review.review.worklist import Query, WorkState, facts_of_query, query_of
from faceid_review.session import Session

Command = Callable[[str, Callable[[argparse.Namespace, Words], int] | None], argparse.ArgumentParser]

_MOST_ALIKE: Final = 20
_INTERNAL: Final = ("reader", "entry", "find", "whole", "unseen", "checks")


def join_filters(listing: argparse.ArgumentParser, w: Words) -> None:
    """Give ``list`` its filters."""
    listing.add_argument("--work", choices=[state.value for state in WorkState])
    listing.add_argument("--decision", choices=[*(o.value for o in Outcome), "none"])
    listing.add_argument("--view", metavar="NAME", help=w("cli.help_view"))
    listing.add_argument("--save-view", metavar="NAME", help=w("cli.help_save_view"))
    listing.add_argument("--tag", default="", metavar="TAG")
    listing.add_argument("--liveness", choices=["passed", "failed"])
    for name, text in (
        ("failure-reason", "CODE"),
        ("band", "1e-3|none"),
        ("finding", "CHECK|any"),
        ("exception", "NAME|any"),
    ):
        listing.add_argument(f"--{name}", default="", metavar=text)
    listing.add_argument("--since", type=day, metavar="DATE", help=w("cli.help_since"))
    listing.add_argument("--until", type=day, metavar="DATE")
    listing.add_argument("--due", type=days, metavar="DAYS", help=w("cli.help_due"))


def join(command: Command, w: Words) -> None:
    """Join the commands of this module to the parser."""
    note = _of_case(command("note", _note))
    note.add_argument("text", metavar="TEXT|-")
    note.add_argument("--replace", type=int, metavar="N", help=w("cli.help_replace"))
    tag = _of_case(command("tag", _tag))
    tag.add_argument("tag", metavar="TAG")
    tag.add_argument("--remove", action="store_true")
    wait = _of_case(command("wait", _wait))
    wait.add_argument("--on-hold", action="store_true", help=w("cli.help_on_hold"))
    wait.add_argument("--reason", default="", metavar="TEXT")
    snooze = _of_case(command("snooze", _snooze))
    snooze.add_argument("--until", required=True, type=day, metavar="DATE")
    snooze.add_argument("--reason", default="", metavar="TEXT")
    _of_case(command("resume", _resume))
    judge = _of_case(command("judge", _judge))
    judge.add_argument("step", choices=[step.value for step in Step])
    decide = _of_case(command("decide", _decide))
    decide.add_argument("outcome", choices=[outcome.value for outcome in Outcome])
    decide.add_argument("--reason", required=True, metavar="CODE")
    decide.add_argument("--note", default="", metavar="TEXT|-")
    decide.add_argument("--step", choices=[step.value for step in Step], help=w("cli.help_step"))
    hold = _of_case(command("hold", _hold))
    hold.add_argument("--reason", required=True, metavar="TEXT")
    hold.add_argument("--release", action="store_true", help=w("cli.help_release"))
    particulars = _of_case(command("particulars", _particulars))
    for name in PARTICULARS:
        particulars.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT")
    command("reasons", _reasons).add_argument("--json", action="store_true")
    command("next", _next).add_argument("id", nargs="?", default="", metavar="BIZ_ID")
    command("persons", _persons).add_argument("--json", action="store_true")
    looked = _of_case(command("access", _access))
    looked.add_argument("--person", action="store_true", help=w("cli.help_person"))
    looked.add_argument("--json", action="store_true")
    _of_case(command("work", _work)).add_argument("--json", action="store_true")


def given(text: str) -> str:
    """``text``, or for ``-`` what standard input holds, without its last line break; whatever its bytes are."""
    if text != "-":
        return text
    data = sys.stdin.buffer.read().removesuffix(b"\n").removesuffix(b"\r")
    for way in ("strict", "surrogatepass"):
        try:
            return data.decode("utf-8", way)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "surrogateescape")


def listed(options: argparse.Namespace, w: Words) -> int:
    """The cases that the filters leave."""
    query = Query(
        text=options.search,
        stage=options.stage or "",
        work=options.work or "",
        passed=None if options.liveness is None else options.liveness == "passed",
        reason=options.failure_reason,
        band=options.band,
        finding=options.finding,
        exception=options.exception,
        decision=options.decision or "",
        tag=options.tag,
        since=options.since,
        until=options.until,
        due=options.due,
    )
    with opened(options) as session:
        now = datetime.now().astimezone()
        if options.view is not None:
            query = _view(session, options.view, query)
        if options.save_view is not None:
            session.review.save_view(options.save_view, query)
        for row in session.casebook.select(query, thorough=True):
            state = session.casebook.work.state(row["biz_id"], now)
            if options.json:
                shown = {name: value for name, value in row.items() if name not in _INTERNAL}
                # An imported answer may not tell its status.
                say_json({**shown, "status": row["status"] or None, "work": state})
            else:
                work = w(f"judging.work.{state}") if state else ""
                print(f"{row['case']}\t{row['biz_id']}\t{row['stage']}\t{work} · {telling.head(row, w)}")
    return 0


def _view(session: Session, name: str, narrower: Query) -> Query:
    """A saved view, narrowed by what else was asked for."""
    views = session.review.views()
    if name not in views:
        raise Usage("view_unknown", name=name[:64], names=", ".join(views))
    return query_of({**facts_of_query(views[name]), **facts_of_query(narrower)})


def show(options: argparse.Namespace, w: Words) -> int:
    """One case; under the blind policy ``--reveal`` shows the vendor's verdict before a judgement."""
    with opened(options) as session:
        biz_id = session.casebook.find(options.id)
        if options.reveal:
            session.review.reveal(biz_id)
        case = session.casebook.open(biz_id)
        alike = session.casebook.work.alike(biz_id, [picture.sha256 for picture in case.photographs])
    if options.json:
        say_json(statement.state(case))
        return 0
    print(telling.case(case, w))
    for line in judged.lines(case, w):
        print(line)
    for name, others in (("biz_no", alike.biz_no), ("picture", alike.picture)):
        if others:
            print(w("cli.labelled", label=w(f"judging.alike_{name}"), said=_some(others, w)))
    return 0


def _some(ids: tuple[str, ...], w: Words) -> str:
    """The first of many ids; a number that a whole office shares must not flood the terminal."""
    left = len(ids) - _MOST_ALIKE
    more = [w("judging.alike_more", n=grouped(left))] if left > 0 else []
    return "; ".join([*ids[:_MOST_ALIKE], *more])


def _note(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        biz_id, text = session.casebook.find(options.id), given(options.text)
        if options.replace is None:
            case = session.review.note(biz_id, text)
            print(w("judging.note_kept", number=len(case.work.notes), case=case.number))
        else:
            case = session.review.revise(biz_id, options.replace, text)
            print(w("judging.note_kept", number=options.replace, case=case.number))
    return 0


def _tag(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        do = session.review.untag if options.remove else session.review.tag
        case = do(session.casebook.find(options.id), options.tag)
    print(judged.tags(case, w))
    return 0


def _wait(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        do = session.review.put_on_hold if options.on_hold else session.review.wait
        return _tell_state(session, do(session.casebook.find(options.id), options.reason), w)


def _snooze(options: argparse.Namespace, w: Words) -> int:
    until = datetime.combine(options.until, time.min).astimezone()
    with opened(options) as session:
        case = session.review.snooze(session.casebook.find(options.id), until, options.reason)
        return _tell_state(session, case, w)


def _resume(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        return _tell_state(session, session.review.resume(session.casebook.find(options.id)), w)


def _judge(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        case = session.review.judge(session.casebook.find(options.id), Step(options.step))
    made = case.work.judgements[-1]
    blind = f" · {w('judging.blind')}" if made.blind else ""
    print(w("judging.judgement", round=made.round, step=w(f"judging.step.{made.step.value}")) + blind)
    return 0


def _decide(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        biz_id, note = session.casebook.find(options.id), given(options.note)
        step = Step(options.step) if options.step else None
        case = session.review.seal(biz_id, step, Outcome(options.outcome), options.reason, note)
    made = case.work.decision
    print(judged.decided(made, w) if made else "")
    return 0


def _hold(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        do = session.review.release if options.release else session.review.hold
        case = do(session.casebook.find(options.id), options.reason)
    print(w("judging.hold_released" if options.release else "judging.hold_set", case=case.number))
    return 0


def _particulars(options: argparse.Namespace, w: Words) -> int:
    said = {name: given(text) for name in PARTICULARS if (text := getattr(options, name)) is not None}
    if not said:
        raise Usage("particulars_needed")
    with opened(options) as session:
        case = session.review.describe(session.casebook.find(options.id), **said)
    print(w("judging.particulars_kept", case=case.number))
    return 0


def _reasons(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        for reason in session.review.reasons():
            outcomes = [outcome.value for outcome in reason.outcomes]
            if options.json:
                told = {"code": reason.code, **{lang: reason.words.get(lang) for lang in ("en", "zh")}}
                say_json({**told, "outcomes": outcomes, "note": reason.note, "office": reason.office})
            else:
                print(f"{reason.code}\t{' '.join(outcomes)}\t{reason.text(w.lang)}")
        if not options.json:
            say(w("judging.reasons_where", place=session.home / "reasons.toml"))
    return 0


def _next(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        after = session.casebook.find(options.id) if options.id else ""
        now = datetime.now().astimezone()
        found = session.casebook.work.following(after, now)
        if found is None:
            say(w("judging.none_needs"))
            return 0
        row, state = session.casebook.row(found) or {}, session.casebook.work.state(found, now)
    print(f"{row['case']}\t{found}\t{row['stage']}\t{w(f'judging.work.{state}')}")
    return 0


def _persons(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        count = session.review.persons()
    warned = count >= PERSONS_WARNED
    if options.json:
        say_json({"persons": count, "warn_at": PERSONS_WARNED, "file_at": PERSONS_FILED, "warning": warned})
        return 0
    print(w.many("judging.persons", count))
    if warned:
        say(w("judging.persons_warning", count=grouped(count), most=grouped(PERSONS_FILED)))
    return 0


def _access(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        biz_id = session.casebook.find(options.id)
        for line in session.access(biz_id, person=options.person):
            if options.json:
                at = statement.instant(line.at)
                say_json({"entry": line.entry, "at": at, "by": line.by, "act": line.act, "biz_id": line.biz_id, **line.facts})  # fmt: skip
            else:
                print(_looked(line, w))
    return 0


def _looked(line: access.Access, w: Words) -> str:
    facts = ", ".join(f"{name}={value}" for name, value in line.facts.items() if value not in ("", None))
    act = w(f"judging.act.{line.act}")
    told = (
        str(line.entry),
        statement.instant(line.at),
        visible(line.by),
        act,
        visible(line.biz_id),
        visible(facts),
    )
    return "\t".join(told)


def _work(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        case = session.casebook.open(session.casebook.find(options.id))
    if options.json:
        say_json(judged.work(case))
        return 0
    told = judged.work(case)["work"]
    print(f"{case.number}  {case.biz_id}  {w(f'judging.work.{told}')}")
    for line in judged.lines(case, w):
        print(line)
    return 0


def _tell_state(session: Session, case: Case, w: Words) -> int:
    state = session.casebook.work.state(case.biz_id, datetime.now().astimezone())
    print(f"{case.number}\t{case.biz_id}\t{w(f'judging.work.{state}')}")
    return 0


def _of_case(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="BIZ_ID")
    return parser
