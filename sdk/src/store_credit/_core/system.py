"""What differs between the systems a client can talk to, apart from their operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from store_credit._core.credentials import Credential, Secret
    from store_credit._core.keyring import Key

__all__ = ["ErrorDetails", "Identity", "System", "problem_details"]


class ErrorDetails(NamedTuple):
    """What a system's error body says."""

    message: str | None = None
    code: str | None = None
    type: str | None = None
    param: str | None = None
    errors: Mapping[str, list[str]] | None = None
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
