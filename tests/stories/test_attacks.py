"""Attacks that once went through, over HTTP: what slips in between two steps, and what a cache is told."""

import asyncio
import io
import zipfile
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest

from event_manager.identity import passwords
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.factories.scoring import Stage, a_stage, all_marks
from tests.people import PASSWORD, People

Send = Callable[[httpx.AsyncClient, Stage, dict[str, str]], Coroutine[Any, Any, httpx.Response]]
SHEETS: dict[str, list[tuple[str, ...]]] = {
    "judith": [("9", "8"), ("7", "7"), ("5", "6")],
    "jo": [("8", "8"), ("7", "8"), ("6", "5")],
}


@pytest.fixture
async def stage(database: Database, people: People, api: httpx.AsyncClient) -> Stage:
    return await a_stage(database, people)


async def enter(api: httpx.AsyncClient, stage: Stage, headers: dict[str, str]) -> httpx.Response:
    body = {"participant": {"name": "Latecomer"}}
    return await api.post(f"/api/contests/{stage.contest}/entries", json=body, headers=headers)


async def rename_number(api: httpx.AsyncClient, stage: Stage, headers: dict[str, str]) -> httpx.Response:
    return await api.patch(f"/api/contests/entries/{stage.entries[0]}", json={"number": "99"}, headers=headers)


async def disqualify(api: httpx.AsyncClient, stage: Stage, headers: dict[str, str]) -> httpx.Response:
    body = {"state": "dq", "reason": "false start"}
    return await api.post(f"/api/contests/entries/{stage.entries[0]}/state", json=body, headers=headers)


@pytest.mark.parametrize("level", ["events", "contests"])
@pytest.mark.parametrize("send", [enter, disqualify, rename_number])
async def test_a_change_of_entries_that_waited_for_a_lock_is_refused(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage, level: str, send: Send
) -> None:
    row = {"events": stage.event, "contests": stage.contest}[level]
    async with Work(database, role="platform", tenant_id=stage.tenant) as locking:
        await locking.sql("SELECT 1 FROM categories WHERE id = %s FOR NO KEY UPDATE", (stage.category,))
        await locking.sql(f"UPDATE {level} SET locked_at = now() WHERE id = %s", (row,))
        sending = asyncio.create_task(send(api, stage, people["oscar"].bearer))
        waited, _ = await asyncio.wait([sending], timeout=0.5)
        await locking.commit()

    assert not waited
    assert (await sending).status_code == 423


@pytest.mark.parametrize(
    "change",
    ["UPDATE categories SET name = 'Duet' WHERE id = %s", "UPDATE categories SET state = 'tallied' WHERE id = %s"],
)
async def test_a_result_under_another_name_or_state_is_not_called_unchanged(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage, change: str
) -> None:
    for judge, sheet in SHEETS.items():
        await api.post(f"{stage.base}/marks", json=all_marks(stage, sheet), headers=people[judge].bearer)
    await api.post(f"{stage.base}/close", headers=people["tim"].bearer)
    auditor = people["ada"].bearer
    first = await api.get(f"{stage.base}/result", headers=auditor)
    async with Work(database, role="platform", tenant_id=stage.tenant) as work:
        await work.sql(change, (stage.category,))
        await work.commit()

    again = await api.get(f"{stage.base}/result", headers={**auditor, "If-None-Match": first.headers["etag"]})

    assert again.status_code == 200
    assert (again.json()["title"], again.json()["state"]) != (first.json()["title"], first.json()["state"])


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PATCH", "/api/contests/categories/{category}", rb'{"weight": "\ud800"}'),
        ("POST", "/api/scoring/rule-sets/check", rb'{"document": {"name": "\ud800", "stages": [{"kind": "\udfff"}]}}'),
        ("POST", "/api/scoring/rule-sets/check", rb'{"document": {"\ud800": 1}}'),
        ("PUT", "/api/scoring/categories/{category}/rules", rb'{"document": {"name": "\ud800"}}'),
    ],
)
async def test_half_a_surrogate_pair_is_refused_wherever_it_stands(
    api: httpx.AsyncClient, people: People, stage: Stage, method: str, address: str, body: bytes
) -> None:
    headers = {**people["oscar"].bearer, "Content-Type": "application/json"}

    answer = await api.request(method, address.format(category=stage.category), content=body, headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"participant": {"name": "Ann \u202eeeL"}}, "/participant/name"),
        ({"participant": {"name": "\u200b"}}, "/participant/name"),
        ({"participant": {"name": "An\x85n"}}, "/participant/name"),
        ({"participant": {"name": "Ann"}, "number": "1\u200b"}, "/number"),
    ],
)
async def test_an_entry_has_a_name_that_is_seen_and_a_number_unlike_all_others(
    api: httpx.AsyncClient, people: People, stage: Stage, body: dict[str, object], pointer: str
) -> None:
    answer = await api.post(f"/api/contests/{stage.contest}/entries", json=body, headers=people["oscar"].bearer)

    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (422, [pointer])


def a_workbook(rows: str) -> bytes:
    """The least that is an XLSX workbook, with these rows after the headings."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{links}Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{rel}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'{links}Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet {main}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t>'
        f"</is></c></row>{rows}</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('<row r="2"><c r="A2" s="9999"><v>7</v></c></row>', "broken workbook"),
        ("".join(f'<row r="{n}"><c r="XFD{n}"/></row>' for n in range(2, 200)), "columns far"),
    ],
)
async def test_a_hostile_workbook_is_refused(
    api: httpx.AsyncClient, people: People, stage: Stage, rows: str, says: str
) -> None:
    address, files = f"/api/contests/{stage.contest}/entries/import/preview", {"file": ("a.xlsx", a_workbook(rows))}

    answer = await api.post(address, files=files, headers=people["oscar"].bearer)

    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable-file")
    assert says in answer.json()["detail"]


async def test_a_sign_in_under_way_with_the_old_password_does_not_outlive_its_change(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    alice = people["alice"]
    body = {"email": alice.email, "password": PASSWORD, "cookie": False}
    async with Work(database, role="platform") as changing:
        new = await passwords.hash_password("another walk by the lake 8")
        await changing.sql("UPDATE credentials SET password_hash = %s WHERE user_id = %s", (new, alice.id))
        signing_in = asyncio.create_task(api.post("/api/identity/sign-in", json=body))
        waited, _ = await asyncio.wait([signing_in], timeout=1)
        await changing.sql("UPDATE sessions SET revoked_at = now() WHERE user_id = %s", (alice.id,))
        await changing.commit()

    assert not waited
    assert (await signing_in).status_code == 401
