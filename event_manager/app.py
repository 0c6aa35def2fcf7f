"""The front door: lists the rooms, mounts them, and refuses to start with a route that nobody guards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute

from event_manager import __version__
from event_manager.config import Settings
from event_manager.contests.api import ROUTERS as CONTESTS_ROUTERS
from event_manager.eventlog import catalogue
from event_manager.eventlog import handlers as eventlog_handlers
from event_manager.eventlog import tasks as eventlog_tasks
from event_manager.eventlog.api import router as eventlog_router
from event_manager.eventlog.api_handlers import router as handlers_router
from event_manager.eventlog.api_live import router as live_router
from event_manager.eventlog.api_proofs import router as proofs_router
from event_manager.eventlog.api_types import router as types_router
from event_manager.eventlog.api_verify import router as verify_router
from event_manager.eventlog.handler_loop import loops as handler_loops
from event_manager.eventlog.loops import CHECKPOINTS, RETENTION, SEALER
from event_manager.eventlog.tail import Tail
from event_manager.identity import tasks as identity_tasks
from event_manager.identity.api import router as identity_router
from event_manager.identity.authenticator import authenticate
from event_manager.kit import (
    answers,
    apidocs,
    edge,
    head,
    health,
    housekeeping,
    logs,
    mail,
    openapi,
    problem_types,
    tracing,
    webfiles,
)
from event_manager.kit.access import rule_of
from event_manager.kit.clock import Clock, SystemClock
from event_manager.kit.crypto import SecretBox
from event_manager.kit.db import Database
from event_manager.kit.jobs import Worker
from event_manager.kit.jobs.process import Beside
from event_manager.kit.loops import Loops
from event_manager.kit.mail_api import router as outbox_router
from event_manager.kit.work import Work
from event_manager.notifications import handlers as notifications_handlers
from event_manager.notifications import tasks as notifications_tasks
from event_manager.notifications.api import router as notifications_router
from event_manager.scoring import cloning as scoring_cloning
from event_manager.scoring.api import router as scoring_router
from event_manager.tenancy.api import router as tenancy_router
from event_manager.webhooks import tasks as webhooks_tasks
from event_manager.webhooks.dispatch.dispatcher import Dispatcher
from event_manager.webhooks.documents import asyncapi
from event_manager.webhooks.documents import openapi as openapi_webhooks
from event_manager.webhooks.loops import FAN_OUT
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.relays.process import Relays
from event_manager.webhooks.replaying import REPLAYS
from event_manager.webhooks.routers import ROUTERS as WEBHOOKS_ROUTERS

ROUTERS = (
    live_router,
    verify_router,
    eventlog_router,
    proofs_router,
    types_router,
    handlers_router,
    tenancy_router,
    identity_router,
    scoring_router,
    notifications_router,
    *WEBHOOKS_ROUTERS,
    *CONTESTS_ROUTERS,
)

TASKS = (housekeeping, mail, eventlog_tasks, identity_tasks, scoring_cloning, webhooks_tasks, notifications_tasks)
"""Modules that register jobs or copiers when they are imported; a worker imports this module too."""

HANDLERS = (eventlog_handlers, notifications_handlers)
"""Modules that register handlers of the event log when they are imported."""

LOOPS = (SEALER, CHECKPOINTS, RETENTION, FAN_OUT, REPLAYS, *handler_loops())
"""What repeats beside the jobs, in every worker."""


class UnguardedRoute(RuntimeError):
    """A route declares no access rule."""


def beside(settings: Settings, database: Database, *, secret_key: str, clock: Clock | None = None) -> list[Beside]:
    """What works beside the jobs, in every worker: the loops, the dispatcher and the relays of webhooks."""
    return [
        Loops(LOOPS, database, settings=settings, secret_key=secret_key, clock=clock),
        Dispatcher(database, settings=settings, secret_key=secret_key, clock=clock),
        Relays(database, settings=settings, secret_key=secret_key, clock=clock),
    ]


def create_app(
    settings: Settings, database: Database, *, secret_key: str, clock: Clock | None = None, worker: bool = False
) -> FastAPI:
    """The application over an unopened database; opening and closing follow the server's life.

    With ``worker`` the same process also works off jobs and runs the loops.
    """

    the_clock = clock or SystemClock()
    others = beside(settings, database, secret_key=secret_key, clock=the_clock)
    jobs = Worker(database, settings=settings, concurrency=settings.worker_concurrency)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await database.open()
        await database.signals.start()
        async with AsyncExitStack() as stack:
            for other in (*others, jobs) if worker else ():
                await stack.enter_async_context(other.running())
            yield
        await app.state.tail.stop()
        await database.signals.stop()
        await database.close()

    app = FastAPI(
        title="Event Manager", version=__version__, lifespan=lifespan,
        openapi_url="/api/openapi.json", docs_url=None, redoc_url=None, telemetry=tracing.of_requests(),
    )  # fmt: skip

    def new_work(request: Request) -> Work:
        work = Work(database, correlation_id=request.state.correlation_id, clock=the_clock)
        work.address = str(request.state.client_address)
        work.user_agent = request.headers.get("user-agent", "")[:300]
        return work

    app.state.settings, app.state.database, app.state.new_work = settings, database, new_work
    app.state.stopping = asyncio.Event()
    app.state.tail = Tail(database)
    app.state.secret_box = SecretBox(secret_key, "secrets at rest")
    app.state.secret_key = database.secret_key = secret_key
    app.state.authenticate = authenticate
    for router in (*ROUTERS, *([outbox_router] if settings.demo else [])):
        app.router.routes.extend(router.routes)  # flat, so that every route can be walked and checked
    health.install(app)
    problem_types.install(app)
    answers.install(app)
    openapi.install(app, also=lambda document: openapi_webhooks.add(document, Addresses(settings)))
    apidocs.install(app)
    refuse_unguarded(app)
    webfiles.install(app, settings)
    app.add_middleware(head.Head)
    app.add_middleware(
        edge.Edge,
        base_domain=settings.base_domain,
        trusted_proxies=settings.trusted_proxies,
        per_minute=settings.rate_limit_per_minute,
        anonymous_per_minute=settings.anonymous_rate_limit_per_minute,
    )
    return app


def refuse_unguarded(app: FastAPI) -> None:
    """Raise UnguardedRoute for a route of the API without an access rule."""
    bare = [f"{sorted(r.methods or ())} {r.path}" for r in app.routes if isinstance(r, APIRoute) and rule_of(r) is None]
    if bare:
        raise UnguardedRoute(f"declare require(...), signed_in() or public() on: {', '.join(bare)}")


def event_types() -> list[dict[str, Any]]:
    """Every event type as data; this module has imported every room and with it every type."""
    return catalogue.describe()


def describe_webhooks(settings: Settings) -> dict[str, Any]:
    """The AsyncAPI document; needs no database."""
    return asyncapi.document(Addresses(settings))


def describe(settings: Settings) -> dict[str, Any]:
    """The OpenAPI document, the demo's addresses included; needs no database."""
    logs.configure("ERROR", "console")
    database = Database(app_dsn="", platform_dsn="")
    return create_app(settings.model_copy(update={"demo": True}), database, secret_key="0" * 32).openapi()
