"""The calls of the matrix and what they must show. The same functions judge the product and planted leaks."""

import json
import re
from dataclasses import dataclass, replace
from uuid import uuid4

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.isolation.cases import Case, path_ids
from tests.isolation.world import CANARY, Side
from tests.people import People

PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
VOLATILE = ("instance", "correlationId")


def routes(app: FastAPI) -> list[APIRoute]:
    """Every route of an application."""
    return [route for route in app.routes if isinstance(route, APIRoute)]


def parameters(route: APIRoute) -> list[str]:
    """The names in a route's path."""
    return PARAMETER.findall(route.path)


@dataclass(frozen=True)
class Call:
    """One request, ready to be sent by anybody."""

    method: str
    path: str
    body: object
    upload: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    async def send(self, api: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
        """Send it as whoever the headers are of."""
        headers = {**headers, **dict(self.headers)}
        if self.upload:
            file = {"file": ("entries.csv", self.upload)}
            return await api.request(self.method, self.path, files=file, headers=headers)
        return await api.request(self.method, self.path, json=self.body, headers=headers)


def call(route: APIRoute, case: Case, side: Side, people: People) -> Call:
    """The call of a route with one side's ids."""
    ids = path_ids(case, side)
    path = PARAMETER.sub(lambda found: ids[found[1]], route.path)
    method = next(iter(sorted(route.methods or {"GET"})))
    return Call(method, path, completed(route.name, case, side, people), case.upload, case.headers)


def invented(route: APIRoute, case: Case, side: Side, people: People) -> Call:
    """The same call with ids that exist nowhere."""
    made = call(route, case, side, people)
    path = PARAMETER.sub(lambda found: f"no-{found[1]}" if found[1] == "ruleSetName" else str(uuid4()), route.path)
    return replace(made, path=path)


def completed(name: str, case: Case, side: Side, people: People) -> object:
    """The body, for the few routes whose body names a person or a whole document."""
    if name == "create_seat":
        return {"userId": str(people[side.other_judge].id)}
    if name == "replace_seat":
        return {"userId": str(people[side.admin].id), "reason": "ill today"}
    if name in ("save_rule_set", "check_rule_set"):
        stages = [{"kind": "sum", "over": "judge"}]
        return {"document": {"name": "new-one", "version": "1", "title": "New", "source": "Ours", "stages": stages}}
    return case.body(side) if case.body is not None else {}


def check_refused(answer: httpx.Response) -> None:
    """Nothing was done, nothing was said: AssertionError otherwise."""
    assert answer.status_code in (403, 404, 409, 422), f"{answer.status_code}: {answer.text[:300]}"
    check_silent(answer)


def check_silent(answer: httpx.Response) -> None:
    """No text of the other organisation anywhere in an answer."""
    assert CANARY not in answer.text.lower()
    assert CANARY not in str(answer.headers).lower()


def meaning(answer: httpx.Response, *texts: str) -> tuple[int, str]:
    """Status and body without what differs from call to call (and without the given texts)."""
    try:
        body = answer.json()
    except json.JSONDecodeError:
        return answer.status_code, answer.text
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in VOLATILE}
    shown = json.dumps(body, sort_keys=True)
    for text in texts:
        shown = shown.replace(text, "...")
    return answer.status_code, re.sub(r"no-ruleSetName|[0-9a-f]{8}-[0-9a-f-]{27}", "...", shown)
