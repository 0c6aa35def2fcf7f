"""Idempotency keys: what holds beyond the answers of the addresses that take them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from event_manager.kit import idempotency
from event_manager.kit.work import Work

XID = "SELECT pg_current_xact_id_if_assigned()::text AS xid"


def request() -> Request:
    """A write with a small body."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    scope = {
        "type": "http", "method": "POST", "path": "/api/x", "query_string": b"", "headers": [],
        "scheme": "http", "server": ("test", 80),
    }  # fmt: skip
    return Request(scope, receive)


async def test_a_key_writes_nothing_before_the_answer_so_that_readers_of_the_log_need_not_wait(work: Work) -> None:
    held = await idempotency.claim(work, "k1", request())
    [before] = await work.sql(XID)

    await idempotency.remember(work, held, Response(b"done", status_code=201))

    again = await idempotency.claim(work, "k1", request())
    assert before["xid"] is None
    assert again.answer is not None
    assert (again.answer.status_code, again.answer.body) == (201, b"done")
