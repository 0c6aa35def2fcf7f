"""Turns what somebody gave for a webhook into what is stored, or refuses it, naming each fault by its place."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from event_manager.config import Settings
from event_manager.eventlog.queries import known_types
from event_manager.kit.crypto import SecretBox
from event_manager.kit.egress import BadUrl, Guard
from event_manager.webhooks import credentials, schedule
from event_manager.webhooks.addresses import parse_address
from event_manager.webhooks.faults import Faults
from event_manager.webhooks.filters import PatternRefused, compile_filter, compile_types
from event_manager.webhooks.guarding import guard_of
from event_manager.webhooks.transforms.errors import ExpressionRefused
from event_manager.webhooks.transforms.expression import compile_expression

PLAIN = {
    "name": "name", "description": "description", "format": "format", "template": "template",
    "rate_per_minute": "rate_per_minute", "max_in_flight": "max_in_flight", "ordering": "ordering",
    "blocks_on_dead": "blocks_on_dead", "enabled": "enabled",
}  # fmt: skip
"""Fields that are stored as they are given, with their columns."""
CLEARED_BY_NULL = frozenset({"filter", "transform", "template", "rate_per_minute", "max_in_flight"})
ONLY_HTTP = ("secret", "headers", "template", "retry_attempts", "retry_schedule", "timeout")
"""Fields that mean something for kind http alone; lists and texts may be empty elsewhere."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What this installation allows and does by itself. ``tries`` and ``timeout_ms``: of webhooks that do not say."""

    guard: Guard
    box: SecretBox
    tries: int
    timeout_ms: int

    @property
    def delays(self) -> list[int] | None:
        """The retry schedule of webhooks that do not say; None is the room's own."""
        return None if self.tries == schedule.DEFAULT.tries else list(schedule.first_tries(self.tries).delays)


def terms_for(settings: Settings, secret_key: str) -> Terms:
    """The terms of an installation."""
    box = credentials.box(secret_key)
    return Terms(guard_of(settings), box, settings.webhook_retry_attempts, settings.webhook_timeout)


def columns(given: Mapping[str, Any], kind: str, terms: Terms, faults: Faults) -> dict[str, Any]:
    """The columns to set for these fields (names as in the schemas); null goes through where it clears something."""
    made: dict[str, Any] = {}
    for field, value in given.items():
        if field in PLAIN and (value is not None or field in CLEARED_BY_NULL):
            made[PLAIN[field]] = value
    _url(given, kind, terms, faults, made)
    _events(given, faults, made)
    _filter(given, faults, made)
    _transform(given, faults, made)
    _tries(given, terms, faults, made)
    if "timeout" in given:
        made["timeout_ms"] = given["timeout"] or terms.timeout_ms
    return made


def check_together(values: Mapping[str, Any], faults: Faults) -> None:
    """What only the whole shows; ``values`` are the columns as they will be."""
    if values["transform"] is not None and values["template"] is not None:
        faults.add("/template", "Choose a transformation or a template, not both; set the other one to null.")


def check_kind(given: Mapping[str, Any], kind: str, faults: Faults) -> None:
    """Refuse fields that mean nothing for the kind."""
    if kind == "http":
        return
    for field in ONLY_HTTP:
        if given.get(field):
            faults.add(f"/{_camel(field)}", f"A webhook of kind {kind} has no such setting; leave it out.")


def _url(given: Mapping[str, Any], kind: str, terms: Terms, faults: Faults, made: dict[str, Any]) -> None:
    if given.get("url") is None:
        return
    try:
        made["url"] = parse_address(kind, given["url"], terms.guard)
    except BadUrl as refused:
        faults.add("/url", str(refused))


def _events(given: Mapping[str, Any], faults: Faults, made: dict[str, Any]) -> None:
    if given.get("events") is None:
        return
    made["types"] = list(dict.fromkeys(given["events"]))
    _try(lambda: compile_types(given["events"], [cls.name for cls in known_types()]), "/events", faults)


def _filter(given: Mapping[str, Any], faults: Faults, made: dict[str, Any]) -> None:
    if "filter" not in given:
        return
    made["filter"] = given["filter"]
    if given["filter"] is not None:
        _try(lambda: compile_filter(given["filter"]), "/filter", faults)


def _try(compiled: Callable[[], object], pointer: str, faults: Faults) -> None:
    try:
        compiled()
    except PatternRefused as refused:
        faults.add(pointer + refused.pointer, refused.detail)


def _transform(given: Mapping[str, Any], faults: Faults, made: dict[str, Any]) -> None:
    if "transform" not in given:
        return
    made["transform"] = given["transform"]
    if given["transform"] is not None:
        try:
            compile_expression(given["transform"])
        except ExpressionRefused as refused:
            faults.add("/transform", str(refused))


def _tries(given: Mapping[str, Any], terms: Terms, faults: Faults, made: dict[str, Any]) -> None:
    tries, delays = given.get("retry_attempts"), given.get("retry_schedule")
    if not {"retry_attempts", "retry_schedule"} & set(given):
        return
    if tries is not None and delays is not None:
        faults.add("/retrySchedule", "Give retryAttempts or retrySchedule, not both.")
        return
    if tries is not None:
        made["delays"] = list(schedule.first_tries(tries).delays)
    else:
        made["delays"] = delays if delays is not None else terms.delays


def _camel(field: str) -> str:
    head, *tail = field.split("_")
    return head + "".join(part.title() for part in tail)


def differing(row: object, made: Mapping[str, Any], ignored: Collection[str] = ()) -> dict[str, Any]:
    """The columns whose value would change."""
    return {name: value for name, value in made.items() if name not in ignored and getattr(row, name) != value}
