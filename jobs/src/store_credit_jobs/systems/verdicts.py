"""What became of a step, as lists and records show it once its request has ended. No I/O here.

Doubt is never resolved by sending again: whatever might be the step's own credit leaves it to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.systems.clock import Clock
from store_credit_jobs.systems.http import Http
from store_credit_jobs.systems.outcomes import FOREIGN, held, refused

__all__ = [
    "GIVES_UP",
    "Window",
    "absent",
    "before_change",
    "before_create",
    "changed_verdict",
    "create_verdict",
    "sent_before",
    "wait_until_ended",
    "window_of",
]

GIVES_UP: Final = 5
"""After so many requests that the server failed at with 500 a step is refused: the next would end like them."""
_SLACK: Final = 300.0
"""Seconds by which clocks may have drifted since their difference was seen."""
_UNMEASURED: Final = 86_400.0
"""The same where the server never told its time."""
_SETTABLE: Final = ("minor", "expires")
"""What an update may be about; whatever else changed since is a purchase."""


class Window(NamedTuple):
    """Between which times by the server's clock a credit may have been created, in seconds since 1970."""

    earliest: float
    latest: float


def window_of(step: Step, http: Http, grace: float) -> Window:
    """Give the time in which the requests of a step's generation may have been carried out, by the server's clock."""
    slack = _UNMEASURED if http.skew is None else _SLACK
    skew = http.skew or 0.0
    last = http.clock.now() if step.last_sent is None else step.last_sent
    first = last if step.first_sent is None else step.first_sent
    return Window(min(first, last) + skew - slack, max(first, last) + skew + step.longest_grace(grace) + slack)


def sent_before(step: Step) -> bool:
    """Tell of a claimed step whether an earlier request of its generation may have been carried out."""
    return step.first_sent is not None and step.first_sent != step.last_sent


def wait_until_ended(
    steps: Sequence[Step],
    grace: float,
    clock: Clock,
    stopped: Callable[[], bool],
    wrote: float | None = None,
    *,
    margin: float = 0.0,
) -> bool:
    """Wait until no request of these steps can be running any more.

    The grace is the longer one of the account's and of the run that sent a step. The wait is never longer than that:
    whatever the times in the journal say, all of it was sent before now.

    Args:
        steps: They were sent.
        grace: Seconds after which a request has ended.
        clock: What the time is.
        stopped: Whether to stop waiting.
        wrote: When this process last sent something, by the clock's monotonic seconds, or None: a time of day that is
            set forward meanwhile makes the wait no shorter.
        margin: Seconds to wait besides.

    Returns:
        Whether they have ended; False where it was told to stop.
    """
    if not steps:
        return not stopped()
    now = clock.now()
    left = max(
        min(now, now if step.last_sent is None else step.last_sent) + step.longest_grace(grace) - now for step in steps
    )
    grace = max(step.longest_grace(grace) for step in steps)
    if wrote is not None:
        left = max(left, wrote + grace - clock.monotonic())
    return clock.wait(max(0.0, min(left, grace)) + margin, stopped)


def create_verdict(
    step: Step,
    credits: Sequence[Credit],
    *,
    window: Window,
    explained: Callable[[str], bool],
    taken: Collection[str],
    otherwise: Outcome,
) -> Outcome:
    """Say what became of a create whose credit carries a mark.

    Args:
        step: The step.
        credits: At least those of its customer since it was first sent, and those that carry its mark.
        window: When its requests may have been carried out.
        explained: Whether a credit is what another step is known to have created.
        taken: Credits that explain other steps which are looked up together with this one.
        otherwise: What to say where neither the credit nor anything like it is there.
    """
    stem = step.wire.rpartition(".")[0]
    # Of whatever generation: what was taken for refused or absent may have happened all the same.
    own = sorted(
        (one for one in credits if one.mark is not None and one.mark.rpartition(".")[0] == stem),
        key=lambda one: (one.created, one.id),
    )
    if own:
        first, *others = own
        if (first.minor, first.currency, first.customer) != (step.minor, step.currency, step.customer):
            told = first.invalid or f"{first.minor} {first.currency} in minor units"
            text = f"{first.id} has its mark, but the amount {told}"
            return held(step, "echo_differs", f"{text}and the customer {first.customer}: it was changed")
        also = tuple(one.id for one in others)
        if also:
            text = f"{len(own)} credits have its mark: {', '.join(one.id for one in own)}"
            return Outcome(step, State.DONE, made=first.id, how="found", code="double_found", said=text, also_made=also)
        return Outcome(step, State.DONE, made=first.id, how="found")
    if step.state is State.HELD:
        # A person may have deleted what looked like it: only a person lets it be sent again.
        return Outcome(step, State.HELD, code=step.code, said=step.said)
    alike = [
        one.id for one in credits if _looks_like(step, one, window) and one.id not in taken and not explained(one.id)
    ]
    if alike:
        text = (
            f"no credit has its mark, but {', '.join(alike)} may have lost it: customer, amount and time are the same"
        )
        return held(step, "mark_missing", text)
    return otherwise


def absent(step: Step) -> Outcome:
    """Say that a step did not happen, so that it is sent again.

    Not so where the server failed at it again and again, where something in front of the server refuses it, or where
    the server said that it did it.
    """
    if step.code == FOREIGN:
        text = f"something in front of the server refused it, and it has had no effect: {step.said}"
        return refused(step, FOREIGN, f"{text}; correct the cause, then use --retry-refused")
    if step.attempt >= GIVES_UP and step.code == "http_500":
        text = f"the server responded {step.attempt} times with 500; correct the cause, then use --retry-refused"
        return refused(step, "http_500", text)
    if step.code == "echo_differs":
        # Whatever the server made of it, it made something: a shop that puts its own user in the place of the one that
        # was sent hides each credit from the scan, and would be sent another one in each round.
        return held(
            step, "echo_differs", f"no trace of it was found, although the server reported success: {step.said}"
        )
    return Outcome(step, State.PLANNED, how="absent")


def before_change(step: Step, found: Credit | None) -> Outcome | None:
    """Look at the target of an update or delete right before it is sent.

    Returns:
        None where it is as it was planned; else what the step has come to without being sent.
    """
    again = step.attempt > 1
    if found is None:
        if again and step.action == "delete":
            return Outcome(step, State.DONE, made=step.target, how="found")
        return refused(step, "changed_since_plan", f"{step.target} no longer exists: plan again")
    if again and step.action == "update" and _has(found, step.after, _SETTABLE):
        return Outcome(step, State.DONE, made=step.target, how="found")
    differs = _differs(found, step.before)
    if step.action == "delete" and found.authorized:
        # The server would delete it, and the order that counts on it could never be paid.
        text = f"{found.authorized} {found.currency} in minor units of {step.target} is reserved for an order"
        return refused(step, "authorized_open", f"{text}; capture or cancel that order, then plan again")
    if differs:
        return refused(step, "changed_since_plan", f"{step.target}: {differs}; plan again")
    return None


def before_create(step: Step, credits: Callable[[], Iterable[Credit]], http: Http, grace: float) -> Outcome | None:
    """Look at what a customer has right before a create whose amount was planned by that (`--mode set`) is sent.

    Args:
        step: The step.
        credits: Lists the customer's credits, by a client that does not wait.
        http: Has the time.
        grace: Seconds after which a request has ended, counted from the claim.

    Returns:
        None where it is as it was planned, or was not looked at; else what the step has come to without being sent.
    """
    planned = (step.before or {}).get("outstanding")
    if planned is None:
        return None
    listed = list(credits())
    now = http.server_now() or http.clock.now()
    outstanding = sum(
        one.remaining
        for one in listed
        if (one.customer, one.currency) == (step.customer, step.currency) and (one.expires is None or one.expires > now)
    )
    if outstanding != planned:
        had = (
            f"{step.customer} has {outstanding} {step.currency} outstanding, but had {planned} when the row was planned"
        )
        return refused(step, "changed_since_plan", f"{had} (minor units); plan again")
    if step.last_sent is not None and http.clock.now() - step.last_sent > grace / 4:
        # The grace counts from the claim: what took so long to read is not sent late.
        return Outcome(step, State.PLANNED)
    return None


def changed_verdict(step: Step, found: Credit | None) -> Outcome:
    """Say what became of an update or delete, given its target as it is now."""
    if step.action == "delete":
        if found is None:
            return Outcome(step, State.DONE, made=step.target, how="found")
    elif found is not None and _has(found, step.after, _SETTABLE):
        # Whatever was spent of it since.
        return Outcome(step, State.DONE, made=step.target, how="found")
    if step.state is State.HELD:
        return Outcome(step, State.HELD, code=step.code, said=step.said)
    differs = "it no longer exists" if found is None else _differs(found, step.before)
    if differs:
        text = f"{step.target}: {differs}, which is not the result of this step either"
        return held(step, "changed_since_plan", text)
    return absent(step)


def _looks_like(step: Step, credit: Credit, window: Window) -> bool:
    return (
        credit.mark is None
        and (credit.minor, credit.currency, credit.customer) == (step.minor, step.currency, step.customer)
        and window.earliest <= credit.created <= window.latest
    )


def _has(credit: Credit, wanted: Mapping[str, Any] | None, names: Sequence[str]) -> bool:
    """Tell whether a credit is as wanted in all of these that are named there; False where none is."""
    said = [name for name in names if name in (wanted or {})]
    return bool(said) and credit.invalid is None and all(getattr(credit, name) == (wanted or {})[name] for name in said)


def _differs(credit: Credit, planned: Mapping[str, Any] | None) -> str | None:
    """Say in what a credit is not as it was planned, or None."""
    if credit.invalid is not None:
        return f"its amount is {credit.invalid}, which is not valid"
    for name in ("minor", "used", "authorized", "expires"):
        if name in (planned or {}) and getattr(credit, name) != (planned or {})[name]:
            return f"its {name} is {getattr(credit, name)}, but was {(planned or {})[name]} when the row was planned"
    return None
