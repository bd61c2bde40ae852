"""``reference``, ``pin``, ``component``: photographs of our own beside a case's, and what is marked on all of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from faceid_review.cli.judging import Command, given
from faceid_review.cli.lines import opened, say, say_json
from faceid_review.errors import Usage
from faceid_review.i18n import Words
from faceid_review.review import marked
from faceid_review.review.components import components
from faceid_review.review.marking import role_of
from faceid_review.review.marks import Finding

_FINDINGS: Final = {one.value.replace("_", "-"): one.value for one in Finding} | {"none": ""}


def join(command: Command, w: Words) -> None:
    """Join the commands of this module to the parser."""
    refer = command("reference", _reference)
    refer.add_argument("id", metavar="BIZ_ID")
    refer.add_argument("file", type=Path, metavar="FILE")
    refer.add_argument("--source", default="", metavar="TEXT", help=w("cli.help_reference_source"))

    pin = command("pin", None)
    pin.add_argument("id", metavar="BIZ_ID")
    actions = pin.add_subparsers(dest="action", metavar="add|list|remove", required=True)
    add = actions.add_parser("add", help=w("cli.help_pin_add"), description=w("cli.help_pin_add"))
    add.add_argument("exhibit", metavar="EXHIBIT", help=w("cli.help_exhibit"))
    for name in ("x", "y"):
        add.add_argument(name, type=int, metavar=name.upper())
    add.add_argument("text", nargs="?", default="", metavar="TEXT|-")
    add.add_argument("--feature", default="", metavar="COMPONENT", help=w("cli.help_feature"))
    add.set_defaults(run=_pin)
    listing = actions.add_parser("list", help=w("cli.help_pin_list"))
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_pins)
    remove = actions.add_parser("remove", help=w("cli.help_pin_remove"))
    remove.add_argument("exhibit", metavar="EXHIBIT", help=w("cli.help_exhibit"))
    remove.add_argument("number", type=int, metavar="N")
    remove.set_defaults(run=_unpin)

    find = command("component", _find)
    find.add_argument("id", metavar="BIZ_ID")
    find.add_argument("component", metavar="COMPONENT", help=w("cli.help_feature"))
    find.add_argument("finding", choices=list(_FINDINGS), help=w("cli.help_finding"))
    for name in ("left", "right"):
        find.add_argument(name, metavar="EXHIBIT", help=w("cli.help_exhibit"))
    find.add_argument("text", nargs="?", default="", metavar="TEXT|-")
    command("components", _components).add_argument("--json", action="store_true")


def _reference(options: argparse.Namespace, w: Words) -> int:
    """Copy a picture into the vault as an exhibit of the case, supplied by us and not by the vendor."""
    with opened(options) as session:
        added = session.add_reference(options.id, options.file, options.source)
    print(f"{added.number}\t{added.name}\t{added.sha256}\t{w('marks.supplied')}")
    return 0


def _pin(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        biz_id = session.casebook.find(options.id)
        role = role_of(session.casebook.open(biz_id, record=False), options.exhibit)
        text = given(options.text)
        entry = session.marking.pin(biz_id, role, options.x, options.y, options.feature, text)
        case = session.casebook.open(biz_id, record=False)
    for pin in case.marks.pins:
        if pin.entry == entry.number:
            print(marked.pin_line(case, pin, w))
    return 0


def _pins(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        case = session.casebook.open(session.casebook.find(options.id), record=False)
    if options.json:
        for told in marked.pins(case):
            say_json(told)
        return 0
    if not case.marks.pins:
        say(w("marks.no_pins"))
    for pin in case.marks.pins:
        print(marked.pin_line(case, pin, w))
    return 0


def _unpin(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        biz_id = session.casebook.find(options.id)
        case = session.casebook.open(biz_id, record=False)
        role = role_of(case, options.exhibit)
        pins = [pin for pin in case.marks.pins if (pin.role, pin.number) == (role, options.number)]
        if not pins:
            raise Usage("pin_unknown")
        session.marking.unpin(biz_id, pins[0].entry)
    print(w("marks.unpinned", number=pins[0].number, exhibit=marked.exhibit(case, role)))
    return 0


def _find(options: argparse.Namespace, w: Words) -> int:
    with opened(options) as session:
        biz_id = session.casebook.find(options.id)
        case = session.casebook.open(biz_id, record=False)
        left, right = role_of(case, options.left), role_of(case, options.right)
        finding, text = _FINDINGS[options.finding], given(options.text)
        entry = session.marking.find(biz_id, options.component, finding, left, right, text)
        case = session.casebook.open(biz_id, record=False)
    if not finding:
        pair = w("marks.pair", left=marked.exhibit(case, left), right=marked.exhibit(case, right))
        name = marked.component_name(options.component, w)
        print(w("marks.finding_none", pair=pair, name=name))
    for found in case.marks.compared:
        if found.entry == entry.number:
            print(marked.finding_line(case, found, w))
    return 0


def _components(options: argparse.Namespace, w: Words) -> int:
    """What ``--feature`` and ``component`` take; no vault is needed to tell it."""
    for one in components():
        if options.json:
            say_json({"code": one.code, "en": one.name("en"), "zh": one.name("zh")})
        else:
            print(f"{one.code}\t{one.name(w.lang)}\t{one.look(w.lang)}")
    return 0
