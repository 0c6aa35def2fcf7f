"""Every route, asked with another organisation's ids by everybody who might try; and proof that this has power."""

from dataclasses import replace

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from event_manager.app import create_app
from event_manager.kit import census
from event_manager.kit.access import Public, SignedIn, require, rule_of
from event_manager.kit.db import Base, Database
from event_manager.kit.http import Router, W
from event_manager.kit.migrate import Logins
from event_manager.kit.work import Work
from event_manager.migrations.tables import load
from tests.conftest import SECRET
from tests.isolation.cases import CASES, Case
from tests.isolation.conftest import SETTINGS, World, client, lists, passing
from tests.isolation.matrix import call, check_refused, check_silent, invented, meaning, parameters, routes

load()
APP = create_app(SETTINGS, Database(app_dsn="", platform_dsn=""), secret_key=SECRET)
ROUTES = routes(APP)
TENANT_ROUTES = [r for r in ROUTES if CASES.get(r.name, Case()).kind == "tenant"]
WITH_IDS = [r for r in TENANT_ROUTES if parameters(r)]
PLATFORM_ROUTES = [r for r in ROUTES if CASES.get(r.name, Case()).kind == "platform"]
GUARDED = [r for r in ROUTES if not isinstance(rule_of(r), Public)]
TABLES = sorted(n for n, entry in census.entries(Base.metadata).items() if entry.tenancy == "tenant")
NEVER_IN_WORLD = {"idempotency_keys", "jobs", "job_lanes", "job_schedules", "mails", "outbox"}


def named(route: APIRoute) -> str:
    return route.name


def test_every_route_has_a_case_and_every_case_a_route() -> None:
    assert {r.name for r in ROUTES} == set(CASES)


@pytest.mark.parametrize("route", WITH_IDS, ids=named)
async def test_foreign_ids_are_refused_and_nothing_is_told(
    route: APIRoute, world: World, real: httpx.AsyncClient
) -> None:
    asked = call(route, CASES[route.name], world.b, world.people)

    for person in (world.a.admin, world.a.judge, "sam"):
        answer = await asked.send(real, world.people[person].bearer)
        check_refused(answer)


@pytest.mark.parametrize("route", WITH_IDS, ids=named)
async def test_naming_the_other_organisation_in_a_header_or_path_opens_nothing(
    route: APIRoute, world: World, real: httpx.AsyncClient
) -> None:
    asked = call(route, CASES[route.name], world.b, world.people)
    alice = world.people[world.a.admin].bearer

    by_header = await asked.send(real, {**alice, "X-Tenant-ID": world.b.ids["tenant"]})
    by_path = await replace(asked, path=f"/t/borealis{asked.path}").send(real, alice)

    for answer in (by_header, by_path):
        assert answer.status_code in (401, 403, 404)
        check_silent(answer)


@pytest.mark.parametrize("route", TENANT_ROUTES, ids=named)
async def test_the_own_organisation_gets_through(route: APIRoute, world: World, fleeting: httpx.AsyncClient) -> None:
    case = CASES[route.name]
    person = {"admin": world.b.admin, "tally": world.b.tally, "judge": world.b.judge}[case.who]

    answer = await call(route, case, world.b, world.people).send(fleeting, world.people[person].bearer)

    assert answer.status_code < 300, f"{answer.status_code}: {answer.text[:500]}"


@pytest.mark.parametrize("route", WITH_IDS, ids=named)
async def test_a_foreign_id_is_answered_like_one_that_exists_nowhere(
    route: APIRoute, world: World, real: httpx.AsyncClient
) -> None:
    case, alice = CASES[route.name], world.people[world.a.admin].bearer

    foreign = await call(route, case, world.b, world.people).send(real, alice)
    nowhere = await invented(route, case, world.b, world.people).send(real, alice)

    assert meaning(foreign, world.b.ids["ruleSetName"]) == meaning(nowhere)


@pytest.mark.parametrize("path", lists(APP))
async def test_what_one_organisation_reads_does_not_change_when_another_fills_up(
    path: str, world: World, fleeting: httpx.AsyncClient
) -> None:
    answer = await fleeting.get(path, headers=world.people[world.a.admin].bearer)  # some reads are logged

    check_silent(answer)
    assert answer.content == world.before[path]


@pytest.mark.parametrize("route", GUARDED, ids=named)
async def test_strangers_and_half_signed_in_people_get_nowhere(
    route: APIRoute, world: World, real: httpx.AsyncClient
) -> None:
    asked = call(route, CASES[route.name], world.b, world.people)

    for headers in ({}, {"Authorization": "Bearer ems_made-up"}, {"X-Tenant-ID": world.b.ids["tenant"]}):
        answer = await asked.send(real, headers)
        assert answer.status_code == 401, f"{answer.status_code}: {answer.text[:300]}"
        check_silent(answer)


@pytest.mark.parametrize("route", [r for r in TENANT_ROUTES if not isinstance(rule_of(r), SignedIn)], ids=named)
async def test_the_super_admin_reads_no_organisation(route: APIRoute, world: World, real: httpx.AsyncClient) -> None:
    answer = await call(route, CASES[route.name], world.b, world.people).send(real, world.people["sam"].bearer)

    assert answer.status_code == 403
    check_silent(answer)


@pytest.mark.parametrize("route", PLATFORM_ROUTES, ids=named)
async def test_the_installation_is_looked_after_by_its_super_admin_and_by_no_organisation(
    route: APIRoute, world: World, real: httpx.AsyncClient, fleeting: httpx.AsyncClient
) -> None:
    asked = call(route, CASES[route.name], world.b, world.people)

    for person in (world.a.admin, world.b.admin):
        answer = await asked.send(real, world.people[person].bearer)
        assert answer.status_code == 403
        check_silent(answer)
    answer = await asked.send(fleeting, world.people["sam"].bearer)
    assert answer.status_code < 300, f"{answer.status_code}: {answer.text[:500]}"
    check_silent(answer)


def test_after_all_that_asking_the_other_organisation_is_as_it_was(world: World, server_rows: "Rows") -> None:
    assert server_rows.changed_for(world.b.ids["tenant"]) == []


class Rows:
    """Hashes of an organisation's rows, table by table, read past row security."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.first: dict[str, dict[str, str]] = {}

    def hashes(self, tenant: str) -> dict[str, str]:
        with psycopg.connect(self.dsn) as conn:
            return {
                table: str(
                    conn.execute(
                        f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t"  # type: ignore[arg-type]
                        " WHERE tenant_id = %s",
                        (tenant,),
                    ).fetchone()
                )
                for table in TABLES
            }

    def changed_for(self, tenant: str) -> list[str]:
        now = self.hashes(tenant)
        return [table for table, value in self.first[tenant].items() if now[table] != value]


@pytest.fixture(scope="module", autouse=True)
def server_rows(world: World, superuser_dsn: str) -> Rows:
    """What B's rows were when the world was built."""
    rows = Rows(superuser_dsn)
    rows.first[world.b.ids["tenant"]] = rows.hashes(world.b.ids["tenant"])
    return rows


async def probe(database: Database, table: str, world: World) -> None:
    """As the application for A: see none of B's rows, write none for B. AssertionError or LookupError otherwise."""
    async with Work(database, tenant_id=world.a.tenant) as work:
        seen = await work.sql(f"SELECT 1 FROM {table} WHERE tenant_id = %s LIMIT 1", (world.b.tenant,))
        assert seen == []


@pytest.mark.parametrize("table", sorted(set(TABLES) - NEVER_IN_WORLD))
async def test_the_application_sees_none_of_the_other_organisations_rows(
    table: str, world: World, database: Database, superuser_dsn: str
) -> None:
    with psycopg.connect(superuser_dsn) as conn:
        there = conn.execute(f"SELECT 1 FROM {table} WHERE tenant_id = %s LIMIT 1", (world.b.tenant,)).fetchone()  # type: ignore[arg-type]
    assert there is not None, "the world must fill every table, else this shows nothing"

    await probe(database, table, world)


@pytest.mark.parametrize("table", sorted(set(TABLES) - NEVER_IN_WORLD))
async def test_without_its_policy_a_table_is_caught(
    table: str, world: World, database: Database, logins: Logins
) -> None:
    with psycopg.connect(logins.owner, autocommit=True) as owner:
        row = owner.execute(
            "SELECT qual, with_check FROM pg_policies WHERE tablename = %s AND policyname = 'tenant_only'", (table,)
        ).fetchone()
        assert row is not None
        owner.execute(f"ALTER POLICY tenant_only ON {table} USING (true) WITH CHECK (true)")  # type: ignore[arg-type]
        try:
            with pytest.raises(AssertionError):
                await probe(database, table, world)
        finally:
            owner.execute(f"ALTER POLICY tenant_only ON {table} USING ({row[0]}) WITH CHECK ({row[1]})")  # type: ignore[arg-type]


def leaky(database: Database) -> FastAPI:
    """An application with leaks planted in it."""
    router = Router(prefix="/leak")

    @router.get("/list", dependencies=[require("contests:read")])
    async def leak_list(work: W) -> list[str]:
        async with Work(work.database, role="platform") as everything:
            return [str(row["name"]) for row in await everything.sql("SELECT name FROM participants")]

    @router.get("/{participantId}", dependencies=[require("contests:read")])
    async def leak_one(work: W, participantId: str) -> str:  # noqa: N803 - the name in the path
        async with Work(work.database, role="platform") as everything:
            rows = await everything.sql("SELECT name FROM participants WHERE id = %s", (participantId,))
            return str(rows[0]["name"])

    @router.delete("/{participantId}", dependencies=[require("contests:read")])
    async def leak_delete(participantId: str) -> str:  # noqa: N803 - the name in the path
        return "done"

    app = passing(create_app(SETTINGS, database, secret_key=SECRET), database)
    app.router.routes[:0] = router.routes
    return app


async def test_planted_leaks_are_caught(world: World, database: Database) -> None:
    app, alice = leaky(database), world.people[world.a.admin].bearer
    planted = [r for r in routes(app) if r.name.startswith("leak_")]
    async with client(app) as api:
        for route in planted:
            answer = await call(route, Case(), world.b, world.people).send(api, alice)
            with pytest.raises(AssertionError):
                check_refused(answer)
    assert {r.name for r in routes(app)} - set(CASES) == {r.name for r in planted}
