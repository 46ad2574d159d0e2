"""Generated requests at a server that is somebody's: a share for each operation, and only what was made is changed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast
from urllib.parse import unquote, urlsplit

from hypothesis.configuration import set_hypothesis_home_dir

from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.http import Request
from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.fuzz.asgi_bridge import Bridge
from store_credit_mock.verify.fuzz.existing_records import KnownRecords, number_of
from store_credit_mock.verify.fuzz.known_deviations import KNOWN_DEVIATIONS, KnownDeviation
from store_credit_mock.verify.fuzz.report import Finding, Report
from store_credit_mock.verify.fuzz.schemathesis_run import probe
from store_credit_mock.verify.roles import Role
from store_credit_mock.verify.selection import WALKS
from store_credit_mock.verify.systems import VerifiedSystem
from store_credit_mock.verify.transport import VerifyTransport

__all__ = ["LOOSE", "ExistingIds", "Generated", "guard_for", "probe_server"]

LOOSE: Final[tuple[KnownDeviation, ...]] = tuple({
    (known.check, known.operation, known.status): replace(known, says="") for known in KNOWN_DEVIATIONS
}.values())  # fmt: skip
"""The deviations for any server: the state behind a refusal is the same everywhere, the words are not."""
_ALONE: Final = ("examples", "coverage", "fuzzing")
_ID: Final = re.compile(r"\s*\+?0*\d{1,12}(\D|$)|True")
"""What a server may take for the id of one of its records."""


class ExistingIds(Mapping[str, Sequence[str]]):
    """The ids that exist, as they come and go.

    Args:
        made: What the run has made.
        system: Which ids no record of it has, and whose ids are its cursors.
        given: Ids the user gave, by the name of what takes them.
    """

    def __init__(self, made: CreatedRecords, system: VerifiedSystem, given: Mapping[str, Sequence[str]]) -> None:
        self._made = made
        self._system = system
        self._given = given
        self._cursors = () if system.cursor_resource is None else ("starting_after", "ending_before")

    def __getitem__(self, name: str) -> Sequence[str]:
        if name in self._given:
            return self._given[name]
        cursor = self._system.cursor_resource if name in self._cursors else None
        return self._made.ids(cursor or name) or [self._system.absent_id(1, cursor or name)]

    def __contains__(self, name: object) -> bool:
        made = isinstance(name, str) and name.startswith("/") and bool(self._made.ids(name))
        return made or name in self._given or name in self._cursors

    def role(self, operation: str) -> Role:
        """Say what an operation does to which kind of record."""
        return self._system.role(self._system.contract.operations[operation])

    def __iter__(self) -> Iterator[str]:
        return iter((*self._given, *self._cursors))

    def __len__(self) -> int:
        return len(self._given) + len(self._cursors)


@dataclass
class Generated:
    """What came of one operation, or of walking from one to the next."""

    name: str
    requests: int
    findings: list[Finding] = field(default_factory=list[Finding])
    errors: list[str] = field(default_factory=list[str])
    finished: bool = True


def probe_server(
    wire: VerifyTransport,
    validator: ExchangeValidator,
    made: CreatedRecords,
    bridge: Bridge,
    operations: Sequence[str],
    existing: ExistingIds,
    credentials: Callable[[str, int], Sequence[tuple[str, str]]],
    *,
    examples: int,
    left: Callable[[], int],
    walks: bool = True,
) -> Iterator[Generated]:
    """Probe operations one after another, and in the end the ways that lead from one to the next.

    Args:
        wire: Counts and checks.
        validator: The document.
        made: What may be changed.
        bridge: Where the requests go.
        operations: The operationIds.
        existing: Ids that exist.
        credentials: What opens an operation, for a case by its number.
        examples: How many cases the fuzzing phase makes of each operation, and how many walks the stateful one.
        left: How many requests may still be sent.
        walks: Whether to go from one operation to the next in the end.
    """
    world = KnownRecords(existing, credentials, existing.role)
    guard = guard_for(made, existing)

    def breaks(request: Any) -> bool:
        plain = plain_request(request)
        located = validator.locate(plain.method, plain.path)
        return located.match is not None and bool(validator.request(located, plain).violations)

    rounds: list[tuple[str, str, tuple[str, ...]]] = [(name, f"^{re.escape(name)}$", _ALONE) for name in operations]
    together = "|".join(re.escape(name) for name in operations)
    if walks:
        rounds.append((WALKS, f"^({together})$", ("stateful",)))
    for place, (name, only, phases) in enumerate(rounds):
        # What is made costs twice: it has to be removed again.
        floor = left() - left() // (len(rounds) - place)

        def stopped(floor: int = floor) -> bool:
            return left() <= floor or wire.spent or wire.gone

        before = wire.sent
        if stopped():
            yield Generated(name, 0, finished=False)
            continue
        # hypothesis would leave a folder beside the user's files.
        with tempfile.TemporaryDirectory() as scratch:
            set_hypothesis_home_dir(scratch)
            try:
                report: Report = probe(
                    validator.document.rooted(), bridge, world, examples=examples, breaks=breaks, only=only,
                    deviations=LOOSE,
                    phases=phases, guard=guard, stopped=stopped,
                )  # fmt: skip
            finally:
                set_hypothesis_home_dir(None)
        yield Generated(name, wire.sent - before, report.findings, report.errors, finished=not stopped())


def guard_for(made: CreatedRecords, existing: ExistingIds) -> Callable[[Any], None]:
    """Change cases so that no record is changed, deleted or given credit that is not the run's own or the user's."""

    def guard(case: Any) -> None:
        definition: Any = case.operation.definition.raw
        role = existing.role(definition["operationId"])
        path: Any = case.path_parameters or {}
        # Some cases have it percent-encoded already; what counts is what the server reads.
        identity = unquote(str(path.get(role.identity, "")))
        changes = role.action not in {"list", "retrieve"}
        if changes and role.identity in path and made.may_be_foreign(role.resource, identity):
            ids = existing[role.resource]
            path[role.identity] = ids[number_of(case) % len(ids)]
        for name, value in path.items():
            if changes and name != role.identity and name in existing and unquote(str(value)) not in existing[name]:
                path[name] = existing[name][0]
        sent: Any = case.body
        if isinstance(sent, dict):
            body = cast("dict[str, Any]", sent)
            inner: Any = body.get("store_credit")
            members = cast("dict[str, Any]", inner) if isinstance(inner, dict) else body
            for name, value in members.items():
                if (
                    name.endswith("_id")
                    and name in existing
                    and _ID.match(str(value))
                    and str(value) not in existing[name]
                ):
                    members[name] = _harmless(value, existing[name][0])

    return guard


def _harmless(value: Any, known: str) -> Any:
    """An id the user gave for one that may be somebody's; what is none stays none, and becomes nobody's."""
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return 0.5
    if isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit()):
        return known
    return re.sub(r"\d", "0", value) if isinstance(value, str) else value


def plain_request(request: Any) -> Request:
    """A request prepared by `requests`, as the document's checks take it."""
    parts = urlsplit(str(request.url))
    headers = [(_bytes(name), _bytes(value)) for name, value in request.headers.items()]
    return Request(request.method, parts.path, parts.query, headers, _bytes(request.body or b""))


def sent_request(bridge: Bridge, request: Any) -> httpx.Request:
    """The same as it went to the server."""
    plain = plain_request(request)
    target = plain.path + (f"?{plain.query}" if plain.query else "")
    return bridge.request(plain.method, target.encode(), plain.headers, plain.body)


def _bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
