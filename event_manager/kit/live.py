"""Live streams of one small state: a `changed` event whenever it is another than before.

The credential is looked at each time, so that the stream of a revoked sign-in or a lost role ends. No connection of the
database is held between looks.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Request
from starlette.responses import StreamingResponse

from event_manager.kit.access import identify
from event_manager.kit.errors import Problem
from event_manager.kit.metrics import STREAMS
from event_manager.kit.work import Work

LOOK_AGAIN_SECONDS = 10
STREAM_SECONDS = 300
"""A stream ends then and the browser comes back, perhaps to another process."""
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Look = Callable[[Work], Awaitable[str]]
"""Reads the state, as JSON in one line, with the rights of the work; a refusal ends the stream."""


def stream(work: Work, request: Request, topic: str, look: Look) -> StreamingResponse:
    """Look at each poke of the topic, and every while in case one was lost, until the server stops or time is up."""
    database, stopping, tenant = work.database, request.app.state.stopping, work.tenant_id

    async def seen_now() -> str | None:
        async with request.app.state.new_work(request) as again:
            request.state.work, request.state.identified = again, False
            await identify(request)
            return await look(again) if again.tenant_id == tenant else None

    async def events() -> AsyncIterator[str]:
        last, end = "", asyncio.get_running_loop().time() + STREAM_SECONDS
        with STREAMS.track_inprogress():
            async with database.signals.watch(topic) as poked:
                while not stopping.is_set() and asyncio.get_running_loop().time() < end:
                    poked.clear()
                    try:
                        seen = await seen_now()
                    except Problem:
                        return
                    if seen is None:  # another organisation was chosen meanwhile
                        return
                    yield f"event: changed\ndata: {seen}\n\n" if seen != last else ": still here\n\n"
                    last = seen
                    try:
                        await asyncio.wait_for(poked.wait(), LOOK_AGAIN_SECONDS)
                    except TimeoutError:
                        continue

    return StreamingResponse(events(), media_type="text/event-stream", headers=HEADERS)
