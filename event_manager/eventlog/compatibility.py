"""Whether event types only grew since a release: what receivers rely on and what stored entries hold must stay.

Inside a version a field may be added that is not always there, an enumeration may get another word, and words of
explanation may change. Anything else needs another version, as a class of its own beside the old one.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

Schema = Mapping[str, Any]
Described = Mapping[str, Any]
"""One type as `catalogue.describe` tells of it."""

ANNOTATIONS = frozenset(("title", "description", "examples", "default", "deprecated", "$comment"))
BRANCHES = ("anyOf", "oneOf", "allOf")
_READ_APART = frozenset(("properties", "required", "items", "prefixItems", "enum", "const", "additionalProperties"))


def refusals(released: Sequence[Described], now: Sequence[Described], *, today: date) -> list[str]:
    """What has changed that must not, one sentence each with how to mend it; empty when types only grew."""
    present = {(each["name"], each["version"]): each for each in now}
    return [said for old in released for said in _of_type(old, present.get((old["name"], old["version"])), today)]


def _of_type(old: Described, new: Described | None, today: date) -> Iterator[str]:
    name, version = old["name"], old["version"]
    if new is None:
        if old["sunset"] is None or date.fromisoformat(old["sunset"]) >= today:
            yield (
                f"{name} version {version} is gone, and receivers may rely on it: keep its class, set `deprecated_in`"
                " and `sunset_on`, and remove it only after that day."
            )
        return
    if old["entityType"] != new["entityType"]:
        yield f"{name} happened to a '{old['entityType']}' and now to a '{new['entityType']}': use another name."
    if (old["sensitivity"] == "embargoed") != (new["sensitivity"] == "embargoed"):
        yield (
            f"{name} version {version} was '{old['sensitivity']}' and is '{new['sensitivity']}', so receivers would get"
            " something else in place of its payload: use another name."
        )
    for what in breaks(old["schema"], new["schema"]):
        yield (
            f"{name} version {version} breaks receivers: {what}. Leave version {version} as it was and add version"
            f" {version + 1} as a class of its own."
        )


def breaks(old: Schema, new: Schema, at: str = "") -> Iterator[str]:
    """Each change of a schema (without references) that breaks a receiver or a stored entry, told with its place."""
    place = f"field '{at}'" if at else "the payload"
    yield from _keywords(old, new, place)
    yield from _alternatives(old, new, at, place)
    yield from _words(old, new, place)
    yield from _fields(old, new, at)
    yield from _parts(old, new, at, place)


def _keywords(old: Schema, new: Schema, place: str) -> Iterator[str]:
    """Type, format, limits and the like: each must be the same."""
    for word in sorted((set(old) | set(new)) - ANNOTATIONS - _READ_APART - set(BRANCHES)):
        if _json(old.get(word)) != _json(new.get(word)):
            yield f"{word} of {place} changed from {_told(old.get(word))} to {_told(new.get(word))}"


def _alternatives(old: Schema, new: Schema, at: str, place: str) -> Iterator[str]:
    for word in BRANCHES:
        before, after = _branches(old, word), _branches(new, word)
        if len(before) != len(after):
            yield f"{place} has {len(after)} alternatives in place of {len(before)}"
        for one, other in zip(before, after, strict=False):
            yield from breaks(one, other, at)


def _branches(schema: Schema, word: str) -> list[Schema]:
    """The alternatives in an order that depends neither on how they were written nor on words that they may get."""
    return sorted(schema.get(word, ()), key=lambda part: (_json([part.get("type"), part.get("format")]), _json(part)))


def _json(value: Any) -> bytes:
    return orjson.dumps(_bare(value), option=orjson.OPT_SORT_KEYS)


def _bare(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _bare(part) for name, part in schema.items() if name not in ANNOTATIONS}
    return [_bare(part) for part in schema] if isinstance(schema, list) else schema


def _words(old: Schema, new: Schema, place: str) -> Iterator[str]:
    """Enumerations may get words, and lose none."""
    before, after = _enumerated(old), _enumerated(new)
    if (before is None) != (after is None):
        yield f"{place} was {_listed(before)} and is {_listed(after)}"
    elif before is not None and after is not None:
        kept = {_told(word) for word in after}  # as JSON: Python takes 1 for True
        gone = [word for word in before if _told(word) not in kept]
        if gone:
            yield f"{place} is never {' or '.join(_told(word) for word in gone)} any more"


def _enumerated(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _fields(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    always, needed = set(old.get("required", ())), set(new.get("required", ()))
    for name in before:
        where = f"{at}.{name}" if at else name
        if name not in after:
            yield f"field '{where}' was removed or renamed"
            continue
        if name in always - needed:
            yield f"field '{where}' is no longer always there"
        if name in needed - always:
            yield f"field '{where}' must be there now, and entries written before may lack it"
        yield from breaks(before[name], after[name], where)
    for name in sorted(needed - set(before)):
        where = f"{at}.{name}" if at else name
        yield f"field '{where}' is new and must be there, but entries written before lack it: give it a default"


def _parts(old: Schema, new: Schema, at: str, place: str) -> Iterator[str]:
    """What lists and maps hold."""
    for word, mark in (("items", "[]"), ("additionalProperties", "{}")):
        before, after = old.get(word), new.get(word)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from breaks(before, after, f"{at}{mark}")
        elif before != after:
            yield f"what {place} may hold changed from {_told(before)} to {_told(after)}"
    before, after = old.get("prefixItems", []), new.get("prefixItems", [])
    if len(before) != len(after):
        yield f"{place} has {len(after)} places in place of {len(before)}"
    for n, (one, other) in enumerate(zip(before, after, strict=False)):
        yield from breaks(one, other, f"{at}[{n}]")


def _told(value: Any) -> str:
    return "nothing" if value is None else orjson.dumps(value).decode()


def _listed(words: list[Any] | None) -> str:
    return "free" if words is None else f"one of {', '.join(_told(word) for word in words)}"
