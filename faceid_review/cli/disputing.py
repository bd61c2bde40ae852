"""``dispute``: open one, add what was asked, answered or appealed, tell the customer, close it."""

from __future__ import annotations

import argparse

from faceid_review.cli.arguments import day
from faceid_review.cli.judging import Command, given
from faceid_review.cli.lines import opened, say, say_json
from faceid_review.i18n import LANGUAGES, Words
from faceid_review.review import judged, letter
from faceid_review.review.disputes import Kind
from faceid_review.review.side_by_side import cells, facts, side_by_side


def join(command: Command, w: Words) -> None:
    """Join ``dispute`` to the parser."""
    parser = command("dispute", None)
    parser.add_argument("id", metavar="BIZ_ID")
    actions = parser.add_subparsers(dest="action", metavar="open|note|close|explain|show", required=True)
    begin = actions.add_parser("open", help=w("cli.help_dispute_open"))
    for name in ("who", "channel", "identity", "grounds"):
        begin.add_argument(f"--{name}", default="", metavar="TEXT", help=w(f"judging.dispute_{name}"))
    begin.add_argument("--received", type=day, metavar="DATE")
    begin.add_argument("--deadline", type=day, metavar="DATE")
    begin.add_argument(
        "--with", dest="others", nargs="+", default=[], metavar="BIZ_ID", help=w("cli.help_with")
    )
    begin.set_defaults(run=_open)
    note = actions.add_parser("note", help=w("cli.help_dispute_note"))
    note.add_argument("text", metavar="TEXT|-")
    note.add_argument("--kind", choices=[kind.value for kind in Kind], default=Kind.NOTE.value)
    note.add_argument("--deadline", type=day, metavar="DATE", help=w("cli.help_new_deadline"))
    note.set_defaults(run=_note)
    close = actions.add_parser("close", help=w("cli.help_dispute_close"))
    close.add_argument("text", nargs="?", default="", metavar="TEXT|-")
    close.set_defaults(run=_close)
    explain = actions.add_parser("explain", help=w("cli.help_dispute_explain"))
    explain.add_argument("text", nargs="?", default=None, metavar="TEXT|-")
    explain.add_argument("--language", choices=LANGUAGES, help=w("cli.help_language"))
    explain.set_defaults(run=_explain)
    show = actions.add_parser("show", help=w("cli.help_dispute_show"))
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_show)


def _open(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        ids = [session.casebook.find(text) for text in (options.id, *options.others)]
        case = session.review.open_dispute(
            ids,
            who=options.who,
            received=options.received,
            channel=options.channel,
            identity=options.identity,
            grounds=given(options.grounds),
            deadline=options.deadline,
        )
    made = case.work.dispute
    if made:
        print(w("judging.dispute_opened", name=made.name, round=made.round, n=len(made.cases)))
    return 0


def _note(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        biz_id = session.casebook.find(options.id)
        case = session.review.note_dispute(biz_id, given(options.text), Kind(options.kind), options.deadline)
    made = case.work.dispute
    print(w("judging.dispute_noted", name=made.name if made else ""))
    return 0


def _close(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        case = session.review.close_dispute(session.casebook.find(options.id), given(options.text))
    print(w("judging.dispute_ended", name=case.work.disputes[-1].name))
    return 0


def _explain(options: argparse.Namespace, w: Words) -> int:
    """Without a text the draft of a letter is printed and nothing is kept."""
    lang = options.language or w.lang
    with opened(options) as session:
        biz_id = session.casebook.find(options.id)
        if options.text is None:
            print(letter.draft(session.casebook.open(biz_id, record=False), lang))
            say(w("judging.letter_draft"))
            return 0
        case = session.review.explain(biz_id, lang, given(options.text))
    print(w("judging.explained", case=case.number, lang=lang))
    return 0


def _show(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        case = session.casebook.open(session.casebook.find(options.id), record=False)
        disputes = case.work.disputes
        together = [side_by_side(session.casebook, dispute.cases) for dispute in disputes]
    if options.json:
        for told, cases in zip(judged.work(case)["disputes"], together, strict=True):
            say_json({**told, "side_by_side": [facts(one) for one in cases]})
        return 0
    if not disputes:
        say(w("judging.no_disputes"))
    for dispute, cases in zip(disputes, together, strict=True):
        for line in judged.dispute_lines(dispute, w):
            print(line)
        if len(cases) > 1:
            print("\t".join([w("beside.title"), *(label for label, _ in cells(cases[0], w))]))
        for one in cases if len(cases) > 1 else ():
            print("\t".join([one.number or one.biz_id, *(said for _, said in cells(one, w))]))
    return 0
