"""Every event type: named by the grammar, documented, with a schema; what SQL writes fits its class."""

import pytest

from event_manager.app import ROUTERS
from event_manager.eventlog.types import NAME, EventType

assert ROUTERS  # importing the application imports every room and with it every type
TYPES = [cls for _, cls in sorted(EventType.registry.items())]


@pytest.mark.parametrize("cls", TYPES, ids=lambda cls: cls.name)
def test_an_event_type_is_named_documented_and_has_a_schema(cls: type[EventType]) -> None:
    assert NAME.match(cls.name)
    assert (cls.__doc__ or "").strip()
    assert cls.schema_document()["type"] == "object"
    assert cls.entity_type


def test_area_words_are_those_of_the_catalogue() -> None:
    areas = {cls.name.split(".")[0] for cls in TYPES}

    assert areas <= {
        "assignment", "category", "conflict", "contest", "contestant", "criterion", "deduction", "entry", "event",
        "judge", "panel", "participant", "rule_set", "score", "tenant", "user", "invitation", "api_key",
        "system", "audit", "webhook",
    }  # fmt: skip
