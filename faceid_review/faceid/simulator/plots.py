"""What the simulated sessions are about: a seeded mix that is worth reviewing.

All people, numbers and texts here are inventions, but for the second session, which has the numbers of the
vendor's own sample (PC-GetResult), and the sets of thresholds that are known from it and from public payloads.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from faceid_review.faceid.portraits import Person, portrait

Answer = dict[str, Any]

VERSION: Final = "MegLive 2.4.0L"
SUCCESS: Final = "success"
FAILURE: Final = "fail"
"""INVENTED: no source shows the word that the vendor sends when liveness did not pass."""


class Plot(StrEnum):
    """The kind of session. The bands are those of the vendor's thresholds in the same answer."""

    PASS = "pass"
    VENDOR_SAMPLE = "vendor_sample"
    BETWEEN_1E4_AND_1E5 = "between_1e-4_and_1e-5"
    BETWEEN_1E3_AND_1E4 = "between_1e-3_and_1e-4"
    BELOW_1E3 = "below_1e-3"
    LIVENESS_FAILED = "liveness_failed"
    FLAGGED = "flagged"
    VERIFY_ERROR = "verify_error"
    LIVENESS_ONLY = "liveness_only"


FAILURES: Final[tuple[tuple[str, str], ...]] = (
    # failure_reason and the letter in which its log ends. INVENTED pairing: no failing log is public.
    ("not_video", "n"),
    ("action_mixed", "b"),
    ("timeout", "t"),
    ("interrupt_in_action_state", "l"),
    ("quality_check_timeout", "t"),
    ("no_input_frame", "c"),
    ("interrupt_in_mirro_state", "o"),
)
FLAGS: Final = ("synthetic_face", "mask", "screen_replay")
VERIFY_ERRORS: Final = (
    "VERIFY_API_FAILED",
    "NO_SUCH_ID_NUMBER",
    "ID_NUMBER_NAME_NOT_MATCH",
    "IMAGE_ERROR_UNSUPPORTED_FORMAT:data_source",
    "NO_FACE_FOUND:data_source",
    "DATA_SOURCE_ERROR",
    "INTERNAL_ERROR",
    "MULTIPLE_FACES:image_ref1",
    "LOW_QUALITY",
)
THRESHOLDS: Final[tuple[dict[str, float], ...]] = (
    # two sets known from public payloads, the vendor's sample, and two INVENTED ones
    {"1e-3": 65.3, "1e-4": 71.8, "1e-5": 76.5, "1e-6": 79.9},
    {"1e-3": 62.169, "1e-4": 69.315, "1e-5": 74.399, "1e-6": 78.038},
    {"1e-3": 64, "1e-4": 69, "1e-5": 74},
    {"1e-3": 63.75, "1e-4": 70.02, "1e-5": 75.114, "1e-6": 78.9},
    {"1e-3": 66.031, "1e-4": 71.28, "1e-5": 75.747},
)
EXTRAS: Final = (
    "",
    "",
    "大额转账复核，网点 0271",
    "channel=web&scene=account_opening",
    '{"scene": "loan", "branch": "浦东", "attempt": 2}',
    "客户来电补充：证件照为十年前所拍",
    "password reset, ticket 48213",
    "柜台 12；经办人备注：光线较暗",
)
_DECK: Final[tuple[Plot, ...]] = (
    *[Plot.PASS] * 11,
    *[Plot.LIVENESS_FAILED] * 3,
    Plot.BETWEEN_1E4_AND_1E5,
    Plot.BETWEEN_1E3_AND_1E4,
    Plot.BELOW_1E3,
    Plot.FLAGGED,
    Plot.VERIFY_ERROR,
    Plot.LIVENESS_ONLY,
)
_OPENING: Final[tuple[Plot, ...]] = (
    Plot.PASS,
    Plot.VENDOR_SAMPLE,
    Plot.LIVENESS_FAILED,
    Plot.PASS,
    Plot.FLAGGED,
)
_ACTIONS: Final = "MEPY"
_CHINA: Final = timedelta(hours=8)


@dataclass(frozen=True)
class Session:
    """One simulated session: who, what FaceID found, and which pictures it took.

    `answer` is the body of get_result without `images`; `poses` maps the role of each picture to the pose it
    shows (`portraits.POSES`) in the order of the answer, and is None where the vendor would send null.
    """

    biz_id: str
    plot: Plot
    person: Person
    answer: Answer
    poses: tuple[tuple[str, str], ...] | None
    seed: str

    def pictures(self, image_type: int) -> dict[str, bytes] | None:
        """The JPEG bytes by role that `get_image_type` 0, 1 or 2 asks for; None stands for null."""
        if image_type == 0 or self.poses is None:
            return None
        wanted = [(role, pose) for role, pose in self.poses if image_type == 2 or role == "image_best"]
        return {role: portrait(self.person, pose, seed=f"{self.seed}/{role}") for role, pose in wanted}

    def body(self, pictures: dict[str, bytes] | None) -> bytes:
        """The answer as the vendor writes it: Python's default separators, non-ASCII as escapes."""
        images = None
        if pictures is not None:
            images = {
                role: "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
                for role, jpeg in pictures.items()
            }
        whole = {**self.answer, "images": images}
        return json.dumps({key: whole[key] for key in sorted(whole)}).encode("ascii")


def plot_of(seed: str, index: int) -> tuple[Plot, int]:
    """The plot of the `index`-th session, and how many of that plot went before it.

    The first five are fixed; after them each twenty hold every plot in the shares of the mix.
    """
    if index < len(_OPENING):
        return _OPENING[index], 0
    block, place = divmod(index - len(_OPENING), len(_DECK))
    deck = list(_DECK)
    random.Random(f"{seed}/deck/{block}").shuffle(deck)
    plot = deck[place]
    opened = 1 if plot in (Plot.LIVENESS_FAILED, Plot.FLAGGED) else 0
    return plot, opened + block * _DECK.count(plot) + deck[:place].count(plot)


def uuid_from(text: str) -> str:
    """A version-4-like UUID that belongs to `text`."""
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4))


def session(seed: str, index: int, biz_id: str) -> Session:
    """The session behind `biz_id`, whose digits in front say when it began."""
    plot, nth = plot_of(seed, index)
    return _Writer(seed, index, biz_id, plot, nth).session()


class _Writer:
    """Writes one session; every choice comes from the seed and the index."""

    def __init__(self, seed: str, index: int, biz_id: str, plot: Plot, nth: int) -> None:
        self.seed, self.index, self.biz_id, self.plot, self.nth = f"{seed}/{index}", index, biz_id, plot, nth
        self.draw = random.Random(f"{self.seed}/answer")
        self.began = int(biz_id.partition(",")[0])
        # a failed liveness never reaches the comparison
        self.failed = plot is Plot.LIVENESS_FAILED
        self.reason: str | None = None
        self.last_letter = "O"
        if self.failed:
            self.reason, self.last_letter = FAILURES[nth % len(FAILURES)]

    def session(self) -> Session:
        if self.plot is Plot.VENDOR_SAMPLE:
            entries = [(0, "A"), (2596, "M"), (3862, "E"), (8148, "P"), (9446, "O")]
            start = self.began + 1
        else:
            entries = self._entries()
            start = self.began + self.draw.choice((1, 1, 2, 3, 5, 8, 13, 48))
        end = start + entries[-1][0] // 1000
        verify = None if self.failed or self.plot is Plot.LIVENESS_ONLY else self._verify(end)
        answer: Answer = {
            "biz_extra_data": self._extra(),
            "biz_id": self.biz_id,
            "biz_no": self._biz_no(),
            "liveness_result": self._liveness(start, end, entries),
            "request_id": f"{end + 5},{uuid_from(self.seed + '/request')}",
            "time_used": 93 if self.plot is Plot.VENDOR_SAMPLE else self.draw.randint(58, 190),
            "verify_result": verify,
        }
        return Session(self.biz_id, self.plot, self._person(), answer, self._poses(entries), self.seed)

    def _person(self) -> Person:
        person = Person.drawn_from(self.seed)
        if self.plot is Plot.VENDOR_SAMPLE:
            # the person of the design pictures
            return dataclasses.replace(
                person, skin=(236, 196, 164), broad=True, age=0, style="cropped", hair=(41, 36, 34),
                brow_weight=9.0, eye=(74, 48, 36), glasses="", whiskers="", mole=(80.0, 92.0), freckles=False,
                clothing="crew", cloth=(86, 116, 131), backdrop=0, lip=(200, 116, 106),
            )  # fmt: skip
        if self.index == 0:
            return dataclasses.replace(person, broad=False, age=0, style="bob", glasses="", whiskers="")
        if self.index == 3:
            return dataclasses.replace(person, glasses=person.glasses or "round")
        return person

    def _entries(self) -> list[tuple[int, str]]:
        draw = self.draw
        at, entries = 0, [(0, "A")]
        if self.reason == "quality_check_timeout":
            # the mirror step gives up after 120 s
            return [*entries, (31_402, "A"), (74_880, "A"), (120_000 + draw.randint(3, 60), self.last_letter)]
        if draw.random() < 0.25:
            at += draw.randint(700, 6000)
            entries.append((at, "A"))
        at += draw.randint(850, 9000)
        if self.reason == "interrupt_in_mirro_state":
            return [*entries, (at, self.last_letter)]
        actions = draw.sample(_ACTIONS if draw.random() < 0.85 else "MELR", 3)
        begun = draw.randint(1, 3) if self.failed else 3
        for letter in actions[:begun]:
            entries.append((at, letter))
            at += draw.randint(820, 4900)
        if self.reason == "timeout":
            at += 10_000
        return [*entries, (at, self.last_letter)]

    def _liveness(self, start: int, end: int, entries: list[tuple[int, str]]) -> Answer:
        log = "".join(f"{at}:{letter}\n" for at, letter in entries)
        liveness: Answer = {
            "failure_reason": self.reason,
            "log": f"{start}\n{log}",
            "result": FAILURE if self.failed else SUCCESS,
            "version": VERSION,
        }
        if self.plot is not Plot.VENDOR_SAMPLE:
            if not self.failed and self.draw.random() < 0.2:
                liveness["failure_reason"] = ""
            if self.draw.random() < 0.35:
                moment = datetime.fromtimestamp(end, UTC) + _CHINA
                liveness["datetime"] = moment.strftime("%Y%m%d%H%M%S")
        return liveness

    def _poses(self, entries: list[tuple[int, str]]) -> tuple[tuple[str, str], ...] | None:
        if self.reason == "interrupt_in_mirro_state":
            return None
        if self.failed:
            return (("image_best", "front"),)
        actions = [letter for _, letter in entries if letter not in "AO"]
        shown = [(f"image_action{number}", letter) for number, letter in enumerate(actions, start=1)]
        return (*shown, ("image_best", "front"))

    def _verify(self, end: int) -> Answer:
        request_id = f"{end + 2},{uuid_from(self.seed + '/verify')}"
        if self.plot is Plot.VERIFY_ERROR:
            return {"error": VERIFY_ERRORS[self.nth % len(VERIFY_ERRORS)]}
        if self.plot is Plot.VENDOR_SAMPLE:
            return _sample_verify(request_id)
        draw = self.draw
        kind = "faceid" if self.index == 0 else draw.choices(("faceid", "both", "ref"), (6, 2, 2))[0]
        thresholds = draw.choice(THRESHOLDS)
        verify: Answer = {"request_id": request_id}
        if kind != "ref":
            verify["result_faceid"] = self._comparison(thresholds)
        if kind != "faceid":
            verify["result_ref1"] = self._comparison(thresholds)
        if self.plot is Plot.FLAGGED or self.index == 0 or draw.random() < 0.95:
            verify["face_genuineness"] = self._genuineness()
        if kind != "ref" and (self.index == 0 or draw.random() < 0.75):
            verify["id_exceptions"] = {
                "id_attacked": int(self.index > 0 and draw.random() < 0.05),
                "id_photo_monochrome": int(self.index > 0 and draw.random() < 0.08),
            }
        verify["time_used"] = draw.randint(640, 1800)
        if draw.random() < 0.5:
            keys = list(verify)
            draw.shuffle(keys)
            verify = {key: verify[key] for key in keys}
        return verify

    def _comparison(self, thresholds: dict[str, float]) -> Answer:
        draw = self.draw
        low, middle, high = (thresholds[name] for name in ("1e-3", "1e-4", "1e-5"))
        between = {
            Plot.BELOW_1E3: (low - 24, low - 1.2),
            Plot.BETWEEN_1E3_AND_1E4: (low + 0.05, middle - 0.05),
            Plot.BETWEEN_1E4_AND_1E5: (middle + 0.05, high - 0.05),
        }.get(self.plot, (high + (12 if self.index == 0 else 2.5), min(high + 19, 97.9)))
        names = list(thresholds)
        draw.shuffle(names)
        confidence = round(draw.uniform(*between), draw.choice((3, 4, 5, 5)))
        return {"confidence": confidence, "thresholds": {name: thresholds[name] for name in names}}

    def _genuineness(self) -> Answer:
        draw = self.draw
        flagged = FLAGS[(self.nth + 1) % len(FLAGS)] if self.plot is Plot.FLAGGED else ""
        with_replay = flagged == "screen_replay" or self.index == 0 or draw.random() < 0.7
        found: Answer = {}
        for name in FLAGS if with_replay else FLAGS[:2]:
            calm = draw.choice((0.0, 0.001, round(draw.uniform(0.002, 0.2), 3)))
            found[f"{name}_confidence"] = round(draw.uniform(0.52, 0.97), 2) if name == flagged else calm
            found[f"{name}_threshold"] = 0.5
        return found

    def _extra(self) -> str:
        if self.plot is Plot.VENDOR_SAMPLE:
            return "..."
        return self.draw.choice(EXTRAS)

    def _biz_no(self) -> str:
        if self.plot is Plot.VENDOR_SAMPLE or self.draw.random() < 0.5:
            return uuid_from(self.seed + "/biz_no")
        day = datetime.fromtimestamp(self.began, UTC).strftime("%Y%m%d")
        return f"{self.draw.choice(('KH', 'LN', 'ACC'))}-{day}-{self.index:06d}"


def _sample_verify(request_id: str) -> Answer:
    return {
        "request_id": request_id,
        "result_faceid": {"confidence": 68.91876, "thresholds": {"1e-3": 64, "1e-4": 69, "1e-5": 74}},
        "result_ref1": {"confidence": 68.91876, "thresholds": {"1e-5": 74, "1e-4": 69, "1e-3": 64}},
        "face_genuineness": {
            "synthetic_face_confidence": 0.88,
            "synthetic_face_threshold": 0.5,
            "mask_confidence": 0.32,
            "mask_threshold": 0.5,
            "screen_replay_confidence": 0.33,
            "screen_replay_threshold": 0.5,
        },
        "time_used": 1020,
    }
