"""schemathesis on a server: all checks, all phases, the same requests on every run, and each failure named."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import IgnoredAuth, RejectedPositiveData

from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.fuzz.existing_records import KnownRecords, give_key, number_of, use_existing_ids
from store_credit_mock.verify.fuzz.known_deviations import KNOWN_DEVIATIONS, KnownDeviation
from store_credit_mock.verify.fuzz.report import Finding, Report

__all__ = ["PHASES", "probe"]

PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")
_SEED: Final = 20261122


def probe(
    document: Any,
    app: Any,
    world: KnownRecords,
    *,
    examples: int,
    breaks: Callable[[Any], bool],
    only: str | None = None,
    deviations: Iterable[KnownDeviation] = KNOWN_DEVIATIONS,
    phases: Iterable[str] = PHASES,
    guard: Callable[[Any], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Report:
    """Send generated requests to a server and check its responses.

    Args:
        document: `openapi.yaml` as it was read.
        app: An ASGI app, or the address of a server.
        world: What there is on the server, and what opens it.
        examples: How many cases the fuzzing phase makes of each operation, and how many walks the stateful one.
        breaks: Whether a request, prepared by `requests`, breaks the document: a second opinion, by the bytes sent.
        only: Pattern of the operationIds to probe; None for all.
        deviations: Failures that are the real server's way.
        phases: Which of schemathesis' phases to run.
        guard: Called with each case before it is sent, to change it.
        stopped: Whether to send nothing more.

    Raises:
        KeyboardInterrupt: The user has interrupted the run.
    """
    chosen = set(phases)
    settings: dict[str, Any] = {
        "seed": _SEED,
        "continue-on-failure": True,
        # It would be a folder beside the user's files, and send on the next run what was found on this one.
        "cache": {"enabled": False},
        "generation": {
            "deterministic": True,
            "max-examples": examples,
            "no-shrink": True,
            "database": "none",
            # The credentials below are sent instead; what breaks them is tried by the check `ignored_auth`.
            "with-security-parameters": False,
        },
        "phases": {name: {"enabled": name in chosen} for name in PHASES},
        # 404 is for ids that do not exist, which are sent on purpose, 409 for an idempotency key that came with another
        # body before (V51). 401, 403, 429 and 5xx, which schemathesis lets pass as well, have no place in a run.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "409"]}},
    }
    if guard is not None:
        # What a server makes of DELETE where the OpenAPI document has none is not tried on somebody's data.
        settings["phases"]["coverage"]["unexpected-methods"] = ["TRACE"]
    if isinstance(app, str):
        settings["base-url"] = app
    library: Any = schemathesis
    schema: Any = library.openapi.from_dict(_homeless(document), config=library.Config.from_dict(settings))
    if only is not None:
        schema = schema.include(operation_id_regex=only)
    if not isinstance(app, str):
        schema.app = _Watched(app, lambda: stream.stop() if stopped() else None)
    report = Report()
    _authenticate(schema, world)
    with_existing_ids = use_existing_ids(world)

    def map_case(context: Any, case: Any) -> Any:
        existing = with_existing_ids(context, case)
        if guard is not None:
            guard(existing)
        give_key(existing)
        return existing

    schema.hook(map_case)
    schema.hook(_excusing(breaks, tuple(deviations), report))
    stream: Any = from_schema(schema).execute()
    for event in stream:
        # To stop it is an interruption too, for schemathesis.
        if isinstance(event, events.Interrupted) and not stopped():
            raise KeyboardInterrupt
        _note(event, report)
    return report


def _homeless(document: Any) -> dict[str, Any]:
    """The document without the addresses of real servers.

    schemathesis has two requests of its own ahead of all others, which do not go through an app. Where the document
    names no host, it leaves them out.
    """
    data: dict[str, Any] = copy.deepcopy(dict(document))
    data["servers"] = [{"url": "/"}]
    for item in data["paths"].values():
        item.pop("servers", None)
    return data


class _Watched:
    """An ASGI app after each of whose answers something is done, even when it has none."""

    def __init__(self, app: Any, after: Callable[[], object]) -> None:
        self._app = app
        self._after = after

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # What schemathesis calls a host is none, and a mock takes only hosts of this machine.
        others = [header for header in scope["headers"] if header[0] != b"host"] if "headers" in scope else []
        try:
            await self._app({**scope, "headers": [(b"host", b"127.0.0.1"), *others]}, receive, send)
        finally:
            self._after()


def _authenticate(schema: Any, world: KnownRecords) -> None:
    @schema.auth(refresh_interval=None)
    class _Credentials:  # pyright: ignore[reportUnusedClass]
        def get(self, case: Any, context: Any) -> str:
            return _operation(case)

        def set(self, case: Any, data: str, context: Any) -> None:
            case.headers.update(world.credentials(data, number_of(case)))


def _excusing(
    breaks: Callable[[Any], bool], deviations: tuple[KnownDeviation, ...], report: Report
) -> Callable[..., bool]:
    def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
        operation, checks = _operation(case), failure.checks
        if _misjudged(failure, case, breaks=breaks(response.request)):
            report.misjudged[operation] += 1
            return False
        if "unsupported_method" in checks and 400 <= response.status_code < 500:
            # The document names no status for a method that it does not have: every refusal is as good as 405.
            return False
        status, body = response.status_code, (response.content or b"").decode("utf-8", "replace")
        if isinstance(failure, IgnoredAuth):
            # The response that counts is the one to the request without credentials; only the message tells of it.
            told = re.search(r"got `(\d+)", failure.message)
            status, body = int(told[1]) if told else status, ""
        for deviation in deviations:
            if deviation.covers(checks, operation, status, body):
                report.excused[deviation] += 1
                return False
        return True

    return filter_failure


def _misjudged(failure: Any, case: Any, *, breaks: bool) -> bool:
    """Whether the bytes sent are not what schemathesis takes the case for."""
    if isinstance(failure, RejectedPositiveData):
        return breaks
    # Outside the body every value is a text, so that what was no text before may be right on the wire.
    return (
        isinstance(failure, AcceptedNegativeData)
        and not breaks
        and not (case.meta is not None and case.meta.is_negative_at(ParameterLocation.BODY))
    )


def _note(event: Any, report: Report) -> None:
    if isinstance(event, events.NonFatalError):
        # What the wire refuses or does not get is told by the wire.
        if not isinstance(event.value, httpx.TransportError):
            report.errors.append(f"{event.label}: {event.info.title}: {event.info.message}")
    elif isinstance(event, events.PhaseStarted) and event.payload is not None:
        report.transitions = event.payload.transitions_selected
    if not isinstance(event, events.ScenarioFinished):
        return
    recorder: Any = event.recorder
    for identity, node in recorder.cases.items():
        operation = _operation(node.value)
        report.cases[operation] += 1
        report.phases[event.phase.value] += 1
        interaction = recorder.interactions.get(identity)
        if interaction is not None and interaction.response is not None:
            report.statuses[operation, interaction.response.status_code] += 1
    for identity, checks in recorder.checks.items():
        for check in checks:
            report.checks[check.name] += 1
            if check.failure_info is not None:
                failure: Failure = check.failure_info.failure
                answer = recorder.interactions[identity].response
                said = (
                    "" if answer is None or answer.content is None else answer.content[:300].decode("utf-8", "replace")
                )
                report.findings.append(
                    Finding(
                        check.name,
                        _operation(recorder.cases[identity].value),
                        check.failure_info.code_sample,
                        0 if answer is None else answer.status_code,
                        f"{failure} -- {said}",
                        None if answer is None else answer.request,
                    )
                )


def _operation(case: Any) -> str:
    return case.operation.definition.raw["operationId"]
