"""Arrays in PostgreSQL's binary form, made of many values at once: psycopg's own way costs a call for each value.

Ids are bytes (16, as the database sends them), times are bytes (8) as it sends them, or aware datetimes.
"""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

NULL = b"\xff\xff\xff\xff"
_HEAD = struct.Struct(">iiIii")
_LENGTH = struct.Struct(">i").pack
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Packed(bytes):
    """An array as it goes over the wire; the subclass says of what."""

    __slots__ = ()
    array_oid = 0


class _Packed(Dumper):
    """Hands a packed array on as it is."""

    format = Format.BINARY

    def dump(self, obj: Packed) -> Packed:
        return obj


class Uuids(Packed):
    """uuid[]."""

    array_oid = 2951


class Texts(Packed):
    """text[]."""

    array_oid = 1009


class Smallints(Packed):
    """smallint[]."""

    array_oid = 1005


class Reals(Packed):
    """real[]."""

    array_oid = 1021


class Doubles(Packed):
    """float8[]."""

    array_oid = 1022


class Byteas(Packed):
    """bytea[]."""

    array_oid = 1001


class Booleans(Packed):
    """boolean[]."""

    array_oid = 1000


class Times(Packed):
    """timestamptz[]."""

    array_oid = 1185


KINDS = (Uuids, Texts, Smallints, Reals, Doubles, Byteas, Booleans, Times)


for _kind in KINDS:
    psycopg.adapters.register_dumper(_kind, type(f"{_kind.__name__}Dumper", (_Packed,), {"oid": _kind.array_oid}))


def uuids(values: Sequence[bytes]) -> Uuids:
    """Of 16 bytes each."""
    return Uuids(_head(2950, len(values)) + b"".join([b"\0\0\0\x10" + value for value in values]))


def texts(values: Sequence[str]) -> Texts:
    """Of texts."""
    return Texts(_head(25, len(values)) + b"".join([_text(v) if len(v) < 24 else _sized(v.encode()) for v in values]))


def smallints(values: Sequence[int | None]) -> Smallints:
    """Of small numbers or null."""
    return Smallints(_head(21, len(values)) + b"".join([_smallint(value) for value in values]))


def reals(values: Sequence[float]) -> Reals:
    """Of numbers."""
    flat: list[float] = [4] * (2 * len(values))
    flat[1::2] = values
    return Reals(_head(700, len(values)) + struct.pack(">" + "if" * len(values), *flat))


def doubles(values: Sequence[float]) -> Doubles:
    """Of numbers."""
    flat: list[float] = [8] * (2 * len(values))
    flat[1::2] = values
    return Doubles(_head(701, len(values)) + struct.pack(">" + "id" * len(values), *flat))


def byteas(values: Sequence[bytes | None]) -> Byteas:
    """Of bytes or null."""
    return Byteas(_head(17, len(values)) + b"".join([NULL if v is None else _LENGTH(len(v)) + v for v in values]))


def booleans(values: Sequence[bool]) -> Booleans:
    """Of true and false."""
    return Booleans(_head(16, len(values)) + b"".join([b"\0\0\0\1\1" if v else b"\0\0\0\1\0" for v in values]))


def times(values: Sequence[datetime | bytes | None]) -> Times:
    """Of moments or null."""
    return Times(
        _head(1184, len(values))
        + b"".join([b"\0\0\0\x08" + v if isinstance(v, bytes) else NULL if v is None else _time(v) for v in values])
    )


def _head(element_oid: int, length: int) -> bytes:
    # No dimension where there is no value; nulls are said to be possible.
    return _HEAD.pack(1, 1, element_oid, length, 1) if length else _HEAD.pack(0, 0, element_oid, 0, 0)[:12]


def _sized(value: bytes) -> bytes:
    return _LENGTH(len(value)) + value


@lru_cache(1024)
def _text(value: str) -> bytes:
    return _sized(value.encode())


@lru_cache(2048)
def _smallint(value: int | None) -> bytes:
    return NULL if value is None else struct.pack(">ih", 2, value)


@lru_cache(64)
def _time(value: datetime) -> bytes:
    return struct.pack(">iq", 8, (value - _EPOCH) // _MICROSECOND)
