"""Signing secrets of webhooks: made or given, sealed at once, rotated with an overlap, revoked."""

from datetime import timedelta
from uuid import UUID

from event_manager import eventlog
from event_manager.kit.crypto import SecretBox
from event_manager.kit.work import Work
from event_manager.webhooks import queries, signing
from event_manager.webhooks.errors import LastSecret, NotForThisKind, TooManySecrets
from event_manager.webhooks.event_types import WebhookSecretRevoked, WebhookSecretRotated
from event_manager.webhooks.faults import Faults
from event_manager.webhooks.models import Endpoint, Secret
from event_manager.webhooks.schemas import Scheme, SecretCreate
from event_manager.webhooks.waking import wake_dispatchers

MOST = 5
"""Secrets of a webhook in use at the same time, so that a signature header stays short."""
PREFIXES: dict[Scheme, str] = {"v1": signing.SECRET_PREFIX, "v1a": signing.PRIVATE_PREFIX}


def check_given(secret: str | None, faults: Faults, scheme: Scheme | None = None) -> None:
    """Note what is wrong with a secret that somebody gave; with ``scheme`` it must be one of it."""
    if secret is None:
        return
    try:
        signing.parse_key(secret)
    except signing.SecretRefused as refused:
        faults.add("/secret", str(refused))
        return
    if scheme is not None and not secret.startswith(PREFIXES[scheme]):
        faults.add(
            "/secret", f"A secret of {scheme} starts with {PREFIXES[scheme]}; choose the other scheme or leave it out."
        )


async def add_secret(
    work: Work, endpoint: Endpoint, given: str | None, box: SecretBox, scheme: Scheme = "v1"
) -> tuple[Secret, str]:
    """Keep a secret that was checked, or make one; returns it with its text, which is nowhere else from now on."""
    text = given or (signing.generate_secret() if scheme == "v1" else signing.generate_private_key())
    key = signing.parse_key(text)
    public = key.public if isinstance(key, signing.Ed25519Key) else None
    secret = Secret(
        tenant_id=work.tenant, endpoint_id=endpoint.id, scheme="v1a" if public else "v1", sealed=box.seal(text),
        hint=text.rstrip("=")[-4:], public_key=public, expires_at=None, created_at=work.now(),
    )  # fmt: skip
    work.session.add(secret)
    await work.session.flush()
    return secret, text


async def rotate(work: Work, endpoint_id: UUID, new: SecretCreate, box: SecretBox) -> tuple[Secret, str]:
    """Make or take a new secret; the current ones of its scheme end after the overlap.

    Raises WebhookNotFound, NotForThisKind, TooManySecrets.
    """
    work.allow("webhooks:manage")
    endpoint = await queries.get_endpoint(work, endpoint_id, lock=True)
    if endpoint.kind != "http":
        raise NotForThisKind(f"A webhook of kind {endpoint.kind} signs nothing, so it has no secrets.")
    faults = Faults()
    check_given(new.secret, faults, new.scheme)
    faults.refuse()
    await _forget_ended(work, endpoint_id)
    in_use = (await queries.secrets_of(work, [endpoint_id]))[endpoint_id]
    await _end(work, [each for each in in_use if each.scheme == new.scheme], new.overlap_hours)
    if sum(each.expires_at is None or each.expires_at > work.now() for each in in_use) >= MOST:
        raise TooManySecrets(f"{MOST} secrets are in use; revoke one that no receiver needs any more, then try again.")
    made, text = await add_secret(work, endpoint, new.secret, box, new.scheme)
    _touch(work, endpoint)
    await work.session.flush()
    await eventlog.append(work, WebhookSecretRotated(
        webhook_id=endpoint.id, title=endpoint.name, secret_id=made.id, scheme=new.scheme,
        overlap_hours=new.overlap_hours,
    ))  # fmt: skip
    return made, text


async def revoke(work: Work, endpoint_id: UUID, secret_id: UUID) -> None:
    """End a secret at once. Raises WebhookNotFound, SecretNotFound, and LastSecret where no other lasts."""
    work.allow("webhooks:manage")
    endpoint = await queries.get_endpoint(work, endpoint_id, lock=True)
    secret = await queries.get_secret(work, endpoint_id, secret_id)
    in_use = (await queries.secrets_of(work, [endpoint_id]))[endpoint_id]
    # One that is to end does not count: with it the signatures would end, and messages go out without any.
    if not any(each.expires_at is None for each in in_use if each.id != secret_id):
        raise LastSecret(
            "No other secret of this webhook lasts: make a new one first (overlapHours 0 ends this one at once)."
        )
    scheme: Scheme = "v1a" if secret.scheme == "v1a" else "v1"
    await work.session.delete(secret)
    _touch(work, endpoint)
    await work.session.flush()
    await eventlog.append(work, WebhookSecretRevoked(
        webhook_id=endpoint.id, title=endpoint.name, secret_id=secret_id, scheme=scheme,
    ))  # fmt: skip


async def _forget_ended(work: Work, endpoint_id: UUID) -> None:
    """Delete what signs no more."""
    ended = "DELETE FROM webhook_secrets WHERE tenant_id = %s AND endpoint_id = %s AND expires_at <= %s"
    await work.sql(ended, (work.tenant, endpoint_id, work.now()))


async def _end(work: Work, secrets: list[Secret], overlap_hours: int) -> None:
    """Let secrets end after the overlap, if not sooner anyway; without overlap they are deleted."""
    end = work.now() + timedelta(hours=overlap_hours)
    for secret in secrets:
        if overlap_hours == 0:
            secret.expires_at = work.now()
            await work.session.delete(secret)
        elif secret.expires_at is None or secret.expires_at > end:
            secret.expires_at = end


def _touch(work: Work, endpoint: Endpoint) -> None:
    endpoint.version += 1
    endpoint.updated_at = work.now()
    wake_dispatchers(work)
