"""OpenTelemetry's own instrumentation of httpx sees every attempt, and can name it by operation and templated path."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


def name_by_route(span: Any, request: Any) -> None:
    """A request hook as the README describes it."""
    ours = request.extensions["store_credit"]
    span.update_name(f"{ours['operation']} {ours['route']}")


async def name_by_route_async(span: Any, request: Any) -> None:
    """The same, for the async clients."""
    name_by_route(span, request)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """The spans of the test, collected by the real instrumentation."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(
        tracer_provider=provider, request_hook=name_by_route, async_request_hook=name_by_route_async
    )
    yield exporter
    instrumentor.uninstrument()


def test_every_attempt_is_a_span_named_by_operation_and_route(
    serve: Callable[..., Any], credit: dict[str, Any], spans: InMemorySpanExporter
) -> None:
    """Also of a client made before, and the id is not in the name."""
    with serve(503, (200, credit)).vinr() as client:
        client.store_credit.retrieve("sc_4Bk9mQ")

    found = spans.get_finished_spans()
    assert [span.name for span in found] == ["vinr.store_credit.retrieve /v1/store-credit/{id}"] * 2
    assert [dict(span.attributes or {})["http.status_code"] for span in found] == [503, 200]


@pytest.mark.anyio
async def test_async_calls_are_seen_too(
    serve: Callable[..., Any], credit: dict[str, Any], spans: InMemorySpanExporter
) -> None:
    """One span for one attempt."""
    async with serve((200, credit)).async_vinr() as client:
        await client.store_credit.retrieve("sc_4Bk9mQ")

    assert [span.name for span in spans.get_finished_spans()] == ["vinr.store_credit.retrieve /v1/store-credit/{id}"]
