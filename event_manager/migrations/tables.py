"""Every module that defines tables, so that the metadata is complete wherever it is asked for."""

import importlib

MODULES = (
    "event_manager.kit.idempotency",
    "event_manager.kit.jobs.models",
    "event_manager.kit.mail_models",
    "event_manager.tenancy.models",
    "event_manager.eventlog.models",
    "event_manager.eventlog.seal_models",
    "event_manager.eventlog.cursor_models",
    "event_manager.eventlog.handler_models",
    "event_manager.eventlog.person_models",
    "event_manager.identity.models",
    "event_manager.contests.models",
    "event_manager.scoring.models",
    "event_manager.webhooks.models",
    "event_manager.notifications.models",
)


def load() -> None:
    """Import them."""
    for name in MODULES:
        importlib.import_module(name)
