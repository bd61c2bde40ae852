"""The vendor of the crash tests: a simulator whose answers are prepared, so that every byte is known here."""

import base64
import hashlib
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from faceid_review.faceid.simulator import Behaviour, Simulator
from faceid_review.review.accounts import Account
from faceid_review.session import Session
from faceid_review.settings import Settings
from tests.crash.child import PASSPHRASE

SIZES = (2_000, 70_000, 300_000, 700_000)


class Vendor:
    """Answers ids of its own with bodies of given sizes. It lives in this process, and survives every kill."""

    def __init__(self, seed: str) -> None:
        self.simulator = Simulator(seed=seed, ids=1, concurrency_limit=None)
        self.bodies: dict[str, bytes] = {}
        self._draw = random.Random(seed)

    def __enter__(self) -> Self:
        self.simulator.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.simulator.stop()

    def new(self, count: int, sizes: Iterable[int] = SIZES) -> tuple[str, ...]:
        """So many fresh ids; every fourth answer has no Content-Length and ends with its connection."""
        choice, made = tuple(sizes), []
        for _ in range(count):
            biz_id = f"{int(time.time()) - 60},{uuid.UUID(int=self._draw.getrandbits(128), version=4)}"
            body = body_of(biz_id, self._draw.choice(choice), self._draw)
            with_length = len(self.bodies) % 4 != 3
            self.bodies[biz_id] = body
            self.simulator.behave(biz_id, Behaviour.answer(body, with_length=with_length, spends=True))
            made.append(biz_id)
        return tuple(made)

    def unprepared(self, count: int, body: bytes) -> tuple[str, ...]:
        """So many fresh ids for which what holds for every id is to answer, with ``body``."""
        stamp = int(time.time()) - 60
        made = tuple(f"{stamp},{uuid.UUID(int=self._draw.getrandbits(128), version=4)}" for _ in range(count))
        self.bodies.update(dict.fromkeys(made, body))
        return made

    def drawn(self, count: int) -> tuple[str, ...]:
        """So many fresh ids with the simulator's own answers, drawn portraits and all."""
        ids = self.simulator.fresh_ids(count)
        for biz_id in ids:
            found = self.simulator.session(biz_id)
            self.bodies[biz_id] = found.body(found.pictures(2))
        return ids

    def forget(self, ids: Iterable[str]) -> None:
        """These are over: let go of their bodies."""
        for biz_id in ids:
            del self.bodies[biz_id]
            self.simulator.behave(biz_id, None)

    def counts(self) -> Counter[str | None]:
        """How many requests named each id."""
        return Counter(seen.biz_id for seen in self.simulator.requests)

    def sha256(self, biz_id: str) -> str:
        """Of the whole body."""
        return hashlib.sha256(self.bodies[biz_id]).hexdigest()

    def vault(self, home: Path, settings: Settings | None = None) -> Path:
        """A new vault in ``home`` whose only account is this vendor's."""
        with Session.make(home, "Lin Yue", PASSPHRASE, keyring=False) as session:
            account = Account("practice", self.simulator.base_url, self.simulator.api_key)
            session.accounts.add(account, self.simulator.api_secret)
        if settings:
            settings.save(home)
        return home


def body_of(biz_id: str, size: int, draw: random.Random) -> bytes:
    """A JSON object of about ``size`` bytes that no other id has."""
    text = base64.b64encode(draw.randbytes(size * 3 // 4)).decode()
    return json.dumps({"biz_extra_data": "", "biz_id": biz_id, "images": None, "padding": text}).encode()
