"""Random tokens, their stored hashes, keys derived from the installation's key, and sealed small secrets."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken


def new_token(prefix: str = "") -> str:
    """A fresh secret of 256 bits, URL-safe, e.g. ``ems_...``."""
    return f"{prefix}{secrets.token_urlsafe(32)}"


def token_hash(token: str) -> bytes:
    """What is stored of a token: SHA-256. Tokens are random and long, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).digest()


def derive(key: str, purpose: str) -> str:
    """A secret for one purpose, derived from the installation's key (HMAC-SHA-256, hex)."""
    return hmac.new(key.encode(), purpose.encode(), hashlib.sha256).hexdigest()


class SecretBox:
    """Encrypts small secrets (TOTP seeds, credentials) for storage, under a key derived for one purpose."""

    def __init__(self, key: str, purpose: str) -> None:
        raw = hmac.new(key.encode(), purpose.encode(), hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(raw))

    def seal(self, secret: str) -> bytes:
        """Ciphertext to store."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """The secret; ValueError if it was sealed under another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise ValueError("this secret was sealed under another installation key") from error
