"""What the server answered, free of the HTTP library underneath."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from store_credit._core import codec, logs
from store_credit._core.public import public

__all__ = ["Headers", "Response"]


@public
class Headers(Mapping[str, str]):
    """Response headers: names are not case-sensitive, and the values of a repeated header are joined with a comma."""

    __slots__ = ("_index", "_raw")

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        self._raw = raw
        self._index: dict[str, str] | None = None

    def _names(self) -> dict[str, str]:
        index = self._index
        if index is None:
            index = {}
            for name, value in self._raw:
                key, text = name.decode("latin-1").lower(), value.decode("latin-1")
                index[key] = f"{index[key]}, {text}" if key in index else text
            self._index = index
        return index

    def raw(self, name: bytes) -> bytes | None:
        """Return the first value of a header by its lowercase name, without decoding all the others."""
        for key, value in self._raw:
            if key.lower() == name:
                return value
        return None

    def __getitem__(self, name: str) -> str:
        return self._names()[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __repr__(self) -> str:
        return f"Headers({logs.redacted(self.items())!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        # A pickle outlives the session whose cookies these are.
        kept = [(name, value) for name, value in self._raw if name.decode("latin-1").lower() not in logs.SECRET_HEADERS]
        return Headers, (kept,)


@public
class Response:
    """The raw HTTP response.

    Attributes:
        status_code: HTTP status.
        headers: Response headers, whose names are not case-sensitive.
        content: The body's bytes, decompressed.
        attempts: How many times the request was sent until this response arrived.
        idempotency_key: The key that the request was sent with, or None.
        elapsed: Seconds from sending the last attempt until its body had been read.
        operation: The operation's id in `openapi.yaml`; for `client.request` the method and path.
    """

    __slots__ = ("attempts", "content", "elapsed", "headers", "idempotency_key", "operation", "status_code")

    def __init__(
        self,
        status_code: int,
        headers: list[tuple[bytes, bytes]],
        content: bytes,
        elapsed: float = 0.0,
    ) -> None:
        self.status_code = status_code
        self.headers: Headers = Headers(headers)
        self.content = content
        self.elapsed = elapsed
        self.attempts: int = 1
        self.idempotency_key: str | None = None
        self.operation: str | None = None

    @property
    def request_id(self) -> str | None:
        """The server's id of the request (`x-vinr-request-id`, Spree's `X-Request-Id`)."""
        found = self.headers.raw(b"x-vinr-request-id") or self.headers.raw(b"x-request-id")
        return None if found is None else found.decode("latin-1")

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body's JSON value.

        Raises:
            ValueError: The body is not JSON.
        """
        return codec.decode(self.content)

    def __repr__(self) -> str:
        return f"<Response {self.status_code}, {len(self.content)} bytes, request id {self.request_id}>"
