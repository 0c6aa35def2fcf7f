"""What an entry keeps of people: parts, each encrypted under the key of one person; pure, no storage.

A part is a byte that tells whose it is (``ACTOR``: name and address; ``SUBJECT``: fields of the payload), the person's
id (16 bytes), the length of what follows (2), a nonce (12) and the AES-256-GCM ciphertext of a JSON object, bound to
log and person. ``pii`` is one part after the other.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE, HEAD = 32, 12, 19
ACTOR, SUBJECT = 0, 1
LONGEST = 2**16 - 1


class TooMuchPersonalData(ValueError):
    """An entry's personal fields are longer than a part can be."""


def part(kind: int, log: UUID, person: UUID, key: AESGCM, data: Mapping[str, Any]) -> bytes:
    """One part. Raises TooMuchPersonalData."""
    nonce = os.urandom(NONCE)
    sealed = nonce + key.encrypt(nonce, orjson.dumps(data), log.bytes + person.bytes)
    if len(sealed) > LONGEST:
        raise TooMuchPersonalData(f"the personal fields of an entry take {len(sealed)} bytes, {LONGEST} are possible")
    return bytes((kind,)) + person.bytes + len(sealed).to_bytes(2, "big") + sealed


def parts(pii: bytes) -> Iterator[tuple[int, UUID, bytes]]:
    """Kind, person and ciphertext of each part."""
    at = 0
    while at + HEAD <= len(pii):
        end = at + HEAD + int.from_bytes(pii[at + 17 : at + HEAD], "big")
        yield pii[at], UUID(bytes=pii[at + 1 : at + 17]), pii[at + HEAD : end]
        at = end


def opened(log: UUID, person: UUID, key: AESGCM, sealed: bytes) -> dict[str, Any] | None:
    """What a part says; None when it was not written under this key."""
    try:
        found: dict[str, Any] = orjson.loads(key.decrypt(sealed[:NONCE], sealed[NONCE:], log.bytes + person.bytes))
    except InvalidTag:
        return None
    return found


def new_key() -> bytes:
    """A fresh key of a person."""
    return AESGCM.generate_key(8 * KEY_BYTES)
