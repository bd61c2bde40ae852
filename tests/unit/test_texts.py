"""The texts in which a search looks: what is found, what is veiled, and that change and growth leave the rest alone."""

from hypothesis import given
from hypothesis import strategies as st

from faceid_review.review.texts import Gathered, Searched, Texts

word = st.text("ab文", min_size=1, max_size=3)
one = st.builds(
    lambda number, verdict, rest, veiled: Searched(
        f"FR-2026-{number:05}", f"{' '.join(verdict)}\v{' '.join(rest)}".encode(), veiled
    ),
    st.integers(1, 99_999),
    st.lists(word, max_size=3),
    st.lists(word, max_size=4),
    st.booleans(),
)


def holds(searched: Searched, words: list[str]) -> bool:
    """What is to be found, said the plain way."""
    verdict, _, rest = searched.text.decode().partition("\v")
    seen = [searched.number.lower(), *rest.split(), *([] if searched.veiled else verdict.split())]
    return all(any(word in each for each in seen) for word in words)


@given(st.lists(one, max_size=80), st.lists(word, min_size=1, max_size=3), st.data())
def test_what_is_found_is_what_holds_every_word(
    several: list[Searched], words: list[str], data: st.DataObject
) -> None:
    texts = Texts(several)
    # The bounds at which it goes another way lie at 32 and 1,024: both are passed where texts are many times there.
    many = Texts(several * 40)
    wanted = [each.encode() for each in words]
    expected = [place for place, each in enumerate(several) if holds(each, words)]
    assert list(texts.holding(wanted, range(len(several)))) == expected
    everywhere = [turn * len(several) + place for turn in range(40) for place in expected]
    assert list(many.holding(wanted, range(len(many)))) == everywhere
    some = sorted(data.draw(st.sets(st.sampled_from(range(len(several))) if several else st.nothing())))
    assert list(texts.holding(wanted, some)) == [place for place in some if place in expected]


@given(st.lists(one, min_size=1, max_size=30), one, st.data())
def test_a_change_an_insertion_and_a_veil_touch_nothing_else(
    several: list[Searched], other: Searched, data: st.DataObject
) -> None:
    copies = several * (1100 // len(several) + 1)
    texts, place = Texts(copies), data.draw(st.integers(0, len(copies)))
    texts.insert(place, other)
    copies.insert(place, other)
    changed = data.draw(st.integers(0, len(copies) - 1))
    texts.put(changed, other)
    copies[changed] = other
    veiled = [n % 2 == 0 for n in range(len(copies))]
    texts.veil(veiled)
    fresh = Texts(each._replace(veiled=veil) for each, veil in zip(copies, veiled, strict=True))
    assert len(texts) == len(copies)
    assert [texts[n] for n in range(len(copies))] == [fresh[n] for n in range(len(copies))]


def test_gathered_texts_come_out_as_they_went_in() -> None:
    several = [b"", "左耳".encode(), b"a" * 5000, b"\v"]
    gathered = Gathered(several)
    assert [gathered[n] for n in range(len(gathered))] == several
