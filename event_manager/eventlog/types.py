"""What every entry of the log is: a frozen, typed, versioned class. Rooms define theirs in ``event_types.py``.

The class docstring is the documentation of the type. ``name`` obeys ``area.thing.happened`` in ``[a-z0-9_.]``.
"""

import re
from typing import Any, ClassVar, Literal
from uuid import UUID

import jsonschema_rs
import orjson
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

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

    registry: ClassVar[dict[tuple[str, int], type["EventType"]]] = {}
    _validator: ClassVar[Any] = None

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
        EventType.registry[cls.name, cls.version] = cls

    @property
    def entity_id(self) -> UUID:
        """Id of the thing it happened to; by default the field named after the entity type."""
        value = getattr(self, f"{self.entity_type}_id")
        if not isinstance(value, UUID):
            raise TypeError(f"{type(self).__name__}.{self.entity_type}_id is not a UUID")
        return value

    @classmethod
    def schema_document(cls) -> dict[str, Any]:
        """JSON Schema of the payload."""
        return cls.model_json_schema(by_alias=True)

    def payload(self) -> bytes:
        """The bytes to store, checked against the type's own JSON Schema. Raises ValueError when they differ."""
        data = self.model_dump(mode="json", by_alias=True)
        cls = type(self)
        if "_own_validator" not in cls.__dict__:
            cls._own_validator = jsonschema_rs.validator_for(cls.schema_document())  # type: ignore[attr-defined]
        cls._own_validator.validate(data)  # type: ignore[attr-defined]
        return orjson.dumps(data)
