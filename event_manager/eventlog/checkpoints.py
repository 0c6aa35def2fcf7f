"""Checkpoints: what a tenant's log was at a moment, as a C2SP signed note under the installation's Ed25519 key."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = b"\x01"


class BadCheckpoint(ValueError):
    """A checkpoint's text is malformed, or its signature is not this installation's."""


def origin(tenant_id: UUID) -> str:
    """First line of a tenant's checkpoints, and the name of their key."""
    return f"event-manager/{tenant_id}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Parsed content. ``previous`` is the SHA-256 of the text before it, 32 zero bytes for the first."""

    origin: str
    size: int
    root: bytes
    previous: bytes
    at: datetime


class Signer:
    """Signs and checks checkpoints with the key derived (HKDF-SHA-256) from the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        seed = HKDF(SHA256(), 32, salt=None, info=b"event-manager log checkpoints").derive(secret_key.encode())
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._private.public_key()
        self._raw = self._public.public_bytes(Encoding.Raw, PublicFormat.Raw)

    def key_hash(self, name: str) -> bytes:
        """The four bytes that a signature line begins with."""
        return sha256(name.encode() + b"\n" + ED25519 + self._raw).digest()[:4]

    def verifier_key(self, name: str) -> str:
        """The public key as ``name+hash+base64``."""
        return f"{name}+{self.key_hash(name).hex()}+{_b64(ED25519 + self._raw)}"

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed note."""
        text = (
            f"{checkpoint.origin}\n{checkpoint.size}\n{_b64(checkpoint.root)}\n"
            f"previous {_b64(checkpoint.previous)}\n"
            f"time {checkpoint.at.astimezone(UTC).isoformat().replace('+00:00', 'Z')}\n"
        )
        return self.sign_text(text)

    def sign_text(self, text: str) -> str:
        """A signed note of lines, the first of which is also the name of the key."""
        name = text.partition("\n")[0]
        signature = self.key_hash(name) + self._private.sign(text.encode())
        return f"{text}\n— {name} {_b64(signature)}\n"

    def open(self, note: str) -> Checkpoint:
        """Check and parse a signed checkpoint. Raises BadCheckpoint."""
        text = self.open_text(note)
        try:
            name, size, root, previous, at = text.splitlines()
            return Checkpoint(
                name, int(size), base64.b64decode(root), base64.b64decode(previous.removeprefix("previous ")),
                datetime.fromisoformat(at.removeprefix("time ")),
            )  # fmt: skip
        except (binascii.Error, ValueError) as error:
            raise BadCheckpoint(f"the checkpoint cannot be read: {error}") from None

    def open_text(self, note: str) -> str:
        """The lines of a signed note. Raises BadCheckpoint."""
        text, gap, tail = note.partition("\n\n")
        text += "\n"
        if not gap:
            raise BadCheckpoint("the checkpoint has no signature")
        name = text.partition("\n")[0]
        try:
            signed = base64.b64decode(tail.removeprefix(f"— {name} ").rstrip("\n"), validate=True)
            if signed[:4] != self.key_hash(name):
                raise BadCheckpoint("the checkpoint is signed by another key")
            self._public.verify(signed[4:], text.encode())
        except InvalidSignature:
            raise BadCheckpoint("the checkpoint's signature is wrong") from None
        except binascii.Error as error:
            raise BadCheckpoint(f"the checkpoint cannot be read: {error}") from None
        return text


def digest(note: str) -> bytes:
    """What the next checkpoint names as ``previous``."""
    return sha256(note.encode()).digest()


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
