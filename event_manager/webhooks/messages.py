"""From an entry of the log, as it was stored, to the message that leaves the house.

Nothing but this makes messages of entries, so it is here that what is embargoed is withheld: filters, transformations,
templates, formats and relays never see it.
"""

from functools import lru_cache
from uuid import UUID

from event_manager.config import Settings
from event_manager.eventlog.queries import is_embargoed
from event_manager.kit.db import Row
from event_manager.webhooks.formats import Message, message_id, withhold

COLUMNS = """e.id, e.tenant_id, e.type, e.version, e.entity_type, e.entity_id, e.actor_kind, e.actor_id,
       e.correlation_id, e.causation_id, e.at, e.body"""
"""What `message_of` needs of ``event_log e``; `eventlog.reading.COLUMNS` holds it too."""

embargoed = lru_cache(1024)(is_embargoed)


class Addresses:
    """Where receivers find more, under the public address of the installation."""

    def __init__(self, settings: Settings) -> None:
        self.public = settings.public_url()
        self._domain = settings.base_domain
        self._scheme = self.public.partition("://")[0]

    def source(self, slug: str) -> str:
        """The CloudEvents source: the organisation."""
        return f"{self.public}/tenants/{slug}"

    def schema(self, name: str, version: int) -> str:
        """The JSON Schema of a type's payload."""
        return f"{self.public}/api/events/types/{name}/{version}"

    def fetch(self, entry: UUID | str) -> str:
        """The whole entry, for a program."""
        return f"{self.public}/api/events/logs/{entry}"

    def page(self, slug: str, entry: UUID | str) -> str:
        """The entry, for a person."""
        home = f"{self._scheme}://{slug}.{self._domain}" if self._domain else f"{self.public}/t/{slug}"
        return f"{home}/log?entry={entry}"


def message_of(row: Row, slug: str, addresses: Addresses, *, suffix: str = "") -> Message:
    """The message of an entry (`COLUMNS`) of the organisation with this short name; ``suffix`` ends its id."""
    entry, entry_text, name, version = row["id"], str(row["id"]), row["type"], row["version"]
    message = Message(
        id=message_id(entry) + suffix,
        tenant_id=row["tenant_id"],
        tenant_slug=slug,
        source=addresses.source(slug),
        type=name,
        version=version,
        at=row["at"],
        entity_type=row["entity_type"],
        entity_id=row["entity_id"],
        actor_kind=row["actor_kind"],
        actor_id=row["actor_id"],
        correlation_id=row["correlation_id"],
        causation_id=str(row["causation_id"]) if row["causation_id"] else None,
        partition_key=str(row["entity_id"]),
        body=bytes(row["body"]),
        schema_url=addresses.schema(name, version),
        fetch_url=addresses.fetch(entry_text),
        page_url=addresses.page(slug, entry_text),
    )
    return withhold(message, "embargoed") if embargoed(name) else message
