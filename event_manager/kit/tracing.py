"""Traces by OpenTelemetry: requests, statements, jobs. Off unless OTEL_EXPORTER_OTLP_ENDPOINT says where they go.

The exporter is the optional extra `otel`; nothing of it is imported while traces are off. All standard OTEL_ variables
count. Only what happens inside a request or job is traced, not the polling of a worker.
"""

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from fastapi.telemetry import TelemetryConfig
from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, StatusCode

from event_manager.kit import logs

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
CORRELATION = "event_manager.correlation_id"
PROBES = ("/health", "/ready", "/metrics")
MISSING = (
    "Traces are off: the OpenTelemetry exporter is not installed. Install opentelemetry-sdk and "
    "opentelemetry-exporter-otlp-proto-http (the extra 'otel'), or unset OTEL_EXPORTER_OTLP_ENDPOINT."
)
log = logs.logger(__name__)
tracer = trace.get_tracer("event_manager")
_provider: Any = None  # the SDK's TracerProvider, which is not importable without the extra


def start(version: str) -> bool:
    """Export the traces of this process from now on, if its environment asks for it; returns whether it does.

    Call it before pools and the application are made. What stands in the way is one line of the log, never a failed
    start.
    """
    global _provider  # noqa: PLW0603 - OpenTelemetry's own provider is one a process, too
    endpoint = _first(ENDPOINTS)
    if _provider is not None or not endpoint or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return _provider is not None
    if (obstacle := _obstacle(endpoint)) is not None:
        log.warning(obstacle)
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning(MISSING)
        return False
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "event-manager"}
    _provider = TracerProvider(resource=Resource.create({**named, "service.version": version}), shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(_provider)
    log.info("traces are exported", endpoint=endpoint)
    return True


def stop() -> None:
    """Send what is left, once, at the end of the process."""
    if _provider is not None:
        _provider.shutdown()


def _first(names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := os.environ.get(name, "").strip())), "")


def _obstacle(endpoint: str) -> str | None:
    address, protocol = urlsplit(endpoint), _first(PROTOCOLS) or "http/protobuf"
    if address.scheme not in ("http", "https") or not address.hostname:
        return f"Traces are off: OTEL_EXPORTER_OTLP_ENDPOINT must be like http://collector:4318, not '{endpoint}'."
    if protocol != "http/protobuf":
        return f"Traces are off: OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf, not '{protocol}'."
    return None


def of_requests() -> TelemetryConfig:
    """What FastAPI traces by itself: requests without the probes of a monitor. Metrics and logs are ours."""
    on = _provider is not None
    return {"tracing": on, "metrics": False, "logs": False, "auto_configure": False, "exclude": _is_probe}


def _is_probe(scope: MutableMapping[str, Any]) -> bool:
    return scope.get("path") in PROBES


def correlate(correlation_id: str) -> None:
    """Put our id on the span of the present request, so that a trace is found from a log line and the other way."""
    if _provider is not None:
        trace.get_current_span().set_attribute(CORRELATION, correlation_id)


def traceparent() -> str:
    """W3C trace context of what runs now, to be kept with a job; empty outside of a trace."""
    if _provider is None:
        return ""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent", "")


class JobSpan:
    """The span of one run of a job."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def failed(self, reason: str) -> None:
        """The run ended with an error; ``reason`` is stored, so it must hold no secret."""
        self._span.set_status(StatusCode.ERROR, reason)


@contextmanager
def job(task: str, *, job_id: str, attempt: int, correlation_id: str, parent: str) -> Iterator[JobSpan]:
    """The span around one run of a job, a child of what deferred it (``parent``: its traceparent, or empty)."""
    if _provider is None:
        yield JobSpan(trace.INVALID_SPAN)
        return
    attributes: dict[str, str | int] = {
        CORRELATION: correlation_id, "event_manager.job.id": job_id, "event_manager.job.attempt": attempt,
    }  # fmt: skip
    context = propagate.extract({"traceparent": parent}) if parent else None
    with tracer.start_as_current_span(
        f"job {task}", context=context, kind=SpanKind.CONSUMER, attributes=attributes, record_exception=False
    ) as span:
        yield JobSpan(span)


@contextmanager
def _statement(operation: str, text: str) -> Iterator[None]:
    """A span for a statement inside a trace. Errors by their code: a message may hold somebody's data."""
    attributes = {"db.system.name": "postgresql", "db.operation.name": operation, "db.query.text": text}
    with tracer.start_as_current_span(
        operation, kind=SpanKind.CLIENT, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield
        except psycopg.Error as error:
            span.set_attribute("db.response.status_code", error.sqlstate or "")
            span.set_status(StatusCode.ERROR, type(error).__name__)
            raise


class TracedCursor(psycopg.AsyncCursor[Any]):
    """A cursor whose statements are spans when they happen inside a trace."""

    async def execute(self, query: Any, params: Any = None, **options: Any) -> "TracedCursor":
        """As psycopg's. The text has placeholders, so no values are exported."""
        if not trace.get_current_span().is_recording():
            return await super().execute(query, params, **options)
        text = query if isinstance(query, str) else psycopg.sql.as_string(query, self)
        with _statement(text.split(None, 1)[0].upper(), text):
            return await super().execute(query, params, **options)


class TracedConnection(psycopg.AsyncConnection[Any]):
    """A connection whose statements and commits are spans when they happen inside a trace."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.cursor_factory = TracedCursor

    async def commit(self) -> None:
        """As psycopg's; often the longest of all, since it waits for the disk."""
        if not trace.get_current_span().is_recording():
            await super().commit()
            return
        with _statement("COMMIT", "COMMIT"):
            await super().commit()


def connection_class() -> type[psycopg.AsyncConnection[Any]]:
    """What pools are made of: psycopg's own connections while traces are off."""
    return psycopg.AsyncConnection if _provider is None else TracedConnection
