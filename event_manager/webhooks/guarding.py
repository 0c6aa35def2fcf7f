"""Which addresses the webhooks of this installation may reach."""

from event_manager.config import Settings
from event_manager.kit.egress import Guard

LOOPBACK = ("127.0.0.0/8", "::1/128")


def guard_of(settings: Settings) -> Guard:
    """Public addresses, the networks that the operator allows, and in the demo this machine. ValueError for no CIDR."""
    return Guard([*settings.webhook_allowed_networks, *(LOOPBACK if settings.demo else ())])
