"""Which headers, parameters and members carry secrets: by the names the document gives, and by those in common use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, cast

__all__ = ["SecretNames"]

_HEADERS: Final = frozenset(
    {
        b"authentication-info",
        b"authorization",
        b"cookie",
        b"proxy-authorization",
        b"set-cookie",
        b"x-spree-order-token",
        b"x-spree-token",
    }
)
_NAMES: Final = frozenset({"authorization", "client_id", "jsessionid", "jwt", "password_confirmation"})
_ENDS: Final = (
    "access_key", "api_key", "apikey", "assertion", "hmac", "passphrase", "passwd", "password", "private_key", "secret",
    "secret_key", "session_id", "signature", "signing_key", "token",
)  # fmt: skip
"""How names of secrets end, in the way `_plain_name` writes them."""


class SecretNames:
    """Tells whether a name is that of a secret; the one policy for logs, recordings, reports and violations.

    Args:
        data: An OpenAPI document: its `securitySchemes` and what has `format: password` are secrets too.
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        headers, names = set(_HEADERS), set(_NAMES)
        document = data or {}
        for scheme in document.get("components", {}).get("securitySchemes", {}).values():
            if scheme.get("type") == "apiKey":
                name = str(scheme["name"]).lower()
                names.add(_plain_name(name))
                if scheme["in"] == "header":
                    headers.add(name.encode())
        names.update(_plain_name(name) for name in _passwords(document))
        self._headers = frozenset(headers)
        self._names = frozenset(names)

    def is_secret(self, name: str) -> bool:
        """Whether a parameter or member is a secret; `user[password]` and `data.token` are named by their last part."""
        last = _last_name(name)
        return last in self._names or last.endswith(_ENDS)

    def is_secret_header(self, name: bytes) -> bool:
        """Whether a header is a secret; `name` is in lower case."""
        return name in self._headers or _plain_name(name.decode("latin-1")).endswith((*_ENDS, "hmac_sha256"))


@lru_cache(maxsize=4096)
def _last_name(name: str) -> str:
    """Find the last part of a name such as `user[password]`, plainly written."""
    return _plain_name(re.split(r"[\[.]", name.rstrip("]"))[-1])


@lru_cache(maxsize=4096)
def _plain_name(name: str) -> str:
    """Write `clientSecret`, `Client-Secret` and `client_secret` as the last."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_")


def _passwords(value: Any, name: str = "") -> Iterable[str]:
    """Find the names of properties and parameters whose schema says `format: password`."""
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _passwords(item, name)
    elif isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        if members.get("format") == "password" and name:
            yield name
        named = members.get("name")
        for key, member in members.items():
            if key in {"example", "examples"}:
                continue
            own = key if name == "properties" or key == "properties" else name
            if key == "schema" and isinstance(named, str):
                own = named
            yield from _passwords(member, own)
