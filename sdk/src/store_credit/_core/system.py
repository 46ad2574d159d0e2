"""What differs between the systems a client can talk to, apart from their operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from store_credit._core.credentials import Credential, Secret
    from store_credit._core.keyring import Key
    from store_credit._core.operation import Call
    from store_credit._core.response import Response


__all__ = ["ErrorDetails", "Identity", "Rules", "System", "problem_details"]


class ErrorDetails(NamedTuple):
    """What a system's error body says."""

    message: str | None = None
    code: str | None = None
    type: str | None = None
    param: str | None = None
    errors: Mapping[str, list[str]] | None = None
    scope: str | None = None
    details: Mapping[str, Any] | None = None


def problem_details(body: Any) -> ErrorDetails:
    """Read what a server, or something before it, says in the form of RFC 9457 (`application/problem+json`)."""
    said: Any = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    title, detail = (one if isinstance(one, str) and one else None for one in (said.get("title"), said.get("detail")))
    kind, code = said.get("type"), said.get("code")
    return ErrorDetails(
        f"{title}: {detail}" if title and detail else title or detail,
        code if isinstance(code, str) else None,
        kind if isinstance(kind, str) and kind != "about:blank" else None,
    )


class Identity(NamedTuple):
    """Who requests are from and where they go."""

    system: System
    credential: Credential
    base_url: str
    base_url_name: str


class Rules:
    """What holds where a system has no rule of its own about it."""

    unlocked_keys = False
    spent_codes: frozenset[str] = frozenset()
    tenant_headers: frozenset[bytes] = frozenset()

    def check_call(self, call: Call, params: Sequence[tuple[str, str]]) -> None:
        """Let everything be sent as it is."""

    def finish(self, call: Call, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Send the key as it is."""
        if call.key is not None:
            call.sent_key = str(call.key)
            headers.append((b"Idempotency-Key", call.key.encode()))
        return headers

    def shares_keys(self, route: str) -> bool:
        """Have every account keep its own keys."""
        del route
        return False

    def keeps_refusal(self, status: int) -> bool:
        """Keep no refusal under a key."""
        del status
        return False

    def was_replayed(self, response: Response | None) -> bool:
        """Take no response for one that is sent again."""
        del response
        return False

    def learn(self, result: Any) -> None:
        """Learn nothing of the server's version."""

    def advice(self, status: int, details: ErrorDetails, call: Call) -> str:
        """Say nothing more."""
        del status, details, call
        return ""

    def fingerprint(self, secret: Secret) -> str:
        """Tell credentials apart by their texts."""
        return secret.fingerprint

    def list_query(self, number: int) -> list[tuple[str, str]]:
        """Have no list that a lost record is looked for in."""
        raise NotImplementedError

    def list_extent(self, body: Any) -> tuple[int, int]:
        """Have no list that a lost record is looked for in."""
        raise NotImplementedError


class System(Protocol):
    """The rules of one system that hold for all of its operations."""

    name: str
    """What people call it, for messages."""

    credential_name: str
    """What takes the client's credential, for messages: the argument of the client, of `with_options` and of a call."""

    package: str
    """The package that holds its operations, in modules of `api` by their tags."""

    security: tuple[tuple[Key, ...], ...]
    """Of a system that only its document describes: how a raw request carries the credentials; else empty."""

    takes_keys: bool
    """Whether it answers a request it has seen under the same idempotency key without executing it again."""

    def collect(self, options: dict[str, Any]) -> Any:
        """Take the client's credential out of options, hidden before anything is raised over it; None without any."""
        ...

    def credential_header(self, scheme: str, secret: str) -> tuple[bytes, bytes]:
        """The header that carries the client's credential."""
        ...

    def check_credential(self, secret: Secret) -> None:
        """Check that a credential may go to this client's server.

        Raises:
            ConfigurationError: It is of another kind or environment.
        """
        ...

    def may_carry_credential(self, path: str) -> str | None:
        """The scheme by which a raw request to this path carries the client's credential, or None where it must not."""
        ...

    def error_details(self, body: Any) -> ErrorDetails:
        """Read an error body; whatever cannot be read stays None."""
        ...

    def saved_before_refusing(self, status: int, details: ErrorDetails) -> bool:
        """Whether this refusal is one that the server gives after it has done what was asked."""
        ...

    def refused_for_good(self, status: int, details: ErrorDetails) -> bool:
        """Whether this refusal proves that no earlier attempt under the same idempotency key has been executed."""
        ...

    def still_running(self, status: int, details: ErrorDetails) -> bool:
        """Whether this refusal says that the first use of the same idempotency key has not ended yet."""
        ...

    unlocked_keys: bool
    """Whether two requests under one key that are under way at once are both executed."""

    tenant_headers: frozenset[bytes]
    """Headers, in lower case, that choose what an account sees: a lost write is looked for with those it went with."""

    spent_codes: frozenset[str]
    """Codes of refusals after which a request is never sent again under its key, not even to settle its outcome."""

    def check_call(self, call: Call, params: Sequence[tuple[str, str]]) -> None:
        """Check a call before anything of it is sent, and write its body as the system takes it.

        Args:
            call: The call.
            params: Query parameters of every request.

        Raises:
            InvalidArgumentError: An argument is not usable.
            ConfigurationError: The client's server has no such operation, or a setting must not go with the call.
        """
        ...

    def finish(self, call: Call, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Put the idempotency key into an attempt's headers, credentials and all, and take out what must not go."""
        ...

    def shares_keys(self, route: str) -> bool:
        """Whether several accounts share the idempotency keys of what is below a path, so that no log may show one."""
        ...

    def keeps_refusal(self, status: int) -> bool:
        """Whether a refusal is sent again for as long as a key lives, so that the call needs another one."""
        ...

    def was_replayed(self, response: Response | None) -> bool:
        """Whether the server says that a response is that to an earlier request under the same key."""
        ...

    def learn(self, result: Any) -> None:
        """Learn of the server's version from what was read of a response: a record or a page."""
        ...

    def advice(self, status: int, details: ErrorDetails, call: Call) -> str:
        """What to do about a refusal, beside what its message says: a sentence with a point and a space before it."""
        ...

    def fingerprint(self, secret: Secret) -> str:
        """What tells accounts apart without showing a credential: tokens that come and go have that of their user."""
        ...

    def list_query(self, number: int) -> list[tuple[str, str]]:
        """The query of a page of the list in which a lost record is looked for, the newest first."""
        ...

    def list_extent(self, body: Any) -> tuple[int, int]:
        """How many pages such a list has, and how many records.

        Raises:
            ValueError: It does not say.
        """
        ...
