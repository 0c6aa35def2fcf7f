"""How a result is shown: the lines of its document, with the ids and names of entries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import orjson

from event_manager.kit.db import Row
from event_manager.scoring.inputs import labels
from event_manager.scoring.schemas import ResultBody, ResultLine, ResultView, TieView
from event_manager.tabulation.document import Document


def category_body(document: Document, entries: Sequence[Row], at: datetime) -> ResultBody:
    """A category's result with entries' ids and names."""
    called = labels(entries)
    ids = {called[e["id"]]: e["entry_id"] for e in entries}
    names = {called[e["id"]]: e["name"] for e in entries}
    return _body(document, ids, names, at)


def contest_view(contest_id: UUID, categories: Sequence[Row], document: Document, at: datetime) -> ResultView:
    """A contest's result; its lines carry no entry ids, since an entry has one in each category."""
    names = {entry[0]: entry[1] for entry in document["inputs"]["entries"]}
    body = _body(document, {}, names, at)
    return ResultView(**dict(body), id=contest_id, title=categories[0]["contest_name"], state="judged")


def to_bytes(body: ResultBody) -> bytes:
    """The body as it is kept, ready to be sent."""
    return body.model_dump_json(by_alias=True).encode()


def with_head(stored: bytes, *, id_: UUID, title: str, state: str) -> bytes:
    """A kept body as the JSON of a `ResultView`, without reading it: name and state may change and it stays true."""
    return orjson.dumps({"id": id_, "title": title, "state": state})[:-1] + b"," + stored[1:]


def version_of(hash_: str, *, title: str, state: str) -> str:
    """Names all of what is shown: the document by its hash, and what stands above it."""
    return f"{hash_}.{sha256(orjson.dumps([title, state])).hexdigest()[:16]}"


def hash_in(version: str | None) -> str | None:
    """The document's hash in a version."""
    return version.partition(".")[0] if version else None


def _body(document: Document, ids: Mapping[str, UUID], names: Mapping[str, str], at: datetime) -> ResultBody:
    return ResultBody(
        rule_set=document["ruleSet"]["name"],
        rule_set_title=document["ruleSet"]["title"],
        hash=document["hash"],
        computed_at=at,
        results=[
            ResultLine.model_validate(
                {
                    "state": "entered",
                    **line,
                    "entry_id": ids.get(line["entry"]),
                    "name": names.get(line["entry"], ""),
                    "explanation": line["explanation"].split("\n"),
                }
            )
            for line in document["results"]
        ],
        ties=[TieView.model_validate(tie) for tie in document["ties"]],
        warnings=document["warnings"],
    )
