"""Results as files: the document that anybody can recompute, CSV for a spreadsheet, a page to print."""

import asyncio
import re
from typing import Literal
from unicodedata import normalize

from fastapi import Response

from event_manager.kit.http import etag
from event_manager.tabulation.document import Document, canonical_bytes, inputs_of
from event_manager.tabulation.engine import Result, tabulate
from event_manager.tabulation.files.report import render
from event_manager.tabulation.files.report_html import html_page
from event_manager.tabulation.rules import parse_rules

Format = Literal["json", "csv", "html"]
MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8"}
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-modals; frame-ancestors 'none'"
"""A page to print runs nothing and asks for nothing."""


async def answer(document: Document, wanted: Format, *, title: str) -> Response:
    """A result document in a form; ``title`` names whose result it is, in the file's name too."""
    content = canonical_bytes(document)
    if wanted != "json":
        content = (await asyncio.to_thread(_told, document, wanted, title)).encode()
    shown = "inline" if wanted == "html" else "attachment"
    headers = {"ETag": etag(document["hash"]), "Content-Disposition": f'{shown}; filename="{_file(title)}.{wanted}"'}
    if wanted == "html":
        headers["Content-Security-Policy"] = PAGE_POLICY
    return Response(content, media_type=MEDIA[wanted], headers=headers)


def _told(document: Document, wanted: Format, title: str) -> str:
    result: Result = tabulate(parse_rules(document["ruleSet"]), inputs_of(document))
    if wanted == "html":
        return html_page(result, explain=True, title=title)
    return "\ufeff" + render(result, "csv", explain=True)  # the mark tells spreadsheet programs that it is UTF-8


def _file(title: str) -> str:
    """A file name of plain letters and digits."""
    plain = normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "result-" + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "document")
