"""An entry as everybody is shown it: the search, its export and the live tail."""

from event_manager.eventlog import queries
from event_manager.eventlog.schemas import LogActor, LogEntry
from event_manager.kit.db import Row

HIDDEN = ("tenant_id", "body", "pii", "personal")


def entry_of(row: Row) -> LogEntry:
    """A row of `queries.COLUMNS` as it is shown; what an embargoed entry says is withheld."""
    own = {name: row[name] for name in row if not name.startswith("actor_") and name not in HIDDEN}
    actor = LogActor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"])
    return LogEntry(**own, actor=actor, embargoed=queries.is_embargoed(row["type"]), payload=queries.payload_of(row))
