"""A whole run: look, try the scenarios, send generated requests, clear up."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.control import Control
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.cleanup import clear
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.credentials import CONTROL
from store_credit_mock.verify.deadline_transport import DeadlineTransport
from store_credit_mock.verify.finding_maker import FindingMaker
from store_credit_mock.verify.findings import Finding
from store_credit_mock.verify.fuzz.asgi_bridge import Bridge
from store_credit_mock.verify.fuzz.runner import ExistingIds, Generated, probe_server
from store_credit_mock.verify.preflight import CannotRunError, check_control, check_ids, check_server
from store_credit_mock.verify.reference import Reference
from store_credit_mock.verify.results import CheckResult, Run
from store_credit_mock.verify.safety import is_loopback
from store_credit_mock.verify.scenarios import Scenario, Target, attempt
from store_credit_mock.verify.scenarios.assertions import Outcome
from store_credit_mock.verify.selection import WALKS
from store_credit_mock.verify.settings import Settings
from store_credit_mock.verify.systems import VerifiedSystem
from store_credit_mock.verify.transport import VerifyTransport
from store_credit_mock.verify.webhook_listener import WebhookListener

__all__ = ["verify"]

_SAMPLES = 3
"""Things of one kind that are named."""
_NO_MORE = "no more requests may be sent"


def verify(
    settings: Settings,
    system: VerifiedSystem,
    validator: ExchangeValidator,
    *,
    inner: httpx.BaseTransport | None = None,
    seen: Callable[[Exchange], None] | None = None,
    told: Callable[[CheckResult], object] = bool,
) -> Run:
    """Verify a server.

    Args:
        settings: What to do.
        system: What is known of the system.
        validator: The document.
        inner: What sends requests; over the network if None.
        seen: Called with each exchange.
        told: Called with each thing that was tried, when it was.

    Raises:
        OSError: The file of authorities cannot be read.
    """
    made = CreatedRecords(system)
    sends = inner if inner is not None else DeadlineTransport(settings.timeout, settings.ca)
    wire = VerifyTransport(sends, validator, made, limit=settings.max_requests, base=settings.address, seen=seen)
    run = Run(settings.address, settings.system, validator.document.version, settings.max_requests)
    with contextlib.ExitStack() as stack:
        stack.callback(wire.close)
        verifier = _Verifier(settings, system, validator, made, wire, run, told, stack)
        try:
            verifier.go()
        except CannotRunError as error:
            run.refused = str(error)
        except KeyboardInterrupt:
            run.interrupted = True
        finally:
            try:
                run.left = clear(wire, made, system, verifier.target, keep=settings.keep)
            except KeyboardInterrupt:
                run.interrupted = True
                run.left = [f"{thing.resource} {thing.id}" for thing in made.left]
            run.sent, run.held_back, run.unsendable = wire.sent, wire.held_back, wire.unsendable
            run.made, run.removed = len(made), len(made) - len(made.left)
            run.notes.extend(f"it is not in the OpenAPI document: {note}" for note in list(wire.notes)[:20])
            run.stale = [str(entry) for entry in settings.accepted.stale]
    return run


class _Verifier:
    def __init__(
        self,
        settings: Settings,
        system: VerifiedSystem,
        validator: ExchangeValidator,
        made: CreatedRecords,
        wire: VerifyTransport,
        run: Run,
        told: Callable[[CheckResult], object],
        stack: contextlib.ExitStack,
    ) -> None:
        self.system = system
        self.settings, self.validator, self.made, self.wire, self.run, self.told = (
            settings,
            validator,
            made,
            wire,
            run,
            told,
        )
        self._stack = stack
        self._agent = "store-credit-mock-verify"
        reference = Reference(system, validator.closed, settings.ids)
        stack.callback(reference.close)
        wire.could_make = reference.could_make
        self.maker = FindingMaker(settings, system, validator, reference)
        self.target = self._target()

    def _client(self, **headers: str) -> httpx.Client:
        known = {"User-Agent": self._agent, "Accept-Encoding": "identity", **headers}
        # Nothing of the machine's: no proxy, no .netrc with other credentials.
        client = httpx.Client(transport=self.wire, base_url=self.settings.address, headers=known, trust_env=False)
        return self._stack.enter_context(contextlib.closing(client))

    def _target(self) -> Target:
        settings = self.settings
        control = settings.credentials.get(CONTROL)
        return Target(
            settings.system,
            self._client(**self.system.headers(settings.credentials)),
            self.made,
            settings.ids,
            None if control is None else Control.connect(settings.address, control, self._client()),
        )

    def go(self) -> None:
        """Do it all but the clearing up.

        Raises:
            CannotRunError: It cannot begin.
        """
        target, settings = self.target, self.settings
        for argument in self.system.arguments:
            if argument.may_change and argument.name in settings.ids:
                self.made.allowed[argument.name] = {settings.ids[argument.name]}
        check_server(settings.address, self.system, target)
        if target.control is not None:
            check_control(target.control)
        check_ids(self.system, target)
        self.wire.trail.clear()
        wants = any("receiver" in scenario.needs for scenario in self.system.scenarios)
        if target.control is not None and wants and is_loopback(settings.address):
            mailbox = WebhookListener(settings.timeout)
            self._stack.callback(mailbox.close)
            target.receiver, target.received = mailbox.url, mailbox.received
        for scenario in self.system.scenarios:
            if self._chosen(scenario.name):
                self._keep(self._try(scenario))
        if settings.generated:
            for result in self._generated():
                self._keep(result)
        tried = any(item.behaviour != "skipped" or item.spent or item.failed for item in self.run.items)
        if not tried and not self.wire.gone:
            reasons = dict.fromkeys(item.text for item in self.run.items)
            told = "; ".join(list(reasons)[:_SAMPLES]) or "there is neither a scenario nor an operation"
            raise CannotRunError(f"no part of {self.system.name} could be tested: {told}")
        if self.wire.gone and not self.run.broken:
            raise CannotRunError("the server has stopped responding")

    def _keep(self, item: CheckResult) -> None:
        self.run.items.append(item)
        self.told(item)

    # Scenarios

    def _try(self, scenario: Scenario) -> CheckResult:
        wire, before = self.wire, self.wire.sent
        wire.trail.clear()
        if wire.gone:
            return CheckResult("scenario", scenario.name, "skipped", text="the server has stopped responding")
        if wire.spent:
            return CheckResult("scenario", scenario.name, "skipped", text=_NO_MORE, spent=True)
        outcome = attempt(self.target, scenario)
        requests = wire.sent - before
        if outcome.result == "broken" and wire.ran_out:
            wire.ran_out = False
            findings = self.maker.of_scenario(Outcome(scenario.name, "held"), wire.trail)
            return CheckResult(
                "scenario",
                scenario.name,
                "skipped",
                requests,
                f"{_NO_MORE}, in the middle of the scenario",
                tuple(findings),
                True,
            )
        unread = outcome.unread and any(step.wrong for step in wire.trail)
        if unread:
            # What its responses are like tells why, and is a finding of its own.
            outcome = Outcome(scenario.name, "skipped", "a response violates the OpenAPI document; see its finding")
        findings = self.maker.of_scenario(outcome, wire.trail)
        if outcome.result == "skipped":
            return CheckResult("scenario", scenario.name, "skipped", requests, outcome.text, tuple(findings))
        return CheckResult.of("scenario", scenario.name, requests, findings)

    # Generated requests

    def _generated(self) -> Iterator[CheckResult]:
        system, credentials = self.system, self.settings.credentials
        existing = system.existing_ids(self.target, self.target.control, credentials)
        tried: list[str] = []
        for operation in filter(lambda operation: self._chosen(operation.id), system.operations):
            reason = system.skipped(operation.id, existing, credentials)
            if reason is None and system.writes_anywhere(operation):
                reason = "it could change other people's records: its path has no {id}"
            if reason is None:
                tried.append(operation.id)
            else:
                yield CheckResult("generated", operation.id, "skipped", text=reason)
        self.wire.trail.clear()
        if not tried:
            return
        bridge = Bridge(self.wire, self.settings.address, self._agent)
        for generated in probe_server(
            self.wire,
            self.validator,
            self.made,
            bridge,
            tried,
            ExistingIds(self.made, system, existing),
            lambda operation, _number: system.opening_headers(operation, credentials),
            examples=self.settings.examples,
            left=lambda: self.wire.left,
            walks=self._chosen(WALKS),
        ):
            findings = self.maker.of_generated(generated.findings, self.wire.trail, bridge)
            self.wire.trail.clear()
            yield self._result(generated, findings)

    def _result(self, generated: Generated, findings: list[Finding]) -> CheckResult:
        findings = [*findings, *map(FindingMaker.of_error, generated.errors)]
        if not generated.requests and not any(finding.counts for finding in findings):
            text = "each of its requests could change other people's records" if generated.finished else _NO_MORE
            if self.wire.gone:
                text = "the server has stopped responding"
            spent = not generated.finished and not self.wire.gone
            return CheckResult("generated", generated.name, "skipped", text=text, spent=spent)
        result = CheckResult.of("generated", generated.name, generated.requests, findings)
        return replace(result, spent=not generated.finished)

    def _chosen(self, name: str) -> bool:
        selection = self.settings.selection
        return selection is None or selection.tries(name)
