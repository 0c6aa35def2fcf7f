"""What the log says of people is stored under a key of each, and gone for good once that is destroyed."""

from typing import ClassVar
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from pydantic import ValidationError

from event_manager.contests.event_types import ContestantWithdrawn
from event_manager.eventlog import append, persons, queries, tell_actor
from event_manager.eventlog.commands import erase, verify_all
from event_manager.eventlog.queries import Filters
from event_manager.eventlog.service import erase_person
from event_manager.eventlog.types import EventType
from event_manager.kit.access import Actor
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database, Row
from event_manager.kit.work import Work
from tests.eventlog.test_sealing import Signer, seal_all
from tests.people import TENANTS, People
from tests.snapshot import Snapshot

SECRETS = ("Zoë Quietly", "203.0.113.77", "appendicitis")


def unwell(guest: UUID, illness: str = "") -> ContestantWithdrawn:
    return ContestantWithdrawn(
        contestant_id=guest, contest_id=UUID(int=7), category_id=None, old="entered", new="withdrawn", reason=illness
    )


def zoe(database: Database, tenant: UUID, user: UUID) -> Work:
    work = Work(database, tenant_id=tenant, actor=Actor(kind="user", user_id=user, name=SECRETS[0]))
    work.address = SECRETS[1]
    return work


async def write(database: Database, tenant: UUID, user: UUID, guest: UUID) -> UUID:
    async with zoe(database, tenant, user) as work:
        entry = await append(work, unwell(guest, SECRETS[2]))
        await work.commit()
    return entry


async def read(database: Database, tenant: UUID, entry: UUID) -> Row:
    async with Work(database, tenant_id=tenant) as work:
        return await queries.get_entry(work, entry)


def shown(row: Row) -> tuple[object, ...]:
    return row["actor_name"], row["address"], queries.payload_of(row).get("reason")


async def destroyed(database: Database, tenant: UUID, person: UUID) -> bool:
    async with Work(database, tenant_id=tenant, role="platform") as work:
        done = await erase_person(work, person)
        await work.commit()
    return done


async def test_nothing_of_a_person_is_stored_in_the_clear_and_readers_see_all(
    database: Database, people: People, snapshot: Snapshot
) -> None:
    try:
        entry = await write(database, people.a, uuid4(), uuid4())
        with psycopg.connect(snapshot.dsn) as conn:
            [[text]] = conn.execute("SELECT e::text FROM event_log e WHERE id = %s", (entry,)).fetchall()
            [[body]] = conn.execute(
                "SELECT convert_from(body, 'UTF8') FROM event_log WHERE id = %s", (entry,)
            ).fetchall()

        assert shown(await read(database, people.a, entry)) == SECRETS
        assert [word for word in SECRETS if word in text or word.encode().hex() in text] == []
        assert '"old":"entered"' in body
        async with Work(database, tenant_id=people.a) as work:
            assert await queries.search(work, Filters(words="appendicitis")) == []
    finally:
        snapshot.restore()


async def test_erasing_a_person_hides_what_was_said_and_the_sealed_log_still_verifies(
    database: Database, people: People, clock: FixedClock, snapshot: Snapshot
) -> None:
    user, guest = uuid4(), uuid4()
    try:
        await seal_all(database, clock)
        entry = await write(database, people.a, user, guest)
        await seal_all(database, clock)

        assert [await destroyed(database, people.a, user), await destroyed(database, people.a, user)] == [True, False]
        half = shown(await read(database, people.a, entry))
        await destroyed(database, people.a, guest)
        await seal_all(database, clock)

        assert half == ("erased", "erased", SECRETS[2])
        assert shown(await read(database, people.a, entry)) == ("erased", "erased", "erased")
        reports = await verify_all(database, Signer("a key"))
        assert [report.faults for _, report in reports if report.tenant_id == people.a] == [[]]
        with psycopg.connect(snapshot.dsn) as conn:
            told = conn.execute(
                "SELECT entity_id FROM event_log WHERE type = 'audit.erasure.recorded' ORDER BY id"
            ).fetchall()
        assert told == [(user,), (guest,)]
    finally:
        snapshot.restore()


async def test_nothing_is_told_any_more_of_whoever_was_erased(
    database: Database, people: People, snapshot: Snapshot
) -> None:
    user, guest = uuid4(), uuid4()
    try:
        await write(database, people.a, user, guest)
        await destroyed(database, people.a, user)
        await destroyed(database, people.a, guest)
        later = await write(database, people.a, user, guest)

        assert shown(await read(database, people.a, later)) == ("erased", "erased", "erased")
        with psycopg.connect(snapshot.dsn) as conn:
            assert conn.execute("SELECT pii FROM event_log WHERE id = %s", (later,)).fetchall() == [(None,)]
    finally:
        snapshot.restore()


async def test_a_key_of_a_transaction_that_was_rolled_back_is_not_used_again(
    database: Database, people: People, snapshot: Snapshot
) -> None:
    user, guest = uuid4(), uuid4()
    try:
        async with zoe(database, people.a, user) as work:
            await append(work, unwell(guest))
            await append(work, unwell(guest))
        entry = await write(database, people.a, user, guest)
        persons.forget()  # as another process would read it

        assert shown(await read(database, people.a, entry)) == SECRETS
    finally:
        snapshot.restore()


async def test_a_hot_path_gets_its_part_ready_within_and_without_a_transaction(
    database: Database, people: People, snapshot: Snapshot
) -> None:
    try:
        async with zoe(database, people.a, uuid4()) as work:
            outside = await tell_actor(work)
            assert not work.begun
            await work.sql("SELECT 1")
            again = await tell_actor(work)
        assert (outside.name, outside.address) == (again.name, again.address) == ("", "")
        assert outside.pii is not None
        assert again.pii is not None
        assert outside.pii[:17] == again.pii[:17]
    finally:
        snapshot.restore()


async def test_the_address_of_a_sign_in_is_kept_under_the_key_of_whoever_signed_in(
    api: httpx.AsyncClient, database: Database, people: People, snapshot: Snapshot
) -> None:
    wrong = {"email": people["alice"].email, "password": "not the right one, at all"}
    await api.post("/api/identity/sign-in", json=wrong)
    with psycopg.connect(snapshot.dsn) as conn:
        found = conn.execute(
            "SELECT id, address, pii IS NOT NULL FROM event_log WHERE type = 'user.login.failed' "
            " ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert found is not None
    assert found[1:] == ("", True)
    async with Work(database) as work:
        row = await queries.get_entry(work, found[0])
    assert row["address"] not in ("", "erased")


async def test_the_command_erases_in_every_log_or_in_one(
    database: Database, people: People, snapshot: Snapshot
) -> None:
    user = uuid4()
    try:
        one = await write(database, people.a, user, uuid4())
        two = await write(database, people.b, user, uuid4())

        assert len(await erase(database, user, only=next(iter(TENANTS)))) == 1
        assert shown(await read(database, people.a, one))[0] == "erased"
        assert shown(await read(database, people.b, two))[0] == SECRETS[0]
        assert len(await erase(database, user)) == 1
        assert shown(await read(database, people.b, two))[0] == "erased"
    finally:
        snapshot.restore()


async def test_the_log_says_who_acted_on_its_pages_and_in_its_exports(
    api: httpx.AsyncClient, people: People, database: Database
) -> None:
    headers = people["alice"].bearer
    made = (await api.post("/api/contests/events", json={"name": "Named"}, headers=headers)).json()["id"]

    page = (await api.get(f"/api/events/logs?entityId={made}", headers=headers)).json()["items"]
    lines = (await api.get(f"/api/events/logs/export?entityId={made}&format=csv", headers=headers)).text

    name = people["alice"].actor.name
    assert [entry["actor"]["name"] for entry in page] == [name]
    assert name in lines.splitlines()[1]
    assert "payload" in page[0]
    assert "tenantId" not in page[0]


def test_a_personal_field_needs_a_subject_and_a_default() -> None:
    with pytest.raises(TypeError, match="needs a subject and a default"):

        class Wrong(EventType):
            """A type that could not be shown once its field is gone."""

            name: ClassVar[str] = "test.wrong.happened"
            entity_type: ClassVar[str] = "wrong"
            personal: ClassVar[tuple[str, ...]] = ("reason",)

            wrong_id: UUID
            reason: str


def test_personal_fields_are_validated_though_not_stored_with_the_rest() -> None:
    event = unwell(uuid4(), "cold")

    assert b"reason" not in event.payload()
    assert event.personal_data() == {"reason": "cold"}
    with pytest.raises(ValidationError):
        unwell(uuid4(), 7)  # type: ignore[arg-type]
