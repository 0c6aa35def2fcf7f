"""What `event-manager replay-handler` asks for and says. The command itself stands where all rooms are known."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from event_manager.kit.setup import SetupError

if TYPE_CHECKING:
    from uuid import UUID

    from event_manager.config import Settings
    from event_manager.eventlog.handler_replay import Replayed, Selector
    from event_manager.kit.db import Database


async def replay(
    database: "Database", settings: "Settings", name: str, *, tenant: str | None, types: list[str], entity: str | None,
    start: datetime | None, end: datetime | None, effect: bool, reason: str, dry_run: bool,
) -> "Replayed":  # fmt: skip
    """Replay a handler as the operator of this machine. Raises SetupError for whatever is refused."""
    from event_manager.eventlog import handler_replay
    from event_manager.eventlog.handler_service import PERMISSION
    from event_manager.kit.access import system_actor
    from event_manager.kit.clock import SystemClock
    from event_manager.kit.errors import Problem
    from event_manager.kit.loops import Around

    operator = system_actor("command line", [PERMISSION])
    await database.open()
    try:
        selector = await _selector(database, tenant, types, entity, start, end)
        around = Around(database, settings, "", SystemClock())
        return await handler_replay.replay_handler(
            around, operator, handler_replay.find(name), selector, reason=reason, effect=effect, dry_run=dry_run
        )
    except Problem as refusal:
        raise SetupError(refusal.detail) from None
    finally:
        await database.close()


async def _selector(
    database: "Database", tenant: str | None, types: list[str], entity: str | None, start: datetime | None,
    end: datetime | None,
) -> "Selector":  # fmt: skip
    from uuid import UUID

    from event_manager.eventlog.handler_replay import Selector

    try:
        entity_id = UUID(entity) if entity is not None else None
    except ValueError:
        raise SetupError(f"--entity takes an id such as 0198c0de-..., not '{entity}'.") from None
    tenant_id = await _tenant(database, tenant) if tenant is not None else None
    return Selector(tenant_id, frozenset(types) or None, entity_id, _utc(start), _utc(end))


async def _tenant(database: "Database", slug: str) -> "UUID":
    from event_manager.kit.work import Work

    async with Work(database, role="platform") as work:
        rows = await work.sql("SELECT id FROM tenants WHERE slug = %s", (slug,))
    if not rows:
        raise SetupError(f"There is no organisation '{slug}'.")
    found: UUID = rows[0]["id"]
    return found


def _utc(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time


def tell(told: "Replayed") -> str:
    """What a person reads of a replay."""
    span = f" from {told.first_at:%Y-%m-%d %H:%M} to {told.last_at:%Y-%m-%d %H:%M} UTC" if told.entries else ""
    if told.mode == "effect":
        verb = "were handed to" if told.done else "would be handed to"
        failed = f" {told.failed} failed and are dead letters now." if told.failed else ""
        return f"{told.entries} entries{span} {verb} {told.handler}.{failed}"
    shown = [f"  {_row(row)}" for row in told.differences]
    more = told.differing - len(shown)
    lines = [f"{told.handler}, built anew from {told.entries} entries{span}: {told.differing} rows differ.", *shown]
    lines += [f"  and {more} more"] if more > 0 else []
    lines.append(
        "The new one is in use now." if told.done else "Nothing was changed; leave --dry-run to use the new one."
    )
    return "\n".join(lines)


def _row(row: dict[str, object]) -> str:
    key = ", ".join(f"{name} {value}" for name, value in row.items() if name not in ("was", "becomes"))
    return f"{key}: {row['was'] or 'nothing'} becomes {row['becomes'] or 'nothing'}"
