"""``policy``: which policies of the office are in force, and setting one."""

from __future__ import annotations

import argparse

from faceid_review.cli.judging import Command
from faceid_review.cli.lines import opened, say, say_json
from faceid_review.errors import Usage
from faceid_review.i18n import Words
from faceid_review.review import policies


def join(command: Command, w: Words) -> None:
    """Join ``policy`` to the parser."""
    parser = command("policy", _policy)
    parser.add_argument("name", nargs="?", metavar="NAME", help=", ".join(policies.NAMES))
    parser.add_argument("value", nargs="?", metavar="VALUE", help=w("cli.help_policy_value"))
    parser.add_argument("--json", action="store_true")


def _policy(options: argparse.Namespace, w: Words) -> int:
    if options.name is not None and options.value is None:
        raise Usage("policy_value")
    with opened(options) as session:
        if options.name is not None and not session.set_policy(options.name, options.value):
            say(w("policy.as_before"))
        listed = [one for one in session.policies() if options.name in (None, one["name"])]
    for one in listed:
        if options.json:
            say_json(one)
        else:
            since = w("policy.since", at=one["since"], by=one["by"]) if one["since"] else w("policy.default")
            name = w(f"policy.name.{one['name']}")
            print("\t".join([one["name"], policies.said(one["value"], w), name, since]))
    return 0
