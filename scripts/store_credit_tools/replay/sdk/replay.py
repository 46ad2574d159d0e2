"""Replaying a folder: every exchange through the document and through the SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from store_credit import ConfigurationError, InvalidArgumentError, MoneyError
from store_credit_mock.contract import Document
from store_credit_mock.recording import SUFFIX, ExchangeFile, read_files, read_journal
from store_credit_tools.replay.differences import Difference
from store_credit_tools.replay.known_differences import SDK, Known, reason_for
from store_credit_tools.replay.report import Finding, Replayed, SdkReport
from store_credit_tools.replay.sdk.calls import JUDGED_BY_DOCUMENT, NotTypedError, RawCall, Reason, TypedCall
from store_credit_tools.replay.sdk.compare_request import compare_request
from store_credit_tools.replay.sdk.compare_result import compare_result
from store_credit_tools.replay.sdk.expectations import Match, Promises
from store_credit_tools.replay.sdk.keyrings import with_credentials
from store_credit_tools.replay.sdk.reconstruct_call import raw_call, typed_call
from store_credit_tools.replay.sdk.recorded_server import Server
from store_credit_tools.replay.sdk.run_call import Outcome, drive, drive_async

__all__ = ["replay", "replay_one"]


def replay(folder: Path, promises: Promises | None = None, known: Iterable[Known] = SDK) -> SdkReport:
    """Replay every exchange of a folder.

    Args:
        folder: Where the exchange files lie, or the journal of a served mock (`.jsonl`).
        promises: What to check against; this repository's `openapi.yaml` without it.
        known: Differences that are expected.

    Raises:
        RecordingError: The folder is missing or empty, or a file in it holds no exchange.
        DocumentError: The document cannot be read or compiled.
    """
    exchanges = [with_credentials(one) for one in (read_journal if folder.suffix == SUFFIX else read_files)(folder)]
    promises = promises or Promises(Document.read())
    expected = tuple(known)
    with asyncio.Runner() as runner:
        replayed = tuple([replay_one(promises, exchange, runner, expected) for exchange in exchanges])
    return SdkReport(str(folder), replayed, tuple(_stale(replayed, expected)))


def replay_one(
    promises: Promises, exchange: ExchangeFile, runner: asyncio.Runner, known: Sequence[Known] = ()
) -> Replayed:
    """Replay one exchange: check its response, make the call with both clients, compare."""
    match = promises.find(exchange.method, exchange.path)
    if match is None or _is_missing_route(exchange):
        return Replayed(exchange.name, None)
    found = [(difference, "document") for difference in _against_the_document(promises, exchange, match)]
    call, outcome, untyped = _choose(promises, exchange, match)
    if untyped is not None and untyped.reason in JUDGED_BY_DOCUMENT and promises.allows(exchange, match):
        what = f"the document allows this request and no method sends it: {untyped}"
        found.append((Difference("request against the document", "/request", what), "document"))
    if untyped is not None and untyped.reason is Reason.NO_METHOD and exchange.status < 400:
        found += [
            (Difference("request against the document", "/request", str(violation)), "document")
            for violation in promises.check_request(exchange, match)
        ]
    for driver, each in (("sync", outcome), ("async", runner.run(drive_async(call, Server(exchange))))):
        found += [(difference, driver) for difference in compare_request(promises, exchange, match, call, each.sent)]
        found += [(difference, driver) for difference in compare_result(promises, exchange, match, call, each)]
    return Replayed(
        exchange.name,
        match.operation.id,
        match.operation.id if isinstance(call, TypedCall) else "client.request",
        None if untyped is None else untyped.reason,
        None if untyped is None else untyped.detail,
        tuple(_findings(exchange, found, known)),
    )


def _is_missing_route(exchange: ExchangeFile) -> bool:
    """Whether it is Rails' own response where the version of the server has no such operation."""
    missing = exchange.path.startswith("/api/v3/") and exchange.status == 404
    return missing and exchange.response_body == {"status": 404, "error": "Not Found"}


def _against_the_document(promises: Promises, exchange: ExchangeFile, match: Match) -> Iterator[Difference]:
    for violation in promises.check_response(exchange, match):
        where = "/response" + violation.pointer.replace("/header/", "/headers/", 1)
        yield Difference("answer against the document", where, violation.message)


def _choose(
    promises: Promises, exchange: ExchangeFile, match: Match
) -> tuple[TypedCall | RawCall, Outcome, NotTypedError | None]:
    """Make the typed call with the sync client if there is one and the SDK takes it, else the raw one."""
    try:
        typed = typed_call(promises, exchange, match)
        outcome = drive(typed, Server(exchange))
        if isinstance(outcome.error, ConfigurationError) and not outcome.sent:
            raise NotTypedError(Reason.CREDENTIAL, str(outcome.error))
        if isinstance(outcome.error, InvalidArgumentError | MoneyError) and not outcome.sent:
            method = promises.methods[match.operation.id]
            guarded = method.rules is not None and promises.allows(exchange, match)
            raise NotTypedError(Reason.GUARDED if guarded else Reason.VALUE, str(outcome.error))
    except NotTypedError as untyped:
        raw = raw_call(promises, exchange, match)
        return raw, drive(raw, Server(exchange)), untyped
    return typed, outcome, None


def _findings(exchange: ExchangeFile, found: list[tuple[Difference, str]], known: Sequence[Known]) -> Iterator[Finding]:
    """Each difference once, with all that found it, and the reason if it is expected."""
    drivers: dict[Difference, list[str]] = {}
    for difference, driver in found:
        drivers.setdefault(difference, []).append(driver)
    for difference, by in drivers.items():
        yield Finding(difference, tuple(dict.fromkeys(by)), reason_for(known, exchange.name, difference))


def _stale(replayed: tuple[Replayed, ...], known: Sequence[Known]) -> Iterator[Known]:
    for one in known:
        mine = [exchange for exchange in replayed if exchange.name == one.exchange]
        differences = [finding.difference for exchange in mine for finding in exchange.findings]
        if mine and not any(one.covers(one.exchange, difference) for difference in differences):
            yield one
