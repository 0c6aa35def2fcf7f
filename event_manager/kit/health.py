"""/health (can be used), /ready (take traffic), /metrics (Prometheus)."""

import asyncio

import psycopg
from fastapi import FastAPI, Request, Response
from psycopg_pool import PoolTimeout

from event_manager.kit import metrics
from event_manager.kit.access import public
from event_manager.kit.db import Database
from event_manager.kit.errors import Problem, Unavailable, problems

TIMEOUT_SECONDS = 3


def install(app: FastAPI) -> None:
    """Add the three addresses."""

    @app.get("/health", tags=["system"], dependencies=[public()], responses=problems(Unavailable))
    async def health(request: Request) -> dict[str, str]:
        """200 when the product can be used: the process answers and its database too."""
        await _ping(request.app.state.database)
        return {"status": "ok", "version": request.app.version}

    @app.get("/ready", tags=["system"], dependencies=[public()], responses=problems(Unavailable))
    async def ready(request: Request) -> dict[str, str]:
        """200 when this process should be sent traffic."""
        await _ping(request.app.state.database)
        return {"status": "ready"}

    @app.get("/metrics", tags=["system"], dependencies=[public()], response_class=Response)
    async def read_metrics() -> Response:
        """Prometheus text format; no tenant's data in it."""
        return Response(metrics.render(), media_type="text/plain; version=0.0.4")


async def _ping(database: Database) -> None:
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS), database.app.single() as conn:
            await conn.execute("SELECT 1")
    except (psycopg.Error, PoolTimeout, TimeoutError, Problem) as error:
        raise Unavailable("The database does not answer.") from error
