"""Traces by OpenTelemetry, read by a real receiver of the standard protocol."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import psycopg
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from benchmarks.hall import free_port, wait_until_healthy
from event_manager.kit import tracing
from event_manager.kit.postgres import EmbeddedServer
from tests.conftest import SECRET
from tests.people import People
from tests.snapshot import Snapshot

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"


class Collector(ThreadingHTTPServer):
    """Takes OTLP over HTTP and keeps the spans."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.spans: list[Span] = []
        self.services: set[str] = set()
        self.endpoint = f"http://127.0.0.1:{self.server_address[1]}"

    def trace(self, trace_id: str) -> list[Span]:
        return [span for span in self.spans if span.trace_id.hex() == trace_id]


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        body = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
        for resource in body.resource_spans:
            named = [each for each in resource.resource.attributes if each.key == "service.name"]
            self.server.services |= {each.value.string_value for each in named}
            for scope in resource.scope_spans:
                self.server.spans += scope.spans
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def environment(server: EmbeddedServer, **settings: str) -> dict[str, str]:
    url = psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname="event_manager")
    return {**os.environ, "DATABASE_URL": url, "EVENT_MANAGER_SECRET_KEY": SECRET, **settings}


def attributes(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value for each in span.attributes}


def serve(port: int, env: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "event_manager", "serve", "--port", str(port)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def stopped(process: subprocess.Popen[str]) -> str:
    process.terminate()
    output, _ = process.communicate(timeout=40)
    assert process.returncode == 0, output
    return output


def test_a_request_its_statements_and_the_job_that_it_deferred_are_one_trace(
    server: EmbeddedServer, people: People, snapshot: Snapshot, collector: Collector
) -> None:
    port = free_port()
    process = serve(port, environment(server, OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint))
    try:
        wait_until_healthy(port, process)
        answer = httpx.post(
            f"http://127.0.0.1:{port}/api/identity/password/forgot",
            json={"email": people["alice"].email},
            headers={"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Correlation-ID": "asked-for-a-link"},
        )
    finally:
        log = stopped(process)
        snapshot.restore()
    spans = {span.name: span for span in collector.trace(TRACE)}
    request = spans["POST /api/identity/password/forgot"]
    job = spans["job identity.mail_reset_link"]
    statements = [span for span in spans.values() if attributes(span).get("db.system.name") == "postgresql"]

    assert answer.status_code == 202
    assert collector.services == {"event-manager"}
    assert request.parent_span_id.hex() == CALLER
    assert attributes(request)[tracing.CORRELATION] == "asked-for-a-link"
    assert attributes(job)[tracing.CORRELATION] == "asked-for-a-link"
    assert {"INSERT", "COMMIT"} <= {span.name for span in statements}
    assert people["alice"].email not in "".join(attributes(span).get("db.query.text", "") for span in statements)
    assert [span.name for span in collector.spans if "/health" in span.name] == []
    assert f'"trace_id": "{TRACE}"' in log


START = "from event_manager.kit import logs, tracing; logs.configure('INFO', 'json'); print(tracing.start('1.0'))"
NO_EXTRA = "import sys; sys.modules['opentelemetry.sdk'] = sys.modules['opentelemetry.exporter'] = None; "


@pytest.mark.parametrize(
    ("before", "variables", "words"),
    [
        (NO_EXTRA, {}, tracing.MISSING),
        ("", {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "must be like http://collector:4318"),
        ("", {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "must be http/protobuf, not 'grpc'"),
    ],
)
def test_what_keeps_traces_off_is_one_line_and_the_start_goes_on(
    before: str, variables: dict[str, str], words: str
) -> None:
    env = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", **variables}
    done = subprocess.run([sys.executable, "-c", before + START], env=env, capture_output=True, text=True, timeout=60)
    line, answer = done.stdout.splitlines()

    assert (done.returncode, answer, done.stderr) == (0, "False", "")
    assert words in line


def test_without_an_endpoint_nothing_of_the_exporter_is_imported() -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    check = START + "; import sys; print('opentelemetry.sdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], env=env, capture_output=True, text=True, timeout=60)

    assert done.stdout.split() == ["False", "False"]
