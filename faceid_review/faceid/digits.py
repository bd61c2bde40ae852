"""Numbers as the vendor wrote them.

A confidence of 68.91876 is 68.91876 and 0.880 is 0.880, everywhere: never through a float, never rounded.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Final, Self

# Traps are off, so that 10^400 is no crash.
_CALM: Final = Context(prec=60, traps=[])
_MOST_DIGITS: Final = 5_000


class Digits(Decimal):
    """A finite decimal that remembers the text it was sent as."""

    text: str

    def __new__(cls, text: str) -> Self:
        """The number written as ``text``."""
        made = super().__new__(cls, text, _CALM)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.text,)


def difference(a: Decimal, b: Decimal) -> Decimal:
    """``a`` minus ``b``: exactly, unless that takes more digits than any page; then near enough for a drawing."""
    return _CALM.subtract(a, b) if (exact := exact_difference(a, b)) is None else exact


def exact_difference(a: Decimal, b: Decimal) -> Decimal | None:
    """``a`` minus ``b``, exactly; None where that takes more digits than any page holds."""
    first, last = a.as_tuple().exponent, b.as_tuple().exponent
    if not isinstance(first, int) or not isinstance(last, int):
        return None
    digits = max(a.adjusted(), b.adjusted()) - min(first, last) + 2
    return Context(prec=max(digits, 1), traps=[]).subtract(a, b) if digits <= _MOST_DIGITS else None


def plain(number: Decimal) -> str:
    """``number`` written out without an exponent, unless that would be longer than a line."""
    if isinstance(number, Digits):
        return str(number)
    exponent = number.as_tuple().exponent
    return f"{number:f}" if isinstance(exponent, int) and abs(exponent) < 40 else str(number)
