"""Looks for removed values in a finished file: on its pages, in its streams, attachments and metadata."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from faceid_review.snapshot.redaction import Removed, word

_SHORTEST: Final = 6
"""Bytes of a value below which it is looked for as a word only: fewer stand in any file by chance."""

_MOST: Final = 100_000
_RANGE: Final = re.compile(
    rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[(.*?)\])", re.DOTALL
)
_CHAR: Final = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def found_again(pdf: bytes, printed: str, removed: Iterable[Removed]) -> tuple[Removed, ...]:
    """The removed items that are still in ``pdf``; ``printed`` is every text that its pages were made of."""
    items = tuple(removed)
    if not items:
        return ()
    held = [*_streams(pdf), printed.encode("utf-8", "surrogatepass")]
    shown = "".join("".join(_page_texts(pdf)).split())
    return tuple(one for one in items if any(_stands(value, held, shown) for value in one.values))


def _stands(value: str | bytes, held: list[bytes], shown: str) -> bool:
    data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    if len(data) < _SHORTEST:
        pattern = re.compile(word(value).encode() if isinstance(value, str) else re.escape(data))
        # In a packed font a few bytes mean nothing; what was printed or attached is the last of the list.
        return bool(data) and any(pattern.search(one) for one in held[-1:])
    forms = [data[:_MOST], base64.b64encode(data[: len(data) // 3 * 3])[:_MOST]]
    if isinstance(value, str):
        written = (json.dumps(value, ensure_ascii=ascii_)[1:-1] for ascii_ in (True, False))
        forms += [one.encode("utf-8", "surrogatepass")[:_MOST] for one in written]
        forms.append(value.encode("utf-16-be", "replace")[:_MOST])
        squeezed = "".join(value.split())
        if len(squeezed) >= _SHORTEST and squeezed[:2000] in shown:
            return True
    return any(form in one for form in forms for one in held)


def _streams(pdf: bytes) -> Iterator[bytes]:
    """The file as it is, and every stream of it unpacked: pages, pictures, fonts, attachments, XMP."""
    import pikepdf  # noqa: PLC0415 - loaded when first used

    yield pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for one in opened.objects:
            if isinstance(one, pikepdf.Stream):
                try:
                    yield bytes(one.read_bytes())
                except pikepdf.PdfError:
                    yield bytes(one.read_raw_bytes())
            elif isinstance(one, pikepdf.Dictionary):
                yield from (_text(value) for value in _strings(one))


def _strings(one: Any, depth: int = 0) -> Iterator[Any]:
    import pikepdf  # noqa: PLC0415 - loaded when first used

    if isinstance(one, pikepdf.String):
        yield one
    elif depth < 4 and isinstance(one, pikepdf.Dictionary) and not (depth and one.is_indirect):
        for name in one.keys():  # noqa: SIM118 - iterating gives no names
            yield from _strings(one[name], depth + 1)
    elif depth < 4 and isinstance(one, pikepdf.Array) and len(one) < 1000 and not (depth and one.is_indirect):
        for item in one:
            yield from _strings(item, depth + 1)


def _text(value: Any) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")


def _page_texts(pdf: bytes) -> Iterator[str]:
    """What each page shows, letter by letter, in the order in which it is drawn."""
    import pikepdf  # noqa: PLC0415 - loaded when first used

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tables: dict[Any, dict[int, str]] = {}
        for page in opened.pages:
            resources: Any = page.obj.get("/Resources", {})
            fonts: Any = resources.get("/Font", {})
            letters: dict[int, str] = {}
            instructions: Any = pikepdf.parse_content_stream(page, "Tf Tj TJ")
            for operands, operator in instructions:
                if str(operator) == "Tf":
                    font = fonts[str(operands[0])]
                    key = font.objgen
                    if key not in tables:
                        tables[key] = _letters(font)
                    letters = tables[key]
                elif operands:
                    runs = operands[0] if isinstance(operands[0], pikepdf.Array) else operands[:1]
                    for run in runs:
                        if isinstance(run, pikepdf.String):
                            held = bytes(run)
                            codes = (int.from_bytes(held[i : i + 2], "big") for i in range(0, len(held), 2))
                            yield "".join(letters.get(code, "") for code in codes)


def _letters(font: Any) -> dict[int, str]:
    """The character map of a font: what each code means (ISO 32000-2, 9.10.3)."""
    if "/ToUnicode" not in font:
        return {}
    told, letters = bytes(font["/ToUnicode"].read_bytes()), dict[int, str]()
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", told, re.DOTALL):
        for code, text in _CHAR.findall(part):
            letters[int(code, 16)] = _utf16(text)
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", told, re.DOTALL):
        for first, last, start, several in _RANGE.findall(part):
            codes = range(int(first, 16), int(last, 16) + 1)
            if start:
                base = int(start, 16)
                letters |= {code: _utf16(b"%0*X" % (len(start), base + n)) for n, code in enumerate(codes)}
            else:
                texts = re.findall(rb"<([0-9A-Fa-f]+)>", several)
                letters |= {code: _utf16(text) for code, text in zip(codes, texts, strict=False)}
    return letters


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")
