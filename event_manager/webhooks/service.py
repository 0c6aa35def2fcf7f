"""Writes of webhooks: set up, change, remove."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from pydantic.alias_generators import to_camel
from sqlalchemy import func, select

from event_manager import eventlog
from event_manager.eventlog import reading
from event_manager.kit.work import Work
from event_manager.webhooks import authentication, checking, queries, signing_secrets
from event_manager.webhooks import credentials as kept
from event_manager.webhooks.addresses import host_of, origin_of
from event_manager.webhooks.checking import Terms
from event_manager.webhooks.errors import TooManyWebhooks, WebhookNameTaken
from event_manager.webhooks.event_types import (
    Changes,
    WebhookEndpointCreated,
    WebhookEndpointDeleted,
    WebhookEndpointUpdated,
)
from event_manager.webhooks.faults import Faults
from event_manager.webhooks.models import Endpoint
from event_manager.webhooks.relays.base import cursor_of
from event_manager.webhooks.schemas import MAX_ENDPOINTS, WebhookCreate, WebhookUpdate
from event_manager.webhooks.starting import start_position
from event_manager.webhooks.views import health_of
from event_manager.webhooks.waking import wake_dispatchers

VersionCheck = Callable[[int], None]
SHOWN_AS = {"types": "events", "timeout_ms": "timeout", "delays": "retrySchedule"}
"""Columns that the API calls by another name."""
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def any_version(_version: int) -> None:
    """For callers that do not say which version they have seen."""


async def create_endpoint(work: Work, new: WebhookCreate, terms: Terms) -> tuple[Endpoint, str | None]:
    """Set up a webhook; returns it with its signing secret where its kind has one.

    Raises WebhookRefused, TooManyWebhooks, WebhookNameTaken.
    """
    work.allow("webhooks:manage")
    given = {name: getattr(new, name) for name in type(new).model_fields}
    faults = Faults()
    made = checking.columns(given, new.kind, terms, faults)
    checking.check_kind(given, new.kind, faults)
    credentials = authentication.credentials(kept.NONE, given, new.kind, terms=terms, now=work.now(), faults=faults)
    signing_secrets.check_given(new.secret, faults)
    checking.check_together(made, faults)
    faults.refuse()
    await _take_place(work)
    await _free_name(work, new.name)
    # What happened before is sent to kind http by a replay (`replays.send_past`): the fan-out is past it already.
    start = await start_position(work, "now" if new.kind == "http" else new.start_from)
    endpoint = Endpoint(
        tenant_id=work.tenant, kind=new.kind, credentials=kept.seal(terms.box, credentials), created_at=work.now(),
        updated_at=work.now(), start_xid=start.xid, start_id=start.id, **made,
    )  # fmt: skip
    work.session.add(endpoint)
    await work.session.flush()
    secret = None
    if new.kind == "http":
        _row, secret = await signing_secrets.add_secret(work, endpoint, new.secret, terms.box)
    await eventlog.append(work, WebhookEndpointCreated(
        webhook_id=endpoint.id, title=endpoint.name, kind=endpoint.kind, host=host_of(endpoint.url),
        types=endpoint.types, enabled=endpoint.enabled,
    ))  # fmt: skip
    await work.session.refresh(endpoint)
    return endpoint, secret


async def update_endpoint(
    work: Work, endpoint_id: UUID, change: WebhookUpdate, terms: Terms, *, seen: VersionCheck = any_version
) -> Endpoint:
    """Change what was given. Raises WebhookNotFound, PreconditionFailed, WebhookRefused, WebhookNameTaken."""
    work.allow("webhooks:manage")
    endpoint = await queries.get_endpoint(work, endpoint_id, lock=True)
    seen(endpoint.version)
    given = {name: getattr(change, name) for name in change.model_fields_set}
    faults = Faults()
    made = checking.columns(given, endpoint.kind, terms, faults)
    checking.check_kind(given, endpoint.kind, faults)
    old = _readable(endpoint, terms)
    credentials = authentication.credentials(old, given, endpoint.kind, terms=terms, now=work.now(), faults=faults)
    secret = authentication.secret_changes(old, credentials)
    made = checking.differing(endpoint, made)
    if "url" in made and origin_of(made["url"]) != origin_of(endpoint.url):
        authentication.refuse_to_carry(old, given, host_of(endpoint.url), faults)
    checking.check_together({**_shape(endpoint), **made}, faults)
    faults.refuse()
    if "name" in made and made["name"].lower() != endpoint.name.lower():
        await _free_name(work, made["name"])
    if not made and not secret:
        return endpoint
    told = _told(endpoint, made)
    for name, value in made.items():
        setattr(endpoint, name, value)
    if secret:
        endpoint.credentials = kept.seal(terms.box, credentials)
    _start_afresh(endpoint, made, secret)
    endpoint.version += 1
    endpoint.updated_at = work.now()
    await work.session.flush()
    wake_dispatchers(work)
    await eventlog.append(work, WebhookEndpointUpdated(
        webhook_id=endpoint.id, title=endpoint.name, changes=told, secret_changes=secret,
    ))  # fmt: skip
    return endpoint


async def delete_endpoint(work: Work, endpoint_id: UUID, *, seen: VersionCheck = any_version) -> None:
    """Remove a webhook with its secrets and what waits for it; its past deliveries can be read until they expire.

    Raises WebhookNotFound, PreconditionFailed.
    """
    work.allow("webhooks:manage")
    endpoint = await queries.get_endpoint(work, endpoint_id, lock=True)
    seen(endpoint.version)
    [gone] = await work.sql(
        """WITH gone AS (DELETE FROM webhook_queue WHERE tenant_id = %s AND endpoint_id = %s RETURNING 1)
           SELECT count(*) AS n FROM gone""",
        (work.tenant, endpoint_id),
    )
    told = WebhookEndpointDeleted(
        webhook_id=endpoint_id, title=endpoint.name, host=host_of(endpoint.url), waiting=gone["n"]
    )
    await reading.forget(work, cursor_of(endpoint_id), tenant=work.tenant)  # of a relay; others have none
    await work.session.delete(endpoint)
    await work.session.flush()
    wake_dispatchers(work)
    await eventlog.append(work, told)


async def _take_place(work: Work) -> None:
    """One after the other for each organisation, so that the count holds. Raises TooManyWebhooks."""
    await work.sql(LOCK, (f"webhooks of {work.tenant}",))
    query = select(func.count()).select_from(Endpoint).where(Endpoint.tenant_id == work.tenant)
    if (await work.session.scalar(query) or 0) >= MAX_ENDPOINTS:
        raise TooManyWebhooks(f"An organisation has at most {MAX_ENDPOINTS} webhooks; remove one that is not needed.")


async def _free_name(work: Work, name: str) -> None:
    query = select(Endpoint.id).where(Endpoint.tenant_id == work.tenant, func.lower(Endpoint.name) == func.lower(name))
    if await work.session.scalar(query) is not None:
        raise WebhookNameTaken(f"There is a webhook named '{name}' already; choose another name, or change that one.")


def _readable(endpoint: Endpoint, terms: Terms) -> kept.Credentials:
    """What is kept; nothing where it was sealed under another key, so that it can be given anew."""
    try:
        return kept.unseal(terms.box, endpoint.credentials)
    except ValueError:
        return kept.NONE


def _shape(endpoint: Endpoint) -> dict[str, Any]:
    return {"transform": endpoint.transform, "template": endpoint.template}


def _start_afresh(endpoint: Endpoint, made: dict[str, Any], secret: list[str]) -> None:
    """A webhook that is switched on, or failed and now sends elsewhere or signs in otherwise, begins as a new one."""
    if "enabled" in made:
        endpoint.disabled_reason = ""
    switched_on = made.get("enabled") is True
    mended = ("url" in made or secret) and health_of(endpoint).state == "degraded"
    if switched_on or mended:
        endpoint.health = {}


def _told(endpoint: Endpoint, made: dict[str, Any]) -> Changes:
    """What changes, for the log: addresses without their path."""
    return {
        SHOWN_AS.get(name, to_camel(name)): (_text(name, getattr(endpoint, name)), _text(name, value))
        for name, value in made.items()
    }


def _text(name: str, value: object) -> str | None:
    if value is None:
        return None
    if name == "url":
        return f"{str(value).partition('://')[0]}://{host_of(str(value))}/…"
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() if isinstance(value, dict | list) else str(value)
