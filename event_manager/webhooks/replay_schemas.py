"""Shapes of replays."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from event_manager.kit.http import Wire
from event_manager.webhooks.schemas import MAX_ENDPOINTS, printable
from event_manager.webhooks.selecting import Which

State = Literal["running", "paused", "cancelled", "completed"]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=500), AfterValidator(printable)]
PerMinute = Annotated[int, Field(ge=1, le=60_000, description="Deliveries queued a minute, of all webhooks together.")]


class ReplayCreate(Wire):
    """Which entries of the log to deliver once more, and where to.

    Entries fit if they fit a webhook's types and filter as they are now, and every condition given here. ``which``:
    those given up there ("failed"), those never tried there ("never-sent"), or all. ``asNew`` gives messages another
    id (".r1" at its end), so that receivers which drop repeats take them. ``dryRun`` only counts.
    """

    webhook_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_ENDPOINTS)]
    event_types: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=100)]],
        Field(max_length=100, description="Names, or patterns as `score.*`; none: all."),
    ] = Field(default_factory=list)
    entity_type: Annotated[str, StringConstraints(max_length=60)] | None = None
    entity_id: UUID | None = None
    from_: AwareDatetime | None = Field(None, alias="from", description="Not before this time.")
    to: AwareDatetime | None = Field(None, description="Before this time.")
    which: Which = "all"
    as_new: bool = False
    rate_per_minute: PerMinute = 600
    reason: Reason
    dry_run: bool = False


class ReplayCount(Wire):
    """How many deliveries a webhook would get."""

    webhook_id: UUID
    name: str
    count: int


class ReplayEntry(Wire):
    """An entry at the edge of a replay."""

    id: UUID
    type: str
    at: datetime


class ReplayPlan(Wire):
    """What a replay would deliver. ``first``, ``last``: entries in the order of delivery; null where there are none."""

    counts: list[ReplayCount]
    total: int
    first: ReplayEntry | None
    last: ReplayEntry | None


class ReplayView(Wire):
    """A replay. Of ``total`` deliveries ``queued`` were handed to the queue so far.

    Of those some wait (``waiting``), the others ended as ``delivered``, ``dead``, ``cancelled`` or ``skipped``.
    """

    id: UUID
    state: State
    webhook_ids: list[UUID]
    event_types: list[str]
    entity_type: str | None
    entity_id: UUID | None
    from_: datetime | None = Field(alias="from")
    to: datetime | None
    which: Which
    as_new: bool
    rate_per_minute: int
    reason: str
    by_name: str
    total: int
    queued: int
    waiting: int
    delivered: int
    dead: int
    cancelled: int
    skipped: int
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None
