"""/api/docs: the OpenAPI document as one page to read and search, with no script and nothing from elsewhere."""

from collections.abc import Mapping
from html import escape
from typing import Any

from fastapi import FastAPI
from starlette.responses import HTMLResponse

from event_manager.kit.access import public

METHODS = ("get", "post", "put", "patch", "delete")
STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: 8px; margin: 0.5rem 0; padding: 0.5rem 1rem; }
summary { cursor: pointer; } nav a { margin-right: 1rem; } table { border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: 0.2rem 1rem 0.2rem 0; }
.method { display: inline-block; min-width: 4.5em; font-weight: 700; }
.access { background: var(--soft); padding: 0 0.4em; }
"""


def install(app: FastAPI) -> None:
    """Add the page."""

    @app.get("/api/docs", include_in_schema=False, dependencies=[public()], response_class=HTMLResponse)
    async def read_docs() -> HTMLResponse:
        """Every address of the API, by room."""
        document = app.openapi()
        return page(f"{document['info']['title']} API", render(document))


def page(title: str, body: str, *, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """A page about the API. ``body`` is HTML."""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>{body}</body></html>',
        headers=headers,
    )


def render(document: dict[str, Any]) -> str:
    """The page's body of an OpenAPI document."""
    rooms: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                rooms.setdefault(operation.get("tags", ["other"])[0], []).append(_operation(path, method, operation))
    links = "".join(f'<a href="#{escape(room)}">{escape(room)}</a>' for room in rooms)
    sections = "".join(
        f'<section><h2 id="{escape(room)}">{escape(room)}</h2>{"".join(shown)}</section>'
        for room, shown in rooms.items()
    )
    return (
        f"<h1>{escape(document['info']['title'])} API</h1><p>{escape(document['info'].get('description', ''))} "
        'For programs: <a href="/api/openapi.json">the OpenAPI 3.1 document</a>.</p>'
        f"<nav>{links}</nav><main>{sections}</main>"
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    told = [f"<p>{escape(operation.get('description', ''))}</p>"]
    parameters = [
        (f"<code>{escape(p['name'])}</code>", escape(f"{p['in']}{', needed' if p.get('required') else ''}"))
        for p in operation.get("parameters", [])
    ]
    if parameters:
        told.append(_table("Parameters", parameters))
    content = operation.get("requestBody", {}).get("content", {})
    if content:
        told.append(
            _table("Body", [(f"<code>{escape(kind)}</code>", _shape(media)) for kind, media in content.items()])
        )
    answers = operation["responses"].items()
    told.append(_table("Answers", [(escape(status), escape(r["description"])) for status, r in answers]))
    summary = escape(operation.get("summary", ""))
    head = (
        f'<span class="method">{method.upper()}</span> <code>{escape(path)}</code> {summary} '
        f'<span class="access">{escape(operation.get("x-access", ""))}</span>'
    )
    return f"<details><summary>{head}</summary>{''.join(told)}</details>"


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    body = "".join(f"<tr><th scope='row'>{name}</th><td>{what}</td></tr>" for name, what in rows)
    return f"<h3>{title}</h3><table>{body}</table>"


def _shape(media: dict[str, Any]) -> str:
    """The name of a body's shape, as it stands in the document."""
    reference = str(media.get("schema", {}).get("$ref", ""))
    return escape(reference.rsplit("/", 1)[-1])
