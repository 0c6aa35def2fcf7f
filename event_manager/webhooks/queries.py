"""Reads of webhooks: endpoints with their secrets and what waits for them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from event_manager.kit.work import Work
from event_manager.webhooks.errors import SecretNotFound, WebhookNotFound
from event_manager.webhooks.models import Endpoint, Secret

MOST_COUNTED = 1000
WAITING = """
    SELECT e.id, (SELECT count(*) FROM (SELECT 1 FROM webhook_queue q
                   WHERE q.tenant_id = %(tenant)s AND q.endpoint_id = e.id LIMIT %(most)s) AS counted) AS waiting
      FROM unnest(%(ids)s::uuid[]) AS e (id)"""


async def list_endpoints(work: Work) -> list[Endpoint]:
    """All webhooks of the organisation, by name; there are few (see `schemas.MAX_ENDPOINTS`)."""
    query = select(Endpoint).where(Endpoint.tenant_id == work.tenant)
    return list((await work.session.scalars(query.order_by(func.lower(Endpoint.name)))).all())


async def get_endpoint(work: Work, endpoint_id: UUID, *, lock: bool = False) -> Endpoint:
    """One webhook; `lock` keeps others from changing it until the end of the transaction. Raises WebhookNotFound."""
    query = select(Endpoint).where(Endpoint.tenant_id == work.tenant, Endpoint.id == endpoint_id)
    found = await work.session.scalar(
        query.with_for_update().execution_options(populate_existing=True) if lock else query
    )
    if found is None:
        raise WebhookNotFound("There is no such webhook; GET /api/events/webhooks lists them.")
    return found


async def secrets_of(work: Work, endpoint_ids: Sequence[UUID]) -> dict[UUID, list[Secret]]:
    """Signing secrets in use, newest first, by webhook."""
    query = select(Secret).where(
        Secret.tenant_id == work.tenant,
        Secret.endpoint_id.in_(endpoint_ids),
        Secret.expires_at.is_(None) | (Secret.expires_at > work.now()),
    )
    found: dict[UUID, list[Secret]] = {each: [] for each in endpoint_ids}
    for secret in await work.session.scalars(query.order_by(Secret.id.desc())):
        found[secret.endpoint_id].append(secret)
    return found


async def get_secret(work: Work, endpoint_id: UUID, secret_id: UUID) -> Secret:
    """One signing secret in use. Raises SecretNotFound."""
    for secret in (await secrets_of(work, [endpoint_id]))[endpoint_id]:
        if secret.id == secret_id:
            return secret
    raise SecretNotFound("This webhook has no such signing secret in use.")


async def waiting(work: Work, endpoint_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many deliveries wait for each webhook, counted up to `MOST_COUNTED` + 1."""
    given = {"tenant": work.tenant, "ids": list(endpoint_ids), "most": MOST_COUNTED + 1}
    return {row["id"]: row["waiting"] for row in await work.sql(WAITING, given)}
