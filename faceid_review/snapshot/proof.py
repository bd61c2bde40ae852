"""What travels in a snapshot so that a stranger can check it: manifest, signature, key, steps, a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from faceid_review import resources
from faceid_review.i18n import LANGUAGES
from faceid_review.i18n import words as words_of
from faceid_review.snapshot import manifest
from faceid_review.snapshot.manifest import Part
from faceid_review.snapshot.signing import Signer


@dataclass(frozen=True)
class Proof:
    """Signs the list of what a document holds. Handed to ``document.make``, which says what it holds."""

    signer: Signer = field(repr=False)

    def attached(self, parts: Sequence[Part], facts: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
        """The name and bytes of each attachment, in order, the manifest first; the same for the same arguments.

        ``parts`` is everything else in the file and what was taken out of it, ``facts`` see ``manifest.manifest``.
        """
        key = self.signer.key
        listed = manifest.manifest(parts, {**facts, "signer": key.fingerprint})
        yield manifest.NAME, listed
        yield manifest.SIGNATURE, self.signer.sign(listed)
        yield manifest.PUBLIC_KEY, key.pem
        yield manifest.VERIFY, steps(key.fingerprint)
        yield manifest.SCRIPT, resources.read(f"snapshot/{manifest.SCRIPT}")


def steps(fingerprint: str) -> bytes:
    """``VERIFY.txt``: how to check a snapshot with pdfdetach, sha256sum and openssl, in every language."""
    told = (words_of(lang)("signing.verify_txt", fingerprint=fingerprint) for lang in reversed(LANGUAGES))
    return ("\n\n".join(told) + "\n").encode()
