"""Which tenant a request works in: naming one proves nothing."""

from uuid import uuid4

import pytest
from httpx import AsyncClient

from event_manager.identity.service import add_member
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.identity.conftest import Rows
from tests.people import People

CURRENT, ME = "/api/tenants/current", "/api/identity/me"


@pytest.fixture
async def oscar_in_both(app: object, people: People, database: Database, clock: FixedClock) -> None:
    """Oscar organises in A and audits in B."""
    async with Work(database, role="platform", tenant_id=people.b, clock=clock) as work:
        await add_member(work, people["oscar"].id, ["AUDITOR"])
        await work.commit()


@pytest.mark.parametrize("named", ["aurora", "id"])
async def test_a_header_naming_a_foreign_tenant_gives_no_right_there(
    api: AsyncClient, people: People, named: str
) -> None:
    tenant = str(people.a) if named == "id" else named

    answer = await api.get(CURRENT, headers={**people["bob"].bearer, "X-Tenant-ID": tenant})

    assert answer.status_code == 403
    assert "aurora" not in answer.text.lower()


async def test_a_foreign_tenant_and_none_at_all_get_the_same_answer(api: AsyncClient, people: People) -> None:
    def body(text: dict[str, str]) -> dict[str, str]:
        return {key: value for key, value in text.items() if key != "correlationId"}

    foreign = await api.get(CURRENT, headers={**people["bob"].bearer, "X-Tenant-ID": str(people.a)})
    nowhere = await api.get(CURRENT, headers={**people["bob"].bearer, "X-Tenant-ID": str(uuid4())})
    path = await api.get(f"/t/aurora{CURRENT}", headers=people["bob"].bearer)

    assert body(foreign.json()) == body(nowhere.json()) == body(path.json())


async def test_the_path_outranks_the_header(api: AsyncClient, people: People, oscar_in_both: None) -> None:
    headers = {**people["oscar"].bearer, "X-Tenant-ID": "aurora"}

    assert (await api.get(f"/t/borealis{CURRENT}", headers=headers)).json()["slug"] == "borealis"


async def test_rights_are_those_of_the_tenant_at_work(api: AsyncClient, people: People, oscar_in_both: None) -> None:
    roles = {}
    for slug in ("aurora", "borealis"):
        me = (await api.get(ME, headers={**people["oscar"].bearer, "X-Tenant-ID": slug})).json()
        roles[slug] = [held["role"] for held in me["roles"]], "contests:edit" in me["permissions"]

    assert roles == {"aurora": (["ORGANIZER"], True), "borealis": (["AUDITOR"], False)}


async def test_with_several_tenants_and_no_choice_there_is_no_tenant(
    api: AsyncClient, people: People, oscar_in_both: None
) -> None:
    me = (await api.get(ME, headers=people["oscar"].bearer)).json()

    assert me["tenant"] is None
    assert [tenant["slug"] for tenant in me["tenants"]] == ["aurora", "borealis"]
    assert me["permissions"] == []


async def test_the_chosen_tenant_is_kept_by_the_session(api: AsyncClient, people: People, oscar_in_both: None) -> None:
    answer = await api.post("/api/identity/tenant", json={"tenant": "borealis"}, headers=people["oscar"].bearer)

    assert answer.status_code == 204
    assert (await api.get(CURRENT, headers=people["oscar"].bearer)).json()["slug"] == "borealis"


async def test_a_foreign_tenant_cannot_be_chosen(api: AsyncClient, people: People) -> None:
    for tenant in ("aurora", str(people.a), str(uuid4())):
        answer = await api.post("/api/identity/tenant", json={"tenant": tenant}, headers=people["bob"].bearer)
        assert answer.status_code == 404


async def test_a_suspended_tenant_gives_no_access(api: AsyncClient, people: People, sql: Rows) -> None:
    await sql("UPDATE tenants SET status = 'suspended' WHERE id = %s", people.a)

    assert (await api.get(CURRENT, headers=people["alice"].bearer)).status_code == 403
    assert (await api.get(ME, headers=people["alice"].bearer)).json()["tenants"] == []


async def test_a_super_admin_reads_no_tenants_data(api: AsyncClient, people: People) -> None:
    me = (await api.get(ME, headers={**people["sam"].bearer, "X-Tenant-ID": "aurora"})).json()

    assert me["tenant"] is None
    assert all(permission.startswith("platform:") for permission in me["permissions"])
    assert (await api.get(CURRENT, headers={**people["sam"].bearer, "X-Tenant-ID": "aurora"})).status_code == 403
