"""HEAD is GET without the body, at every address: no route declares it, none can forget it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _Answered(Exception):
    """All that HEAD asks for was sent."""


class Head:
    """Asks the application for GET, and lets only the head of its answer through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        inner = {**scope, "method": "GET"}

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})
                if b"content-length" not in dict(message["headers"]):
                    raise _Answered  # a stream, which may go on for hours

        try:
            await self.app(inner, receive, send_head)
        except _Answered:
            pass
        finally:
            if "route" in inner:
                scope["route"] = inner["route"]  # for the log and the metrics
