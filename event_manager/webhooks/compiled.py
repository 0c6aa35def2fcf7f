"""An endpoint ready for use: what it wants, how a message is shaped for it, how it is signed and signed in.

Made of a stored row and its secrets, kept until the endpoint's version changes. What was stored was checked when it
was saved; where it cannot be used all the same (a restored database under another key, a type that is gone),
`fault` says so: deliveries of such an endpoint end as dead, and nothing else is held up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from event_manager.eventlog.reading import Position
from event_manager.kit.crypto import SecretBox
from event_manager.kit.egress import ClientCertificate
from event_manager.webhooks import credentials as stored_credentials
from event_manager.webhooks import health as healths
from event_manager.webhooks import schedule as schedules
from event_manager.webhooks.credentials import Credentials
from event_manager.webhooks.filters import Matcher, PatternRefused, compile_filter
from event_manager.webhooks.formats import Format, Message, document
from event_manager.webhooks.health import Health
from event_manager.webhooks.schedule import Schedule, ScheduleRefused
from event_manager.webhooks.signing import Key, SecretRefused, parse_key
from event_manager.webhooks.transforms import chat
from event_manager.webhooks.transforms.errors import ExpressionRefused
from event_manager.webhooks.transforms.expression import Transform, compile_expression

COLUMNS = """e.tenant_id, e.id, e.name, e.kind, e.url, e.types, e.filter, e.transform, e.template, e.format,
       e.credentials, e.delays, e.timeout_ms, e.rate_per_minute, e.max_in_flight, e.ordering, e.blocks_on_dead,
       e.enabled, e.health, e.start_xid::text::bigint AS start_xid, e.start_id, e.version,
       ARRAY(SELECT s.sealed FROM webhook_secrets s WHERE s.tenant_id = e.tenant_id AND s.endpoint_id = e.id
              ORDER BY s.expires_at DESC NULLS FIRST, s.id) AS sealed,
       ARRAY(SELECT s.expires_at FROM webhook_secrets s WHERE s.tenant_id = e.tenant_id AND s.endpoint_id = e.id
              ORDER BY s.expires_at DESC NULLS FIRST, s.id) AS expiries"""
"""What `compile_endpoint` needs of ``webhook_endpoints e``."""

Shape = Callable[[Message], bytes]


@dataclass(slots=True)
class Compiled:
    """An endpoint in use. ``keys``: with the time until which each signs (None: without end), newest first.

    ``shape`` makes the body where a transformation or a template is set, and may raise TransformFailed.
    ``fault``: why nothing can be sent, else "".
    """

    tenant_id: UUID
    id: UUID
    name: str
    version: int
    enabled: bool
    kind: str
    url: str
    format: Format
    wants_type: Callable[[str], bool]
    matches: Matcher | None
    shape: Shape | None
    keys: tuple[tuple[Key, datetime | None], ...]
    credentials: Credentials
    certificate: ClientCertificate | None
    ca: bytes | None
    schedule: Schedule
    timeout: float
    rate_per_minute: int | None
    max_in_flight: int | None
    ordering: str
    blocks_on_dead: bool
    health: Health
    start: Position
    fault: str

    def live_keys(self, now: datetime) -> list[Key]:
        """The keys that sign at this time."""
        keys = self.keys
        if len(keys) == 1 and keys[0][1] is None:
            return [keys[0][0]]
        return [key for key, until in keys if until is None or now < until]

    def wants(self, message: Message) -> bool:
        """Whether the message, as it would be sent (withheld where embargoed), passes type and filter."""
        return self.wants_type(message.type) and (self.matches is None or self.matches(document(message)))


def compile_endpoint(row: Mapping[str, Any], secret_key: str) -> Compiled:
    """Make a row (`COLUMNS`) ready for use; never raises for what was stored, see `fault`."""
    faults: list[str] = []
    box = stored_credentials.box(secret_key)
    kept = _try(faults, lambda: stored_credentials.unseal(box, row["credentials"]))
    kept = kept or stored_credentials.NONE
    return Compiled(
        row["tenant_id"], row["id"], row["name"], row["version"], row["enabled"], row["kind"], row["url"],
        row["format"], _patterns(row["types"]),
        _try(faults, lambda: compile_filter(row["filter"])) if row["filter"] is not None else None,
        _try(faults, lambda: _shape(row["transform"], row["template"])),
        _try(faults, lambda: _keys(box, row["sealed"], row["expiries"])) or (),
        kept,
        _certificate(kept), kept.ca.encode() if kept.ca else None,
        _try(faults, lambda: _schedule(row["delays"])) or schedules.DEFAULT,
        row["timeout_ms"] / 1000, row["rate_per_minute"], row["max_in_flight"], row["ordering"], row["blocks_on_dead"],
        _try(faults, lambda: healths.from_json(row["health"])) or Health(),
        Position(row["start_xid"], row["start_id"]),
        "; ".join(faults),
    )  # fmt: skip


def _try(faults: list[str], make: Callable[[], Any]) -> Any:
    """What was made; None, and why among the faults, where the stored thing cannot be used."""
    try:
        return make()
    except (PatternRefused, ExpressionRefused, ScheduleRefused, SecretRefused, ValueError, LookupError) as refused:
        faults.append(f"the stored settings of this webhook cannot be used: {str(refused)[:300]}")
        return None


def _patterns(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether a type is wanted. Not checked again: a pattern of a type that is gone must not stop the others."""
    exact = frozenset(patterns)
    areas = tuple(pattern[:-1] for pattern in patterns if pattern.endswith(".*"))
    return lambda name: "*" in exact or name in exact or name.startswith(areas)


def _shape(transform: str | None, template: str | None) -> Shape | None:
    if transform is not None:
        compiled: Transform = compile_expression(transform)
        return lambda message: compiled.apply(document(message))
    if template is not None:
        if template not in chat.TEMPLATES:
            raise LookupError(f"there is no template '{template}'")
        return partial(chat.render_template, template)
    return None


def _keys(box: SecretBox, sealed: Sequence[bytes], until: Sequence[datetime | None]) -> tuple[Any, ...]:
    return tuple((parse_key(box.open(bytes(one))), end) for one, end in zip(sealed, until, strict=True))


def _schedule(delays: Sequence[int] | None) -> Schedule:
    return schedules.DEFAULT if delays is None else schedules.custom(delays)


def _certificate(kept: Credentials) -> ClientCertificate | None:
    given = kept.client_certificate
    return None if given is None else ClientCertificate(given.certificate.encode(), given.key.encode())
