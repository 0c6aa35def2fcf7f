"""What every entry of the log is: a frozen, typed, versioned class. Rooms define theirs in ``event_types.py``.

The class docstring is the documentation of the type. ``name`` obeys ``area.thing.happened`` in ``[a-z0-9_.]``.
Inside a version a schema may only grow: `eventlog.compatibility` says what that means, a test holds it.
"""

import re
from datetime import date
from functools import cache
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

import jsonschema_rs
import orjson
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from event_manager.eventlog.samples import Sample, sample_of

NAME = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")
Sensitivity = Literal["plain", "personal", "embargoed"]


class EventType(BaseModel):
    """Base of all event types. Fields are the payload, camelCase on the wire."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True
    )

    name: ClassVar[str]
    version: ClassVar[int] = 1
    entity_type: ClassVar[str]
    sensitivity: ClassVar[Sensitivity] = "plain"
    sample: ClassVar[Sample] = {}
    """Values of `sample_payload` by their names on the wire, where `eventlog.samples` knows none."""
    added_in: ClassVar[str] = "0.1.0"
    """The release that first had this version."""
    deprecated_in: ClassVar[str | None] = None
    """The release since which nobody should build on it."""
    sunset_on: ClassVar[date | None] = None
    """The day after which it is written no more."""
    replayable: ClassVar[bool] = True
    """Whether a replay sends it again; not what only made sense at its moment, such as the state of a webhook."""
    subject: ClassVar[str] = ""
    """Name of the field with the id of the person whom the entry is about."""

    personal: ClassVar[tuple[str, ...]] = ()
    """Fields that say something of that person: kept under the person's key, gone when it is erased. They need a
    default, since whoever has not the key (a webhook's receiver, the search) sees the payload without them."""

    registry: ClassVar[dict[tuple[str, int], type["EventType"]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "name" not in cls.__dict__:
            return
        if not NAME.match(cls.name):
            raise TypeError(f"event type name '{cls.name}' must look like 'area.thing.happened'")
        if not (cls.__doc__ or "").strip():
            raise TypeError(f"event type '{cls.name}' needs a docstring: it is its documentation")
        if (cls.name, cls.version) in EventType.registry:
            raise TypeError(f"event type '{cls.name}' version {cls.version} is defined twice")
        for field in cls.personal:
            if not cls.subject or cls.model_fields[field].is_required():
                raise TypeError(f"event type '{cls.name}': personal field '{field}' needs a subject and a default")
        EventType.registry[cls.name, cls.version] = cls

    @property
    def entity_id(self) -> UUID:
        """Id of the thing it happened to; by default the field named after the entity type."""
        value = getattr(self, f"{self.entity_type}_id")
        if not isinstance(value, UUID):
            raise TypeError(f"{type(self).__name__}.{self.entity_type}_id is not a UUID")
        return value

    @property
    def person(self) -> UUID | None:
        """The person whom the entry is about, if its type says so."""
        return getattr(self, self.subject) if self.subject else None

    @classmethod
    def personal_names(cls, name: str, version: int) -> list[str]:
        """Names on the wire of a type's personal fields; none for a type that the code does not know."""
        known = EventType.registry.get((name, version))
        return [known.model_fields[field].alias or field for field in known.personal] if known else []

    def personal_data(self) -> dict[str, Any]:
        """The personal fields, as on the wire."""
        return self.model_dump(mode="json", by_alias=True, include=set(self.personal))

    @classmethod
    def about(cls) -> str:
        """The docstring as one paragraph, with fields named as on the wire, in `backticks`."""
        text = " ".join((cls.__doc__ or "").split())
        return re.sub(r"``(\w+)``", lambda found: f"`{to_camel(found[1]) if '_' in found[1] else found[1]}`", text)

    @classmethod
    def headline(cls) -> str:
        """The first sentence of `about`."""
        return re.split(r"(?<=[.!?]) ", cls.about(), maxsplit=1)[0]

    @classmethod
    def schema_document(cls) -> dict[str, Any]:
        """JSON Schema of the payload, without references, so that it can stand anywhere in a larger document."""
        document = cls.model_json_schema(by_alias=True)
        definitions = document.pop("$defs", {})
        found: dict[str, Any] = _inlined(document, definitions)
        return {**found, "title": cls.name, "description": cls.about()}

    @classmethod
    def sample_payload(cls) -> dict[str, Any]:
        """A realistic, fictional payload. Raises ValueError when `sample` does not fit the fields."""
        return cls.sample_event().model_dump(mode="json", by_alias=True)

    @classmethod
    def sample_event(cls) -> Self:
        """The sample as an entry to be. Raises as `sample_payload`."""
        return cls.model_validate(sample_of(cls.schema_document(), cls.sample))

    def payload(self) -> bytes:
        """The bytes to store, checked against the type's own JSON Schema. Raises ValueError when they differ.

        Personal fields are checked, but not among them: see `personal_data`.
        """
        data = self.model_dump(mode="json", by_alias=True)
        _validator(type(self)).validate(data)
        for name in self.personal_names(self.name, self.version) if self.personal else ():
            del data[name]
        return orjson.dumps(data)


@cache
def _validator(cls: type[EventType]) -> Any:
    """Compiled once: each entry passes it."""
    return jsonschema_rs.validator_for(cls.schema_document())


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    """A schema with each reference to a definition replaced by it. RecursionError for one that holds itself."""
    if isinstance(part, list):
        return [_inlined(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        held = definitions[part["$ref"].removeprefix("#/$defs/")]
        return _inlined({**held, **{name: value for name, value in part.items() if name != "$ref"}}, definitions)
    return {name: _inlined(value, definitions) for name, value in part.items()}
