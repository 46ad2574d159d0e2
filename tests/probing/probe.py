"""schemathesis on a mock: all checks, all phases, the same requests on every run, and each failure named."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import IgnoredAuth, RejectedPositiveData

from contract import Document

from .excuses import EXCUSES, Excuse
from .living import bring_to_life, number_of
from .wire import Opinion
from .world import SPREE_TOKEN, VINR_KEY, World

__all__ = ["Finding", "Report", "probe"]

Data = dict[str, Any]
SEED = 20261122


@dataclass(frozen=True)
class Finding:
    """One failure: which check, on which operation, with the request and the answer."""

    check: str
    operation: str
    request: str
    status: int
    text: str

    def __str__(self) -> str:
        return f"{self.check} x {self.operation}: {self.text}\n    {self.request}\n    answered {self.status}"


@dataclass
class Report:
    """What a run did and found.

    Attributes:
        cases: Requests by operation.
        statuses: Answers by operation and status.
        checks: Times each check was applied.
        findings: Failures without an excuse.
        excused: How often each excuse was taken.
        misjudged: Cases whose bytes are not what schemathesis takes them for, by the second opinion, by operation.
        errors: What schemathesis itself could not do.
        phases: Cases by phase.
        transitions: Links between operations that the stateful phase could walk.
    """

    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    excused: Counter[Excuse] = field(default_factory=Counter)
    misjudged: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    phases: Counter[str] = field(default_factory=Counter)
    transitions: int = 0

    @property
    def caught(self) -> set[str]:
        """The names of the checks that failed."""
        return {finding.check for finding in self.findings}

    def lines(self) -> Iterable[str]:
        """The counts, for whoever reads the test's output."""
        yield f"{sum(self.cases.values())} cases on {len(self.cases)} operations, seed {SEED}"
        yield "phases: " + ", ".join(f"{name} {number}" for name, number in self.phases.items())
        yield f"links walked from: {self.transitions}"
        for operation, number in sorted(self.cases.items()):
            statuses = {status: seen for (name, status), seen in sorted(self.statuses.items()) if name == operation}
            yield f"  {operation:44} {number:5}  " + " ".join(f"{key}:{value}" for key, value in statuses.items())
        yield "checks: " + ", ".join(f"{name} {number}" for name, number in sorted(self.checks.items()))
        yield f"cases that are, as bytes, not what schemathesis takes them for: {sum(self.misjudged.values())}"
        for excuse in EXCUSES:
            yield f"  excused {self.excused[excuse]:4} times {excuse}"


def probe(
    document: Document,
    target: Any,
    world: World,
    *,
    examples: int,
    only: str | None = None,
    excuses: Iterable[Excuse] = EXCUSES,
    phases: Iterable[str] = ("examples", "coverage", "fuzzing", "stateful"),
) -> Report:
    """Send generated requests to a mock and check its answers.

    Args:
        document: `openapi.yaml`.
        target: An ASGI app, or the address of a server.
        world: What the mock was filled with.
        examples: How many cases the fuzzing phase makes of each operation, and how many walks the stateful one.
        only: Pattern of the operationIds to probe; None for all.
        excuses: Failures that are the real server's way.
        phases: Which of schemathesis' phases to run.
    """
    address = target if isinstance(target, str) else "http://127.0.0.1"
    chosen = set(phases)
    settings: Data = {
        "seed": SEED,
        "base-url": address,
        "continue-on-failure": True,
        "generation": {
            "deterministic": True,
            "max-examples": examples,
            "no-shrink": True,
            "database": "none",
            # The credentials below are sent instead; what breaks them is tried by the check `ignored_auth`.
            "with-security-parameters": False,
        },
        "phases": {name: {"enabled": name in chosen} for name in ("examples", "coverage", "fuzzing", "stateful")},
        # 404 is for ids that do not exist, which are sent on purpose, 409 for an idempotency key that came with another
        # body before (V51). 401, 403, 429 and 5xx, which schemathesis lets pass as well, have no place in a run.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "409"]}},
    }
    config = schemathesis.Config.from_dict(settings)
    schema: Any = schemathesis.openapi.from_dict(copy.deepcopy(dict(document.data)), config=config)
    if only is not None:
        schema = schema.include(operation_id_regex=only)
    if not isinstance(target, str):
        schema.app = target
    report = Report()
    _authenticate(schema, world)
    schema.hook(bring_to_life(world))
    schema.hook(_excusing(Opinion(document), tuple(excuses), report))
    for event in from_schema(schema).execute():
        _note(event, report)
    return report


def _authenticate(schema: Any, world: World) -> None:
    @schema.auth(refresh_interval=None)
    class _Credentials:
        def get(self, case: Any, context: Any) -> str:
            return _operation(case)

        def set(self, case: Any, data: str, context: Any) -> None:
            if data.startswith("vinr."):
                case.headers["X-Api-Key"] = VINR_KEY
            elif data.startswith("spree.checkout."):
                case.headers["X-Spree-Order-Token"] = world.order_tokens[number_of(case) % len(world.order_tokens)]
            elif data.startswith("spree.account."):
                case.headers["Authorization"] = f"Bearer {world.customer_token}"
            else:
                case.headers["Authorization"] = f"Bearer {SPREE_TOKEN}"


def _excusing(opinion: Opinion, excuses: tuple[Excuse, ...], report: Report) -> Callable[..., bool]:
    def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
        operation = _operation(case)
        if _misjudged(failure, case, bool(opinion.violations(response.request))):
            report.misjudged[operation] += 1
            return False
        status, body = response.status_code, (response.content or b"").decode("utf-8", "replace")
        if isinstance(failure, IgnoredAuth):
            # The answer that counts is the one to the request without credentials; only the message tells of it.
            told = re.search(r"got `(\d+)", failure.message)
            status, body = int(told[1]) if told else status, ""
        for excuse in excuses:
            if excuse.covers(type(failure).checks, operation, status, body):
                report.excused[excuse] += 1
                return False
        return True

    return filter_failure


def _misjudged(failure: Any, case: Any, breaks: bool) -> bool:
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
        report.errors.append(f"{event.label}: {event.info.title}: {event.info.message}")
    elif isinstance(event, events.PhaseStarted) and event.payload is not None:
        report.transitions = event.payload.transitions_selected
    if not isinstance(event, events.ScenarioFinished):
        return
    recorder = event.recorder
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
                    )
                )


def _operation(case: Any) -> str:
    return case.operation.definition.raw["operationId"]
