"""Serves the built front end: hashed assets for ever, pages never cached, precompressed when there is a .gz."""

from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, HTMLResponse, Response

from event_manager.config import Settings
from event_manager.kit.access import public
from event_manager.kit.errors import NotFound

BUILT = Path(__file__).parent.parent / "web_dist"
MISSING = """<!doctype html><html lang="en"><title>Event Manager</title><body>
<h1>The web pages are not built</h1>
<p>Run <code>python3 run.py demo</code>, or <code>python -m event_manager.kit.webbuild</code>.
The API answers at <a href="/api/docs">/api/docs</a>.</p></body></html>"""


def install(app: FastAPI, settings: Settings) -> None:
    """Answer every address that is not the API's with the front end."""
    root = (settings.web_dist or BUILT).resolve()

    @app.get("/{path:path}", include_in_schema=False, dependencies=[public()], response_class=Response)
    async def page(path: str, request: Request) -> Response:
        """A file of the front end, or its one page for every route that the browser resolves itself."""
        if path == "api" or path.startswith("api/"):
            raise NotFound(f"There is no address /{path}; see /api/docs.")
        wanted = _find(root, path)
        if wanted is not None:
            return _file(wanted, request, forever=path.startswith("assets/"))
        index = root / "index.html"
        if "." in path.rsplit("/", 1)[-1]:
            raise NotFound(f"There is no file /{path}.")
        if not index.is_file():
            return HTMLResponse(MISSING, status_code=503)
        return _file(index, request, forever=False)


def _find(root: Path, path: str) -> Path | None:
    """A file below the root; none for an address that no file can have (NUL, too long)."""
    try:
        wanted = (root / path).resolve()
        found = wanted.is_relative_to(root) and wanted.is_file() and wanted.suffix not in (".gz", ".br")
    except (OSError, ValueError):
        return None
    return wanted if found else None


def _file(path: Path, request: Request, *, forever: bool) -> Response:
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if forever else "no-cache",
        "Vary": "Accept-Encoding",
    }
    packed = path.with_name(path.name + ".gz")
    if "gzip" in request.headers.get("accept-encoding", "") and packed.is_file():
        plain = FileResponse(path)
        return FileResponse(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=plain.media_type)
    return FileResponse(path, headers=headers)
