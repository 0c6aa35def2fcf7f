"""What is missing before judging opens is told at once, to whoever asks and to whoever tries."""

from typing import Any

import httpx

from event_manager.kit.work import Work
from event_manager.scoring.models import CategoryRules
from event_manager.scoring.readiness import read_readiness
from tests.factories import contests as make
from tests.people import People


async def a_draft(api: httpx.AsyncClient, people: People, **facts: object) -> dict[str, Any]:
    """A category with nothing in it."""
    me = people["oscar"].bearer
    event = await api.post("/api/contests/events", headers=me, json={"name": "Spring Cup"})
    contest = await api.post(f"/api/contests/events/{event.json()['id']}/contests", headers=me, json={"name": "Song"})
    made = await api.post(
        f"/api/contests/{contest.json()['id']}/categories", headers=me, json={"name": "Solo", **facts}
    )
    category: dict[str, Any] = made.json()
    return category


async def put_criteria(api: httpx.AsyncClient, people: People, category: dict[str, Any], *weights: str) -> None:
    criteria = [{"name": f"C{n}", "max": "10", "weight": weight} for n, weight in enumerate(weights)]
    address = f"/api/contests/categories/{category['id']}/criteria"
    answer = await api.put(address, headers={**people["oscar"].bearer, "If-Match": "*"}, json={"criteria": criteria})
    assert answer.status_code == 200, answer.text


async def readiness(api: httpx.AsyncClient, people: People, category: dict[str, Any]) -> dict[str, Any]:
    answer = await api.get(f"/api/scoring/categories/{category['id']}/readiness", headers=people["oscar"].bearer)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def needs(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["pointer"], each["needs"]) for each in told["missing"]]


async def test_an_empty_category_is_told_all_that_it_needs(api: httpx.AsyncClient, people: People) -> None:
    category = await a_draft(api, people)

    told = await readiness(api, people, category)

    assert (told["state"], told["ready"]) == ("draft", False)
    assert needs(told) == [
        ("/criteria", "at least one criterion"),
        ("/rules", "a rule set"),
        ("/panel", "at least one active seat"),
        ("/entries", "at least one entry"),
    ]


async def test_the_refusal_to_open_carries_the_same_list(api: httpx.AsyncClient, people: People) -> None:
    category = await a_draft(api, people)
    told = await readiness(api, people, category)

    refused = await api.post(f"/api/contests/categories/{category['id']}/open-judging", headers=people["oscar"].bearer)

    assert (refused.status_code, refused.json()["code"]) == (409, "not-ready-for-judging")
    assert refused.json()["errors"] == [
        {"pointer": each["pointer"], "detail": f"{each['needs']}: {each['mend']}"} for each in told["missing"]
    ]


async def test_criteria_that_all_weigh_nothing_are_named(api: httpx.AsyncClient, people: People) -> None:
    category = await a_draft(api, people)
    await put_criteria(api, people, category, "0", "0")

    assert needs(await readiness(api, people, category))[0] == ("/criteria", "a criterion that weighs more than 0")


async def test_a_rule_set_that_cannot_be_used_any_longer_is_named_with_the_reason(work: Work) -> None:
    place = await make.a_category(work)
    await make.some_criteria(work, place.category.id, "Voice", "Poise")
    document = {"name": "ours", "version": "1", "title": "Ours", "source": "Ours", "stages": [{"kind": "gone"}]}
    work.session.add(
        CategoryRules(tenant_id=work.tenant, category_id=place.category.id, name="ours", document=document)
    )
    await work.session.flush()

    told = await read_readiness(work, place.category.id)

    assert [each.pointer for each in told.missing] == ["/rules", "/panel", "/entries"]
    assert told.missing[0].needs == "a rule set that fits its criteria, other than 'ours'"
    assert "gone" in told.missing[0].mend


async def test_nothing_is_missing_once_judging_is_open(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)

    told = await read_readiness(work, place.category.id)

    assert (told.state, told.ready, told.missing) == ("judging", False, [])


async def test_a_lock_and_a_template_are_named(api: httpx.AsyncClient, people: People) -> None:
    category = await a_draft(api, people, isTemplate=True)
    await api.post(
        f"/api/contests/{category['contestId']}/lock", headers=people["oscar"].bearer, json={"reason": "all is set"}
    )

    told = await readiness(api, people, category)

    assert needs(told)[:2] == [
        ("/lock", "the contest not to be locked"),
        ("/template", "a place outside of templates: clone it first"),
    ]
