"""What the sign of a callback shows, and what it cannot show, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from faceid_review.faceid import callback
from faceid_review.faceid.callback import Form
from faceid_review.i18n import Words
from faceid_review.review.plain_text import paragraph, short
from faceid_review.review.sources import CallbackSource

_LONGEST_NAME: Final = 120


def sign(source: CallbackSource, w: Words) -> str:
    """Whether the sign holds, in one sentence."""
    facts = {"account": short(source.account or "", _LONGEST_NAME), "algorithm": source.algorithm or ""}
    match source.sign:
        case "valid":
            return w("callback.sign.valid", **facts)
        case "invalid":
            return w("callback.sign.invalid", **facts)
    if source.form == Form.BARE or source.algorithm is None:
        return w("callback.sign.none")
    if source.form == Form.LOGGED_OBJECT:
        return w("callback.sign.object")
    return w("callback.sign.no_secret")


def diagnosis(source: CallbackSource, w: Words) -> str:
    """Which change would make the sign hold; empty where there is none to tell."""
    if not source.diagnosis:
        return ""
    account = short(source.account or "", _LONGEST_NAME)
    told = [w(f"callback.diagnosis.{source.diagnosis}", account=account)]
    if more := source.changes[1:]:
        names = " · ".join(w(f"callback.change.{change}") for change in more)
        told.append(w("callback.together", names=names))
    return paragraph(told, w.lang)


def proves(source: CallbackSource, w: Words) -> Sequence[str]:
    """What this verdict shows and what it cannot show, above all to somebody without the secret."""
    if source.sign == "valid":
        account = short(source.account or "", _LONGEST_NAME)
        return w("callback.proves", account=account), w("callback.proves_not"), w("callback.never_pictures")
    if source.sign == "invalid":
        return (w("callback.invalid_shows"),)
    return (w("callback.unchecked_shows"),)


def sentences(source: CallbackSource, w: Words) -> Sequence[str]:
    """Everything to be said about the sign of one callback, in order."""
    told = (sign(source, w), diagnosis(source, w), *remarks(source, w), *proves(source, w))
    return tuple(sentence for sentence in told if sentence)


def remarks(source: CallbackSource, w: Words) -> Sequence[str]:
    """What was odd about the form it came in, a sentence each."""
    read = callback.read(source.told)
    return tuple(w(f"callback.remark.{code}") for code in read.remarks) if read else ()


def form(source: CallbackSource, w: Words) -> str:
    """In which form the callback was saved or logged."""
    return w(f"callback.form.{source.form}")
