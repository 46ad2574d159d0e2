"""Steps, each one request that changes something, and what became of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, Literal

import attrs

__all__ = ["RESTORED", "Action", "Outcome", "RequestSent", "State", "Step", "Stop"]

Action = Literal["create", "update", "delete"]

RESTORED: Final = "restored"
"""The code of an unknown step of which nothing is known to have been sent: the journal was restored from an older copy,
so that it is looked up before it is sent."""


class State(StrEnum):
    """Where a step stands. See "State machine" in CONTRIBUTING for the ways between them."""

    PLANNED = "planned"
    """Nothing was sent, or what was sent is proven not to have happened."""
    SENDING = "sending"
    """Recorded durably before the first byte leaves; seen later, its runner died or its outcome was not written."""
    UNKNOWN = "unknown"
    """It was sent, and no response tells what became of it: look it up before anything else."""
    HELD = "held"
    """Looking it up could not decide: a person has to (`store-credit issue decide`)."""
    DONE = "done"
    """It happened, exactly once as far as the server shows."""
    REFUSED = "refused"
    """The server refused it for good; `--retry-refused` sends it again as the next generation."""


class Stop(StrEnum):
    """Why a job must not go on after an outcome."""

    CREDENTIALS = "credentials"
    """The server refused the credentials: exit code 7."""
    TOO_LONG = "too_long"
    """The server asks to wait longer than a job waits: exit code 4."""


@attrs.frozen(slots=True)
class Step:
    """A step as the journal has it.

    Attributes:
        job: The job's id.
        n: The row's number in the plan, from 1.
        s: The step's number in its row, from 1.
        key: The row's key.
        action: What it does.
        customer: Whose credit it is.
        minor: The amount, in minor units: of a create what is issued; of an update what the credit's amount becomes.
        currency: Three capitals.
        payload: What else the row says: `expires` (seconds since 1970, UTC), `memo`, `category`, `order`, ...
        target: The id of the credit that an update or delete is about.
        before: What the target looked like when it was planned: `minor`, `used`, `authorized`, `expires`.
        after: What it looks like once it is done, likewise.
        wire: Its wire key, of the current generation.
        generation: From 1.
        state: Where it stands.
        attempt: How many requests have been sent for it, over all generations.
        first_sent: When the first request of this generation that may have been carried out was claimed, seconds since
            1970 by this machine's clock; None where it is proven that none was.
        last_sent: When the last request was claimed, likewise.
        credential: The fingerprint of the credential that it was sent with.
        grace: Seconds after which no request of it can be running any more: the longest that it was sent with.
        made: The id of the credit that it created or changed.
        how: How it is known to be done: `sent`, `replayed`, `found` or `decided`.
        code: The server's or our code of what it was refused or held for.
        said: What the server said, or why it is held; holds no credential.
        request_id: The server's id of the last request.
    """

    job: str
    n: int
    s: int
    key: str
    action: Action
    customer: str
    minor: int
    currency: str
    payload: dict[str, Any]
    wire: str
    target: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    generation: int = 1
    state: State = State.PLANNED
    attempt: int = 0
    first_sent: float | None = None
    last_sent: float | None = None
    credential: str | None = None
    made: str | None = None
    how: str | None = None
    code: str | None = None
    said: str | None = None
    request_id: str | None = None
    grace: float | None = None

    def longest_grace(self, grace: float) -> float:
        """Give a grace, or the one that it was sent with where that is longer."""
        return max(grace, self.grace or 0.0)


@attrs.frozen(slots=True)
class RequestSent:
    """One request that was sent for a step, for the journal's list of attempts."""

    at: float
    status: int | None
    request_id: str | None


@attrs.frozen(slots=True)
class Outcome:
    """What became of a step, by a response or by looking it up.

    Attributes:
        step: The step as it was claimed or read.
        state: Where it stands now: `DONE`, `REFUSED`, `PLANNED`, `UNKNOWN` or `HELD`.
        made: As `Step.made`.
        how: As `Step.how`; beside `PLANNED`, `absent` says that it is proven that nothing happened. Without it, a step
            that was looked up may be sent again under the same wire key and with the same credential alone.
        code: As `Step.code`, for instance `double_found` beside `DONE`.
        said: As `Step.said`.
        sent: The request that was sent; None where it was only looked up.
        next_generation: The step goes on under a new wire key: what was stored under the old one is a refusal.
        also_made: Ids of further credits with the same mark: the credit was doubled.
        stop: Why the job must stop.
        wait: Seconds for which the server asks to send nothing, or None.
        limit: What the server says about its limit: `(requests allowed in a window, left in it)`.
        server_time: The server's time by its `Date` header, seconds since 1970, or None.
    """

    step: Step
    state: State
    made: str | None = None
    how: str | None = None
    code: str | None = None
    said: str | None = None
    sent: RequestSent | None = None
    next_generation: bool = False
    also_made: tuple[str, ...] = ()
    stop: Stop | None = None
    wait: float | None = None
    limit: tuple[int, int] | None = None
    server_time: float | None = None
