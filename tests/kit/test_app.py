"""The front door: every route guarded, the document complete."""

import httpx
import pytest
from fastapi import FastAPI

from event_manager.app import UnguardedRoute, describe, refuse_unguarded
from event_manager.config import Settings
from event_manager.kit.http import Router


def test_openapi_shows_access_and_refusals_of_a_guarded_write() -> None:
    operation = describe(Settings())["paths"]["/api/tenants/current"]["patch"]

    assert operation["x-access"] == "tenant:edit"
    assert operation["operationId"] == "updateTenant"
    assert {"200", "401", "403", "412", "422", "429", "503"} <= set(operation["responses"])
    assert "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]]


def test_start_is_refused_with_a_route_that_nobody_guards() -> None:
    router = Router(prefix="/leak")

    @router.get("/all")
    async def everything() -> str:
        return "oops"

    app = FastAPI()
    app.router.routes.extend(router.routes)

    with pytest.raises(UnguardedRoute, match="/api/leak/all"):
        refuse_unguarded(app)


async def test_the_api_can_be_read_as_a_page_without_scripts_or_foreign_files(api: httpx.AsyncClient) -> None:
    answer = await api.get("/api/docs")

    assert answer.status_code == 200
    assert "/api/scoring/categories/{categoryId}/marks" in answer.text
    assert "<script" not in answer.text
    assert "https://" not in answer.text
