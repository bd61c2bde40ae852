"""Which strangers may read along: none, but those whose root certificate a person has accepted."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from faceid_review.errors import NotSent, Usage
from faceid_review.faceid import certificates, client
from faceid_review.faceid.client import Endpoint, Limits
from faceid_review.vault.ledger import Ledger

ACCEPTED = "root_accepted"


class Roots:
    """The accepted roots of one vault, folded from its entries. Any thread may call."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        entries = (entry for entry in ledger.entries("") if entry.act == ACCEPTED)
        self.accepted = frozenset(str(entry.facts["fingerprint"]) for entry in entries)
        """Fingerprints: SHA-256 in lower-case hex."""
        self._issuers: dict[str, str] = {}
        self._looked: set[str] = set()

    def look(self, endpoint: Endpoint, limits: Limits | None, proxy: str | None) -> None:
        """Once for each base URL: see who is there, before anything is sent. Raises :class:`Intercepted`.

        A connection that does not come about is no finding: the question itself will say so.
        """
        place = urlsplit(endpoint.base_url)
        if endpoint.base_url in self._looked or place.scheme != "https":
            return
        try:
            facts = client.look(endpoint, limits=limits, proxy=proxy)
        except NotSent:
            return
        self._issuers[facts.get("root_sha256", "")] = facts["issuer"]
        certificates.refuse_strangers(facts, place.hostname or "", self.accepted)
        self._looked.add(endpoint.base_url)

    def look_again(self, endpoint: Endpoint) -> None:
        """Whoever was seen at this base URL is not there any more."""
        self._looked.discard(endpoint.base_url)

    def met(self, root: str) -> bool:
        """Whether this root was seen in this session."""
        return root in self._issuers

    def accept(self, root: str) -> None:
        """Write down that a person lets the holder of this root read along, once."""
        if root not in self.accepted:
            facts = {"fingerprint": root, "issuer": self._issuers.get(root, ""), "by": self._ledger.by}
            self._ledger.append(ACCEPTED, facts=facts)
            self.accepted |= {root}


def fingerprint(text: str) -> str:
    """A whole SHA-256 as people paste it, with colons and in either case. Raises :class:`Usage`."""
    root = text.strip().replace(":", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", root):
        raise Usage("root_malformed")
    return root
