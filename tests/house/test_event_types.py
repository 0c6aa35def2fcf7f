"""Every event type: named by the grammar, documented, with a schema and a sample that fits it, and really written."""

import ast
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema_rs
import orjson
import pytest

from event_manager import __version__
from event_manager.app import ROUTERS
from event_manager.eventlog.catalogue import every
from event_manager.eventlog.samples import missing
from event_manager.eventlog.types import NAME, EventType
from event_manager.webhooks.filters import compile_types
from tests.house import events_page

assert ROUTERS  # importing the application imports every room and with it every type
PACKAGE = Path(__file__).parents[2] / "event_manager"
TYPES = every()
all_types = pytest.mark.parametrize("cls", TYPES, ids=lambda cls: f"{cls.name} {cls.version}")


@all_types
def test_an_event_type_is_named_documented_and_has_a_schema(cls: type[EventType]) -> None:
    assert NAME.match(cls.name)
    assert re.search(r"[a-z`)]\.$", cls.headline())
    assert cls.schema_document()["type"] == "object"
    assert "$ref" not in str(cls.schema_document())
    assert cls.entity_type


@all_types
def test_its_sample_is_a_payload(cls: type[EventType]) -> None:
    sample = cls.sample_payload()
    stored = orjson.loads(cls.sample_event().payload())
    validator = jsonschema_rs.validator_for(cls.schema_document(), validate_formats=True)

    validator.validate(sample)
    validator.validate(stored)  # what receivers get, without what is personal
    assert stored | cls.sample_event().personal_data() == sample
    assert isinstance(cls.sample_event().entity_id, UUID)


@all_types
def test_its_sample_says_something(cls: type[EventType]) -> None:
    unsaid = missing(cls.schema_document(), cls.sample)
    unknown = set(cls.sample) - set(cls.schema_document()["properties"])

    assert unsaid == [], f"give {cls.__name__} a `sample` with values for these fields"
    assert unknown == set(), f"the `sample` of {cls.__name__} names fields that it does not have"


@all_types
def test_its_life_is_told_in_releases(cls: type[EventType]) -> None:
    assert _release(cls.added_in) <= _release(__version__)
    assert cls.deprecated_in is None or _release(cls.added_in) <= _release(cls.deprecated_in)
    assert cls.sunset_on is None or cls.deprecated_in is not None


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_versions_of_a_type_are_counted_without_gaps() -> None:
    versions: dict[str, list[int]] = {}
    for cls in TYPES:
        versions.setdefault(cls.name, []).append(cls.version)

    assert [name for name, found in versions.items() if found != list(range(1, len(found) + 1))] == []


def test_area_words_are_those_of_the_catalogue() -> None:
    areas = {cls.name.split(".")[0] for cls in TYPES}

    assert areas <= {
        "audit", "category", "conflict", "contest", "contestant", "event", "judge", "participant", "rule_set", "score",
        "system", "tenant", "user", "webhook",
    }  # fmt: skip


def _words_of_code() -> set[str]:
    """Every name used in the code outside of imports and of event_types.py, and every word of its SQL files."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name != "event_types.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for path in PACKAGE.rglob("*.sql"):
        found |= set(re.findall(r"'([a-z0-9_.]+)'", path.read_text(encoding="utf-8")))
    return found


WORDS = _words_of_code()


@all_types
def test_it_is_written_somewhere(cls: type[EventType]) -> None:
    assert {cls.__name__, cls.name} & WORDS, f"nothing writes {cls.__name__}: write it where it happens, or remove it"


def _leaves(name: str, schema: dict[str, Any]) -> list[tuple[str, str]]:
    """(name, kind) of everything that a payload holds; kind is the format where there is one."""
    if "properties" in schema:
        return [leaf for key, part in schema["properties"].items() for leaf in _leaves(key, part)]
    for below in ("items", "additionalProperties"):
        if isinstance(schema.get(below), dict):
            return _leaves(name, schema[below])
    return [(name, schema.get("format", schema.get("type", "anything")))]


@pytest.mark.parametrize("cls", [cls for cls in TYPES if cls.sensitivity == "embargoed"], ids=lambda cls: cls.name)
def test_what_is_embargoed_holds_ids_and_no_values(cls: type[EventType]) -> None:
    told = {leaf for leaf in _leaves("", cls.schema_document()) if leaf[1] != "uuid"}

    assert told <= {("part", "string"), ("revision", "integer")}


def test_the_reference_page_is_what_the_types_are() -> None:
    assert events_page.PAGE.read_text(encoding="utf-8") == events_page.render() + "\n", (
        "run `.venv/bin/python -m tests.house.events_page`"
    )


QUOTED = re.compile(r'"events": \[([^\]]*)\]|eventType=([\w.*]+)')
GUIDES = sorted(Path(__file__).parents[2].joinpath("docs").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_types_that_a_guide_asks_for_exist(guide: Path) -> None:
    names = [cls.name for cls in TYPES]
    found = QUOTED.findall(guide.read_text(encoding="utf-8"))
    patterns = [one.strip(' "') for several, single in found for one in (several or single).split(",")]

    for pattern in {one for one in patterns if one and one != "..."}:
        compile_types([pattern], names)  # raises where there is none
