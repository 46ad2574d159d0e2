"""A request as it was sent, kept by the error about it."""

from __future__ import annotations

from typing import NamedTuple

from store_credit._core.public import public

__all__ = ["SentRequest"]


@public
class SentRequest(NamedTuple):
    """A request as it was sent, without credentials. It is needed to settle an `OutcomeUnknownError`.

    `query` and `headers` are pairs, and `content` is the body's bytes or None. `origin` is the base URL that the
    request went to, `scheme` is how the client's credential was sent, and `credential` is a fingerprint of it, because
    a key is valid only within one account.
    """

    operation: str
    method: str
    origin: str
    path: str
    query: tuple[tuple[str, str], ...]
    content: bytes | None
    idempotency_key: str | None
    headers: tuple[tuple[bytes, bytes], ...]
    scheme: str | None
    credential: str | None

    def __repr__(self) -> str:
        # The body may hold what is nobody else's business.
        return f"<SentRequest {self.method} {self.path}>"
