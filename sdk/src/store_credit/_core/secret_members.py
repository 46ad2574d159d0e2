"""Credentials in what a call sends: a password in the body of a sign-in, a secret among the parameters.

The generated methods for signing in can be sent again, so that their errors keep no request. A raw request may be one
as well, and nothing but the names of its members tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl

from store_credit._core import codec

if TYPE_CHECKING:
    from store_credit._core.operation import Call

__all__ = ["secrets_of"]

_NAMES: Final = frozenset(
    {
        "access_token",
        "api_key",
        "client_secret",
        "current_password",
        "new_password",
        "password",
        "password_confirmation",
        "refresh_token",
        "secret",
        "secret_key",
        "token",
    }
)
_PART: Final = re.compile(rb'name="([^"]*)"')
_LAST: Final = re.compile(r"\[(\w+)\]$")


def secrets_of(call: Call) -> list[str]:
    """List the credentials that a call sends in its query and its body; of a form of several parts, empty texts.

    Metadata is the caller's own, whatever its members are called.
    """
    found = [value for name, value in call.query if _is_secret(name)]
    if "?" in call.path:
        found += _of_form(call.path.partition("?")[2])
    if call.body is not None:
        return found + _of_json(call.body)
    content = call.content
    if not content:
        return found
    try:
        return found + _of_json(codec.decode(content))
    except ValueError:
        parts = [name.decode("latin-1") for name in _PART.findall(content)]
        return found + ["" for name in parts if _is_secret(name)] + _of_form(content.decode("latin-1"))


def _of_form(text: str) -> list[str]:
    return [value for name, value in parse_qsl(text, keep_blank_values=True) if _is_secret(name)]


def _of_json(body: Any) -> list[str]:
    found: list[str] = []
    waiting = [body]
    # Without recursion: a body may be as deep as JSON may be.
    while waiting:
        value = waiting.pop()
        if isinstance(value, list | tuple):
            waiting += cast("list[Any]", value)
        elif isinstance(value, Mapping):
            for name, member in cast("Mapping[Any, Any]", value).items():
                if "metadata" in str(name):
                    continue
                if _is_secret(str(name)) and isinstance(member, str):
                    found.append(member)
                else:
                    waiting.append(member)
    return found


def _is_secret(name: str) -> bool:
    """Whether a name is one of a credential: `password`, and `user[password]`."""
    last = _LAST.search(name)
    return (last[1] if last else name).lower().replace("-", "_") in _NAMES
