"""Shapes of notifications and of preferences."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from event_manager.kit.http import Wire

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
MailWhen = Literal["off", "at_once", "digest"]


class NotificationView(Wire):
    """What you are told: a title, a sentence, and the page to go to (a path of the app)."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    urgent: bool
    event_id: UUID
    read_at: datetime | None
    created_at: datetime


class NotificationCount(Wire):
    """How many notifications you have not read."""

    unread: int


class NotificationsRead(Wire):
    """Which notifications you have read: these ``ids``, or ``all``."""

    ids: Annotated[list[UUID], Field(max_length=200)] | None = None
    all: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> "NotificationsRead":
        if self.all == (self.ids is not None):
            raise ValueError("send either ids, or all: true")
        return self


class KindChoice(Wire):
    """How you want to be told of one kind. ``mail``: off, at once, or in the daily digest."""

    kind: str
    in_app: bool
    mail: MailWhen


class KindView(KindChoice):
    """A kind with what it is about. ``urgent``: may be mailed in quiet hours, if you allow it."""

    title: str
    urgent: bool


class PreferencesIn(Wire):
    """How you want to be told. A kind that is left out is told as the product proposes.

    Between ``quietFrom`` and ``quietTo`` mails wait; both null: never. ``timeZone`` null: the organisation's.
    """

    kinds: Annotated[list[KindChoice], Field(default_factory=list, max_length=100)]
    quiet_from: TimeOfDay | None = None
    quiet_to: TimeOfDay | None = None
    time_zone: Annotated[str, StringConstraints(max_length=60)] | None = None
    urgent_anytime: bool = False


class PreferencesView(Wire):
    """How you are told, kind by kind."""

    kinds: list[KindView]
    quiet_from: TimeOfDay | None
    quiet_to: TimeOfDay | None
    time_zone: str | None
    urgent_anytime: bool
