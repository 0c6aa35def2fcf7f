"""Address of the pull feed."""

import asyncio
from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response

from event_manager.eventlog.cursors import Cursors
from event_manager.eventlog.live import work_again
from event_manager.eventlog.reading import Position
from event_manager.eventlog.tail import Tail, TooManyStreams
from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Router, W, Wire
from event_manager.kit.paging import BadCursor
from event_manager.kit.work import Work
from event_manager.webhooks.api_support import M, WebhookId
from event_manager.webhooks.errors import FeedOff, NotForThisKind, WebhookNotFound
from event_manager.webhooks.feeding import FeedPage, open_feed
from event_manager.webhooks.replays import Means

router = Router(prefix="/events", tags=["webhooks"])

LONGEST_WAIT = 30
STOP_SECONDS = 0.5


class WebhookFeed(Wire):
    """Messages in the webhook's format. Send ``nextCursor`` for what comes after them, at once if there is ``more``."""

    items: list[Any]
    next_cursor: str
    more: bool


@router.get(
    "/webhooks/{webhookId}/feed",
    dependencies=[require("log:read")],
    responses={**problems(WebhookNotFound, NotForThisKind, FeedOff, BadCursor, TooManyStreams)},
    response_model=WebhookFeed,
)
async def read_feed(
    work: W,
    request: Request,
    means: M,
    webhook_id: WebhookId,
    cursor: Annotated[
        str | None, Query(max_length=100, description="`nextCursor` of the page before; none: the feed's beginning.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    wait: Annotated[
        int, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for a message if there is none.")
    ] = 0,
) -> Response:
    """What happened since the cursor, in the order of commits. The same cursor gives the same messages again."""
    cursors = Cursors(request.app.state.secret_key, work.tenant, f"feed {webhook_id}")
    after = cursors.read(cursor) if cursor is not None else None
    page = await _page(work, webhook_id, means, after, limit)
    if wait and not page.items and not page.more:
        tenant = work.tenant
        await work.rollback()  # so that no connection is held while waiting
        page = await _waited(request, tenant, webhook_id, means, page, limit, wait)
    following = cursors.write(page.after)
    body = b'{"items":[%b],"nextCursor":%b,"more":%b}' % (
        b",".join(page.items), orjson.dumps(following), orjson.dumps(page.more),
    )  # fmt: skip
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


async def _page(work: Work, webhook_id: WebhookId, means: Means, after: Position | None, limit: int) -> FeedPage:
    feed = await open_feed(work, webhook_id, secret_key=means.secret_key, addresses=means.addresses)
    return await feed.page(work, after if after is not None else feed.start, limit)


async def _waited(
    request: Request, tenant: WebhookId, webhook_id: WebhookId, means: Means, page: FeedPage, limit: int, wait: int
) -> FeedPage:
    """The page once something fits, or an empty one after so many seconds; the sign-in is checked at each look."""
    tail: Tail = request.app.state.tail
    stopping: asyncio.Event = request.app.state.stopping
    loop = asyncio.get_running_loop()
    end = loop.time() + wait
    async with tail.listen(tenant) as listener:
        look = listener.seen > page.after  # committed between the first look and the reader's beginning
        while loop.time() < end and not stopping.is_set():
            if look:
                async with work_again(request, tenant) as work:
                    page = await _page(work, webhook_id, means, page.after, limit)
                if page.items or page.more:
                    break
            rows, _ = await listener.take(min(STOP_SECONDS, max(0.01, end - loop.time())))
            look = bool(rows) or listener.behind
            if listener.behind:
                listener.catch_up()
    return page
