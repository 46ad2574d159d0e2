"""Planned faults: which requests they hit, and what they do to them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from store_credit_mock.operation_names import fitting
from store_credit_mock.systems.json_types import Schema

__all__ = ["Fault", "FaultPlan"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned fault.

    Which requests: those of `operation`, and of them the `nth` (and the `times` - 1 after it), or each with a
    `probability`, or all.

    What happens: `delay` holds the response back (with `when="before"` ahead of the handler, and its idempotency key is
    in flight meanwhile). Then at most one of: `status` (a response in the system's own shape), `drop` (the connection
    closes without a response), `truncate` (it closes after so many bytes of the body), `malformed` (the body is not
    JSON), `breaks_document` (the body lacks what the document requires). `when` says whether the handler has run:
    `status` and `drop` with `when="before"` leave no trace; with `when="after"` the change is kept, the response is
    lost. `truncate`, `malformed` and `breaks_document` always come after the handler. `commit_after` loses the
    response of a request that still runs: the connection closes without one (after `delay`), the idempotency key stays
    in flight, and that many seconds after the request arrived, by the sandbox's clock, the handler runs and commits.

    Attributes:
        operation: operationId, or a pattern such as `vinr.*` or `*.create`.
        nth: Counted from 1 over the operation's requests since the fault was planned.
        times: How many requests it strikes at most; None for no limit (with `nth`: 1).
        probability: From 0 to 1; decided by the sandbox's seed.
        status: 400 to 599.
        delay: Seconds.
        drop: Close the connection without a response.
        truncate: Bytes of the body that are still sent.
        malformed: Send a body that cannot be parsed.
        breaks_document: Send a body that breaks the document.
        commit_after: Seconds, 0 to 86,400, from the request's arrival to its commit; None commits before the response.
            What is due is carried out ahead of whatever comes next, so that nothing can be seen too early or too late.
            A reset or a restored snapshot ends what still runs.
        when: Before or after the commit of the handler's change.
        id: Made up if empty.
    """

    operation: Annotated[str, Schema(minLength=1)] = "*"
    nth: Annotated[int, Schema(minimum=1)] | None = None
    times: Annotated[int, Schema(minimum=1)] | None = None
    probability: Annotated[float, Schema(minimum=0, maximum=1)] | None = None
    status: Annotated[int, Schema(minimum=400, maximum=599)] | None = None
    delay: Annotated[float, Schema(minimum=0, maximum=3600)] = 0.0
    drop: bool = False
    truncate: Annotated[int, Schema(minimum=0)] | None = None
    malformed: bool = False
    breaks_document: bool = False
    commit_after: Annotated[float, Schema(minimum=0, maximum=86400)] | None = None
    when: Literal["before", "after"] = "before"
    id: str = ""

    def __post_init__(self) -> None:
        effects = [
            self.status is not None, self.drop, self.truncate is not None, self.malformed, self.breaks_document,
            self.commit_after is not None,
        ]  # fmt: skip
        known = "status, drop, truncate, malformed, breaks_document"
        if sum(effects) > 1:
            raise ValueError(f"a fault has at most one of {known} and commit_after")
        if not any(effects) and self.delay <= 0:
            raise ValueError(f"a fault does something: give delay, {known} or commit_after")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError(f"status is 400 to 599, not {self.status}")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError(f"probability is 0 to 1, not {self.probability}")
        if self.nth is not None and self.nth < 1:
            raise ValueError(f"nth counts from 1, not {self.nth}")
        if self.nth is not None and self.probability is not None:
            raise ValueError("a fault strikes the nth request or each with a probability, not both")
        if self.delay < 0 or self.delay > 3600:
            raise ValueError(f"delay is 0 to 3600 seconds, not {self.delay}")
        if self.commit_after is not None and not 0 <= self.commit_after <= 86_400:
            raise ValueError(f"commit_after is 0 to 86400 seconds, not {self.commit_after}")


class _Planned:
    __slots__ = ("fault", "seen", "struck")

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = 0
        self.struck = 0


class FaultPlan:
    """The faults planned in one process. They live with the engine, not with the storage.

    Args:
        chance: Gives a number from 0 up to 1 for a purpose and a number; the sandbox's.
        operations: The operationIds there are; None takes any name.

    Attributes:
        active: Whether any fault is planned.
    """

    def __init__(self, chance: Callable[[str, int], float], operations: Collection[str] | None = None) -> None:
        self._chance = chance
        self._operations = operations
        self._planned: list[_Planned] = []
        self._made = 0
        self.active = False

    def __len__(self) -> int:
        return len(self._planned)

    def add(self, fault: Fault) -> Fault:
        """Plan a fault; returns it with its id.

        Raises:
            ValueError: It would never strike, since no operation has the name.
        """
        if self._operations is not None:
            fitting(fault.operation, self._operations)
        self._made += 1
        fault = fault if fault.id else replace(fault, id=f"fault_{self._made}")
        self._planned.append(_Planned(fault))
        self.active = True
        return fault

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

    def match(self, operation: str) -> Fault | None:
        """The fault that strikes this request: the first planned one that fits. Counts the request."""
        chosen: Fault | None = None
        for planned in self._planned:
            fault = planned.fault
            if not fnmatchcase(operation, fault.operation):
                continue
            planned.seen += 1
            if chosen is None and self._fits(planned):
                planned.struck += 1
                chosen = fault
        return chosen

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
        """The faults planned, each with how many requests it has seen and struck."""
        return [{**asdict(planned.fault), "seen": planned.seen, "struck": planned.struck} for planned in self._planned]
