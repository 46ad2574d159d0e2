"""Metrics of one server in the format of Prometheus, kept in a registry of its own.

Labels are bounded: operations are those of the documents, methods those that are known. They are of this process alone:
where several serve one sandbox each is asked by itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final

from store_credit_mock.http import Request, Response

try:
    from prometheus_client import CollectorRegistry, Info, ProcessCollector
    from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
    from prometheus_client.exposition import choose_encoder
    from prometheus_client.registry import Collector
except ImportError as error:
    raise ImportError("--metrics needs the `server` extra: pip install 'store-credit-mock[server]'") from error

__all__ = ["Metrics"]

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BOUNDS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0)
"""Seconds; most exchanges take less than one millisecond."""
_LABELS: Final = [*map(str, _BOUNDS), "+Inf"]


class Metrics(Collector):
    """Counts exchanges by operation, method and status, and how long they take.

    It collects when it is asked: counting in the library's own counters would take as long as many an exchange.

    Args:
        about: What the mock is, as texts by name.
    """

    def __init__(self, about: dict[str, str]) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests: dict[tuple[str | None, str, int | None], int] = {}
        self._violations: dict[str | None, int] = {}
        self._buckets: dict[str | None, list[int]] = {}
        self._seconds: dict[str | None, float] = {}
        registry.register(self)
        Info("store_credit_mock", "What it is.", registry=registry).info(about)
        ProcessCollector(registry=registry)

    def add(self, operation: str | None, method: str, status: int | None, seconds: float, *, broken: bool) -> None:
        """Count an exchange; see `Log.exchange` for what is given."""
        place = (operation, method if method in _METHODS else "OTHER", status)
        self._requests[place] = self._requests.get(place, 0) + 1
        buckets = self._buckets.get(operation)
        if buckets is None:
            buckets = self._buckets[operation] = [0] * len(_LABELS)
            self._seconds[operation] = 0.0
        buckets[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[operation] += seconds
        if broken:
            self._violations[operation] = self._violations.get(operation, 0) + 1

    def collect(self) -> Iterator[Any]:
        """Yield what was counted, for the registry."""
        requests = CounterMetricFamily(
            "store_credit_mock_requests", "Exchanges.", labels=("operation", "method", "status")
        )
        for (operation, method, status), count in self._requests.items():
            requests.add_metric((operation or "none", method, "dropped" if status is None else str(status)), count)
        yield requests
        seconds = HistogramMetricFamily(
            "store_credit_mock_request_seconds",
            "Duration of requests in seconds, including scheduled delays.",
            labels=("operation",),
        )
        for operation, buckets in self._buckets.items():
            counted = [(label, float(count)) for label, count in zip(_LABELS, accumulate(buckets), strict=True)]
            seconds.add_metric((operation or "none",), counted, self._seconds[operation])
        yield seconds
        violations = CounterMetricFamily(
            "store_credit_mock_violating_requests",
            "Exchanges that violated the OpenAPI document.",
            labels=("operation",),
        )
        for operation, count in self._violations.items():
            violations.add_metric((operation or "none",), count)
        yield violations

    def response(self, request: Request) -> Response:
        """Answer a request for them: in the form it accepts, which is that of Prometheus or of OpenMetrics."""
        if request.method not in {"GET", "HEAD"}:
            headers = [(b"allow", b"GET, HEAD"), (b"content-type", b"application/json")]
            return Response(405, headers, b'{"error":"metrics are read with GET"}')
        encode, kind = choose_encoder(request.header("accept") or "")
        headers = [(b"content-type", kind.encode("latin-1")), (b"cache-control", b"no-store")]
        return Response(200, headers, encode(self._registry))
