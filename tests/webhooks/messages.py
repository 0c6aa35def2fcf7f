"""A message to send, for tests: everything may be replaced by keyword."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from event_manager.webhooks.formats import Message

ENTRY = UUID("01930000-0000-7000-8000-0000000000aa")
CONTEST = UUID("01930000-0000-7000-8000-0000000000bb")
USER = UUID("01930000-0000-7000-8000-0000000000cc")
TENANT = UUID("01930000-0000-7000-8000-0000000000dd")
BODY = '{"contestId":"01930000-0000-7000-8000-0000000000bb", "title":"Zoë & <friends>","places":3}'.encode()

CREATED = Message(
    id=f"evt_{ENTRY.hex}",
    tenant_id=TENANT,
    tenant_slug="dance-club",
    source="https://events.example/tenants/dance-club",
    type="contest.created",
    version=1,
    at=datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC),
    entity_type="contest",
    entity_id=CONTEST,
    actor_kind="user",
    actor_id=USER,
    correlation_id="c0ffee00c0ffee00",
    causation_id=None,
    partition_key=str(CONTEST),
    body=BODY,
    schema_url="https://events.example/schemas/contest.created/1",
    fetch_url=f"https://events.example/api/events/logs/{ENTRY}",
    page_url=f"https://events.example/log/{ENTRY}",
)


def a_message(**changes: Any) -> Message:
    """A contest was created, unless changed."""
    return replace(CREATED, **changes)


def large_body(size: int) -> bytes:
    """A payload of exactly `size` bytes."""
    return b'{"text":"' + b"x" * (size - 11) + b'"}'
