"""Sentry, Datadog, New Relic and OpenTelemetry see the calls of a default client as they see those of the HTTP library.

Each runs in a process of its own, since they patch the libraries for good. They reach no server of theirs: what they
saw is read where they would send it.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.slow

SENTRY = """
import sentry_sdk
from sentry_sdk.transport import Transport

sent = []

class Keep(Transport):
    def capture_envelope(self, envelope):
        sent.extend(item.payload.json for item in envelope.items if item.type == "transaction")

def instrument():
    name = "HttpxIntegration" if library.__name__ == "httpx" else "Httpx2Integration"
    integration = getattr(import_module("sentry_sdk.integrations." + library.__name__), name)
    sentry_sdk.init(
        dsn="http://key@127.0.0.1:9/1", transport=Keep, traces_sample_rate=1.0, default_integrations=False,
        auto_enabling_integrations=False, integrations=[integration()],
    )

@contextmanager
def watching(spans):
    sent.clear()
    with sentry_sdk.start_transaction(name="test"):
        yield
        crumbs = [crumb["data"] for crumb in sentry_sdk.get_isolation_scope()._breadcrumbs]
    (transaction,) = sent
    for span in transaction["spans"]:
        data = span["data"]
        spans.append([data["http.method"], data["url"], data.get("http.response.status_code", "error")])
    spans.append(["crumbs", "", sum(crumb["url"] == spans[0][1] for crumb in crumbs)])
    sentry_sdk.get_isolation_scope().clear_breadcrumbs()
"""

DATADOG = """
os.environ.update(DD_INSTRUMENTATION_TELEMETRY_ENABLED="false", DD_REMOTE_CONFIGURATION_ENABLED="false",
                  DD_TRACE_AGENT_URL="http://127.0.0.1:9", DD_TRACE_STARTUP_LOGS="false")
import ddtrace
from ddtrace.trace import TraceFilter, tracer

kept = []

class Keep(TraceFilter):
    def process_trace(self, trace):
        kept.extend(trace)
        return None  # and nothing is sent

def instrument():
    tracer.configure(trace_processors=[Keep()])
    ddtrace.patch(**{library.__name__: True})

@contextmanager
def watching(spans):
    kept.clear()
    with tracer.trace("test"):
        yield
    for span in kept:
        if span.name == "http.request":
            status = span.get_tag("http.status_code") or "error"
            spans.append([span.get_tag("http.method"), span.get_tag("http.url"), status])
"""

NEW_RELIC = """
os.environ.update(NEW_RELIC_DEVELOPER_MODE="true", NEW_RELIC_LICENSE_KEY="0" * 40, NEW_RELIC_APP_NAME="test",
                  NEW_RELIC_LOG="stderr", NEW_RELIC_LOG_LEVEL="error", NEW_RELIC_STARTUP_TIMEOUT="10")
import newrelic.agent

application = None

def instrument():
    global application
    newrelic.agent.initialize()
    application = newrelic.agent.register_application()
    external = import_module("newrelic.hooks.external_" + library.__name__)

    class Keep(external.ExternalTrace):
        def process_response(self, status_code, headers):
            self.seen = status_code
            return super().process_response(status_code, headers)

        def __exit__(self, kind, value, traceback):
            watched.append([self.method, self.url, getattr(self, "seen", None) or (kind and "error")])
            return super().__exit__(kind, value, traceback)

    external.ExternalTrace = Keep

watched = []

@contextmanager
def watching(spans):
    watched.clear()
    with newrelic.agent.BackgroundTask(application, "test"):
        yield
    spans.extend(watched)
"""

OPENTELEMETRY = """
from opentelemetry.instrumentation import httpx as instrumentation
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter = InMemorySpanExporter()

def instrument():
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    name = "HTTPXClientInstrumentor" if library.__name__ == "httpx" else "HTTPX2ClientInstrumentor"
    getattr(instrumentation, name)().instrument(tracer_provider=provider)

@contextmanager
def watching(spans):
    exporter.clear()
    yield
    for span in exporter.get_finished_spans():
        data = span.attributes
        spans.append([data["http.method"], data["http.url"], data.get("http.status_code", "error")])
"""

PROGRAM = """
import asyncio
import json
import os
import socket
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module

library = import_module(os.environ["STORE_CREDIT_BACKEND"])

{vendor}

from store_credit import AsyncVinrClient, StoreCreditError, VinrClient

CREDIT = {{"id": "sc_1", "customer": "cust_1", "amount": 5, "currency": "USD", "balance_remaining": 5,
           "expires_at": None, "created": 1780000000}}
propagated = []


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        names = {{name.lower() for name in self.headers}}
        propagated.append(bool(names & {{"traceparent", "sentry-trace", "x-datadog-trace-id", "newrelic"}}))
        status, body = (200, json.dumps(CREDIT).encode()) if self.path.endswith("sc_1") else (404, b"{{}}")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
THERE = f"http://127.0.0.1:{{server.server_port}}"
# A socket that is bound and does not listen: connections to it are refused, and no one else gets the port.
closed = socket.socket()
closed.bind(("127.0.0.1", 0))
NOWHERE = f"http://127.0.0.1:{{closed.getsockname()[1]}}"
CALLS = [(THERE, "sc_1"), (THERE, "sc_2"), (NOWHERE, "sc_1")]


def clients(kind):
    return {{base: kind("sk_test_1", base_url=base, max_retries=0) for base in (THERE, NOWHERE)}}


def call_all(made):
    for base, name in CALLS:
        try:
            assert made[base].store_credit.retrieve(name).balance_remaining == 5
        except StoreCreditError as error:
            assert type(error).__name__ in ("NotFoundError", "APIConnectionError"), repr(error)


async def await_all(made):
    for base, name in CALLS:
        try:
            assert (await made[base].store_credit.retrieve(name)).balance_remaining == 5
        except StoreCreditError as error:
            assert type(error).__name__ in ("NotFoundError", "APIConnectionError"), repr(error)


def call_library(client):
    for base, name in CALLS:
        try:
            client.get(f"{{base}}/v1/store-credit/{{name}}")
        except library.ConnectError:
            pass


async def await_library(client):
    for base, name in CALLS:
        try:
            await client.get(f"{{base}}/v1/store-credit/{{name}}")
        except library.ConnectError:
            pass


async def main():
    before, before_async = clients(VinrClient), clients(AsyncVinrClient)
    # Their connections are open and whatever they remember is settled.
    call_all(before)
    await await_all(before_async)
    instrument()
    after, after_async = clients(VinrClient), clients(AsyncVinrClient)
    seen = {{}}

    async def watch(name, work, given):
        spans = []
        propagated.clear()
        with watching(spans):
            made = work(given)
            if made is not None:
                await made
        where = [(THERE, "THERE"), (NOWHERE, "NOWHERE")]
        for span in spans:
            for base, word in where:
                span[1] = span[1].replace(base, word)
        seen[name] = [[str(part) for part in span] for span in spans], list(propagated)

    with library.Client() as own:
        await watch("library", call_library, own)
    await watch("made before", call_all, before)
    await watch("made after", call_all, after)
    async with library.AsyncClient() as own:
        await watch("library, async", await_library, own)
    await watch("made before, async", await_all, before_async)
    await watch("made after, async", await_all, after_async)
    print("SEEN", json.dumps(seen), flush=True)
    # What the vendors would do at the end of a process (send, wait for threads) is not wanted.
    os._exit(0)

asyncio.run(main())
"""

VENDORS = {
    "sentry": ("sentry_sdk", SENTRY),
    "datadog": ("ddtrace", DATADOG),
    "new relic": ("newrelic.agent", NEW_RELIC),
    "opentelemetry": ("opentelemetry.instrumentation.httpx", OPENTELEMETRY),
}


def seen(vendor: str, library: str) -> dict[str, Any]:
    """What a vendor saw of the same calls through the library, and through clients made before and after it came."""
    module, setup = VENDORS[vendor]
    for name in (module, library):
        pytest.importorskip(name, reason=f"{name} is not installed here")
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment["STORE_CREDIT_BACKEND"] = library
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(vendor=setup)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("SEEN ")]
    return json.loads(line.removeprefix("SEEN "))


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_calls_of_a_default_client_are_seen_as_the_librarys_own(vendor: str, library: str) -> None:
    """The same methods, addresses, statuses and failures, and the same headers that carry the trace on."""
    watched = seen(vendor, library)
    spans, propagated = watched["library"]

    calls = [span[:2] for span in spans if span[0] == "GET"]
    assert calls == [
        ["GET", "THERE/v1/store-credit/sc_1"],
        ["GET", "THERE/v1/store-credit/sc_2"],
        ["GET", "NOWHERE/v1/store-credit/sc_1"],
    ]
    assert propagated == [True, True]
    for name in ("made before", "made after"):
        assert watched[name] == watched["library"], name
    for name in ("made before, async", "made after, async"):
        assert watched[name] == watched["library, async"], name
