"""OpenTelemetry's own instrumentation of httpx sees every attempt, and can name it by operation and templated path.

What the instrumentation of httpx2 sees is in `test_instrumentation`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytest.importorskip("opentelemetry.instrumentation.httpx", reason="OpenTelemetry is not installed here")

from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

CREDIT = "vinr.store_credit.retrieve /v1/store-credit/{id}"


def name_by_route(span: Any, request: Any) -> None:
    """A request hook as the README describes it."""
    ours = request.extensions["store_credit"]
    span.update_name(f"{ours['operation']} {ours['route']}")


async def name_by_route_async(span: Any, request: Any) -> None:
    """The same, for the async clients."""
    name_by_route(span, request)


@contextmanager
def instrumented() -> Iterator[InMemorySpanExporter]:
    """The spans of a block, collected by the real instrumentation."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(
        tracer_provider=provider, request_hook=name_by_route, async_request_hook=name_by_route_async
    )
    try:
        yield exporter
    finally:
        instrumentor.uninstrument()


def test_every_attempt_is_a_span_named_by_operation_and_route(serve: Callable[..., Any], credit: Any) -> None:
    """The id is not in the name, so that names are few; each request carries the context of its span."""
    server = serve(503, (200, credit))
    with instrumented() as spans, server.vinr(backend="httpx") as client:
        client.store_credit.retrieve("sc_4Bk9mQ")
    found = spans.get_finished_spans()

    assert [span.name for span in found] == [CREDIT] * 2
    assert [dict(span.attributes or {})["http.status_code"] for span in found] == [503, 200]
    assert len({one.headers["traceparent"] for one in server.requests}) == 2


@pytest.mark.parametrize(
    ("call", "operation", "route"),
    [
        (
            lambda spree: spree.store_credits.update("7", memo="x"),
            "spree.store_credits.update",
            "/api/v2/platform/store_credits/{id}",
        ),
        (
            lambda spree: spree.orders.use_store_credit("R1"),
            "spree.orders.use_store_credit",
            "/api/v2/platform/orders/{id}/use_store_credit",
        ),
        (
            lambda spree: spree.request("GET", "/api/v2/platform/orders?page=2"),
            "GET /api/v2/platform/orders",
            "/api/v2/platform/orders",
        ),
    ],
    ids=["update", "use", "raw"],
)
def test_every_request_says_its_operation_and_route(
    serve: Callable[..., Any], store_credit: Any, call: Any, operation: str, route: str
) -> None:
    """In the extensions of the request, where any instrumentation of httpx can read them."""
    server = serve(store_credit)
    call(server.spree())

    assert server.request.extensions["store_credit"] == {"operation": operation, "route": route}
