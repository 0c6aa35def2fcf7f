"""The AsyncAPI document over HTTP; the OpenAPI document has its `webhooks` from the same parts."""

import orjson
from fastapi import Request
from starlette.responses import Response

from event_manager.kit.access import public
from event_manager.kit.http import Router
from event_manager.webhooks.documents import asyncapi
from event_manager.webhooks.messages import Addresses

router = Router(tags=["webhooks"])
KIND = "application/vnd.aai.asyncapi+json;version=3.1.0"


@router.get(
    "/asyncapi.json",
    dependencies=[public()],
    responses={200: {"content": {KIND: {}}}},
    response_class=Response,
)
async def read_asyncapi(request: Request) -> Response:
    """Every event that webhooks can be told of, as an AsyncAPI 3.1 document with schemas and examples."""
    state = request.app.state
    if not hasattr(state, "asyncapi"):  # types do not change while the process runs
        state.asyncapi = orjson.dumps(asyncapi.document(Addresses(state.settings)))
    return Response(state.asyncapi, media_type=KIND, headers={"Cache-Control": "public, max-age=3600"})
