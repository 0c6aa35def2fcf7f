"""Deliveries as they are shown: with the tries, and the body made again from the log."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from event_manager.kit.db import Row
from event_manager.kit.work import Work
from event_manager.webhooks import compiled, messages, queries_deliveries
from event_manager.webhooks.compiled import Compiled, compile_endpoint
from event_manager.webhooks.formats import message_id
from event_manager.webhooks.messages import Addresses, message_of
from event_manager.webhooks.requests import shape
from event_manager.webhooks.schemas_deliveries import AttemptView, DeliveryDetail, DeliveryView, TimingsView
from event_manager.webhooks.transforms.errors import TransformFailed

ENTRY = f"SELECT {messages.COLUMNS} FROM event_log e WHERE e.tenant_id = %s AND e.id = %s"  # noqa: S608 - constants
SLUG = "SELECT slug FROM tenants WHERE id = %s"
ENDPOINT = f"SELECT {compiled.COLUMNS} FROM webhook_endpoints e WHERE e.tenant_id = %s AND e.id = %s"  # noqa: S608 - constants
SHOWN = frozenset(DeliveryView.model_fields) - {"webhook_id", "message_id", "created_at"}


def delivery_view(row: Row) -> DeliveryView:
    """One delivery of a list."""
    return DeliveryView(**_own(row))


async def delivery_detail(work: Work, row: Row, *, secret_key: str, addresses: Addresses) -> DeliveryDetail:
    """One delivery with everything."""
    endpoint = await compiled_endpoint(work, row["endpoint_id"], secret_key)
    body, note = await _body(work, row, endpoint, addresses)
    tries = [_try(each) for each in await queries_deliveries.tries_of(work, row["id"])]
    return DeliveryDetail(
        **_own(row), url=endpoint.url if endpoint else None, request_body=body, request_body_note=note, tries=tries
    )


async def compiled_endpoint(work: Work, endpoint_id: UUID, secret_key: str) -> Compiled | None:
    """A webhook ready for use, None where it is gone."""
    rows = await work.sql(ENDPOINT, (work.tenant, endpoint_id))
    return compile_endpoint(rows[0], secret_key) if rows else None


async def slug_of(work: Work) -> str:
    """The organisation's short name."""
    [row] = await work.sql(SLUG, (work.tenant,))
    return str(row["slug"])


def head_text(head: bytes | Sequence[bytes] | None) -> str:
    """Status and header lines as text."""
    whole = head if isinstance(head, bytes | None) else b"".join(head)
    return body_text(whole)


def body_text(body: bytes | None) -> str:
    """What a receiver sent, as text; what is no UTF-8 is replaced, and NUL too, which no database takes."""
    return bytes(body or b"").decode("utf-8", "replace").replace("\x00", "\ufffd")


async def _body(work: Work, row: Row, endpoint: Compiled | None, addresses: Addresses) -> tuple[str | None, str]:
    """The body, or why there is none."""
    if endpoint is None:
        return None, "The webhook is gone, and with it how its messages looked."
    entries = await work.sql(ENTRY, (work.tenant, row["event_id"]))
    if not entries:
        return None, "The entry of the log is no longer kept."
    message = message_of(entries[0], await slug_of(work), addresses, suffix=row["suffix"])
    try:
        rendered = shape(endpoint, message)
    except TransformFailed as failed:
        return None, str(failed)
    notes = {
        "embargoed": "What it says is embargoed, so a link is sent in place of the payload.",
        "too-large": "The payload is too large, so a link is sent in place of it.",
    }
    return rendered.body.decode(), notes.get(rendered.omitted or "", "")


def _own(row: Row) -> Row:
    return {
        **{name: row[name] for name in SHOWN},
        "webhook_id": row["endpoint_id"],
        "message_id": message_id(row["event_id"]) + row["suffix"],
        "created_at": datetime.fromtimestamp((row["id"].int >> 80) / 1000, UTC),
    }


def _try(row: Row) -> AttemptView:
    timings = row["timings"]
    return AttemptView(
        n=row["n"], at=row["at"], status=row["status"], error=row["error"], ms=row["ms"], ip=row["ip"],
        timings=TimingsView(**dict(zip(TimingsView.model_fields, timings, strict=False))) if timings else None,
        request_headers=row["request_headers"], response_head=head_text(row["response_head"]),
        response_body=body_text(row["response_body"]), truncated=row["truncated"],
    )  # fmt: skip
