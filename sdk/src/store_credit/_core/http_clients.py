"""Clients of the HTTP library: those made here, with the SDK's own limits, and those that a caller injects."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.request import getproxies

from store_credit._core import httplib
from store_credit._core.errors import ConfigurationError
from store_credit._core.httplib import Library
from store_credit._core.options import DEFAULT_MAX_CONNECTIONS, is_credential_header, replacing
from store_credit._core.settings import Settings, environment

if TYPE_CHECKING:
    from store_credit._core.httplib import Backend, HTTPAsyncClient, HTTPClient

__all__ = ["default_async_http_client", "default_http_client"]

KEEPALIVE: Final = 5.0
"""Seconds that an idle connection is kept: less than servers keep theirs, so that few are found closed."""

_OF_THE_LIBRARY: Final = frozenset({"accept", "accept-encoding", "connection", "user-agent"})
_MEANING: Final = frozenset({"content-type", "content-length", "host", "idempotency-key", "vinr-version", "accept"})


def limits(library: Library, max_connections: int) -> Any:
    """Limits of a connection pool in which every connection may be kept: a burst does not open them all anew."""
    return library.module.Limits(
        max_connections=max_connections, max_keepalive_connections=max_connections, keepalive_expiry=KEEPALIVE
    )


def chosen(backend: Any) -> Library:
    """The library of a client that was given none; `STORE_CREDIT_BACKEND` where the caller named none either."""
    return httplib.default(backend if backend is not None else environment("STORE_CREDIT_BACKEND"))


def default_http_client(
    *, backend: Backend | None = None, max_connections: int = DEFAULT_MAX_CONNECTIONS, **settings: Any
) -> HTTPClient:
    """Create an HTTP client like the SDK's own, with your settings, to pass as `http_client=`.

    ```python
    VinrClient(http_client=default_http_client(proxy="http://proxy.internal:3128", verify=context))
    ```

    You have to close it. In a forked worker, create the client after the fork.

    Args:
        backend: `httpx` or `httpx2`; by default, `STORE_CREDIT_BACKEND`, or else httpx.
        max_connections: Maximum number of simultaneous connections.
        **settings: What the library's `Client` accepts: `proxy`, `verify`, `mounts`, `transport`, `event_hooks`, ...

    Raises:
        ConfigurationError: The library is not installed, or the environment's settings cannot be used.
    """
    library = chosen(backend)
    with environment_errors(library):
        return library.module.Client(**_defaults(library, max_connections, settings))


def default_async_http_client(
    *, backend: Backend | None = None, max_connections: int = DEFAULT_MAX_CONNECTIONS, **settings: Any
) -> HTTPAsyncClient:
    """Like `default_http_client`, but for the async clients.

    Args:
        backend: `httpx` or `httpx2`; by default, `STORE_CREDIT_BACKEND`, or else httpx.
        max_connections: Maximum number of simultaneous connections.
        **settings: What the library's `AsyncClient` accepts.

    Raises:
        ConfigurationError: The library is not installed, or the environment's settings cannot be used.
    """
    library = chosen(backend)
    with environment_errors(library):
        return library.module.AsyncClient(**_defaults(library, max_connections, settings))


def _defaults(library: Library, max_connections: int, settings: dict[str, Any]) -> dict[str, Any]:
    return {"limits": limits(library, max_connections), "cookies": no_cookies(), **settings}


def no_cookies() -> CookieJar:
    """A jar that keeps nothing: one tenant's session must not go along with another's request."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


def has_proxy() -> bool:
    """Whether the environment names a proxy."""
    return bool(getproxies())


@contextmanager
def environment_errors(library: Library) -> Generator[None]:
    """Turn what the library raises over the environment's proxies and certificates into a ConfigurationError.

    Raises:
        ConfigurationError: They cannot be used; the text names the variable.
    """
    try:
        yield
    except (ImportError, ValueError, OSError, library.module.InvalidURL) as error:
        entry = _unreadable_no_proxy(library)
        if entry is not None:
            why = (
                f"NO_PROXY contains {entry!r}, which {library.name} cannot parse; remove this entry, or use a newer "
                "httpx2"
            )
            raise ConfigurationError(why) from error
        raise ConfigurationError(
            f"the environment's proxy or certificate settings cannot be used ({error}); "
            f"check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR"
        ) from error


def _unreadable_no_proxy(library: Library) -> str | None:
    for entry in (os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "").split(","):
        host = entry.strip()
        try:
            library.module.URL(_exempt(host))
        except (ValueError, library.module.InvalidURL):
            return host
    return None


def _exempt(host: str) -> str:
    """The pattern that httpx makes of an entry of NO_PROXY (0.27 and 0.28); only IPv6 gets brackets from it."""
    if "://" in host:
        return host
    try:
        version = ip_address(host.partition("/")[0]).version
    except ValueError:
        return f"all://{'' if host.lower() == 'localhost' else '*'}{host}"
    return f"all://[{host}]" if version == 6 else f"all://{host}"


def adopt(settings: Settings, client: Any) -> Settings:
    """Take over what an injected client adds to every request: its headers, query parameters and timeout.

    Raises:
        ConfigurationError: It would change what a request means: a credential of its own, a base URL, cookies, or a
            header that the SDK sets.
    """

    def refused(what: str, instead: str) -> ConfigurationError:
        return ConfigurationError(f"http_client has {what}; {instead}")

    if getattr(client, "auth", None) is not None:
        raise refused("its own auth", "pass credentials to the SDK's client as api_key= or token=")
    base_url = str(getattr(client, "base_url", "")).rstrip("/")
    if base_url not in ("", settings.origin, settings.origin + settings.path_prefix):
        raise refused("the base_url of another server", "pass the address to the SDK's client as base_url=")
    if any(True for _ in getattr(client, "cookies", ())):
        raise refused("cookies", "the SDK sends no cookies; put anything that a gateway needs into headers=")
    library = httplib.library_of(client, "Client") or httplib.library_of(client, "AsyncClient")
    assert library is not None
    added: list[tuple[bytes, bytes]] = []
    for name, value in cast("Iterable[tuple[bytes, bytes]]", client.headers.raw):
        text = name.decode("latin-1").lower()
        if text in _OF_THE_LIBRARY and _is_default(text, value):
            continue
        if is_credential_header(text) or text == "cookie":
            raise refused(f"the header {text}", "pass credentials to the SDK's client as api_key= or token=")
        if text in _MEANING:
            raise refused(f"the header {text}", "the SDK sets this header itself; leave it out")
        added.append((name, value))
    params = tuple((str(name), str(value)) for name, value in client.params.multi_items())
    changes: dict[str, Any] = {
        "headers": replacing(added, settings.headers),
        "params": params,
        "injected": True,
    }
    # A header of the client's own replaces none of the caller's, who passed those to the SDK on purpose.
    own_agent = [pair for pair in added if pair[0].lower() == b"user-agent"]
    if own_agent:
        changes["headers"] = replacing(changes["headers"], own_agent)
    timeout = client.timeout
    if not settings.timeout_given and timeout != library.module.Timeout(5.0):
        from store_credit._core.options import check_timeout

        changes["timeout"] = check_timeout(timeout)
    return settings.changed(**changes)


_PYTHON_AGENT: Final = re.compile(rb"python-httpx2?/")


def _is_default(name: str, value: bytes) -> bool:
    """Whether a header is one that the library puts on every client."""
    if name == "user-agent":
        return bool(_PYTHON_AGENT.match(value))
    if name == "accept":
        return value == b"*/*"
    return True
