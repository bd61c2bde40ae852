"""A reviewer's work in a real vault: what is allowed, what is hidden, what is kept, what is found again."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from faceid_review.errors import NotAllowed, ReviewError, Usage
from faceid_review.faceid.biz_id import BizId
from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.i18n import words
from faceid_review.review import judged, letter, statement, telling
from faceid_review.review.case import Case, Stage
from faceid_review.review.disputes import Kind
from faceid_review.review.judging import Outcome, Step
from faceid_review.review.rules import ACTIONS
from faceid_review.review.worklist import VIEWS, Query, WorkState
from faceid_review.session import Session
from faceid_review.settings import Settings
from tests.integration.test_asking import fetched

PASSPHRASE = "a passphrase of ours"
HOSTILE = "<b>PASS</b> =HYPERLINK(1) \u202egnp.exe \ud800 \x1b[2J\ttab\r\nsecond line 𠮷"


@pytest.fixture
def kept(session: Session, simulator: Simulator) -> str:
    assert fetched(session, simulator.ids[0])[simulator.ids[0]].stage is Stage.KEPT
    return simulator.ids[0]


def state(session: Session, biz_id: str) -> WorkState | None:
    return session.casebook.work.state(biz_id, datetime.now(UTC))


def reopened(session: Session) -> Session:
    home = session.home
    session.close()
    return Session.open(home, PASSPHRASE, keyring=False)


def refuses(wording: str, session: Session, act: str, *words: object, **named: object) -> None:
    before = session.chain()
    with pytest.raises(ReviewError) as told:
        getattr(session.review, act)(*words, **named)
    assert told.value.wording == wording
    assert session.chain() == before


# ---- notes


def test_a_note_is_kept_as_typed_and_only_gets_versions(session: Session, kept: str) -> None:
    told = "\n".join(judged.lines(session.review.note(kept, HOSTILE), words("en")))
    assert "\\u202egnp" in told
    assert "\x1b" not in told
    case = session.review.revise(kept, 1, "second, see @E1")
    (note,) = case.work.notes
    assert [v.text for v in note.versions] == [HOSTILE, "second, see @E1"]
    assert note.exhibits == ("E1",)
    assert {v.by for v in note.versions} == {"Lin Yue"}
    assert datetime.fromisoformat(note.latest.local).utcoffset() is not None
    with reopened(session) as anew:
        assert anew.casebook.open(kept).work.notes == case.work.notes
        assert json.loads(json.dumps(statement.state(case)))["notes"][0]["text"] == HOSTILE


def test_a_note_of_a_megabyte_is_kept_and_found(session: Session, kept: str) -> None:
    text = "长注 " * 150_000 + " needle-at-the-end"
    case = session.review.note(kept, text)
    assert case.work.notes[0].text == text
    assert len(json.dumps(dict(session.casebook.row(kept) or {}))) < 6000
    assert [r["biz_id"] for r in session.casebook.select(Query("needle-at-the-end"), thorough=True)] == [kept]


@pytest.mark.parametrize(("text", "wording"), [("", "words_needed"), (" \n", "words_needed"), ("x" * (4 * 1024**2 + 1), "text_too_long")])  # fmt: skip
def test_a_note_without_words_and_one_without_end_are_refused(
    session: Session, kept: str, text: str, wording: str
) -> None:
    refuses(wording, session, "note", kept, text)
    refuses("no_such_note", session, "revise", kept, 1, "x")


# ---- deciding


def test_deciding_against_the_vendor_needs_a_note(session: Session, kept: str) -> None:
    refuses("note_against_vendor", session, "decide", kept, Outcome.OVERTURN, "FACE_DIFFERENT")
    refuses("reason_unknown", session, "decide", kept, Outcome.UPHOLD, "NOPE")
    refuses("reason_not_for", session, "decide", kept, Outcome.UPHOLD, "POOR_PICTURES")
    refuses("note_for_reason", session, "decide", kept, Outcome.INCONCLUSIVE, "OTHER")
    case = session.review.decide(kept, Outcome.OVERTURN, "face_different", "the ears differ")
    assert case.work.decision is not None
    assert case.work.decision.against_vendor
    assert case.work.decision.reason == "FACE_DIFFERENT"
    assert case.work.decision.reason_words["zh"]
    assert state(session, kept) is WorkState.SEALED
    refuses("note_against_earlier", session, "decide", kept, Outcome.UPHOLD, "FACE_SAME")
    again = session.review.decide(kept, Outcome.UPHOLD, "FACE_SAME", "on second thought").work
    assert [d.outcome for d in again.decisions] == ["overturn", "uphold"]
    assert again.decisions[0] == case.work.decision
    assert session.audit().intact


def test_a_judgement_that_points_the_other_way_asks_for_a_note(
    session: Session, simulator: Simulator
) -> None:
    session.settings = Settings()
    body = {"liveness_result": {"result": "success"}, "verify_result": {"result_faceid": {"confidence": 90, "thresholds": {"1e-3": 60}}}}  # fmt: skip
    simulator.behave(simulator.ids[3], Behaviour.answer(json.dumps(body).encode()))
    assert fetched(session, simulator.ids[3])[simulator.ids[3]].stage is Stage.KEPT
    session.review.judge(simulator.ids[3], Step.STRONGLY_DIFFERENT)
    refuses("note_against_vendor", session, "decide", simulator.ids[3], Outcome.UPHOLD, "FACE_SAME")
    session.review.judge(simulator.ids[3], Step.SAME)
    case = session.review.decide(simulator.ids[3], Outcome.UPHOLD, "FACE_SAME")
    assert [j.step for j in case.work.judgements] == [Step.STRONGLY_DIFFERENT, Step.SAME]


def test_without_an_answer_there_is_nothing_to_uphold(session: Session, simulator: Simulator) -> None:
    unknown, waiting = simulator.ids[:2]
    simulator.behave(unknown, Behaviour.close())
    fetched(session, unknown)
    refuses("nothing_to_judge", session, "judge", unknown, Step.SAME)
    refuses("nothing_to_uphold", session, "decide", unknown, Outcome.UPHOLD, "FACE_SAME")
    case = session.review.decide(unknown, Outcome.ASK_CUSTOMER, "ANSWER_INCOMPLETE")
    assert state(session, unknown) is WorkState.WAITING
    allowed = session.review.allowed(case)
    assert set(allowed) == set(ACTIONS)
    assert all(
        w is None or words(lang)(f"error.{w}") != f"error.{w}"
        for w in allowed.values()
        for lang in ("en", "zh")
    )
    with pytest.raises(Usage):
        session.review.note(waiting, "nobody knows this case")


def test_a_judgement_and_its_decision_are_sealed_together_or_not_at_all(session: Session, kept: str) -> None:
    judged_first = session.review.judge(kept, Step.DIFFERENT)
    refuses("note_against_vendor", session, "seal", kept, Step.SAME, Outcome.OVERTURN, "FACE_SAME")
    refuses("reason_unknown", session, "seal", kept, Step.SAME, Outcome.UPHOLD, "NOPE")
    endless = "x" * (4 * 1024**2 + 1)
    refuses("text_too_long", session, "seal", kept, Step.SAME, Outcome.UPHOLD, "FACE_SAME", endless)
    assert session.casebook.open(kept).work.judgements == judged_first.work.judgements
    work = session.review.seal(kept, Step.SAME, Outcome.UPHOLD, "FACE_SAME").work
    assert [j.step for j in work.judgements] == [Step.DIFFERENT, Step.SAME]
    assert work.decision is not None
    assert (work.decision.step, work.decision.against_vendor) == (Step.SAME, False)
    again = session.review.seal(kept, Step.SAME, Outcome.UPHOLD, "FACE_SAME").work
    assert [(j.round, j.step) for j in again.round.judgements] == [(2, Step.SAME)]
    assert len(again.decisions) == 2
    session.review.judge(kept, Step.SAME)
    once = session.review.seal(kept, Step.SAME, Outcome.UPHOLD, "FACE_SAME").work
    assert len(once.round.judgements) == 1, "the step stood already"
    with reopened(session) as anew:
        assert anew.casebook.open(kept).work == once
        assert anew.audit().intact


def test_sealing_at_once_tells_nothing_that_the_blind_policy_hides(session: Session, kept: str) -> None:
    """Whether a note is needed depends on the vendor's verdict: the refusal would tell it before the judgement."""
    session.casebook.blind = True
    for step in (Step.SAME, Step.DIFFERENT):
        refuses("judge_first", session, "seal", kept, step, Outcome.UPHOLD, "FACE_SAME")
    session.review.judge(kept, Step.SAME)
    decided = session.review.seal(kept, Step.NOT_SUITABLE, Outcome.UPHOLD, "FACE_SAME").work.decision
    assert decided is not None
    assert (decided.blind, decided.step) == (True, Step.NOT_SUITABLE)


def test_an_office_changes_the_list_of_reasons(session: Session, kept: str) -> None:
    own = session.home / "reasons.toml"
    own.write_text('[OTHER]\nhide = true\n[TWINS]\nzh = "双胞胎"\noutcomes = ["uphold"]\n', "utf-8")
    assert {r.code for r in session.review.reasons()} >= {"TWINS", "FACE_SAME"}
    refuses("reason_unknown", session, "decide", kept, Outcome.INCONCLUSIVE, "OTHER", "x")
    case = session.review.decide(kept, Outcome.UPHOLD, "TWINS", "x")
    own.write_text("[TWINS", "utf-8")
    refuses("reasons_unreadable", session, "decide", kept, Outcome.UPHOLD, "TWINS", "x")
    assert case.work.decision is not None
    assert case.work.decision.reason_words == {"zh": "双胞胎"}


# ---- the blind policy


def verdict_words(case: Case, session: Session) -> str:
    row = dict(session.casebook.row(case.biz_id) or {})
    del row["sha256"]
    told = telling.case(case, words("en"))
    return json.dumps([statement.state(case), row, told], default=str)


def test_nothing_of_the_verdict_before_the_first_judgement(session: Session, simulator: Simulator) -> None:
    fetched(session, *simulator.ids[:8])
    spoof = next(r["biz_id"] for r in session.casebook.rows() if r["reason"] == "not_video")
    session.casebook.blind = True
    case = session.casebook.open(spoof)
    assert case.hidden
    assert case.photographs
    said = verdict_words(case, session)
    for secret in ("not_video", "synthetic", "1e-", "confidence", 'passed": false', "failure"):
        assert secret not in said.replace('"confidence": null', "").replace('"failure_reason"', ""), secret
    assert "hidden_until_judged" in case.warnings
    assert not session.casebook.search("not_video")
    assert not session.casebook.select(Query(reason="not_video"))
    refuses("judge_first", session, "decide", spoof, Outcome.UPHOLD, "LIVENESS_AS_STATED")
    with pytest.raises(NotAllowed):
        session.export(case, session.home / "x.pdf", "en")
    after = session.review.judge(spoof, Step.NOT_SUITABLE)
    assert not after.hidden
    assert after.work.judgements[0].blind
    assert [r.judged for r in after.work.round.reveals] == [True]
    assert session.casebook.search("not_video")
    decided = session.review.decide(spoof, Outcome.UPHOLD, "LIVENESS_AS_STATED").work.decision
    assert decided is not None
    assert decided.blind
    session.review.open_dispute([spoof], who="Wang")
    assert session.casebook.open(spoof).hidden
    assert not session.casebook.search("not_video")


def test_a_reveal_before_the_judgement_is_recorded_and_ends_the_blindness(
    session: Session, kept: str
) -> None:
    session.casebook.blind = True
    assert not session.review.reveal(kept).hidden
    refuses("revealed_already", session, "reveal", kept)
    case = session.review.judge(kept, Step.SAME)
    assert not case.work.judgements[0].blind
    assert [(r.judged) for r in case.work.round.reveals] == [False]


def test_an_office_switches_the_policy_on(session: Session, kept: str) -> None:
    session.settings.but(blind=True).save(session.home)
    with reopened(session) as anew:
        assert anew.casebook.open(kept).hidden


# ---- disputes


def test_one_dispute_over_two_cases(session: Session, simulator: Simulator) -> None:
    one, two, third = simulator.ids[:3]
    fetched(session, one, two, third)
    session.review.decide(one, Outcome.UPHOLD, "FACE_SAME")
    soon = datetime.now().astimezone().date() + timedelta(days=3)
    case = session.review.open_dispute(
        [one, two], who="Wang", channel="phone", grounds="我是本人", deadline=soon
    )
    dispute = case.work.dispute
    assert dispute is not None
    assert (dispute.name, dispute.round, dispute.cases) == (f"{case.number}/D1", 2, (one, two))
    assert {r["biz_id"] for r in session.casebook.select(VIEWS["disputes"])} == {one, two}
    assert {r["biz_id"] for r in session.casebook.select(Query("我是本人"))} == {one, two}
    assert len(session.casebook.select(Query(due=3))) == 2
    assert not session.casebook.select(Query(due=2))
    refuses("dispute_open_already", session, "open_dispute", [third, two])
    session.review.note_dispute(two, "passport, both sides", Kind.REQUEST)
    session.review.note_dispute(two, "we said so", Kind.ANSWER, deadline=date(2027, 1, 1))
    refuses("close_needs_words", session, "close_dispute", one)
    other = session.casebook.open(one).work.dispute
    assert other is not None
    assert other.answered
    assert other.deadline == date(2027, 1, 1)
    session.review.decide(one, Outcome.UPHOLD, "FACE_SAME", "again")
    closed = session.review.close_dispute(one).work
    assert closed.dispute is None
    assert session.casebook.open(two).work.dispute is None
    assert state(session, one) is WorkState.SEALED
    assert state(session, two) is WorkState.MINE
    refuses("no_dispute", session, "note_dispute", one, "x")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_letter_says_nothing_of_scores_and_stays_apart_from_notes(
    session: Session, kept: str, lang: str
) -> None:
    session.review.note(kept, "internal-only")
    session.review.open_dispute([kept], who="Wang", grounds="mine")
    text = letter.draft(session.casebook.open(kept), lang)
    assert "internal-only" not in text
    assert not any(word in text for word in ("1e-", "confidence", "attack", "Lin", "letter."))
    case = session.review.explain(kept, lang, text)
    told = case.work.explanation(lang)
    assert told is not None
    assert told.text == text
    assert not case.work.notes[1:]


# ---- the work list


def test_the_states_of_a_case(session: Session, simulator: Simulator) -> None:
    one = simulator.ids[0]
    session.casebook.queue([BizId(one)], "practice")
    assert state(session, one) is WorkState.AT_RISK
    fetched(session, one)
    seen = [state(session, one)]
    for act, more in (("wait", ()), ("resume", ()), ("put_on_hold", ()), ("snooze", (datetime.now(UTC) + timedelta(days=2),)), ("resume", ()), ("open_dispute", ())):  # fmt: skip
        getattr(session.review, act)([one] if act == "open_dispute" else one, *more)
        seen.append(state(session, one))
    assert seen == ["mine", "waiting", "mine", "on-hold", "snoozed", "mine", "dispute"]
    refuses("not_paused", session, "resume", one)
    refuses("snooze_past", session, "snooze", one, datetime.now(UTC) - timedelta(days=1))
    with reopened(session) as anew:
        assert state(anew, one) is WorkState.DISPUTE


def test_the_next_case_that_needs_somebody(session: Session, simulator: Simulator) -> None:
    one, two, three = simulator.ids[:3]
    fetched(session, one, two, three)
    order = [str(r["biz_id"]) for r in session.casebook.rows()]
    now, work = datetime.now(UTC), session.casebook.work
    assert work.following("", now) == order[0]
    session.review.decide(order[1], Outcome.INCONCLUSIVE, "POOR_PICTURES", "dark")
    session.review.open_dispute([order[2]])
    assert work.needing(now) == (order[2], order[0])
    assert work.following(order[2], now) == order[0]
    assert work.following(order[0], now) == order[2]
    assert work.following(order[0], now, back=True) == order[2]
    session.review.wait(order[2])
    assert work.following(order[0], now) is None


def test_search_finds_by_every_thing_and_forgets_what_changed(session: Session, kept: str) -> None:
    case = session.casebook.open(kept)
    assert case.result is not None
    assert case.answer is not None
    session.review.note(kept, "Ear Lobe differs")
    session.review.tag(kept, "vip")
    session.review.decide(kept, Outcome.INCONCLUSIVE, "POOR_PICTURES")
    for needle in (kept, kept[:20].upper(), case.number, case.result.biz_no, case.result.request_id, "ear lobe", "VIP",
                   "poor_pictures", case.answer.sha256[:9], case.answer.sha256, case.photographs[1].sha256[:12],
                   case.result.biz_extra_data):  # fmt: skip
        assert [r["biz_id"] for r in session.casebook.search(needle or "")] == [kept], needle
    session.review.revise(kept, 1, "nothing")
    session.review.untag(kept, "vip")
    assert not session.casebook.search("lobe")
    assert not session.casebook.search("vip")


def test_a_view_is_saved_sealed(session: Session, kept: str) -> None:
    wanted = Query("王女士", decision="none", since=date(2026, 1, 2), disputed=True, due=3)
    session.review.save_view("urgent", wanted)
    session.review.save_view("gone", Query(tag="x"))
    session.review.save_view("gone", None)
    refuses("view_taken", session, "save_view", "mine", wanted)
    with reopened(session) as anew:
        assert list(anew.review.views()) == [*VIEWS, "urgent"]
        assert anew.review.views()["urgent"] == wanted


def test_typing_letter_by_letter_finds_the_same_as_asking_at_once(
    session: Session, simulator: Simulator
) -> None:
    fetched(session, *simulator.ids[:6])
    row = session.casebook.rows()[3]
    text = f"{row['biz_no'][:6]} kept"
    for end in range(len(text) + 1):
        typed = session.casebook.search(text[:end])
        session.casebook.search("zzz")
        assert typed == session.casebook.search(text[:end])
        session.casebook.search(text[:end])
    assert typed == (row,)
    session.review.tag(str(row["biz_id"]), "changed")
    assert session.casebook.search(text + " chang") == session.casebook.search("changed")
    assert len(session.casebook.search("fr-")) == 6
    assert len(session.casebook.search("00003")) >= 1


def test_the_same_picture_in_another_case(session: Session, simulator: Simulator) -> None:
    one, two, three = simulator.ids[:3]
    fetched(session, one, three)
    case = session.casebook.open(one)
    assert case.answer is not None
    simulator.behave(two, Behaviour.answer(case.answer.body))
    fetched(session, two)
    alike = session.casebook.work.alike(one, [p.sha256 for p in case.photographs])
    assert alike.picture == (two,)
    assert alike.biz_no == (two,)
    report = session.access(one, person=True)
    assert {line.biz_id for line in report} == {one, two}
    assert [line.entry for line in report] == sorted(line.entry for line in report)
    assert "opened" in {line.act for line in report}
    assert session.review.persons() == 3


# ---- drafts


def test_a_draft_outlives_the_program_and_says_nothing_on_the_disk(session: Session, kept: str) -> None:
    session.review.keep_draft(kept, {"note": HOSTILE, "step": "same"})
    session.review.keep_draft(kept, {"note": HOSTILE + "!", "step": "same"})
    files = list((session.home / "drafts").iterdir())
    assert len(files) == 1
    assert b"HYPERLINK" not in files[0].read_bytes()
    before = session.chain()
    with reopened(session) as anew:
        assert anew.review.draft(kept) == {"note": HOSTILE + "!", "step": "same"}
        assert anew.chain()[0] == before[0]
        files[0].write_bytes(files[0].read_bytes()[:-1])
        assert anew.review.draft(kept) is None
        anew.review.keep_draft(kept, {})
        assert not files[0].exists()


def test_a_folder_that_cannot_be_written_says_so(session: Session, kept: str) -> None:
    Path(session.home / "drafts").write_text("in the way")
    refuses("draft_not_kept", session, "keep_draft", kept, {"note": "x"})
