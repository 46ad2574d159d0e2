"""Findings made of what was sent and answered, of how a scenario went, and of what schemathesis says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from store_credit_mock.contract import ExchangeValidator, Violation
from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.curl import curl_line
from store_credit_mock.verify.findings import BEHAVIOUR, NO_RESPONSE, SHAPE, Finding, Places
from store_credit_mock.verify.fuzz.asgi_bridge import Bridge
from store_credit_mock.verify.fuzz.report import Finding as Failure
from store_credit_mock.verify.fuzz.runner import plain_request, sent_request
from store_credit_mock.verify.reference import Reference
from store_credit_mock.verify.scenarios.assertions import Outcome
from store_credit_mock.verify.script import script
from store_credit_mock.verify.settings import Settings
from store_credit_mock.verify.systems import VerifiedSystem
from store_credit_mock.verify.transport import Step

__all__ = ["FindingMaker"]

_SHAPES: Final = {
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
}
"""Checks of schemathesis that ask what our own validation of each response asks."""
_BY_REQUEST: Final = {"negative_data_rejection", "not_a_server_error", "positive_data_acceptance"}
"""Checks about which a known server can be asked: what it makes of the request."""


class FindingMaker:
    """Makes findings, and tells which of them count.

    Args:
        settings: What is selected and accepted, and the credentials.
        system: What is known of the system.
        validator: The document.
        reference: What servers of the system are known to answer.
    """

    def __init__(
        self, settings: Settings, system: VerifiedSystem, validator: ExchangeValidator, reference: Reference
    ) -> None:
        self._settings = settings
        self._system = system
        self._validator = validator
        self._reference = reference
        self._places = Places(validator.document)
        self._scripted: set[tuple[str, str, str, str | None]] = set()

    def of_scenario(self, outcome: Outcome, trail: Sequence[Step]) -> list[Finding]:
        """Give what came of a scenario: how the system behaved, and what each response was like."""
        found = list(self._of_steps(trail))
        if outcome.result == "broken" and not (outcome.text.startswith("no response") and found):
            last = next((number for number, step in reversed(list(enumerate(trail))) if not _is_control(step)), None)
            operation = "" if last is None else trail[last].operation
            rule = outcome.place if outcome.general else f"{outcome.name}: {Places.plain(outcome.place)}"
            finding = Finding(BEHAVIOUR, operation, 0, rule, f"{outcome.name}: {outcome.text}")
            found.insert(0, self._with_script(finding, trail if last is None else trail[: last + 1], whole=True))
        return self._kept(found)

    def of_generated(self, failures: Iterable[Failure], trail: Sequence[Step], bridge: Bridge) -> list[Finding]:
        """Give what came of generated requests."""
        found = list(self._of_steps(trail))
        seen = {(finding.operation, finding.status) for finding in found if finding.check == SHAPE}
        found.extend(
            self._of_failure(failure, bridge)
            for failure in failures
            if not (failure.check in _SHAPES and (failure.operation, failure.status) in seen)
        )
        return self._kept(found)

    @staticmethod
    def of_error(error: str) -> Finding:
        """Give what schemathesis itself could not do; it says nothing about the server."""
        known = f"schemathesis itself could not continue: {error}"
        return Finding("schemathesis", "", 0, "an error of its own", error, "verifier", known=known)

    def _kept(self, findings: Iterable[Finding]) -> list[Finding]:
        selection, accepted = self._settings.selection, self._settings.accepted
        chosen = [finding for finding in findings if selection is None or selection.takes(finding)]
        return [finding if finding.known else accepted.judged(finding) for finding in chosen]

    def _of_steps(self, trail: Sequence[Step]) -> Iterator[Finding]:
        for number, step in enumerate(trail):
            if step.trouble:
                text = f"{step.operation or step.request.url.path} got no response: {step.trouble}"
                finding = Finding(NO_RESPONSE, step.operation, 0, Places.plain(step.trouble), text)
                yield self._with_script(finding, trail[: number + 1])
            for violation in step.wrong:
                yield self._with_script(self._of_violation(violation, step), trail[: number + 1])

    def _of_violation(self, violation: Violation, step: Step) -> Finding:
        decided = self._places.decisions(violation)
        cited = f" -- in the OpenAPI document, this is based only on {', '.join(decided)}" if decided else ""
        rule = self._places.rule(violation)
        text = f"{violation.operation} returned {step.status}: {violation}{cited}"
        return Finding(SHAPE, violation.operation, step.status or 0, rule, text, "document" if decided else "server")

    def _with_script(self, finding: Finding, trail: Sequence[Step], *, whole: bool = False) -> Finding:
        # One script of each cause is shown; to write one for every finding would take longer than the run.
        if finding.cause in self._scripted or not trail:
            return finding
        self._scripted.add(finding.cause)
        return replace(finding, script=script(trail, self._settings.credentials, needed_only=not whole))

    # What schemathesis says

    def _of_failure(self, failure: Failure, bridge: Bridge) -> Finding:
        said = " ".join(failure.text.split())
        if failure.sent is None:
            return Finding(failure.check, failure.operation, failure.status, failure.check, said)
        plain = plain_request(failure.sent)
        located = self._validator.locate(plain.method, plain.path)
        wrong = self._validator.request(located, plain).violations if located.match is not None else ()
        rule = self._places.rule(wrong[0]) if wrong else failure.check
        blame = self._places.blame(wrong[0]) if wrong else "server"
        text = f"{failure.operation} returned {failure.status}: {said}"
        if failure.check == "negative_data_rejection" and wrong:
            text = (
                f"{failure.operation} returned {failure.status} for a request that the OpenAPI document forbids: "
                f"{wrong[0]}"
            )
        finding = Finding(failure.check, failure.operation, failure.status, rule, text, blame)
        if failure.check in _BY_REQUEST:
            alike = self._reference.alike(plain, located.match, failure.status)
            header = wrong[0].pointer.partition("/header/")[2] if wrong else ""
            if not alike and header and failure.check == "negative_data_rejection":
                alike = self._reference.passes_over(plain, located.match, header)
            if alike:
                known = f"{alike} does the same on the mock, so the server does not break a promise"
                return replace(finding, known=known)
        return replace(finding, script=curl_line(self._shown(failure, bridge), self._settings.credentials))

    def _shown(self, failure: Failure, bridge: Bridge) -> httpx.Request:
        request = sent_request(bridge, failure.sent)
        if failure.check == "ignored_auth":
            # The request that was answered had no credentials, or wrong ones.
            for name, _ in self._system.opening_headers(failure.operation, self._settings.credentials):
                request.headers.pop(name, None)
            if self._system.wrong_credentials is not None and re.search("invalid", failure.text, re.IGNORECASE):
                name, value = self._system.wrong_credentials
                request.headers[name] = value
        return request


def _is_control(step: Step) -> bool:
    return "/_mock/" in step.request.url.path
