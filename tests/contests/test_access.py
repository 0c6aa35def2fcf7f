"""Who sees and changes what: scoped roles, own seats, other tenants, and the database's own refusals."""

from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from event_manager.contests.models import CategoryEntry, PanelSeat, Recusal
from event_manager.contests.queries import levels, places
from event_manager.contests.queries.entries import list_participants, view_entries
from event_manager.contests.schemas.entries import EntryCreate, ParticipantCreate, ParticipantUpdate
from event_manager.contests.schemas.levels import CategoryUpdate, ContestCreate
from event_manager.contests.service import categories, contests, entries, participants
from event_manager.identity.roles import PERMISSIONS, Role
from event_manager.kit.access import Actor, Grant
from event_manager.kit.db import Base, Database
from event_manager.kit.errors import Forbidden, Invalid, NotFound
from event_manager.kit.work import Work
from tests.factories import contests as make
from tests.people import People, Person


def scoped(person: Person, role: Role, *scopes: UUID) -> Actor:
    """A person with a role below these ids only."""
    return Actor("user", person.id, grants=tuple(Grant(PERMISSIONS[role], scope, role) for scope in scopes))


async def names(work: Work, event_id: UUID, contest_id: UUID) -> tuple[list[str], list[str], list[str]]:
    events, _ = await levels.list_events(work, cursor=None, limit=50)
    contests_, _ = await levels.list_contests(work, event_id, cursor=None, limit=50)
    categories_, _ = await levels.list_categories(work, contest_id, cursor=None, limit=50)
    return [e.name for e in events], [c.name for c in contests_], [c.name for c in categories_]


async def test_lists_show_a_scoped_role_only_what_lies_in_its_scope_or_leads_to_it(work: Work, people: People) -> None:
    event, _other = await make.an_event(work, "Mine"), await make.an_event(work, "Other")
    contest = await make.a_contest(work, event, "Song")
    await make.a_contest(work, event, "Dance")
    one, _two = await make.a_category(work, contest, "Solo"), await make.a_category(work, contest, "Duo")

    work.actor = scoped(people["judith"], "JUDGE", one.category.id)
    assert await names(work, event.id, contest.id) == (["Mine"], ["Song"], ["Solo"])
    work.actor = scoped(people["judith"], "JUDGE", event.id)
    assert await names(work, event.id, contest.id) == (["Mine"], ["Song", "Dance"], ["Solo", "Duo"])


async def test_an_organiser_of_one_event_changes_nothing_in_another(work: Work, people: People) -> None:
    mine, other = await make.a_category(work), await make.a_category(work)
    work.actor = scoped(people["oscar"], "ORGANIZER", mine.event.id)

    await categories.update_category(work, mine.category.id, CategoryUpdate(name="Changed"))
    with pytest.raises(Forbidden):
        await categories.update_category(work, other.category.id, CategoryUpdate(name="Changed"))
    with pytest.raises(Forbidden):
        await contests.create_contest(work, other.event.id, ContestCreate(name="New"))
    with pytest.raises(Forbidden):
        await make.an_event(work)


async def test_a_judge_reads_a_category_by_seat_where_the_role_does_not_reach(work: Work, people: People) -> None:
    seated, elsewhere, closed = await make.a_category(work), await make.a_category(work), await make.a_category(work)
    await make.a_seat(work, seated.category.id, people["judith"].id)
    work.actor = scoped(people["judith"], "JUDGE", elsewhere.category.id)

    place = await places.readable_category(work, seated.category.id, "entries:read")

    assert place.category.id == seated.category.id
    with pytest.raises(Forbidden):
        await places.readable_category(work, closed.category.id, "entries:read")


async def test_participants_are_found_by_the_beginning_of_any_word_without_accents(work: Work) -> None:
    contest = await make.a_contest(work)
    await make.some_entries(work, contest.id, "Zoë Müller", "Mia Zorn", "Zed_1", "Zed%1")

    async def found(q: str) -> list[str]:
        return [p.name for p in (await list_participants(work, q=q, cursor=None, limit=50))[0]]

    assert await found("zo") == ["Mia Zorn", "Zoë Müller"]
    assert await found("MULLER") == ["Zoë Müller"]
    assert await found("zed_") == ["Zed_1"]
    assert await found("zed%") == ["Zed%1"]


async def test_pages_of_participants_meet_without_gap_or_double(work: Work) -> None:
    contest = await make.a_contest(work)
    await make.some_entries(work, contest.id, *["Ann"] * 3, "Ben", "Cleo")
    seen: list[str] = []
    cursor = None
    while True:
        page, cursor = await list_participants(work, cursor=cursor, limit=2)
        seen += [str(p.id) for p in page]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 5


async def test_addresses_of_participants_are_for_those_who_edit_entries(work: Work, people: People) -> None:
    contest = await make.a_contest(work)
    await make.some_entries(work, contest.id, "Ann")
    await work.sql("UPDATE participants SET email = 'ann@example.org'")

    mine = (await list_participants(work, cursor=None, limit=9))[0][0].email
    work.actor = people["judith"].actor
    judges = (await list_participants(work, cursor=None, limit=9))[0][0].email

    assert (mine, judges) == ("ann@example.org", None)


async def test_another_tenants_category_does_not_exist(database: Database, people: People, work: Work) -> None:
    place = await make.a_category(work)
    work.tenant_id = people.b

    with pytest.raises(NotFound):
        await places.find_category(work, place.category.id)


async def test_the_database_refuses_a_row_that_points_into_another_tenant(work: Work, people: People) -> None:
    place = await make.a_category(work)

    with pytest.raises((IntegrityError, psycopg.errors.Error)):
        await work.sql(
            "INSERT INTO criteria (tenant_id, category_id, key, name, max, step) VALUES (%s, %s, 'x', 'X', 10, 1)",
            (people.b, place.category.id),
        )


async def refused_by_the_database(work: Work, row: Base) -> str:
    """The name of the constraint that refuses a row."""
    work.session.add(row)
    with pytest.raises(IntegrityError) as refusal:
        await work.session.flush()
    assert isinstance(refusal.value.orig, psycopg.Error)
    return str(refusal.value.orig.diag.constraint_name)


async def test_the_database_refuses_a_seat_of_somebody_who_is_no_member(work: Work, people: People) -> None:
    place = await make.a_category(work)
    seat = PanelSeat(tenant_id=work.tenant, category_id=place.category.id, user_id=people["bob"].id, label="J1")

    assert await refused_by_the_database(work, seat) == "panel_seats_tenant_id_user_id_fk"


async def test_the_database_refuses_an_entry_of_another_contest_in_a_category(work: Work) -> None:
    one, two = await make.a_category(work), await make.a_category(work)
    [ann] = await make.some_entries(work, two.contest.id, "Ann")
    row = CategoryEntry(
        tenant_id=work.tenant, contest_id=one.contest.id, category_id=one.category.id, contest_entry_id=ann
    )

    constraint = await refused_by_the_database(work, row)
    assert constraint == "category_entries_tenant_id_contest_id_contest_entry_id_fk"


async def test_the_database_refuses_a_recusal_across_categories(work: Work, people: People) -> None:
    contest = await make.a_contest(work)
    one, two = await make.a_category(work, contest, "One"), await make.a_category(work, contest, "Two")
    seat = await make.a_seat(work, one.category.id, people["judith"].id)
    await make.some_entries(work, contest.id, "Ann")
    [member] = await work.sql("SELECT id FROM category_entries WHERE category_id = %s", (two.category.id,))
    row = Recusal(
        tenant_id=work.tenant, category_id=one.category.id, seat_id=seat, category_entry_id=member["id"],
        kind="recusal", reason="x",
    )  # fmt: skip

    constraint = await refused_by_the_database(work, row)
    assert constraint == "recusals_tenant_id_category_id_category_entry_id_fk"


async def test_foreign_ids_in_address_and_body_are_not_found_over_http(api: httpx.AsyncClient, people: People) -> None:
    mine, theirs = people["otto"].bearer, people["oscar"].bearer
    event = (await api.post("/api/contests/events", json={"name": "Theirs"}, headers=theirs)).json()
    own = (await api.post("/api/contests/events", json={"name": "Own"}, headers=mine)).json()
    contest = (await api.post(f"/api/contests/events/{own['id']}/contests", json={"name": "Own"}, headers=mine)).json()

    read = await api.get(f"/api/contests/events/{event['id']}", headers=mine)
    moved = await api.post(
        f"/api/contests/{contest['id']}/clone", json={"name": "Copy", "eventId": event["id"]}, headers=mine
    )
    listed = await api.get("/api/contests/events", headers=mine)

    assert (read.status_code, moved.status_code) == (404, 404)
    assert [item["name"] for item in listed.json()["items"]] == ["Own"]


async def test_an_archived_participant_enters_nothing_until_it_is_offered_again(work: Work) -> None:
    ann = await participants.create_participant(work, ParticipantCreate(name="Ann"))
    contest = await make.a_contest(work)
    await participants.archive_participant(work, ann.id)

    with pytest.raises(Invalid) as refusal:
        await entries.enter(work, contest.id, [EntryCreate(participant_id=ann.id)])
    await participants.update_participant(work, ann.id, ParticipantUpdate(archived=False))
    [entry] = await entries.enter(work, contest.id, [EntryCreate(participant_id=ann.id)])

    assert refusal.value.errors[0].pointer == "/rows/0/participantId"
    assert entry is not None


async def test_what_leads_to_a_scope_is_readable_and_what_lies_beside_it_is_not(work: Work, people: People) -> None:
    mine, other = await make.a_category(work), await make.a_category(work)
    work.actor = scoped(people["judith"], "JUDGE", mine.category.id)

    event, contest = (
        await places.readable_event(work, mine.event.id),
        await places.readable_contest(work, mine.contest.id),
    )

    assert (event.event.id, contest.contest.id) == mine.path[:2]
    for read, id_ in ((places.readable_event, other.event.id), (places.readable_contest, other.contest.id)):
        with pytest.raises(Forbidden):
            await read(work, id_)


async def test_an_organiser_of_one_contest_renames_nobody_who_competes_in_another(work: Work, people: People) -> None:
    mine, other = await make.a_contest(work), await make.a_contest(work)
    [entry_id] = await make.some_entries(work, mine.id, "Zoë")
    [entry] = await view_entries(work, [entry_id])
    work.actor = scoped(people["oscar"], "ORGANIZER", mine.id)
    await participants.update_participant(work, entry.participant_id, ParticipantUpdate(name="Zoe"))

    work.actor = people["alice"].actor
    await entries.enter(work, other.id, [EntryCreate(participant_id=entry.participant_id)])
    work.actor = scoped(people["oscar"], "ORGANIZER", mine.id)

    with pytest.raises(Forbidden):
        await participants.update_participant(work, entry.participant_id, ParticipantUpdate(name="Mallory"))
    with pytest.raises(Forbidden):
        await participants.archive_participant(work, entry.participant_id)
