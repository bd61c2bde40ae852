"""The folding of a reviewer's work: whatever follows, what was said stays said."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceid_review.review import judging, rules
from faceid_review.review.judging import Outcome, PauseKind, Step, Work
from faceid_review.vault.entry import Entry

AT = datetime(2026, 11, 22, 9, 14, 6, tzinfo=UTC)
STEPS = list(Step)
OUTCOMES = list(Outcome)

DISPUTE = st.sampled_from(["D1", "D2", "D3"])
TEXT = st.text(min_size=1, max_size=20)
ACTS: list[st.SearchStrategy[tuple[str, dict[str, Any]]]] = [
    st.tuples(st.just("note"), st.fixed_dictionaries({"text": TEXT})),
    st.tuples(st.just("note_version"), st.fixed_dictionaries({"note": st.integers(1, 4), "text": TEXT})),
    st.tuples(
        st.just("judged"), st.fixed_dictionaries({"step": st.sampled_from(STEPS), "blind": st.booleans()})
    ),
    st.tuples(st.just("revealed"), st.just({})),
    st.tuples(
        st.just("decided"),
        st.fixed_dictionaries(
            {"outcome": st.sampled_from(OUTCOMES), "reason": st.just("OTHER"), "note": TEXT}
        ),
    ),
    st.tuples(st.just("dispute_opened"), st.fixed_dictionaries({"dispute": DISPUTE, "who": TEXT})),
    st.tuples(st.just("dispute_note"), st.fixed_dictionaries({"dispute": DISPUTE, "text": TEXT})),
    st.tuples(st.just("dispute_closed"), st.fixed_dictionaries({"dispute": DISPUTE, "text": TEXT})),
    st.tuples(
        st.sampled_from(["waiting", "on_hold", "resumed", "released", "opened", "exported"]), st.just({})
    ),
    st.tuples(st.just("snoozed"), st.just({"until": "2026-12-01T00:00:00+00:00"})),
    st.tuples(
        st.sampled_from(["tagged", "untagged"]), st.fixed_dictionaries({"tag": st.sampled_from("abc")})
    ),
    st.tuples(st.sampled_from(["held", "sent", "answer", "nobody_knows"]), st.just({"reason": "x"})),
]
SEQUENCES = st.lists(st.one_of(ACTS), max_size=25)


def entries(acts: list[tuple[str, dict[str, Any]]], minutes: list[int] | None = None) -> list[Entry]:
    moved = minutes or list(range(len(acts)))
    return [
        Entry(place + 1, AT + timedelta(minutes=moved[place]), "Lin", act, "1,a", facts, None, b"")
        for place, (act, facts) in enumerate(acts)
    ]


def work(*acts: tuple[str, Mapping[str, Any]]) -> Work:
    return judging.fold(entries([(act, dict(facts)) for act, facts in acts]))


@given(SEQUENCES)
def test_what_was_decided_is_never_changed_only_followed(acts: list[tuple[str, dict[str, Any]]]) -> None:
    made = entries(acts)
    whole = judging.fold(made)
    assert [d.entry for d in whole.decisions] == [e.number for e in made if e.act == "decided"]
    assert [d.round for d in whole.decisions] == sorted({d.round for d in whole.decisions})
    for end in range(len(made)):
        before = judging.fold(made[:end])
        assert before.decisions == whole.decisions[: len(before.decisions)]
        assert before.judgements == whole.judgements[: len(before.judgements)]
        for old, new in zip(before.rounds, whole.rounds, strict=False):
            assert new.judgements[: len(old.judgements)] == old.judgements
            assert old.decision in (None, new.decision)
        for old_note, new_note in zip(before.notes, whole.notes, strict=False):
            assert new_note.versions[: len(old_note.versions)] == old_note.versions
        for old_dispute, new_dispute in zip(before.disputes, whole.disputes, strict=False):
            assert new_dispute.notes[: len(old_dispute.notes)] == old_dispute.notes
            assert old_dispute.grounds == new_dispute.grounds


@given(SEQUENCES)
def test_rounds_are_numbered_and_only_the_last_is_open(acts: list[tuple[str, dict[str, Any]]]) -> None:
    rounds = judging.fold(entries(acts)).rounds
    assert [r.number for r in rounds] == list(range(1, len(rounds) + 1))
    assert all(r.sealed for r in rounds[:-1])


@given(SEQUENCES, st.lists(st.integers(-5000, 5000), min_size=25, max_size=25))
def test_the_clock_changes_moments_and_jumps_and_nothing_else(
    acts: list[tuple[str, dict[str, Any]]], minutes: list[int]
) -> None:
    straight, crooked = judging.fold(entries(acts)), judging.fold(entries(acts, minutes))
    assert [d.entry for d in straight.decisions] == [d.entry for d in crooked.decisions]
    assert [n.text for n in straight.notes] == [n.text for n in crooked.notes]
    back = [n for n in range(1, len(acts)) if minutes[n] < minutes[n - 1]]
    assert [j.number - 1 for j in crooked.jumps] == back
    assert not straight.jumps


def test_a_dispute_opens_a_round_and_a_decision_ends_it() -> None:
    done = work(
        ("judged", {"step": "same", "blind": True}),
        ("decided", {"outcome": "uphold", "reason": "FACE_SAME"}),
        ("dispute_opened", {"dispute": "D1", "deadline": "2026-12-01", "cases": ["1,a", "1,b"]}),
        ("judged", {"step": "different", "blind": True}),
        (
            "decided",
            {"outcome": "overturn", "reason": "FACE_DIFFERENT", "note": "ears", "against_vendor": True},
        ),
        ("dispute_note", {"dispute": "D1", "kind": "answer", "text": "letter"}),
        ("dispute_closed", {"dispute": "D1", "text": ""}),
    )
    assert [(d.outcome, d.round, d.blind) for d in done.decisions] == [
        ("uphold", 1, True),
        ("overturn", 2, True),
    ]
    (dispute,) = done.disputes
    assert (dispute.round, dispute.answered, dispute.open) == (2, True, False)
    assert dispute.days_left(date(2026, 11, 22)) == 9
    assert done.rounds[1].dispute == "D1"
    assert done.sealed


def test_a_dispute_closed_without_a_decision_leaves_the_one_before() -> None:
    done = work(
        ("decided", {"outcome": "uphold", "reason": "FACE_SAME"}),
        ("dispute_opened", {"dispute": "D1"}),
        ("dispute_closed", {"dispute": "D1", "text": "withdrawn"}),
    )
    assert done.sealed
    assert done.rounds[1].withdrawn
    assert done.decision is not None
    assert done.decision.outcome is Outcome.UPHOLD


def test_a_case_that_asks_the_customer_waits_until_it_is_resumed() -> None:
    asked = ("decided", {"outcome": "ask-customer", "reason": "MORE_EVIDENCE_NEEDED"})
    assert work(asked).pause is not None
    assert work(asked).sealed
    again = work(asked, ("resumed", {}))
    assert again.pause is None
    assert not again.sealed
    assert again.round.number == 2


def test_a_snoozed_case_comes_back_by_itself() -> None:
    done = work(("snoozed", {"until": "2026-12-01T00:00:00+00:00"}))
    assert done.pause is not None
    assert done.pause.kind is PauseKind.SNOOZED
    assert done.pause_at(datetime(2026, 11, 30, tzinfo=UTC)) is not None
    assert done.pause_at(datetime(2026, 12, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("before", "blind"),
    [
        ((), True),
        ((("opened", {"hidden": True}),), True),
        ((("opened", {}),), False),
        ((("exported", {}),), False),
        ((("revealed", {}),), False),
        ((("judged", {"step": "same", "blind": True}),), False),
    ],
)
def test_blind_is_only_who_was_shown_nothing(before: tuple[Any, ...], blind: bool) -> None:
    assert work(*before, ("judged", {"step": "same", "blind": True})).judgements[-1].blind is blind
    assert not work(*before, ("judged", {"step": "same", "blind": False})).judgements[-1].blind


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("see @E1 and @E12, not me@E1.com, @E1 again", ("E1", "E12")),
        ("左耳见@E0。", ("E0",)),
        ("左耳见 @E0。", ("E0",)),
        ("@E12345 @E1x @@E1", ()),
    ],
)
def test_exhibits_are_found_in_the_text(text: str, named: tuple[str, ...]) -> None:
    assert judging.exhibits(text) == named


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("step", [None, *STEPS])
def test_overturning_is_always_against_the_vendor(outcome: Outcome, step: Step | None) -> None:
    assert rules.against_vendor(outcome, step, None) is (outcome is Outcome.OVERTURN)
