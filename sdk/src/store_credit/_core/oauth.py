"""A token for Spree's Platform API from the id and secret of an OAuth application.

Source: contract/spree.md section 2; the responses recorded under `oauth.token.*`.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from store_credit._core.client import AsyncClient, SyncClient
from store_credit._core.codec import is_object
from store_credit._core.credentials import check_secret, seal
from store_credit._core.httplib import HTTPAsyncClient, HTTPClient
from store_credit._core.operation import Call, Operation
from store_credit._core.public import public
from store_credit._core.response import Response
from store_credit._core.spree import SpreeConnection

__all__ = ["AsyncClientCredentials", "ClientCredentials"]

TOKEN_PATH: Final = "/spree_oauth/token"  # noqa: S105 - a path, not a secret


class _Sync(SyncClient, SpreeConnection[HTTPClient]):
    pass


class _Async(AsyncClient, SpreeConnection[HTTPAsyncClient]):
    pass


def _read_token(response: Response) -> str:
    body = response.json()
    token = body.get("access_token") if is_object(body) else None
    if not isinstance(token, str):
        raise ValueError("the response contains no access_token")
    return token


# Asking twice gives two good tokens, so a lost response is simply asked for again.
_TOKEN = Operation("spree.oauth.token", "POST", TOKEN_PATH, idempotent=True, read=_read_token)


class _Grant:
    def __init__(self, client_id: Any, client_secret: Any, scope: str) -> None:
        self.scope = scope
        self._id = check_secret(client_id, "client_id")
        self._secret = check_secret(client_secret, "client_secret")

    def _call(self) -> Call:
        call = Call(_TOKEN, TOKEN_PATH, headers=[(b"Content-Type", b"application/x-www-form-urlencoded")])
        call.content = urlencode(
            {
                "grant_type": "client_credentials",
                "scope": self.scope,
                "client_id": self._id.reveal(),
                "client_secret": self._secret.reveal(),
            }
        ).encode()
        return call

    def __repr__(self) -> str:
        return f"{type(self).__name__}(scope={self.scope!r}, ...)"

    def __reduce__(self) -> Any:
        raise TypeError("client credentials are secret and cannot be pickled; create them in each process")


@public
class ClientCredentials(_Grant):
    """Fetches a Platform token. Pass an instance to `SpreeClient(token=...)`.

    Args:
        client_id: Client id of the OAuth application in Spree's back office.
        client_secret: Client secret of the same application.
        base_url: The shop's address; by default, the environment variable `SPREE_URL`.
        scope: Space-separated scopes: `admin`, `read`, `write`.
        **client: Other settings of a `SpreeClient`, such as `timeout` (seconds) or `http_client`.

    Raises:
        AuthenticationError: The server does not know the id or the secret.
        ValidationError: The server does not grant the scope.
    """

    def __init__(
        self, client_id: str, client_secret: str, *, base_url: str | None = None, scope: str = "admin", **client: Any
    ) -> None:
        client_id, client_secret, given = "", "", (seal(client_id), seal(client_secret))
        super().__init__(*given, scope)
        self._settings: dict[str, Any] = {"base_url": base_url, **client}
        self._open().close()

    def _open(self) -> _Sync:
        return _Sync(**self._settings)

    def __call__(self) -> str:
        """Fetch a token, over a connection that is not kept: the next is wanted in hours."""
        with self._open() as client:
            return client.call(self._call())


@public
class AsyncClientCredentials(_Grant):
    """Like `ClientCredentials`, but for `AsyncSpreeClient(token=...)`."""

    def __init__(
        self, client_id: str, client_secret: str, *, base_url: str | None = None, scope: str = "admin", **client: Any
    ) -> None:
        client_id, client_secret, given = "", "", (seal(client_id), seal(client_secret))
        super().__init__(*given, scope)
        self._settings: dict[str, Any] = {"base_url": base_url, **client}
        self._open()

    def _open(self) -> _Async:
        return _Async(**self._settings)

    async def __call__(self) -> str:
        """Fetch a token, over a connection that is not kept: the next is wanted in hours."""
        async with self._open() as client:
            return await client.call(self._call())
