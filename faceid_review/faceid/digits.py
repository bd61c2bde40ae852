"""Numbers as the vendor wrote them.

A confidence of 68.91876 is 68.91876 and 0.880 is 0.880, everywhere: never through a float, never rounded.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Self

# Enough for any difference of two plausible numbers to be exact; traps are off, so that 10^400 is no crash.
_EXACT = Context(prec=60, traps=[])


class Digits(Decimal):
    """A finite decimal that remembers the text it was sent as."""

    text: str

    def __new__(cls, text: str) -> Self:
        """The number written as ``text``."""
        made = super().__new__(cls, text, _EXACT)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.text,)


def difference(a: Decimal, b: Decimal) -> Decimal:
    """``a`` minus ``b``, exactly."""
    return _EXACT.subtract(a, b)


def plain(number: Decimal) -> str:
    """``number`` written out without an exponent, unless that would be longer than a line."""
    if isinstance(number, Digits):
        return str(number)
    exponent = number.as_tuple().exponent
    return f"{number:f}" if isinstance(exponent, int) and abs(exponent) < 40 else str(number)
