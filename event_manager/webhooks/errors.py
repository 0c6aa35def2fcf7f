"""Refusals of the webhooks room."""

from event_manager.kit.errors import Conflict, Invalid, NotFound, TooManyRequests


class WebhookNotFound(NotFound):
    """There is no such webhook."""


class SecretNotFound(NotFound):
    """This webhook has no such signing secret."""


class DeliveryNotFound(NotFound):
    """There is no such delivery."""


class TooManyWebhooks(Conflict):
    """The organisation has as many webhooks as it may have."""


class WebhookNameTaken(Conflict):
    """Another webhook has this name."""


class TooManySecrets(Conflict):
    """The webhook has as many signing secrets in use as it may have."""


class LastSecret(Conflict):
    """A webhook needs at least one signing secret."""


class NotForThisKind(Conflict):
    """This kind of webhook has no such thing."""


class NothingToResume(Conflict):
    """The webhook is neither paused nor degraded."""


class NothingToSend(Conflict):
    """There is nothing that could be sent."""


class DeliveryEnded(Conflict):
    """This delivery has ended."""


class DeliveryWaits(Conflict):
    """This delivery waits to be sent already."""


class WebhookRefused(Invalid):
    """The webhook cannot be set up like this."""


class SampleRefused(Invalid):
    """The payload is not one of this event type."""


class TestedTooOften(TooManyRequests):
    """This webhook was tested too often just now."""


class ReplayNotFound(NotFound):
    """There is no such replay."""


class ReplayEnded(Conflict):
    """This replay has ended."""


class TooManyReplays(Conflict):
    """As many replays as may run at a time are under way."""


class NothingToReplay(Conflict):
    """No entry of the log fits."""


class ReplayRefused(Invalid):
    """The replay cannot be made like this."""


class FeedOff(Conflict):
    """This feed is switched off."""
