"""Finding ids in pasted text: every one that is there, none that is not, and nothing changed on the way."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceid_review.errors import BadId
from faceid_review.faceid.biz_id import LONGEST, BizId, distinct, find_all, visible

UUID = "52b13fb5-8dfb-4537-a62b-a641d5e929f1"
ID = f"1462259748,{UUID}"
OTHER = "1462258802,0be15d11-6e2d-4f6a-9f1a-0c6f8c3c1d2e"


def ids(text: str) -> list[str]:
    return [str(b) for b in distinct(find_all(text))]


def odd(text: str) -> list[str | None]:
    return [found.meant for found in find_all(text) if found.biz_id is None]


@pytest.mark.parametrize(
    "text",
    [
        ID, f"  {ID}  ", f"\ufeff{ID}", f"\r\n{ID}\r\n", f"\t{ID}\t", f'"{ID}"', f"'{ID}'", f"<{ID}>", f"[{ID}]",
        f"biz_id={ID}", f"biz_id: {ID};", f"业务号：{ID}。", f"（{ID}）", f"row 7,{ID},success", f'{{"biz_id":"{ID}"}}',
        f"https://example.com/r?biz_id={ID}&x=1", f"https://example.com/r?biz_id={ID.replace(',', '%2C')}&x=1",
        f"biz_id%3D{ID.replace(',', '%2c')}%26", f"%22{ID}%22", f"data\\n{ID}\\n", f"a\x00{ID}", f"{ID}\u2028tail",
        f"{'x' * 1000} {ID}", f"({ID}),",
    ],
)  # fmt: skip
def test_an_id_is_found_wherever_it_stands(text: str) -> None:
    assert ids(text) == [ID]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n\n", "\ufeff", "hello", "1462259748", UUID, f",{UUID}", f"1462259748 {UUID}", f"1462259748,{UUID}0",
        f"1462259748,{UUID[:-1]}", f"x1462259748,{UUID}", f"1462259748,g{UUID[1:]}", "1" * 21 + f",{UUID}",
        "1462259748,52b13fb58dfb4537a62ba641d5e929f1", "x" * 10_000, "9" * 1_000_000, "1," * 100_000, "\ud800",
    ],
    ids=lambda text: repr(text[:40]),
)  # fmt: skip
def test_what_is_none_is_not_found(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"1462259748，{UUID}", f"１４６２２５９７４８,{UUID}", f"1462259748、{UUID}", f"1462259748, {UUID}", f"1462259748 ,{UUID}",
        f"1462259748;{UUID}", f"1462259748；{UUID}", f"14622\u200b59748,{UUID}", f"1462259748\u202e,{UUID}",
        f"1462259748,{UUID[:8]}\u00ad{UUID[8:]}", f"1462259748﹐{UUID}", f"1462259748,{UUID.replace('a', 'ａ')}",
    ],
)  # fmt: skip
def test_what_is_nearly_one_is_pointed_out_and_not_changed(text: str) -> None:
    """Case 2: 'did you mean', never sent by itself."""
    assert ids(text) == []
    assert odd(text) == [ID]
    assert all(found.text.isprintable() for found in find_all(text))


@pytest.mark.parametrize("text", [f"biz_id LIKE '%{ID}%'", f"100%{ID}", f"%{ID}"])
def test_a_percent_sign_before_an_id_takes_nothing_from_it(text: str) -> None:
    assert ids(text) in ([ID], [])


def test_the_same_id_twice_is_one_and_the_second_says_where_the_first_stood() -> None:
    found = find_all(f"{ID}\n\n{OTHER}\n{ID.replace(',', '%2C')} {ID}\n")
    assert [(f.line, f.duplicate_of, f.encoded) for f in found] == [
        (1, None, False), (3, None, False), (4, 1, True), (4, 1, False),
    ]  # fmt: skip
    assert distinct(found) == (ID, OTHER)


def test_several_on_one_line_keep_their_order() -> None:
    assert ids(f"{OTHER},{ID};{OTHER}|{ID}") == [OTHER, ID]


def test_ten_thousand_lines() -> None:
    wanted = [f"{1462250000 + n},{n:08x}{UUID[8:]}" for n in range(10_000)]
    assert ids("\r\n".join(wanted)) == wanted


@given(st.text())
def test_any_text_is_read_and_gives_back_only_what_stands_in_it(text: str) -> None:
    for found in find_all(text):
        assert found.text.isprintable()
        if found.biz_id is not None:
            assert found.biz_id.usual
            assert found.biz_id in text or found.encoded


EDGES = st.text(alphabet=st.sampled_from(list(" ,;:'\"()[]{}<>|/=&?#\t\r\n，；：（）。、中文")), max_size=5)


@given(
    st.lists(st.tuples(EDGES, st.integers(0, 10**11), st.uuids(), st.booleans()), max_size=5),
)
def test_every_id_in_a_text_is_found_to_the_letter(parts: list[tuple[str, int, object, bool]]) -> None:
    """Between edges of punctuation; a line break keeps what stands before from belonging to it."""
    wanted = [f"{number},{uuid}" for _, number, uuid, _ in parts]
    text = "".join(f"{edge}\n{number}{'%2C' if coded else ','}{uuid}" for edge, number, uuid, coded in parts)
    assert ids(text) == list(dict.fromkeys(wanted))


# ---- exactly this text


@pytest.mark.parametrize(
    "text",
    [ID, "x", "1'; DROP TABLE r;--", "a&api_key=x#%00../", "密 文 𠮷", "=1+1", "a" * LONGEST, "<b>PASS</b>"],
)
def test_any_printable_text_may_be_asked_for_literally(text: str) -> None:
    assert BizId.literal(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "a\nb", "a\r\nX: y", "a\0b", "\t", "a\u202eb", "a\u200bb", "\ud800", "\x7f", "\ufeffa", "\u3000", "a" * (LONGEST + 1), "x" * 1_000_000],
    ids=lambda text: repr(text[:20]),
)  # fmt: skip
def test_what_nobody_can_see_or_send_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadId) as caught:
        BizId.literal(text)
    assert caught.value.exit_code == 3
    assert all(str(fact).isprintable() for fact in caught.value.facts.values())
    assert len(str(caught.value.facts)) < 3000


@pytest.mark.parametrize("text", [" ", "   "])
def test_blanks_alone_are_no_id(text: str) -> None:
    with pytest.raises(BadId):
        BizId.literal(text)


@given(st.text())
def test_visible_text_is_visible(text: str) -> None:
    assert visible(text).isprintable()


# ---- when it began


def test_the_day_is_estimated_from_the_number() -> None:
    began = datetime(2016, 5, 3, 7, 15, 48, tzinfo=UTC)
    assert (BizId(ID).began, BizId(ID).ends) == (began, began + timedelta(days=1))


@pytest.mark.parametrize(
    "text", ["x", "1462259748", f"123456789012,{UUID}", f"99999999999999999999,{UUID}", f"１,{UUID}", ""]
)
def test_nothing_is_estimated_from_what_is_no_usual_id(text: str) -> None:
    assert BizId(text).began is None
    assert BizId(text).ends is None


@pytest.mark.parametrize("number", [0, 1, 99_999_999_999])
def test_any_second_has_a_day(number: int) -> None:
    assert BizId(f"{number},{UUID}").ends is not None
