"""/api/problems/CODE, the `type` of every refusal: what it means and what to do, for programs and for people."""

from html import escape
from typing import Annotated

from fastapi import FastAPI, Header, Path
from starlette.responses import JSONResponse, Response

from event_manager.kit import apidocs
from event_manager.kit.access import public
from event_manager.kit.errors import NotFound, Problem, all_problems, problems
from event_manager.kit.http import Wire

ADVICE = {
    400: "Mend the request: what cannot be understood will not be understood the next time.",
    401: "Sign in, or send an API key or a session token, and try again.",
    403: "Ask somebody who administers the organisation for a role that may do this, or leave it to such a person.",
    404: "Check the address and its ids. What belongs to others is answered like what does not exist.",
    405: "Use one of the methods that the answer's Allow header names.",
    409: "Read the present state again: it has to change before this is possible.",
    410: "It will not come back: ask for a new one.",
    412: "Read it again, look at what changed, and send your change with the new ETag.",
    413: "Send less at once.",
    422: "Mend the values that `errors` points at and send the request again.",
    423: "Ask for it to be unlocked first; the answer says what is locked.",
    428: "Send If-Match with the ETag of what you have read.",
    429: "Wait as long as the answer's Retry-After header says, then go on.",
    500: "Report it with the correlation id of the answer, which finds the cause in the server's log.",
    503: "Wait as long as the answer's Retry-After header says, then try again; nothing was done.",
}


class ProblemType(Wire):
    """One kind of refusal. ``advice`` is what helps as a rule; each answer's ``detail`` says more."""

    type: str
    code: str
    status: int
    title: str
    meaning: str
    advice: str


def install(app: FastAPI) -> None:
    """Add the addresses."""

    @app.get(
        "/api/problems/{code}",
        tags=["system"],
        dependencies=[public()],
        response_model=ProblemType,
        responses=problems(NotFound) | {200: {"content": {"text/html": {}}}},
    )
    async def read_problem(
        code: Annotated[str, Path(max_length=100)], accept: Annotated[str, Header(include_in_schema=False)] = ""
    ) -> Response:
        """What a problem's `type` means: as JSON, or for a browser as a page."""
        found = next((each for each in all_problems() if each.code == code), None)
        if found is None:
            raise NotFound(f"There is no problem '{code}': see the `type` of the answer that brought you here.")
        described = describe(found)
        if "text/html" in accept:
            return apidocs.page(described.title, render(described), headers={"Vary": "Accept"})
        return JSONResponse(described.model_dump(), headers={"Vary": "Accept"})


def describe(problem: type[Problem]) -> ProblemType:
    """What can be said about all refusals of a kind."""
    return ProblemType(
        type=problem.address(),
        code=problem.code,
        status=problem.status,
        title=problem.title(),
        meaning=" ".join((problem.__doc__ or problem.title()).split()),
        advice=ADVICE[problem.status],
    )


def render(problem: ProblemType) -> str:
    """The page's body."""
    rows = [("Code", f"<code>{escape(problem.code)}</code>"), ("HTTP status", str(problem.status))]
    table = "".join(f"<tr><th scope='row'>{name}</th><td>{what}</td></tr>" for name, what in rows)
    return (
        f"<main><h1>{escape(problem.title)}</h1><p>{escape(problem.meaning)}</p>"
        f"<h2>What helps</h2><p>{escape(problem.advice)} "
        f"The <code>detail</code> of the answer says what, where and how to mend it.</p><table>{table}</table></main>"
        '<p><a href="/api/docs">All addresses of the API</a></p>'
    )
