"""Playing the scripts of a server from the first step to the last, in observe mode, inside this process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import quote

from store_credit_mock import Contract, Engine, Options, Request, Response
from store_credit_mock.recording import RecordingError
from store_credit_mock.systems.spree_v3 import SpreeV3
from store_credit_mock.systems.spree_v3.passwords import PASSWORD
from store_credit_tools.replay.differences import Difference
from store_credit_tools.replay.known_differences import SPREE_V3, reason_for
from store_credit_tools.replay.spree_v3.back_office import BackOffice
from store_credit_tools.replay.spree_v3.compare import SIDE, STEP, Comparison, json_body
from store_credit_tools.replay.spree_v3.files import Published, Responses, responses_of, unknown_versions
from store_credit_tools.replay.spree_v3.report import Outcome, ScriptReport
from store_credit_tools.replay.spree_v3.script import SERVERS, Script, Server, Step, read_script
from store_credit_tools.replay.spree_v3.values import Values

__all__ = ["heard", "play", "play_all", "sent"]

_HOST: Final = "localhost:4545"
_SAFE: Final = "%!$&'()*+,;=:@/?[]-._~"
_COUNTED: Final = "rate_limited"
"""In the names of the steps whose headers about the budget are exact."""
_ID: Final = re.compile(r"/[a-z]+_[A-Za-z0-9]{10,}")
_AT_MOST: Final = 1000
"""Calls until a refusal, if a script does not say how many there were."""


def play_all(folder: Path, profile: str | None = None, *, script: Path) -> list[ScriptReport]:
    """Play the scripts of every server that a folder has responses of, or of one profile's.

    Args:
        folder: Where the responses are.
        profile: The profile of the server; None for every one.
        script: Where `sequence.json` is.

    Raises:
        RecordingError: There is no script, or there are no responses.
    """
    read = read_script(script)
    contract = Contract()
    reports = [
        _Player(read, server, found, contract).run()
        for server in SERVERS
        if profile in {None, server.profile} and (found := responses_of(folder, read, server)).own
    ]
    if not reports:
        raise RecordingError(f"{folder}: contains no responses from Spree API v3 {profile or ''}".rstrip())
    reports[0].passed_over = {**reports[0].passed_over, **unknown_versions(folder)}
    return reports


def play(folder: Path, server: Server, *, script: Path | None = None, contract: Contract | None = None) -> ScriptReport:
    """Play the scripts of one server.

    Args:
        folder: Where the responses are.
        server: The server.
        script: Where `sequence.json` is; in the same folder if None.
        contract: The compiled document; compiled anew if None.

    Raises:
        RecordingError: There is no script, or no response of that server.
    """
    read = read_script(script or folder)
    responses = responses_of(folder, read, server)
    if not responses.own:
        raise RecordingError(f"{folder}: contains no responses from Spree API v3 {server.profile}")
    return _Player(read, server, responses, contract or Contract()).run()


def heard(
    script: Path, server: Server, *, seed: str = "replay", contract: Contract | None = None
) -> list[tuple[Step, Request, list[Response]]]:
    """Play the scripts of a server, and return what the mock responds to the request of each step, and to its twins.

    Args:
        script: Where `sequence.json` is.
        server: The server.
        seed: Of the sandbox: another one makes up other numbers, codes and tokens.
        contract: The compiled document; compiled anew if None.

    Raises:
        RecordingError: There is no script.
    """
    player = _Player(read_script(script), server, Responses({}), contract or Contract(), seed)
    player.run()
    return player.heard


def sent(folder: Path, contract: Contract) -> Iterator[tuple[Request, Response]]:
    """What the mock is sent and answers while it plays the script of each server, whoever recorded it.

    Raises:
        RecordingError: There is no script.
    """
    for server in SERVERS:
        for _, request, responses in heard(folder, server, contract=contract):
            for response in responses:
                yield request, response


class _Player:
    def __init__(
        self, script: Script, server: Server, responses: Responses, contract: Contract, seed: str = "replay"
    ) -> None:
        self.heard: list[tuple[Step, Request, list[Response]]] = []
        self._script, self._server, self._responses, self._contract = script, server, responses, contract
        self._seed = seed
        self._profile: str = server.profile
        self._engines: dict[str, Engine] = {}
        self._engine = self._engine_of(server.profile)
        self._office = BackOffice(self._engine)
        given = script.given(server)
        recorded = script.ids.get(server.suffix, {})
        self._values = Values(given, recorded, _keys(script), PASSWORD)
        # Another run has other times and numbers.
        self._comparisons = {inherited: Comparison(given) for inherited in (False, True)}
        self._etags: dict[str, str] = {}
        self._report = ScriptReport(server.profile, server.suffix, passed_over=responses.passed_over)

    def run(self) -> ScriptReport:
        for step in self._script.runs.get(self._server.suffix, ()):
            self._report.steps[step.script] += 1
            self._enter(self._server.suffixes[step.run])
            self._office.advance(STEP)
            self._play(step)
        for engine in self._engines.values():
            engine.close()
        equal = set(self._report.equal)
        self._report.stale = [known for known in SPREE_V3 if known.exchange in equal]
        return self._report

    def _engine_of(self, profile: str) -> Engine:
        if profile not in self._engines:
            keys = {"spree_v3_secret_key": "sk_full", "spree_v3_publishable_key": "pk_pk"}
            options = Options(strict=False, seed=self._seed).also(spree_v3_profile=profile, **keys)
            self._engines[profile] = Engine(self._contract, options=options, systems=[SpreeV3()])
            self._engines[profile].raise_errors = True
        return self._engines[profile]

    def _enter(self, profile: str) -> None:
        """Go on as another server on the same rows."""
        if profile != self._profile:
            snapshot = self._engine.snapshot()
            self._engine, self._profile = self._engine_of(profile), profile
            self._engine.restore(snapshot)
            self._office = BackOffice(self._engine)
            for comparison in self._comparisons.values():
                comparison.begin_anew()

    def _play(self, step: Step) -> None:
        if step.back_office is not None:
            wrong = self._office.do(step, self._values)
            if wrong is not None:
                self._report.wrong_statuses.append(f"{step}: {wrong}")
            return
        request = self._request(step, step.path)
        match = self._contract.find(request.method, request.path)
        operation = None if match is None else match.operation.id
        responses, calls = self._send(step, request, operation)
        self.heard.append((step, request, responses))
        webhooks = self._office.received(self._values.text("{hook_secret_token}"))
        self._learn(step, request, responses[0])
        published, inherited = self._responses.of(step)
        if published is None:
            self._status(step, responses)
            return
        found = self._found(step, published, request, responses, inherited=inherited)
        if step.calls and calls != step.calls:
            found.append(Difference(SIDE, "/calls", f"{calls} calls where {step.calls} were sent"))
        if published.webhooks is not None:
            found += self._comparisons[inherited].webhooks(published.webhooks, webhooks)
        reasons = [reason_for(SPREE_V3, published.name, difference) for difference in found]
        self._report.outcomes.append(
            Outcome(
                published.name,
                self._profile,
                str(step),
                operation,
                inherited,
                len(published.webhooks or ()),
                tuple(f"{difference.where}: {difference.what}" for difference in found),
                "; ".join(dict.fromkeys(filter(None, reasons))) if found and None not in reasons else None,
            )
        )

    def _found(
        self, step: Step, published: Published, request: Request, responses: Sequence[Response], *, inherited: bool
    ) -> list[Difference]:
        comparison = self._comparisons[inherited]
        names = (b"x-spree-api-key", b"x-forwarded-for")
        counted = [request.first_headers.get(name, b"").decode("latin-1") for name in names]
        if self._server.profile.startswith("5."):
            # Until 6.0 each controller counts for itself.
            counted.append(_ID.sub("", request.path))
        budget = "|".join([step.run, *counted])
        if len(responses) > 1:
            return comparison.best([published.file, *published.twins], responses, same=step.partner is None)
        return comparison.differences(published.file, responses[0], budget=budget, counted=_COUNTED in step.name)

    def _status(self, step: Step, responses: Sequence[Response]) -> None:
        got = sorted(response.status for response in responses)
        if not step.statuses or got == sorted(step.statuses):
            self._report.statuses += 1
        else:
            expected = " and ".join(map(str, step.statuses))
            self._report.wrong_statuses.append(f"{step}: {expected} expected, {' and '.join(map(str, got))} here")

    # What is sent

    def _send(self, step: Step, request: Request, operation: str | None) -> tuple[list[Response], int]:
        """Send a step's requests; returns the responses to compare, and how many calls there were."""
        if step.until_refused:
            return self._until_refused(step, request)
        requests = [request] + [self._request(step, step.partner or step.path) for _ in range(step.twins - 1)]
        if step.partner is not None:
            requests = [request, self._request(step, step.partner)]
        if len(requests) > 1 and operation is not None:
            with self._office.in_flight_together(operation, len(requests)):
                return _together(self._engine, requests), 1
        with ExitStack() as stack:
            stack.enter_context(self._office.row_locked(step.locked, request.path))
            return [self._engine.handle(one) for one in requests], 1

    def _until_refused(self, step: Step, request: Request) -> tuple[list[Response], int]:
        calls, response = 0, None
        while calls < (step.calls or _AT_MOST):
            calls += 1
            response = self._engine.handle(_again(request))
            if response.status == 429:
                break
        return ([] if response is None else [response]), calls

    def _request(self, step: Step, path: str) -> Request:
        body = self._values.body(step.body)
        data = b""
        if isinstance(body, str):
            data = body.encode()
        elif body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
        query = quote(self._values.text(step.query), safe=_SAFE)
        target = self._values.text(path) + ("?" + query if query else "")
        headers: dict[str, str | None] = {"Host": _HOST, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        headers |= self._values.credentials(step.caller)
        headers |= step.headers
        if "If-None-Match" in headers:
            # The tag in the script is another run's; the one meant is what the same address gave before.
            headers["If-None-Match"] = self._etags.get(target, headers["If-None-Match"])
        sent = {name: value for name, value in headers.items() if value is not None}
        return Request.build(step.method, target, sent, data)

    def _learn(self, step: Step, request: Request, response: Response) -> None:
        tag = response.header("etag")
        if tag is not None:
            target = request.path + ("?" + request.query if request.query else "")
            self._etags[target] = tag
        if not step.saves or response.status >= 300:
            return
        try:
            self._values.save(step.saves, json_body(response))
        except ValueError:
            return


def _keys(script: Script) -> dict[str, str]:
    """The keys of the initial state by name, as a fresh sandbox has them."""
    publishable = {"pk": "pk_pk", "pk_outlet": "pk_outlet"}
    return {name: publishable.get(name, f"sk_{name}") for name in script.initial["keys"]}


def _again(request: Request) -> Request:
    return Request(request.method, request.path, request.query, list(request.headers), request.body)


def _together(engine: Engine, requests: Sequence[Request]) -> list[Response]:
    """Answer requests of which each has arrived before the first is handled: a planned delay holds them back."""
    waiting = [engine.handle_steps(request) for request in requests]
    responses: dict[int, Response] = {}
    while len(responses) < len(waiting):
        for number, steps in enumerate(waiting):
            if number not in responses:
                try:
                    next(steps)
                except StopIteration as stop:
                    responses[number] = stop.value
    return [responses[number] for number in range(len(waiting))]
