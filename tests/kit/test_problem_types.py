"""The `type` of every refusal is an address that says what it means."""

import httpx
import pytest

from event_manager.kit.errors import Conflict, Problem, all_problems

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
OURS = [problem for problem in all_problems() if problem.__module__.startswith("event_manager.")]


@pytest.mark.parametrize("problem", OURS, ids=lambda problem: str(problem.code))
async def test_every_type_resolves(api: httpx.AsyncClient, problem: type[Problem]) -> None:
    address = problem().body()["type"]

    answer, page = await api.get(address), await api.get(address, headers=BROWSER)

    told = answer.json()
    assert (answer.status_code, told["type"], told["code"]) == (200, address, problem.code)
    assert (told["title"], told["status"]) == (problem.title(), problem.status)
    assert told["meaning"].startswith(told["title"])
    assert told["advice"]
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert f"<code>{problem.code}</code>" in page.text
    assert {answer.headers["Vary"], page.headers["Vary"]} == {"Accept"}


def test_no_two_refusals_share_a_type() -> None:
    def below(cls: type[Problem]) -> list[type[Problem]]:
        return [each for sub in cls.__subclasses__() for each in (sub, *below(sub))]

    ours = [cls for cls in below(Problem) if cls.__module__.startswith("event_manager.")]

    assert sorted(cls.code for cls in ours) == sorted({cls.code for cls in ours})


async def test_an_answer_leads_to_its_meaning(api: httpx.AsyncClient) -> None:
    refused = await api.get("/api/identity/me")

    told = await api.get(refused.json()["type"])

    assert (told.json()["code"], told.json()["status"]) == (refused.json()["code"], refused.status_code)


async def test_an_unknown_problem_is_not_found(api: httpx.AsyncClient) -> None:
    answer = await api.get("/api/problems/never-heard-of", headers=BROWSER)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_title_is_text_and_no_markup(api: httpx.AsyncClient) -> None:
    class Sharp(Conflict):
        """This is <b>not</b> bold."""

    page = await api.get(Sharp.address(), headers=BROWSER)

    assert "<h1>This is &lt;b&gt;not&lt;/b&gt; bold</h1>" in page.text
