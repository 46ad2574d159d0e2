"""Scheduled faults: which requests they hit, and what they do to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Annotated, Any, Final, Literal, cast

from store_credit_mock.core.request_matching import RequestMatch
from store_credit_mock.http import Header, Request
from store_credit_mock.operation_names import fitting
from store_credit_mock.systems.json_types import JsonValue, Schema
from store_credit_mock.systems.system import System

__all__ = ["Fault", "FaultPlan"]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_TRANSPORT: Final = frozenset({"connection", "content-length", "date", "transfer-encoding"})
"""Headers that whatever sends the response makes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One scheduled fault.

    Which requests it affects: those of `operation` that meet `match`, and of these the `nth` (and the `times` - 1 after
    it), or each with a `probability`, or all; with `named`, only those whose header `X-Mock-Fault` is the fault's `id`.

    What happens: `delay` holds the response back (with `when="before"`, before the handler runs, and the idempotency
    key is in flight meanwhile). Then at most one of: `status` or `code` (a response in the system's own shape, unless
    it has a `body`), `drop` (the connection closes without a response), `reset` (likewise, with a TCP reset),
    `truncate` (the connection closes after that many bytes of the body), `malformed` (the body is not JSON),
    `breaks_document` (the body lacks what the document requires). `when` says whether the handler has run: `status`,
    `drop` and `reset` with `when="before"` leave no trace; with `when="after"`, the change is kept and the response is
    lost. `truncate`, `malformed` and `breaks_document` always come after the handler. `commit_after` loses the response
    of a request that is still running: the connection closes without a response (after `delay`), the idempotency key
    stays in flight, and that many seconds after the request arrived, by the sandbox's clock, the handler runs and
    commits. `headers` are added to the response, whatever it is.

    Attributes:
        operation: operationId, or a pattern such as `vinr.*` or `*.create`.
        match: Further conditions that requests have to meet.
        nth: Counted from 1, over the matching requests since the fault was scheduled.
        times: Maximum number of requests that it affects; None for no limit (with `nth`: 1).
        probability: From 0 to 1; decided by the sandbox's seed.
        status: 300 to 599; a redirect needs `headers` with `location`.
        code: The error's code, one that the system has; without `status`, the code determines the status.
        message: The error's message.
        headers: Headers of the response, which replace those of the same names: `{"retry-after": "30"}`.
        body: Replaces the error's own body: a text is sent as it is, as HTML unless `headers` say otherwise, and
            anything else as JSON.
        delay: Seconds.
        drop: Close the connection without a response.
        reset: Reset the connection without a response.
        truncate: Bytes of the body that are still sent.
        malformed: Send a body that cannot be parsed.
        breaks_document: Send a body that violates the OpenAPI document.
        commit_after: Seconds, 0 to 86,400, from the request's arrival to its commit; None commits before the response.
            A request that is due is executed before anything else, so that its effect appears neither too early nor too
            late. A reset or a restored snapshot discards requests that are still running.
        as_if_concurrent: Handle the request as if it had arrived while the previous one was still running, so that it
            does not see what the previous one changed, unless a lock of the system prevents this.
        when: Before or after the commit of the handler's change.
        named: Affect only requests that ask for it with `X-Mock-Fault: <id>`.
        id: Generated if empty.
    """

    operation: Annotated[str, Schema(minLength=1)] = "*"
    nth: Annotated[int, Schema(minimum=1)] | None = None
    times: Annotated[int, Schema(minimum=1)] | None = None
    probability: Annotated[float, Schema(minimum=0, maximum=1)] | None = None
    status: Annotated[int, Schema(minimum=300, maximum=599)] | None = None
    delay: Annotated[float, Schema(minimum=0, maximum=3600)] = 0.0
    drop: bool = False
    truncate: Annotated[int, Schema(minimum=0)] | None = None
    malformed: bool = False
    breaks_document: bool = False
    commit_after: Annotated[float, Schema(minimum=0, maximum=86400)] | None = None
    when: Literal["before", "after"] = "before"
    id: str = ""
    match: RequestMatch | None = None
    code: Annotated[str, Schema(minLength=1)] | None = None
    message: str | None = None
    headers: dict[str, str] | None = None
    body: JsonValue | None = None
    reset: bool = False
    named: bool = False
    as_if_concurrent: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.match, Mapping):
            object.__setattr__(self, "match", RequestMatch.of(cast("Mapping[str, Any]", self.match)))
        effects = [
            self.responds, self.drop, self.reset, self.truncate is not None, self.malformed, self.breaks_document,
            self.as_if_concurrent, self.commit_after is not None,
        ]  # fmt: skip
        known = "status (or code), drop, reset, truncate, malformed, breaks_document, as_if_concurrent"
        if sum(effects) > 1:
            raise ValueError(f"a fault can have at most one of {known} and commit_after")
        if not any(effects) and self.delay <= 0 and not self.headers:
            raise ValueError(f"a fault must do something: set delay, headers, {known} or commit_after")
        if self.status is not None and not 300 <= self.status <= 599:
            raise ValueError(f"status must be from 300 to 599, not {self.status}")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError(f"probability must be from 0 to 1, not {self.probability}")
        if self.nth is not None and self.nth < 1:
            raise ValueError(f"nth must be at least 1, not {self.nth}")
        if self.nth is not None and self.probability is not None:
            raise ValueError("a fault can have either nth or probability, but not both")
        if self.delay < 0 or self.delay > 3600:
            raise ValueError(f"delay must be from 0 to 3600 seconds, not {self.delay}")
        if self.commit_after is not None and not 0 <= self.commit_after <= 86_400:
            raise ValueError(f"commit_after must be from 0 to 86400 seconds, not {self.commit_after}")
        if self.named and not self.id:
            raise ValueError("a fault with named=true needs an id")
        self._check_response()

    def _check_response(self) -> None:
        if not self.responds and (self.body is not None or self.message is not None):
            raise ValueError("body and message require either a status or a code")
        if self.body is not None and (self.message is not None or self.code is not None):
            raise ValueError("body replaces the whole error; set either body, or code and message")
        if self.headers and (self.drop or self.reset or self.commit_after is not None):
            raise ValueError("headers cannot be combined with drop, reset or commit_after, which send no response")
        for name, value in (self.headers or {}).items():
            if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise ValueError(f"headers: the name or the value of {name[:50]!r} is not valid")
            if name.lower() in _TRANSPORT:
                raise ValueError(f"headers: {name} is set by the server that sends the response; leave it out")
        if self.status in _REDIRECTS and "location" not in map(str.lower, self.headers or ()):
            raise ValueError(f"a redirect ({self.status}) needs a target: set the location header in headers")

    @property
    def responds(self) -> bool:
        """Whether it responds in the place of the handler."""
        return self.status is not None or self.code is not None

    @property
    def prevents(self) -> bool:
        """Whether the handler does not run."""
        return self.when == "before" and (self.responds or self.drop or self.reset)

    def with_headers(self, headers: list[Header]) -> list[Header]:
        """The headers of a response with its own in the place of those of the same names."""
        own = [(name.lower().encode(), value.encode("latin-1")) for name, value in (self.headers or {}).items()]
        names = {name for name, _ in own}
        return [*(pair for pair in headers if pair[0] not in names), *own]


class _Planned:
    __slots__ = ("fault", "seen", "struck")

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = 0
        self.struck = 0


class FaultPlan:
    """The faults scheduled in one process. They live with the engine, not with the storage.

    Args:
        chance: Gives a number from 0 up to 1 for a purpose and a number; the sandbox's.
        operations: The operationIds there are; None takes any name.
        systems: The systems by name.

    Attributes:
        active: Whether any fault is scheduled.
    """

    def __init__(
        self,
        chance: Callable[[str, int], float],
        operations: Collection[str] | None = None,
        systems: Mapping[str, System] | None = None,
    ) -> None:
        self._chance = chance
        self._operations = operations
        self._systems = systems or {}
        self._planned: list[_Planned] = []
        self._made = 0
        self.active = False

    def __len__(self) -> int:
        return len(self._planned)

    def add(self, fault: Fault) -> Fault:
        """Schedule a fault; returns it with its id.

        Raises:
            ValueError: It would never strike, since no operation has the name or its system has no such code or
                customers; or its id is that of another one.
        """
        names: Collection[str] = ()
        if self._operations is not None:
            names = fitting(fault.operation, self._operations)
        self.check(fault, {name.partition(".")[0] for name in names})
        known = self.ids
        if fault.id in known:
            raise ValueError(f"id: fault {fault.id} already exists; remove it first")
        while not fault.id or fault.id in known:
            self._made += 1
            fault = replace(fault, id=f"fault_{self._made}")
        self._planned.append(_Planned(fault))
        self.active = True
        return fault

    def check(self, fault: Fault, systems: Collection[str]) -> None:
        """Check what a fault asks of systems.

        Raises:
            ValueError: One of them does not have it.
        """
        for name in sorted(systems):
            system = self._systems.get(name)
            if system is None:
                continue
            if fault.code is not None and fault.code not in system.error_codes:
                near = get_close_matches(fault.code, system.error_codes, 1, 0.5)
                hint = f"did you mean {near[0]}? " if near else ""
                known = ", ".join(system.error_codes) or "none, because its errors have no code; set status or body"
                raise ValueError(f"code: {name} has no error {fault.code[:100]!r}; {hint}known codes: {known}")
            if fault.match is not None and fault.match.customer is not None and not system.customer_fields:
                raise ValueError(f"match: {name} requests do not contain a customer; match a header or the body")

    @property
    def ids(self) -> list[str]:
        """The ids of those planned."""
        return [planned.fault.id for planned in self._planned]

    def remove(self, identity: str) -> bool:
        """Forget a fault; False if there is none of that id."""
        before = len(self._planned)
        self._planned = [planned for planned in self._planned if planned.fault.id != identity]
        self.active = bool(self._planned)
        return len(self._planned) < before

    def clear(self) -> None:
        """Forget them all."""
        self._planned.clear()
        self.active = False

    def match(self, operation: str, request: Request) -> Fault | None:
        """The fault that strikes this request: the first planned one that fits. Counts the request."""
        chosen: Fault | None = None
        for planned in self._planned:
            if planned.fault.named or not self._is_for(planned.fault, operation, request):
                continue
            planned.seen += 1
            if chosen is None and self._fits(planned):
                planned.struck += 1
                chosen = planned.fault
        return chosen

    def named(self, identity: str, operation: str, request: Request) -> Fault | None:
        """The scheduled fault that a request asks for by its id; None if it does not fit the request. Counts it."""
        planned = next(planned for planned in self._planned if planned.fault.id == identity)
        if not self._is_for(planned.fault, operation, request):
            return None
        planned.seen += 1
        if not self._fits(planned):
            return None
        planned.struck += 1
        return planned.fault

    def _is_for(self, fault: Fault, operation: str, request: Request) -> bool:
        if not fnmatchcase(operation, fault.operation):
            return False
        if fault.match is None:
            return True
        system = self._systems.get(operation.partition(".")[0])
        return fault.match.fits(request, () if system is None else system.customer_fields)

    def _fits(self, planned: _Planned) -> bool:
        fault = planned.fault
        limit = fault.times if fault.times is not None else (1 if fault.nth is not None else None)
        if limit is not None and planned.struck >= limit:
            return False
        if fault.nth is not None:
            return planned.seen >= fault.nth
        if fault.probability is not None:
            return self._chance(f"fault:{fault.id}", planned.seen) < fault.probability
        return True

    def as_dicts(self) -> list[dict[str, Any]]:
        """The faults scheduled, each with how many requests it has seen and struck."""
        return [{**asdict(planned.fault), "seen": planned.seen, "struck": planned.struck} for planned in self._planned]
