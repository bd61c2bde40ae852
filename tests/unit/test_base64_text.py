"""The fast reader of base64 says what the standard library says, of right texts and of nearly right ones."""

import base64
import binascii

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from faceid_review.faceid.base64_text import decoded

NEARLY = st.text(st.sampled_from("ABCabc019+/=-_ \n\r\t\0é\ud800."), max_size=24)


@given(st.binary(max_size=200), NEARLY, st.integers(0, 300), st.integers(0, 3))
@example(b"", "=", 0, 0)
@example(b"\x00", "", 2, 1)
def test_it_reads_as_strictly_as_the_standard_library(data: bytes, noise: str, at: int, cut: int) -> None:
    text = base64.b64encode(data).decode()
    text = text[:at] + noise + text[at + cut :]
    try:
        wanted = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        with pytest.raises(ValueError, match=r"[a-z]"):
            decoded(text)
    else:
        assert decoded(text) == wanted


def test_spare_bits_in_the_last_character_are_let_pass() -> None:
    assert decoded("AB==") == decoded("AA==") == decoded(memoryview(b"AA==")) == b"\0"
