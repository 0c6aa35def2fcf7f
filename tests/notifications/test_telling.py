"""Who is told what: the right people, once, never of their own doing, and nothing that is under embargo."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import httpx
import pytest

from event_manager import eventlog
from event_manager.config import Settings
from event_manager.eventlog.audit_types import ErasureRecorded
from event_manager.eventlog.catalogue import every
from event_manager.eventlog.handler_replay import Selector, replay_handler
from event_manager.eventlog.handling import handlers
from event_manager.identity.event_types import UserInvitationAccepted, UserRoleRevoked
from event_manager.kit.access import system_actor
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.loops import Around
from event_manager.kit.work import Work
from event_manager.notifications.kinds import KINDS
from event_manager.webhooks.event_types import WebhookDeliveryDead, WebhookEndpointPaused
from tests.factories.scoring import a_stage, all_marks
from tests.notifications.conftest import Mails, Told
from tests.people import People

Follow = Callable[[], Awaitable[None]]
SECRETS = ("7.5", "9.5", "8.5", "3.125", "tripped over the flag", "the tidier show")


async def test_a_judge_is_told_of_a_seat_and_nobody_else_is(
    api: httpx.AsyncClient, database: Database, people: People, follow: Follow, told: Told
) -> None:
    stage = await a_stage(database, people, judges=("judith",), state="draft")
    made = await api.post(
        f"/api/contests/categories/{stage.category}/seats", json={"userId": str(people["jo"].id)},
        headers=people["oscar"].bearer,
    )  # fmt: skip
    assert made.status_code == 201, made.text

    await follow()
    await follow()

    [(kind, title)] = await told("jo")
    assert (kind, title.startswith("You judge ")) == ("panel-seat", True)
    assert [await told(name) for name in ("judith", "oscar", "alice", "bob")] == [[], [], [], []]


async def test_organisers_tally_and_board_are_told_what_waits_and_nothing_of_the_marks(
    api: httpx.AsyncClient, database: Database, people: People, follow: Follow, told: Told, mails: Mails,
    jobs: Callable[[], Awaitable[int]], clock: FixedClock,
) -> None:  # fmt: skip
    from datetime import timedelta

    stage = await a_stage(database, people)
    for judge in ("judith", "jo"):
        await api.post(f"{stage.base}/marks", json=all_marks(stage, [("7.5", "9.5")] * 3), headers=people[judge].bearer)
    await api.post(f"{stage.base}/close", json={}, headers=people["tim"].bearer)
    asked = {"entryId": str(stage.entries[0]), "points": "3.125", "reason": "tripped over the flag"}
    await api.post(f"{stage.base}/deductions", json=asked, headers=people["tim"].bearer)
    order = {"entryIds": [str(e) for e in stage.entries], "reason": "the tidier show"}
    await api.post(f"{stage.base}/decisions", json=order, headers=people["bea"].bearer)

    await follow()
    clock.move(timedelta(days=1))
    await jobs()

    everybody = {name: [kind for kind, _ in await told(name)] for name in ("alice", "oscar", "tim", "bea", "ada", "jo")}
    assert everybody == {
        "alice": ["deduction-waiting", "judging-closed"], "oscar": ["deduction-waiting", "judging-closed"],
        "tim": [], "bea": ["judging-closed"], "ada": [], "jo": [],
    }  # fmt: skip
    async with Work(database, role="platform") as work:
        said = [f"{row['title']} {row['body']} {row['link']}" for row in await work.sql("SELECT * FROM notifications")]
    said += [f"{mail['subject']} {mail['text']}" for mail in await mails()]
    assert len(said) > 6
    assert [text for text in said if any(secret in text for secret in SECRETS)] == []


async def test_scoped_roles_are_told_of_their_scope_only(
    api: httpx.AsyncClient, database: Database, people: People, follow: Follow, told: Told
) -> None:
    stage, other = await a_stage(database, people), await a_stage(database, people)
    roles = [{"role": "TALLY_MASTER", "scopeKind": "category", "scopeId": str(other.category)}]
    changed = await api.patch(
        f"/api/identity/members/{people['tim'].id}", json={"roles": roles}, headers=people["alice"].bearer
    )
    assert changed.status_code == 200, changed.text
    for each in (stage, other):
        for judge in ("judith", "jo"):
            await api.post(f"{each.base}/marks", json=all_marks(each, [("7", "8")] * 3), headers=people[judge].bearer)
        await api.post(f"{each.base}/close", json={}, headers=people["oscar"].bearer)

    await follow()

    kinds = [kind for kind, _ in await told("tim")]
    assert sorted(kinds) == ["judging-closed", "role-changed", "role-changed"]


async def test_admins_are_told_of_a_paused_webhook_and_of_a_blocked_one_but_not_of_every_dead_delivery(
    database: Database, people: People, follow: Follow, told: Told
) -> None:
    hook = uuid4()
    paused = WebhookEndpointPaused(
        webhook_id=hook, title="Scoreboard", host="x.example.org", failing_since=None, reason="timeout"
    )
    dead = {**WebhookDeliveryDead.sample_payload(), "webhookId": hook}
    async with Work(database, tenant_id=people.a, actor=system_actor("webhooks")) as work:
        await eventlog.append(work, paused)
        await eventlog.append(work, WebhookDeliveryDead.model_validate({**dead, "blocks": False}))
        await eventlog.append(work, WebhookDeliveryDead.model_validate({**dead, "blocks": True}))
        await work.commit()

    await follow()

    assert sorted(await told("alice")) == [
        ("webhook-blocked", "The webhook 'Scoreboard' is held up"),
        ("webhook-paused", "The webhook 'Scoreboard' is paused"),
    ]
    assert await told("oscar") == []


async def test_a_replay_tells_only_those_who_were_not_told(
    api: httpx.AsyncClient, database: Database, people: People, follow: Follow, told: Told, clock: FixedClock
) -> None:
    await api.post("/api/identity/api-keys", json={"name": "Board", "role": "EMCEE"}, headers=people["alice"].bearer)
    await _make_admin(database, people["bea"].id, people)
    await follow()
    assert await told("bea") == [("api-key-made", "An API key was made")]
    async with Work(database, role="platform") as work:
        await work.sql("UPDATE notifications SET title = 'as it was'")
        await work.sql("DELETE FROM role_grants WHERE user_id = %s", (people["bea"].id,))
        await work.commit()
    await _make_admin(database, people["ada"].id, people)

    around, operator = (
        Around(database, Settings(database_url=None), "", clock),
        system_actor("o", ["platform:handlers"]),
    )
    only = Selector(types=frozenset(["user.api_key.created"]))
    await replay_handler(around, operator, handlers()["notifications.notify"], only, effect=True, reason="a test")

    assert await told("bea") == [("api-key-made", "as it was")]
    assert await told("ada") == [("api-key-made", "An API key was made")]


async def _make_admin(database: Database, user_id: UUID, people: People) -> None:
    async with Work(database, role="platform", tenant_id=people.a) as work:
        await work.sql(
            "INSERT INTO role_grants (tenant_id, user_id, role) VALUES (%s, %s, 'ADMIN')", (people.a, user_id)
        )
        await work.commit()


async def test_who_is_erased_from_the_log_is_forgotten_here_too(
    database: Database, people: People, follow: Follow, told: Told
) -> None:
    cora = people["cora"].id
    async with Work(database, tenant_id=people.a, actor=system_actor("test")) as work:
        await eventlog.append(work, UserInvitationAccepted(invitation_id=uuid4(), user_id=cora))
        await eventlog.append(work, UserInvitationAccepted(invitation_id=uuid4(), user_id=people["emma"].id))
        for name in ("cora", "emma"):
            role = UserRoleRevoked(user_id=people[name].id, role="EMCEE", scope_kind=None, scope_id=None)
            await eventlog.append(work, role)
        await work.commit()
    await follow()
    assert [title for _, title in await told("alice")] == ["Emma has joined", "Cora has joined"]
    async with Work(database, role="platform", tenant_id=people.a) as work:
        await eventlog.append(work, ErasureRecorded(person_id=cora))
        await work.commit()

    await follow()

    assert [title for _, title in await told("alice")] == ["Emma has joined"]
    assert (await told("cora"), len(await told("emma"))) == ([], 1)


async def test_of_what_was_removed_meanwhile_nobody_is_told(
    api: httpx.AsyncClient, database: Database, people: People, follow: Follow, told: Told
) -> None:
    stage = await a_stage(database, people, judges=("judith",), state="draft")
    await api.post(
        f"/api/contests/categories/{stage.category}/seats", json={"userId": str(people["jo"].id)},
        headers=people["oscar"].bearer,
    )  # fmt: skip
    gone = await api.delete(f"/api/contests/categories/{stage.category}", headers=people["oscar"].bearer)
    assert gone.status_code == 204, gone.text

    await follow()

    assert await told("jo") == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_is_made_of_types_that_exist_and_says_what_it_is(kind: object) -> None:
    from event_manager.notifications.kinds import Kind

    assert isinstance(kind, Kind)
    known = {cls.name for cls in every()}
    assert set(kind.types) <= known
    assert kind.label
    assert kind.name.replace("-", "").isalpha()
