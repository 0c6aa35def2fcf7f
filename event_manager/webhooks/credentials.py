"""What an endpoint must send to be let in: own headers, basic sign-in, OAuth2 client, client certificate.

Sealed at rest, and never readable again: answers and log entries get `described`, which names and never tells, and
`repr` leaves the secrets out, so that no traceback shows them.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from event_manager.kit.crypto import SecretBox

PURPOSE = "webhook credentials"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Basic(_Part):
    """User and password of HTTP's basic scheme."""

    username: str
    password: str = Field(repr=False)


class OAuth2(_Part):
    """Client credentials grant: a token is fetched from `token_url` and sent as a bearer."""

    token_url: str
    client_id: str
    client_secret: str = Field(repr=False)
    scope: str = ""


class Certificate(_Part):
    """Client certificate with its chain, and private key, both PEM."""

    certificate: str
    key: str = Field(repr=False)


class Broker(_Part):
    """How a relay signs in at NATS or Kafka; empty texts are left out."""

    username: str = ""
    password: str = Field(default="", repr=False)
    token: str = Field(default="", repr=False)


class Credentials(_Part):
    """All of one endpoint. ``headers``: (name, value). ``ca``: PEM certificates believed instead of the machine's."""

    headers: tuple[tuple[str, str], ...] = Field(default=(), repr=False)
    basic: Basic | None = None
    oauth2: OAuth2 | None = None
    client_certificate: Certificate | None = None
    broker: Broker | None = None
    ca: str | None = None


NONE = Credentials()


def box(secret_key: str) -> SecretBox:
    """What seals credentials and signing secrets of this installation."""
    return SecretBox(secret_key, PURPOSE)


def seal(sealer: SecretBox, credentials: Credentials) -> bytes | None:
    """Bytes to store; None where there is nothing to keep."""
    return None if credentials == NONE else sealer.seal(credentials.model_dump_json())


def unseal(sealer: SecretBox, sealed: bytes | None) -> Credentials:
    """What was stored; ValueError if it was sealed under another installation key."""
    return NONE if sealed is None else Credentials.model_validate_json(sealer.open(bytes(sealed)))


def described(credentials: Credentials) -> dict[str, Any]:
    """Names without values, for answers."""
    return {
        "headers": [name for name, _ in credentials.headers],
        "basicUsername": credentials.basic.username if credentials.basic else None,
        "oauth2": {"tokenUrl": credentials.oauth2.token_url, "clientId": credentials.oauth2.client_id}
        if credentials.oauth2
        else None,
        "clientCertificate": credentials.client_certificate is not None,
        "broker": credentials.broker is not None,
        "ca": credentials.ca is not None,
    }
