"""The receivers' side of `signing`: whether a message is genuine, and if not, why."""

import base64
import binascii
import hmac
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from event_manager.webhooks.signing import PUBLIC_PREFIX, Ed25519Key, HmacKey, SecretRefused, parse_key

TOLERANCE_SECONDS = 5 * 60
NEEDED = ("webhook-id", "webhook-timestamp", "webhook-signature")


class NotGenuine(ValueError):
    """A message does not carry a signature of this secret; the text says what is wrong with it."""


class Verifier:
    """Checks messages against one secret: `whsec_`, `whsk_` or `whpk_`. SecretRefused for another text."""

    def __init__(self, secret: str) -> None:
        self._shared: HmacKey | None = None
        self._public: Ed25519PublicKey | None = None
        if secret.startswith(PUBLIC_PREFIX):
            self._public = _public_key(secret)
            return
        key = parse_key(secret)
        if isinstance(key, Ed25519Key):
            self._public = _public_key(key.public)
        else:
            self._shared = key

    def check(self, headers: Mapping[str, str], body: bytes, now: float) -> None:
        """Raise NotGenuine unless one of the signatures is right and fresh. Header names in small letters."""
        absent = [name for name in NEEDED if not headers.get(name)]
        if absent:
            raise NotGenuine(f"the header {absent[0]} is missing")
        stamp = headers["webhook-timestamp"]
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise NotGenuine("webhook-timestamp is no number of seconds")
        if abs(now - int(stamp)) > TOLERANCE_SECONDS:
            raise NotGenuine(f"it was signed {abs(now - int(stamp)):.0f} s away from this machine's time; 300 s pass")
        prefix = f"{headers['webhook-id']}.{stamp}.".encode()
        given = headers["webhook-signature"].split(" ")
        if not any(self._right(signature, prefix, body) for signature in given):
            scheme = "v1" if self._shared else "v1a"
            if not any(signature.startswith(f"{scheme},") for signature in given):
                raise NotGenuine(f"it carries no {scheme} signature, which is what this secret is for")
            raise NotGenuine("no signature fits: the secret is another one, or the body was changed on its way")

    def _right(self, signature: str, prefix: bytes, body: bytes) -> bool:
        if self._shared is not None:
            return hmac.compare_digest(signature.encode(), self._shared.sign(prefix, body).encode())
        scheme, _, encoded = signature.partition(",")
        if scheme != "v1a" or self._public is None:
            return False
        try:
            self._public.verify(base64.b64decode(encoded, validate=True), prefix + body)
        except (InvalidSignature, binascii.Error):
            return False
        return True


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.removeprefix(PUBLIC_PREFIX), validate=True))
    except ValueError:
        raise SecretRefused("What follows whpk_ is no public key: base64 of 32 bytes is needed.") from None
