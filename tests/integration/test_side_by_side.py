"""The cases of one dispute side by side, from their heads alone: what is missing says why, what is hidden stays hidden."""

import json

from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import words
from faceid_review.review.judging import Outcome, Step
from faceid_review.review.side_by_side import cells, facts, side_by_side
from faceid_review.session import Session
from tests.integration.test_asking import fetched

LIVENESS, CONFIDENCE, GENUINENESS, DECISION = range(1, 5)


def said(session: Session, biz_id: str, lang: str = "en") -> list[str]:
    (one,) = side_by_side(session.casebook, [biz_id])
    return [value for _, value in cells(one, words(lang))]


def answering(simulator: Simulator, biz_id: str, **answer: object) -> None:
    simulator.behave(biz_id, Behaviour.answer(json.dumps(answer).encode()))


def test_each_case_stands_against_the_thresholds_of_its_own_call(
    session: Session, simulator: Simulator
) -> None:
    """The same confidence passes in one call and fails in the other; neither is rounded."""
    one, two = simulator.fresh_ids(2)
    for biz_id, threshold in ((one, "68.91875"), (two, "68.91877")):
        compared = f'{{"confidence": 68.91876000000000100, "thresholds": {{"1e-3": {threshold}}}}}'
        body = f'{{"verify_result": {{"result_faceid": {compared}}}}}'
        simulator.behave(biz_id, Behaviour.answer(body.encode()))
    fetched(session, one, two)
    assert said(session, one)[CONFIDENCE] == "68.91876000000000100 passes 1e-3, the strictest returned"
    assert said(session, two)[CONFIDENCE] == "68.91876000000000100 passes none, misses 1e-3"


def test_what_is_missing_says_why(session: Session, simulator: Simulator) -> None:
    bare, alone, refused, unknown, page, cut, below = simulator.fresh_ids(7)
    answering(simulator, bare, liveness_result={"result": "failed"})
    answering(
        simulator, alone, verify_result={"result_faceid": {"confidence": 12345678901234567890123456789}}
    )
    simulator.behave(refused, Behaviour.error("RESULT_NOT_FOUND"))
    simulator.behave(unknown, Behaviour.close())
    simulator.behave(page, Behaviour.answer(b"<html>not JSON"))
    simulator.behave(cut, Behaviour.cut(200))
    check = {"mask_confidence": 0.1, "mask_threshold": 0.5}
    answering(simulator, below, verify_result={"face_genuineness": check})
    fetched(session, bare, alone, refused, unknown, page, cut, below)
    assert said(session, bare)[LIVENESS:] == [
        "not passed, no failure_reason returned", "not returned", "not returned", "none yet",
    ]  # fmt: skip
    assert said(session, alone)[CONFIDENCE] == "123456789012345678901234…, no thresholds to read beside it"
    assert said(session, refused)[0].startswith("Refused · RESULT_NOT_FOUND")
    assert said(session, refused)[LIVENESS] == "no result: Refused"
    assert said(session, unknown)[GENUINENESS] == "no result: Outcome unknown, your call"
    assert said(session, page)[CONFIDENCE] == "the answer could not be read"
    assert said(session, cut)[GENUINENESS] == "not in the part that arrived"
    assert said(session, below)[GENUINENESS] == "1 returned, not flagged"
    assert said(session, "nobody's") == ["not in this vault"] * 5
    for biz_id in (bare, alone, refused, unknown, page, cut, below, "nobody's"):
        assert not any("beside." in part for lang in ("en", "zh") for part in said(session, biz_id, lang))


def test_our_own_word(session: Session, simulator: Simulator) -> None:
    biz_id = simulator.ids[0]
    fetched(session, biz_id)
    session.review.judge(biz_id, Step.SAME)
    assert said(session, biz_id)[DECISION] == "none yet; judged the same"
    session.review.decide(biz_id, Outcome.UPHOLD, "FACE_SAME")
    assert said(session, biz_id)[DECISION] == "vendor's result upheld"
    session.review.open_dispute([biz_id])
    assert said(session, biz_id)[DECISION] == "vendor's result upheld, in an earlier round"


def test_nothing_of_a_hidden_verdict_stands_beside_an_open_one(
    session: Session, simulator: Simulator
) -> None:
    fetched(session, *simulator.ids)
    ids = [BizId(row["biz_id"]) for row in session.casebook.rows()]
    open_ones = side_by_side(session.casebook, ids)
    session.casebook.blind = True
    session.review.judge(ids[0], Step.SAME)
    first, *others = side_by_side(session.casebook, ids)
    assert not first.hidden
    assert facts(first) == {**facts(open_ones[0]), "judged": "same"}
    for one in others:
        told = facts(one)
        assert told["hidden"]
        assert [told[n] for n in ("passed", "reason", "confidence", "strictest", "next", "checks")] == [
            None
        ] * 6
        assert told["flags"] == []
        assert [value for _, value in cells(one, words("en"))][LIVENESS:DECISION] == [
            "kept back until it is judged"
        ] * 3
