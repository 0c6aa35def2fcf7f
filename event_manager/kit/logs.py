"""Structured logs: one JSON line an occurrence, with the correlation id, never with a secret."""

import logging
import os
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog
from opentelemetry import trace

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
HIDDEN = ("password", "token", "secret", "authorization", "cookie", "code", "key")


def configure(level: str, style: str) -> None:
    """Set up structlog for a process; ``style`` is json or console."""
    # Plain tracebacks: the pretty ones print local variables, which may be secrets.
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        exception_formatter=structlog.dev.plain_traceback,
    )
    renderer: Any = structlog.processors.JSONRenderer() if style == "json" else console
    finish = [structlog.processors.format_exc_info] if style == "json" else []
    structlog.configure(
        processors=[
            _add_correlation,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *finish,
            _hide_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")


def _add_correlation(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    current = correlation_id.get()
    if current:
        event.setdefault("correlation_id", current)
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event.setdefault("trace_id", trace.format_trace_id(span.trace_id))
    return event


def _hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in event:
        if any(word in name.lower() for word in HIDDEN):
            event[name] = "***"
    return event


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger that names its module."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(module=name)
    return bound
