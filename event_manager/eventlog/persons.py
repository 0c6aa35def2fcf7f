"""Personal data of the log, kept under a key of each person that erasure destroys.

Names and addresses of acting people, and the fields that a type marks as personal, are never stored in the clear. Keys
are made in the transaction that first needs them and remembered by the process once that is committed; reading always
looks them up, so that what was erased is gone at once.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from event_manager.eventlog import sealed_parts
from event_manager.eventlog.models import PLATFORM
from event_manager.eventlog.sealed_parts import ACTOR, NONCE, SUBJECT
from event_manager.eventlog.types import EventType
from event_manager.kit.db import Database, Row
from event_manager.kit.work import Work

ERASED = "erased"
"""Stands where a name, an address or a field was that nobody can read any more."""

MOST_REMEMBERED = 20_000
FIND = "SELECT person_id, sealed FROM event_person_keys WHERE tenant_id = %s AND person_id = ANY (%s)"
MAKE = """
    INSERT INTO event_person_keys (tenant_id, person_id, sealed)
    SELECT %s, p, s FROM unnest(%s::uuid[], %s::bytea[]) AS n (p, s) ON CONFLICT DO NOTHING"""
# A person without a key here is marked all the same, so that none is made for them later.
ERASE = """
    INSERT INTO event_person_keys AS k (tenant_id, person_id, erased_at) VALUES (%s, %s, %s)
        ON CONFLICT (tenant_id, person_id) DO UPDATE SET sealed = NULL, erased_at = excluded.erased_at
     WHERE k.sealed IS NOT NULL RETURNING k.person_id"""

LOGS_OF = "SELECT tenant_id FROM event_person_keys WHERE person_id = %s AND sealed IS NOT NULL ORDER BY tenant_id"

Place = tuple[UUID, UUID]
"""Log (tenant) and person."""


class Keys:
    """The keys of one database: how they are sealed, and those that this process remembers."""

    def __init__(self, secret_key: str) -> None:
        raw = hmac.new(secret_key.encode(), b"event log: keys of people", hashlib.sha256).digest()
        self._box = AESGCM(raw)
        self.remembered: dict[Place, AESGCM] = {}

    def seal(self, place: Place, key: bytes) -> bytes:
        """A person's key as it is stored."""
        nonce = os.urandom(NONCE)
        return nonce + self._box.encrypt(nonce, key, place[0].bytes + place[1].bytes)

    def open(self, place: Place, sealed: bytes) -> AESGCM:
        """A stored key. Raises cryptography's InvalidTag under another installation key."""
        return AESGCM(self._box.decrypt(sealed[:NONCE], sealed[NONCE:], place[0].bytes + place[1].bytes))

    def remember(self, place: Place, key: AESGCM) -> None:
        """Keep a committed key for the next entries."""
        if len(self.remembered) >= MOST_REMEMBERED:
            self.remembered.clear()
        self.remembered[place] = key


_KEYS: WeakKeyDictionary[Database, Keys] = WeakKeyDictionary()
_MADE: WeakKeyDictionary[Work, set[Place]] = WeakKeyDictionary()
"""Keys that a work has made: they may still be rolled back, so it never remembers them itself."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry says of people: in the clear where nobody could ask for erasure, else in ``pii``."""

    name: str
    address: str
    pii: bytes | None


def keys_of(database: Database) -> Keys:
    """The keys of a database. Raises RuntimeError when it was opened without the installation's key."""
    found = _KEYS.get(database)
    if found is None:
        if not database.secret_key:
            raise RuntimeError("the database was opened without the installation's key; the log needs it for people")
        found = _KEYS[database] = Keys(database.secret_key)
    return found


def forget() -> None:
    """Remember no key any more (the stored ones were replaced behind this process's back)."""
    _KEYS.clear()


async def tell(work: Work, events: Sequence[EventType]) -> list[Told]:
    """What entries of these events, written by this work, say of people."""
    actors = [_actor_of(work, event) for event in events]
    people = {*actors, *(event.person for event in events if event.personal)} - {None}
    keys = await _writing_keys(work, [person for person in people if person is not None])
    return [_told(work, event, actor, keys) for event, actor in zip(events, actors, strict=True)]


async def tell_actor(work: Work) -> Told:
    """The same for an entry that says nothing of people but who acted (hot paths).

    A key that is not known yet is made in a transaction of its own, unless one is open, so that what the caller does
    may be a single statement.
    """
    user = work.actor.user_id
    if user is None:
        return Told(work.actor.name, work.address, None)
    place = work.tenant_id or PLATFORM, user
    key = keys_of(work.database).remembered.get(place)
    if key is None and work.begun:
        key = (await _writing_keys(work, [user])).get(user)
    elif key is None:
        async with Work(work.database, tenant_id=work.tenant_id, actor=work.actor, role=work.role) as own:
            key = (await _writing_keys(own, [user])).get(user)
            await own.commit()
    return _told_of(work, user, key)


def _actor_of(work: Work, event: EventType) -> UUID | None:
    """The person who acts. Whoever is signing in is the one that the entry is about."""
    if work.actor.kind == "anonymous" and (work.actor.name or work.address):
        return event.person
    return work.actor.user_id


def _told(work: Work, event: EventType, actor: UUID | None, keys: dict[UUID, AESGCM]) -> Told:
    told = _told_of(work, actor, keys.get(actor)) if actor else Told(work.actor.name, work.address, None)
    if not event.personal or event.person not in keys:
        return told
    log = work.tenant_id or PLATFORM
    said = sealed_parts.part(SUBJECT, log, event.person, keys[event.person], event.personal_data())
    return Told(told.name, told.address, (told.pii or b"") + said)


def _told_of(work: Work, user: UUID, key: AESGCM | None) -> Told:
    if key is None:  # erased: nothing is written of them any more
        return Told("", "", None)
    data = {"name": work.actor.name, "address": work.address}
    return Told("", "", sealed_parts.part(ACTOR, work.tenant_id or PLATFORM, user, key, data))


async def _writing_keys(work: Work, people: Sequence[UUID]) -> dict[UUID, AESGCM]:
    """The keys of those who were not erased, made where there are none yet."""
    if not people:
        return {}
    log, keys = work.tenant_id or PLATFORM, keys_of(work.database)
    found = {person: keys.remembered[log, person] for person in people if (log, person) in keys.remembered}
    missing = sorted(person for person in people if person not in found)
    if missing:
        found |= await _found_or_made(work, keys, log, missing)
    return found


async def _found_or_made(work: Work, keys: Keys, log: UUID, people: list[UUID]) -> dict[UUID, AESGCM]:
    rows = await work.sql(FIND, (log, people))
    known = {row["person_id"] for row in rows}
    made = _MADE.setdefault(work, set())
    if new := [person for person in people if person not in known]:
        made |= {(log, person) for person in new}
        await work.sql(MAKE, (log, new, [keys.seal((log, person), sealed_parts.new_key()) for person in new]))
        rows = await work.sql(FIND, (log, people))  # the key of another transaction where that was quicker
    found: dict[UUID, AESGCM] = {}
    for row in rows:
        if row["sealed"]:
            place = log, row["person_id"]
            found[row["person_id"]] = keys.open(place, row["sealed"])
            if place not in made:
                keys.remember(place, found[row["person_id"]])
    return found


async def reveal(work: Work, rows: Sequence[Row]) -> list[Row]:
    """The rows (`queries.COLUMNS`) with names and addresses put in, and ``personal``: the fields of the payload.

    What was erased reads `ERASED`.
    """
    parts = [list(sealed_parts.parts(bytes(row["pii"]))) if row["pii"] else [] for row in rows]
    places = {(row["tenant_id"], person) for row, found in zip(rows, parts, strict=True) for _, person, _ in found}
    keys = await _reading_keys(work, places)
    for row, found in zip(rows, parts, strict=True):
        row["personal"] = dict.fromkeys(EventType.personal_names(row["type"], row["version"]), ERASED)
        if row["actor_kind"] == "user" and not row["actor_name"]:
            row["actor_name"] = row["address"] = ERASED
        for kind, person, cipher in found:
            place = row["tenant_id"], person
            said = sealed_parts.opened(*place, keys[place], cipher) if place in keys else None
            if kind == SUBJECT:
                row["personal"] = said or row["personal"]
            else:
                row["actor_name"], row["address"] = (said["name"], said["address"]) if said else (ERASED, ERASED)
    return list(rows)


async def _reading_keys(work: Work, places: set[Place]) -> dict[Place, AESGCM]:
    found: dict[Place, AESGCM] = {}
    for log in {log for log, _ in places}:
        for row in await work.sql(FIND, (log, [person for its, person in places if its == log])):
            if row["sealed"]:
                place = log, row["person_id"]
                found[place] = keys_of(work.database).open(place, row["sealed"])
    return found


async def logs_of(work: Work, person: UUID) -> list[UUID]:
    """The logs that hold a key of a person (platform work)."""
    return [row["tenant_id"] for row in await work.sql(LOGS_OF, (person,))]


async def destroy(work: Work, log: UUID, person: UUID) -> bool:
    """Destroy a person's key in one log (platform work); whether there was one. What it hid is gone with the commit."""
    gone = await work.sql(ERASE, (log, person, work.now()))
    keys_of(work.database).remembered.pop((log, person), None)
    return bool(gone)
