"""Signatures as receivers check them: with the reference libraries, and v1a with cryptography."""

import base64
import time
from types import ModuleType

import pytest
import standardwebhooks
import svix.webhooks
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from event_manager.webhooks import signing

OLD, NEW, OTHER = (signing.generate_secret() for _ in range(3))
PRIVATE = signing.generate_private_key()
BODY = '{"type":"contest.created","data":{"name":"Zoë"}}'.encode()
LIBRARIES = [pytest.param(standardwebhooks, id="standardwebhooks"), pytest.param(svix.webhooks, id="svix")]


def headers(*secrets: str, age: int = 0) -> dict[str, str]:
    """What a receiver gets with BODY, signed `age` seconds ago."""
    at = int(time.time()) - age
    signature = signing.sign([signing.parse_key(secret) for secret in secrets], "evt_1", at, BODY)
    return {"webhook-id": "evt_1", "webhook-timestamp": str(at), "webhook-signature": signature}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("secrets", [(NEW,), (OLD, NEW), (PRIVATE, NEW)], ids=["current", "rotation", "v1a first"])
def test_receivers_accept(library: ModuleType, secrets: tuple[str, ...]) -> None:
    library.Webhook(NEW).verify(BODY, headers(*secrets))


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("secret", "age", "webhook_id", "body"),
    [
        pytest.param(NEW, 0, "evt_1", BODY + b" ", id="changed body"),
        pytest.param(NEW, 0, "evt_2", BODY, id="changed id"),
        pytest.param(NEW, 301, "evt_1", BODY, id="301 s old"),
        pytest.param(NEW, -3600, "evt_1", BODY, id="an hour ahead"),
        pytest.param(OTHER, 0, "evt_1", BODY, id="wrong key"),
        pytest.param(PRIVATE, 0, "evt_1", BODY, id="only v1a"),
    ],
)
def test_receivers_refuse(library: ModuleType, secret: str, age: int, webhook_id: str, body: bytes) -> None:
    sent = headers(secret, age=age) | {"webhook-id": webhook_id}

    with pytest.raises(library.WebhookVerificationError):
        library.Webhook(NEW).verify(body, sent)


def test_public_key_verifies_v1a() -> None:
    key = signing.parse_key(PRIVATE)
    assert isinstance(key, signing.Ed25519Key)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public.removeprefix("whpk_")))
    scheme, signature = signing.sign([key], "evt_1", 7, BODY).split(",")
    assert scheme == "v1a"
    public.verify(base64.b64decode(signature), b"evt_1.7." + BODY)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("secret", "must start with whsec_"),
        ("whsec_***", "not base64"),
        ("whsec_é", "not base64"),
        ("whsec_" + base64.b64encode(b"x" * 23).decode(), "holds 23 bytes"),
        ("whsec_" + base64.b64encode(b"x" * 65).decode(), "holds 65 bytes"),
        ("whsk_" + base64.b64encode(b"x" * 31).decode(), "holds 31 bytes"),
        ("whpk_" + base64.b64encode(b"x" * 32).decode(), "cannot sign"),
    ],
)
def test_unusable_secret_is_refused(text: str, says: str) -> None:
    with pytest.raises(signing.SecretRefused, match=says):
        signing.parse_key(text)
