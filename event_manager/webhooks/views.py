"""Webhooks as they are shown: everything but what is secret."""

from collections.abc import Sequence

from event_manager.kit.crypto import SecretBox
from event_manager.kit.work import Work
from event_manager.webhooks import credentials, queries, schedule
from event_manager.webhooks.health import Health, from_json
from event_manager.webhooks.models import Endpoint, Secret
from event_manager.webhooks.schemas import AuthenticationView, HealthView, SecretView, WebhookView


async def view(work: Work, endpoint: Endpoint, box: SecretBox) -> WebhookView:
    """One webhook."""
    [one] = await views(work, [endpoint], box)
    return one


async def views(work: Work, endpoints: Sequence[Endpoint], box: SecretBox) -> list[WebhookView]:
    """Webhooks, in three reads for however many."""
    ids = [endpoint.id for endpoint in endpoints]
    secrets, waiting = await queries.secrets_of(work, ids), await queries.waiting(work, ids)
    return [_view(each, secrets[each.id], waiting[each.id], box) for each in endpoints]


def secret_view(secret: Secret) -> SecretView:
    """A signing secret without what makes it one."""
    return SecretView.model_validate(secret)


def health_of(endpoint: Endpoint) -> Health:
    """The stored health; a new webhook has none yet."""
    return from_json(endpoint.health)


def _view(endpoint: Endpoint, secrets: Sequence[Secret], waiting: int, box: SecretBox) -> WebhookView:
    names, authentication = _authentication(endpoint, box)
    health = health_of(endpoint)
    delays = endpoint.delays if endpoint.delays is not None else list(schedule.DEFAULT.delays)
    own = {
        name: getattr(endpoint, name)
        for name in (
            "id", "name", "description", "kind", "url", "filter", "transform", "template", "format",
            "rate_per_minute", "max_in_flight", "ordering", "blocks_on_dead", "enabled", "disabled_reason", "version",
            "created_at", "updated_at",
        )
    }  # fmt: skip
    return WebhookView(
        **own,
        events=endpoint.types,
        header_names=names,
        authentication=authentication,
        secrets=[secret_view(each) for each in secrets],
        retry_attempts=len(delays) + 1,
        retry_schedule=delays,
        timeout=endpoint.timeout_ms,
        health=HealthView(
            state=health.state,
            failures_in_row=health.in_row,
            failing_since=health.failing_since,
            next_probe_at=health.probe_at if health.state == "degraded" else None,
        ),
        waiting=min(waiting, queries.MOST_COUNTED),
        waiting_is_exact=waiting <= queries.MOST_COUNTED,
    )


def _authentication(endpoint: Endpoint, box: SecretBox) -> tuple[list[str], AuthenticationView]:
    """Names of own headers, and how it signs in."""
    try:
        kept, readable = credentials.unseal(box, endpoint.credentials), True
    except ValueError:  # sealed under another installation key: whoever asks must be able to see that, and mend it
        kept, readable = credentials.NONE, False
    shown = credentials.described(kept)
    names = shown.pop("headers")
    return names, AuthenticationView.model_validate({**shown, "readable": readable})
