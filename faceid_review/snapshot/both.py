"""Two copies of one document, in English and in Chinese, as one: what differs stands twice, what is equal once.

The two are made by the same code from the same case, so they have the same shape; where they do not, the English part
stands before the Chinese one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from faceid_review.snapshot.blocks import Block, Cell

_SHORT: Final = 24
_CAPTION: Final = 26
"""Millimetres that a caption in two languages takes beyond one."""

_JOINED: Final = ("bold", "fixed", "quiet")


def both(en: Sequence[dict[str, Any]], zh: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pages of both languages as pages in two columns."""
    return [_page(one, other) for one, other in zip(en, zh, strict=True)]


def joined(en: str | None, zh: str | None) -> str | None:
    """Two short texts on one line: Decisions 决定. Equal ones stand once."""
    if en is None or zh is None or en == zh:
        return en or zh
    return f"{en} {zh}" if len(en) + len(zh) < 200 else f"{en}\u2003{zh}"


def _page(en: dict[str, Any], zh: dict[str, Any]) -> dict[str, Any]:
    intro = en["intro"]
    if intro != zh["intro"]:
        intro = _cell(intro, zh["intro"])
    title = joined(en["title"], zh["title"])
    return {**en, "title": title, "intro": intro, "blocks": _blocks(en["blocks"], zh["blocks"])}


def _blocks(en: list[Block], zh: list[Block]) -> list[Block]:
    if [one["kind"] for one in en] != [one["kind"] for one in zh]:
        return [*en, *zh]
    made: list[Block] = []
    for one, other in zip(en, zh, strict=True):
        made += [one] if one == other else _block(one, other)
    return made


def _block(en: Block, zh: Block) -> list[Block]:
    match en["kind"]:
        case "section":
            both_of = {name: joined(en[name], zh[name]) for name in ("title", "remark")}
            return [{**en, **both_of}]
        case "facts" if len(en["rows"]) == len(zh["rows"]):
            rows = [_row(a, b, en["label"]) for a, b in zip(en["rows"], zh["rows"], strict=True)]
            return [{**en, "rows": rows}]
        case "pairs" if len(en["rows"]) == len(zh["rows"]):
            rows = [[_cell(*two) for two in zip(a, b, strict=True)] for a, b in _zip(en, zh)]
            return [{**en, "rows": rows}]
        case "rows" if _alike(en, zh):
            head = en["head"] and [_cell(a, b) for a, b in zip(en["head"], zh["head"], strict=True)]
            rows = [[_cell(*two) for two in zip(a, b, strict=True)] for a, b in _zip(en, zh)]
            return [{**en, "head": head, "rows": rows, "together": en["together"] and len(rows) <= 6}]
        case "contents":
            titled = [{**a, "title": joined(a["title"], b["title"])} for a, b in _zip(en, zh)]
            return [{**en, "rows": titled}]
        case "columns":
            columns = [_blocks(a, b) for a, b in zip(en["columns"], zh["columns"], strict=True)]
            return [{**en, "columns": columns}]
        case "cover":
            said = [*en["code"]["said"], *zh["code"]["said"]]
            headed = {name: joined(en[name], zh[name]) for name in ("above", "below")}
            return [{**en, **headed, "code": {**en["code"], "said": said}}]
        case "outcome":
            return [_outcome(en, zh)]
        case "banner":
            lines = [*en["lines"], *(line for line in zh["lines"] if line not in en["lines"])]
            return [{**en, "title": joined(en["title"], zh["title"]), "lines": lines}]
        case "exhibit":
            return [{**en, "height": en["height"] - _CAPTION}]
        case "number-line" | "time-line" | "pair" | "code" | "thumbnail":
            return [{**en, "label": joined(en["label"], zh["label"])}] if "label" in en else [en]
        case _:
            return [{"kind": "twin", "left": en, "right": zh}]


def _outcome(en: Block, zh: Block) -> Block:
    chips = {
        name: {**en[name], "text": joined(en[name]["text"], zh[name]["text"])}
        for name in ("chip", "draft")
        if en[name]
    }
    sentence = [en["sentence"], zh["sentence"]]
    return {**en, **chips, "sentence": sentence, "lines": [*en["lines"], *zh["lines"]]}


def _zip(en: Block, zh: Block) -> list[tuple[Any, Any]]:
    return list(zip(en["rows"], zh["rows"], strict=True))


def _alike(en: Block, zh: Block) -> bool:
    return [len(row) for row in en["rows"]] == [len(row) for row in zh["rows"]]


def _row(en: Sequence[Any], zh: Sequence[Any], width: float) -> list[Any]:
    label, value = joined(en[0], zh[0]), _cell(en[1], zh[1])
    # On one line where there is room: Chinese would break inside a word.
    fits = label is None or en[0] == zh[0] or _millimetres(label) <= width
    return [label if fits else [en[0], {"style": "zh", "text": zh[0]}], value]


def _millimetres(text: str) -> float:
    """About how wide a text of the body's size is; rather too much than too little."""
    return sum(2.85 if ord(character) > 0x2E7F else 1.65 for character in text)


def _cell(en: Cell, zh: Cell) -> Cell:
    if en == zh or zh is None:
        return en
    if isinstance(en, dict) and isinstance(zh, dict):
        if en.get("style") in _JOINED and en.get("style") == zh.get("style"):
            return en if en["text"] == zh["text"] else _apart({**en}, {**zh})
        if "shape" in en and en.get("shape") == zh.get("shape"):
            return {**en, "text": joined(en["text"], zh["text"])}
        if "span" in en and "span" in zh:
            return {**en, "cell": _cell(en["cell"], zh["cell"])}
    if isinstance(en, str) and isinstance(zh, str) and len(en) + len(zh) <= _SHORT:
        return joined(en, zh)
    if isinstance(en, list) and isinstance(zh, list) and len(en) == len(zh):
        return [_cell(a, b) for a, b in zip(en, zh, strict=True)]
    return [en, {"style": "zh", "text": zh} if isinstance(zh, str) else zh]


def _apart(en: dict[str, Any], zh: dict[str, Any]) -> Cell:
    together = len(str(en["text"])) + len(str(zh["text"])) <= _SHORT
    return {**en, "text": joined(en["text"], zh["text"])} if together else [en, zh]
