"""The leaf of an entry: SHA-256 over every column in one unambiguous encoding, in SQL to seal and here to verify.

`COLUMNS` is the one list. Fixed-width fields are PostgreSQL's binary form; others carry their length (int4) before
them; a nullable field has a byte that tells null (0) from a value (1).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

COLUMNS: tuple[tuple[str, str, bool], ...] = (
    ("id", "uuid", False),
    ("tenant_id", "uuid", False),
    ("type", "text", False),
    ("version", "int2", False),
    ("entity_type", "text", False),
    ("entity_id", "uuid", False),
    ("actor_kind", "text", False),
    ("actor_id", "uuid", True),
    ("actor_name", "text", False),
    ("address", "text", False),
    ("correlation_id", "text", False),
    ("causation_id", "uuid", True),
    ("at", "timestamptz", False),
    ("xid", "xid8", False),
    ("body", "bytea", False),
    ("pii", "bytea", True),
)
"""Name, kind, nullable, in the order in which they are hashed."""

SELECT = ", ".join(f"{name}::text::bigint AS xid" if kind == "xid8" else name for name, kind, _ in COLUMNS)
"""What a query must read so that `leaf` can be computed."""

_SQL = {
    "uuid": "uuid_send(e.{0})",
    "int2": "int2send(e.{0})",
    "timestamptz": "timestamptz_send(e.{0})",
    "xid8": "xid8send(e.{0})",
    "text": "int4send(octet_length(e.{0})) || convert_to(e.{0}, 'UTF8')",
    "bytea": "int4send(octet_length(e.{0})) || e.{0}",
}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def sql_function() -> str:
    """The statement that creates ``event_log_leaf(event_log)``; the server's encoding must be UTF-8."""
    parts = []
    for name, kind, nullable in COLUMNS:
        encoded = _SQL[kind].format(name)
        parts.append(rf"coalesce('\x01'::bytea || {encoded}, '\x00'::bytea)" if nullable else encoded)
    body = "\n      || ".join(parts)
    return (
        "CREATE FUNCTION event_log_leaf(e event_log) RETURNS bytea LANGUAGE sql STABLE AS $fn$\n"
        rf"  SELECT sha256('\x00'::bytea || {body})" + "\n$fn$"
    )


def _sized(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _micros(at: datetime) -> bytes:
    return ((at - _EPOCH) // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)


_ENCODE: dict[str, Callable[[Any], bytes]] = {
    "uuid": lambda value: value.bytes if isinstance(value, UUID) else UUID(value).bytes,
    "int2": lambda value: int(value).to_bytes(2, "big", signed=True),
    "timestamptz": _micros,
    "xid8": lambda value: int(value).to_bytes(8, "big", signed=True),
    "text": lambda value: _sized(value.encode()),
    "bytea": lambda value: _sized(bytes(value)),
}


def leaf(row: Mapping[str, Any]) -> bytes:
    """Leaf hash of a row read with `SELECT`."""
    parts = [b"\x00"]
    for name, kind, nullable in COLUMNS:
        value = row[name]
        if nullable:
            parts.append(b"\x00" if value is None else b"\x01")
            if value is None:
                continue
        parts.append(_ENCODE[kind](value))
    return sha256(b"".join(parts)).digest()
