"""Signatures of the Standard Webhooks specification: v1 (HMAC-SHA256) and v1a (Ed25519)."""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET_PREFIX = "whsec_"  # noqa: S105 - the public marker of a secret, not one
PRIVATE_PREFIX = "whsk_"
PUBLIC_PREFIX = "whpk_"
MIN_SECRET_BYTES = 24
MAX_SECRET_BYTES = 64
SEED_BYTES = 32
BLOCK_BYTES = 64
"""SHA-256 works on blocks of so many; no secret is longer."""


class SecretRefused(ValueError):
    """A given signing secret cannot be used; the message says what to change and never repeats the secret."""


class Key(Protocol):
    """Signs `id.timestamp.body`; the result carries its scheme, as `v1,<base64>`."""

    def sign(self, prefix: bytes, body: bytes) -> str: ...


class HmacKey:
    """A shared secret of 24 to 64 bytes (scheme v1)."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, secret: bytes) -> None:
        # HMAC as RFC 2104 writes it. Copying primed hashes spares the key's two blocks for every delivery, and the
        # objects of the standard library's hmac around them.
        block = secret.ljust(BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def sign(self, prefix: bytes, body: bytes) -> str:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(prefix)
        inner.update(body)
        outer.update(inner.digest())
        return "v1," + binascii.b2a_base64(outer.digest(), newline=False).decode()


class Ed25519Key:
    """A private key of which receivers hold only the public half (scheme v1a)."""

    __slots__ = ("_private",)

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> str:
        """The half to hand to receivers, `whpk_` + base64 of 32 bytes."""
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return PUBLIC_PREFIX + base64.b64encode(raw).decode()

    def sign(self, prefix: bytes, body: bytes) -> str:
        return "v1a," + base64.b64encode(self._private.sign(prefix + body)).decode()


def generate_secret() -> str:
    """Return a new `whsec_` secret of 32 random bytes."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def generate_private_key() -> str:
    """Return a new `whsk_` Ed25519 seed of 32 random bytes."""
    return PRIVATE_PREFIX + base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode()


def parse_key(text: str) -> HmacKey | Ed25519Key:
    """Make the key of a `whsec_` or `whsk_` text; raises SecretRefused."""
    if text.startswith(SECRET_PREFIX):
        secret = _decode(text, SECRET_PREFIX)
        if not MIN_SECRET_BYTES <= len(secret) <= MAX_SECRET_BYTES:
            raise SecretRefused(f"The secret holds {len(secret)} bytes; give 24 to 64 bytes in base64 after whsec_.")
        return HmacKey(secret)
    if text.startswith(PRIVATE_PREFIX):
        seed = _decode(text, PRIVATE_PREFIX)
        if len(seed) != SEED_BYTES:
            raise SecretRefused(f"The private key holds {len(seed)} bytes; give the 32-byte Ed25519 seed after whsk_.")
        return Ed25519Key(seed)
    if text.startswith(PUBLIC_PREFIX):
        raise SecretRefused("whpk_ marks a public key, which cannot sign; give the private key (whsk_).")
    raise SecretRefused("The secret must start with whsec_ (shared secret) or whsk_ (Ed25519 private key).")


def sign(keys: Sequence[Key], message_id: str, timestamp: int, body: bytes) -> str:
    """Return the `webhook-signature` value: one signature per key, separated by spaces; timestamp in Unix seconds."""
    prefix = f"{message_id}.{timestamp}.".encode()
    return " ".join([key.sign(prefix, body) for key in keys])


def _decode(text: str, prefix: str) -> bytes:
    try:
        return base64.b64decode(text.removeprefix(prefix).encode(), validate=True)
    except ValueError:
        raise SecretRefused(f"What follows {prefix} is not base64; use A-Z a-z 0-9 + / and = as padding.") from None
