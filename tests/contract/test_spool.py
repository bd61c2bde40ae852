"""The spool's contract: room before asking, each piece on disk before the next, one word about every question."""

import errno
import gc
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from faceid_review.errors import Damaged, NotKept, ReviewError, VaultClosed
from faceid_review.vault import frames
from faceid_review.vault.database import Database
from faceid_review.vault.frames import ROOM, FrameReader
from faceid_review.vault.ledger import Ledger
from faceid_review.vault.sealing import Sealer
from faceid_review.vault.spool import Slot, Spool

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

FACTS = {"attempt": 1, "account": "practice"}
PIECES = [b"{", os.urandom(70_000), b"", b"}" * 10, os.urandom(ROOM * 3 // 4), b"end"]


class Arriving:
    """An answer made of pieces; something may happen between them."""

    def __init__(
        self, pieces: list[bytes], ended: str = "length", between: Callable[[int], None] | None = None
    ) -> None:
        self.head: Mapping[str, Any] = {"status": 200, "headers": [["X", "密 \u202e"]]}
        self.ended = "cut"
        self._pieces, self._ended, self._between = pieces, ended, between

    def __iter__(self) -> Iterator[bytes]:
        for number, piece in enumerate(self._pieces):
            if self._between:
                self._between(number)
            yield piece
        self.ended = self._ended


class Died(BaseException):
    """What no program catches."""


class House:
    """A vault's parts without its keys: a ledger, a spool, and a way to die and come again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        vault = os.urandom(16)
        self.database = Database.make(folder / "vault.db", vault)
        self.sealer = Sealer(vault, os.urandom(32))
        self.ledger = Ledger(self.database, self.sealer)
        self.spool = Spool(folder / "spool", self.ledger, self.sealer)

    def acts(self) -> list[str]:
        return [entry.act for entry in self.ledger.entries()]

    def inside(self, path: Path) -> bytes:
        """The body of an answer as far as it lies in a spool."""
        try:
            return b"".join(FrameReader(path, self.sealer).body())
        except Damaged:
            return b""

    def died(self, pieces: list[bytes], died_at: int) -> Path:
        """Leave a spool behind as a process does that dies before this piece."""

        def die(number: int) -> None:
            if number == died_at:
                raise Died

        slot = Slot(self.spool, self.ledger, self.sealer, "1,a", FACTS)
        slot.mark_sent()
        with suppress(Died):
            slot.keep(Arriving(pieces, between=die))
        slot._file.close()
        (path,) = self.left()
        return path

    def left(self) -> list[Path]:
        return [path for path in self.spool.folder.iterdir() if path.name != "reserve"]


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """What a slot leaves open is closed before the next test begins, which may be strict about it."""
    yield
    gc.collect()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


def test_an_answer_is_kept_to_the_byte(house: House) -> None:
    with house.spool.reserve("1,a", FACTS) as slot:
        slot.mark_sent()
        heard: list[int] = []
        slot.on_piece = heard.append
        entry = slot.keep(Arriving(PIECES))
    assert entry.record
    body = b"".join(PIECES)
    assert house.ledger.body(entry.record) == body
    assert entry.facts["sha256"] == hashlib.sha256(body).hexdigest()
    assert (entry.facts["bytes"], entry.facts["ended"]) == (len(body), "length")
    assert heard == sorted(heard)
    assert heard[-1] == len(body)
    assert house.acts() == ["armed", "sent", "answer"]
    assert not house.left()


def test_room_is_taken_before_anything_is_written_down(house: House) -> None:
    with house.spool.reserve("1,a", FACTS):
        (room,) = house.left()
        assert room.stat().st_size >= ROOM
        if sys.platform == "linux":
            assert room.stat().st_blocks * 512 >= ROOM, "a file with holes takes no room"
        assert room.stat().st_mode & 0o777 == 0o600
        assert house.acts() == ["armed"]


@pytest.mark.parametrize(("sent", "word"), [(False, "not_sent"), (True, "unknown")])
@pytest.mark.parametrize("error", [None, VaultClosed("vault_full"), KeyError("x"), KeyboardInterrupt()])
def test_leaving_without_an_answer_says_what_is_certain(
    house: House, sent: bool, word: str, error: BaseException | None
) -> None:
    with suppress(VaultClosed, KeyError, KeyboardInterrupt), house.spool.reserve("1,a", FACTS) as slot:
        if sent:
            slot.mark_sent()
        if error:
            raise error
    assert house.acts() == ["armed", "sent", word] if sent else ["armed", word]
    assert list(house.ledger.entries())[-1].facts["attempt"] == 1
    assert not house.left()


def test_a_large_answer_is_kept_to_the_byte(house: House) -> None:
    pieces = [os.urandom(700_000) for _ in range(20)]
    with house.spool.reserve("1,a", FACTS) as slot:
        entry = slot.keep(Arriving(pieces))
    assert entry.record
    assert (
        entry.facts["sha256"]
        == hashlib.sha256(b"".join(pieces)).hexdigest()
        == house.ledger.sha256(entry.record)
    )
    assert house.ledger.verify().intact


def test_each_piece_is_on_disk_before_the_next_is_read(house: House) -> None:
    seen: list[int] = []

    def look(_: int) -> None:
        (room,) = house.left()
        seen.append(len(house.inside(room)))

    with house.spool.reserve("1,a", FACTS) as slot:
        slot.keep(Arriving(PIECES, between=look))
    assert seen == [sum(map(len, PIECES[:n])) for n in range(len(PIECES))]


def test_nothing_lies_in_clear_while_it_arrives(house: House) -> None:
    mark = b"the person's own words"

    def look(_: int) -> None:
        (room,) = house.left()
        data = room.read_bytes()
        for clear in (mark, b"1,a", b"practice", b"status"):
            assert clear not in data

    with house.spool.reserve("1,a", FACTS) as slot:
        slot.keep(Arriving([mark, mark], between=look))


@pytest.mark.parametrize("died_at", range(len(PIECES)))
def test_what_had_arrived_is_sealed_at_the_next_opening_once(house: House, died_at: int) -> None:
    path = house.died(PIECES, died_at)
    data = path.read_bytes()
    for _ in range(2):
        path.write_bytes(data)
        house.spool.recover()
        assert not house.left()
    (answer,) = (e for e in house.ledger.entries() if e.act == "answer")
    assert answer.facts["ended"] == "died"
    assert answer.record
    assert house.ledger.body(answer.record) == b"".join(PIECES[:died_at])


def test_a_leftover_whose_last_bytes_are_damaged_gives_up_what_is_whole(house: House) -> None:
    """Torn anywhere: what comes back is a beginning of what arrived, never more and never something else."""
    pieces = [bytes([65 + n]) * 300 for n in range(5)]
    path = house.died([*pieces, b""], 5)
    whole, data = b"".join(pieces), path.read_bytes()
    used = len(data.rstrip(b"\0"))
    assert house.inside(path) == whole
    for cut in range(100, used + 1, 37):
        for torn in (data[:cut], data[:cut] + bytes(500), data[:cut] + b"\xff" * 50):
            path.write_bytes(torn)
            assert whole.startswith(house.inside(path))


@pytest.mark.parametrize("at", [0, 3, 7, 8, 23, 24, 50, 83])
def test_a_leftover_whose_beginning_is_damaged_is_never_deleted(house: House, at: int) -> None:
    """It may hold the only copy of an answer: somebody must be told, and the bytes must stay."""
    path = house.died([b"the only copy", b""], 1)
    data = bytearray(path.read_bytes())
    data[at] ^= 0x40
    path.write_bytes(data)
    house.spool.recover()
    house.spool.recover()
    (kept,) = house.left()
    assert kept.read_bytes() == data
    assert house.acts().count("spool_damaged") == 1


def test_a_leftover_that_was_never_begun_is_cleared(house: House) -> None:
    for number, data in enumerate((b"", bytes(10), bytes(ROOM))):
        (house.spool.folder / f"{number}.spool").write_bytes(data)
    assert not house.spool.recover()
    assert house.acts() == []
    assert not house.left()


def test_nothing_but_our_own_is_cleared_from_the_folder(house: House) -> None:
    """A rescued answer that somebody carries back may lie there under any name."""
    (house.spool.folder / "faceid-review-rescue.sealed").write_bytes(b"an answer")
    (house.spool.folder / "folder").mkdir()
    house.spool.recover()
    assert {path.name for path in house.left()} == {"faceid-review-rescue.sealed", "folder"}


def test_a_leftover_of_another_vault_is_not_taken_for_ours(house: House, tmp_path: Path) -> None:
    data = house.died([b"x", b""], 1).read_bytes()
    (tmp_path / "other").mkdir()
    other = House(tmp_path / "other")
    (other.spool.folder / "00.spool").write_bytes(data)
    assert not other.spool.recover()
    assert [e.act for e in other.ledger.entries() if e.record] == []
    other.database.close()


def test_the_reserve_is_held_and_given_up(house: House) -> None:
    house.spool.prove()
    reserve = house.spool.folder / "reserve"
    held = reserve.stat().st_size
    assert held > 0
    assert reserve.stat().st_mode & 0o777 == 0o600
    house.spool.release_reserve()
    assert reserve.stat().st_size == 0
    house.spool.prove()
    assert reserve.stat().st_size == held
    assert not house.left()


# ---- disks that fail


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES])
def test_a_disk_without_room_refuses_before_anybody_is_asked(
    house: House, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refused(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(frames, "allocate", refused)
    with pytest.raises(VaultClosed) as caught, house.spool.reserve("1,a", FACTS):
        pytest.fail("nobody may come this far")
    assert caught.value.wording == (
        "vault_full" if code in (errno.ENOSPC, errno.EDQUOT) else "vault_unwritable"
    )
    assert house.acts() == []
    assert not house.left()
    with pytest.raises(VaultClosed):
        house.spool.prove()


def test_the_nth_write_fails_for_every_n(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From some write on the disk takes nothing more into the spool: kept whole, or refused before asking."""
    writes = 0
    plain = frames.new_file

    class Failing:
        def __init__(self, file: Any, last: int) -> None:
            self._file, self._last = file, last

        def write(self, data: bytes) -> int:
            nonlocal writes
            writes += 1
            if writes > self._last:
                raise OSError(errno.ENOSPC, "full")
            return int(self._file.write(data))

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

    pieces, outcomes = [b"one", b"two", b"three"], []
    for last in range(9):
        (tmp_path / str(last)).mkdir()
        house = House(tmp_path / str(last))
        writes = 0
        monkeypatch.setattr(frames, "new_file", lambda path, last=last: Failing(plain(path), last))
        asked = False
        try:
            with house.spool.reserve("1,a", FACTS) as slot:
                slot.mark_sent()
                asked = True
                entry = slot.keep(Arriving(pieces))
            assert entry.record
            assert house.ledger.body(entry.record) == b"".join(pieces)
            outcomes.append("kept")
        except VaultClosed:
            assert not asked
            outcomes.append("refused")
        assert not house.left()
        house.database.close()
    assert outcomes == ["refused"] * 2 + ["kept"] * 7


@pytest.mark.parametrize("times", [1, 2])
def test_the_seal_that_does_not_fit_at_first(
    house: House, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Once refused: the reserve is given up and it fits. Twice: the red alarm, with the bytes."""
    house.spool.prove()
    plain, failures = Ledger.append, iter([True] * times)

    def append(self: Ledger, act: str, *arguments: Any, **named: Any) -> Any:
        if act == "answer" and next(failures, False):
            raise VaultClosed("vault_full")
        return plain(self, act, *arguments, **named)

    monkeypatch.setattr(Ledger, "append", append)
    rescue = b""
    try:
        with house.spool.reserve("1,a", FACTS) as slot:
            slot.mark_sent()
            slot.keep(Arriving([b"one", b"two"]))
    except NotKept as error:
        rescue = error.rescue
    assert (house.spool.folder / "reserve").stat().st_size == 0
    if times == 1:
        assert house.acts() == ["armed", "sent", "answer"]
        assert not rescue
        return
    assert house.acts() == ["armed", "sent"]
    # Both ways lead back: the spool that was left, and the bytes that were handed out.
    for path in house.left():
        path.unlink()
    (house.folder / "rescued").write_bytes(rescue)
    entry = house.spool.take_back(house.folder / "rescued")
    assert house.spool.take_back(house.folder / "rescued") == entry
    assert entry.facts["ended"] == "length"
    assert entry.record
    assert house.ledger.body(entry.record) == b"onetwo"


@pytest.mark.parametrize(
    "acts",
    [
        pytest.param(
            (word,),
        )
        for word in ("unknown", "not_sent")
    ],
    ids=str,
)
def test_room_is_given_back_even_where_the_last_word_cannot_be_written(
    house: House, monkeypatch: pytest.MonkeyPatch, acts: tuple[str, ...]
) -> None:
    plain = Ledger.append

    def append(self: Ledger, act: str, *arguments: Any, **named: Any) -> Any:
        if act in acts:
            raise VaultClosed("vault_full")
        return plain(self, act, *arguments, **named)

    monkeypatch.setattr(Ledger, "append", append)
    slots: list[Slot] = []
    with suppress(VaultClosed), house.spool.reserve("1,a", FACTS) as slot:
        slots.append(slot)
        if acts == ("unknown",):
            slot.mark_sent()
    assert not house.left()
    assert slots[0]._file._file.closed


def test_a_read_back_that_does_not_open_keeps_the_copy_that_does(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise Damaged("seal_broken")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "sha256", broken)
        with suppress(ReviewError), house.spool.reserve("1,a", FACTS) as slot:
            slot.mark_sent()
            slot.keep(Arriving([b"one"]))
            pytest.fail("it must not be called kept")
    (left,) = house.left()
    assert house.inside(left) == b"one"
    assert house.acts()[-1] != "unknown"


def test_a_piece_larger_than_the_room_is_read_back(house: House) -> None:
    pieces = [b"begin", os.urandom(ROOM + 5), b"end"]
    assert house.inside(house.died([*pieces, b""], 3)) == b"".join(pieces)


def test_a_large_answer_whose_spool_was_damaged_is_not_called_kept(house: House) -> None:
    pieces = [os.urandom(1024 * 1024) for _ in range(10)]

    def damage(number: int) -> None:
        if number == 9:
            (room,) = house.left()
            data = bytearray(room.read_bytes())
            data[5 * 1024 * 1024] ^= 1
            room.write_bytes(data)

    with suppress(NotKept, Damaged), house.spool.reserve("1,a", FACTS) as slot:
        slot.mark_sent()
        slot.keep(Arriving(pieces, between=damage))
    answers = [e for e in house.ledger.entries() if e.act == "answer"]
    whole = hashlib.sha256(b"".join(pieces)).hexdigest()
    assert all(e.facts["sha256"] == whole or e.facts["ended"] == "damaged" for e in answers)


def test_the_head_of_an_arrival_is_plain_values(house: House) -> None:
    with house.spool.reserve("1,a", FACTS) as slot:
        entry = slot.keep(Arriving([b""]))
    assert json.loads(json.dumps(dict(entry.facts)))["headers"] == [["X", "密 \u202e"]]
    assert entry.facts["status"] == 200
