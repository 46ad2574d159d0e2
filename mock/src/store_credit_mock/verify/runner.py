"""A whole run: look, try the scenarios, send generated requests, clear up."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.control import Control
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.cleanup import clear
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.credentials import CONTROL
from store_credit_mock.verify.curl import curl_line
from store_credit_mock.verify.deadline_transport import DeadlineTransport
from store_credit_mock.verify.fuzz.asgi_bridge import Bridge
from store_credit_mock.verify.fuzz.report import Finding
from store_credit_mock.verify.fuzz.runner import ExistingIds, Generated, probe_server, sent_request
from store_credit_mock.verify.preflight import CannotRunError, check_control, check_ids, check_server
from store_credit_mock.verify.results import CheckResult, Problem, Run
from store_credit_mock.verify.safety import is_loopback
from store_credit_mock.verify.scenarios import Scenario, Target, attempt
from store_credit_mock.verify.settings import Settings
from store_credit_mock.verify.systems import VerifiedSystem
from store_credit_mock.verify.transport import Step, VerifyTransport
from store_credit_mock.verify.webhook_listener import WebhookListener

__all__ = ["verify"]

_SAMPLES = 3
"""Findings of one check on one operation that are shown; the rest is counted."""
_INDEX = re.compile(r"/\d+(?=/|$)")


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
            run.sent, run.held_back = wire.sent, wire.held_back
            run.made, run.removed = len(made), len(made) - len(made.left)
            run.notes.extend(f"the document does not know it: {note}" for note in list(wire.notes)[:20])
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
        self.wire.broken.clear()
        wants = any("receiver" in scenario.needs for scenario in self.system.scenarios)
        if target.control is not None and wants and is_loopback(settings.address):
            mailbox = WebhookListener(settings.timeout)
            self._stack.callback(mailbox.close)
            target.receiver, target.received = mailbox.url, mailbox.received
        for scenario in self.system.scenarios:
            self._keep(self._try(scenario))
        if settings.generated:
            for generated in self._generated():
                self._keep(self._judged(generated))
        if self.wire.gone and not self.run.broken:
            raise CannotRunError("the server has stopped answering")

    def _keep(self, item: CheckResult) -> None:
        self.run.items.append(item)
        self.told(item)

    # Scenarios

    def _try(self, scenario: Scenario) -> CheckResult:
        wire, before = self.wire, self.wire.sent
        wire.broken.clear()
        if wire.gone:
            return CheckResult("scenario", scenario.name, "skipped", text="the server has stopped answering")
        if wire.spent:
            return CheckResult("scenario", scenario.name, "skipped", text=f"--max-requests {wire.limit} are used up")
        wire.last = None
        outcome = attempt(self.target, scenario)
        requests = wire.sent - before
        problems: list[Problem] = []
        if outcome.result == "broken":
            if wire.ran_out:
                wire.ran_out = False
                text = f"--max-requests {wire.limit} were used up in the midst of it"
                return CheckResult("scenario", scenario.name, "skipped", requests, text)
            curl = "" if wire.last is None else curl_line(wire.last.request, self.settings.credentials)
            problems.append(Problem(outcome.text, curl))
        problems.extend(self._steps(wire.broken, {problem.curl for problem in problems}))
        if problems:
            return CheckResult("scenario", scenario.name, "broken", requests, problems=tuple(problems))
        return CheckResult("scenario", scenario.name, outcome.result, requests, outcome.text)

    def _steps(self, steps: list[Step], shown: set[str]) -> list[Problem]:
        """What the wire saw, the same thing once."""
        problems: dict[str, Problem] = {}
        again: Counter[str] = Counter()
        for step in steps:
            curl = curl_line(step.request, self.settings.credentials)
            if step.trouble:
                if curl not in shown:
                    problems.setdefault(step.trouble, Problem(f"no response: {step.trouble}", curl))
                continue
            for violation in step.wrong:
                # One defect strikes every record of a list.
                place = _INDEX.sub("/*", violation.pointer)
                kind = f"{violation.operation} {step.status} {place} {violation.keyword}"
                again[kind] += 1
                problems.setdefault(kind, Problem(f"{violation.operation} answered {step.status}: {violation}", curl))
        return [
            replace(problem, text=f"{problem.text} (and {again[kind] - 1} more)") if again[kind] > 1 else problem
            for kind, problem in problems.items()
        ]

    # Generated requests

    def _generated(self) -> Any:
        system, credentials = self.system, self.settings.credentials
        existing = system.existing_ids(self.target, self.target.control, credentials)
        skipped: dict[str, str] = {}
        for operation in system.operations:
            reason = system.skipped(operation.id, existing, credentials)
            if reason is None and system.writes_anywhere(operation):
                reason = "it could change what was not made here: its path has no {id}"
            if reason is not None:
                skipped[operation.id] = reason
                self._keep(CheckResult("generated", operation.id, "skipped", text=reason))
        self.wire.broken.clear()
        bridge = Bridge(self.wire, self.settings.address, self._agent)
        self._bridge = bridge
        return probe_server(
            self.wire,
            self.validator,
            self.made,
            bridge,
            [operation.id for operation in system.operations if operation.id not in skipped],
            ExistingIds(self.made, system, existing),
            lambda operation, _number: system.credential(operation, credentials),
            examples=self.settings.examples,
            left=lambda: self.wire.left,
        )

    def _judged(self, generated: Generated) -> CheckResult:
        groups: dict[tuple[str, str], list[Finding]] = {}
        for finding in generated.findings:
            groups.setdefault((finding.check, finding.operation), []).append(finding)
        problems: list[Problem] = []
        for (check, operation), findings in groups.items():
            for number, finding in enumerate(findings[:_SAMPLES]):
                more = f" (and {len(findings) - _SAMPLES} more)" if len(findings) > _SAMPLES and number == 0 else ""
                text = f"{check} on {operation}: {' '.join(finding.text.split())}{more}"
                problems.append(Problem(text, self._curl(finding)))
        troubled = [step for step in self.wire.broken if step.trouble]
        problems.extend(self._steps(troubled, set()))
        self.wire.broken.clear()
        if problems:
            return CheckResult("generated", generated.name, "broken", generated.requests, problems=tuple(problems))
        if generated.errors:
            # schemathesis itself failed; this says nothing about the server.
            self.run.notes.extend(f"schemathesis: {error}" for error in generated.errors[:_SAMPLES])
        if not generated.requests:
            text = f"--max-requests {self.wire.limit} are used up"
            if generated.finished:
                text = "each request for it could change what was not made here"
            return CheckResult("generated", generated.name, "skipped", text=text)
        text = "" if generated.finished else "its share of --max-requests is used up"
        return CheckResult("generated", generated.name, "held", generated.requests, text)

    def _curl(self, finding: Finding) -> str:
        if finding.sent is None:
            return ""
        request = sent_request(self._bridge, finding.sent)
        if finding.check == "ignored_auth":
            # The request that was answered had no credentials, or wrong ones.
            opens = self.system.credential(finding.operation, self.settings.credentials)
            if opens is not None:
                request.headers.pop(opens[0], None)
            if self.system.wrong_credentials is not None and re.search("invalid", finding.text, re.IGNORECASE):
                name, value = self.system.wrong_credentials
                request.headers[name] = value
        return curl_line(request, self.settings.credentials)
