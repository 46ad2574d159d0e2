"""Several credentials of one client, each under the name that its document gives it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Collection, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias, cast
from urllib.parse import quote

from store_credit._core.credentials import Secret
from store_credit._core.errors import ConfigurationError, kind_of

__all__ = ["Credentials", "Key", "Keyring", "Placed"]

Credentials: TypeAlias = Mapping[str, str | tuple[str, str]]
"""By the name of a security scheme: the key or the token, or for HTTP basic the user name and the password."""


class Key(NamedTuple):
    """Where a security scheme puts a credential: `scheme` is its name, `name` that of the header, query or cookie."""

    scheme: str
    place: Literal["header", "query", "cookie", "bearer", "basic"]
    name: str = "Authorization"


class Placed(NamedTuple):
    """Credentials as they are sent."""

    headers: list[tuple[bytes, bytes]]
    query: list[tuple[str, str]]
    cookies: list[str]


class Keyring(Secret):
    """Credentials by the names of their schemes; shows itself as little as one `Secret` does."""

    __slots__ = ("_keys", "_problem")

    def __init__(self, given: Any) -> None:
        """Keep credentials. Nothing is raised here, where they stand in the open; see `check`."""
        self._keys: dict[str, Secret] = {}
        self._problem: str | None = None
        if not isinstance(given, Mapping):
            self._problem = (
                f"credentials is {kind_of(given)}; pass a dict whose keys are the names of the security schemes"
            )
            given = {}
        for name, value in cast("Mapping[Any, Any]", given).items():
            pair = isinstance(value, tuple | list)
            texts = cast("list[Any]", [*value] if pair else [value])
            if len(texts) != (2 if pair else 1) or not all(isinstance(one, str) for one in texts):
                self._problem = f"credentials: {name} is neither a str nor a (user name, password) tuple"
                continue
            self._keys[str(name)] = Secret("\n".join(texts) if pair else texts[0])
            why = _why_unusable(self._keys[str(name)], pair=pair)
            self._problem = f"credentials: {name} {why}" if why else self._problem
        super().__init__(json.dumps({name: one.reveal() for name, one in sorted(self._keys.items())}))

    def check(self, known: Collection[str] | None = None) -> Keyring:
        """Return the credentials. `known`: the names that there are.

        Raises:
            ConfigurationError: One cannot be sent, or has another name; no value is shown.
        """
        if self._problem is not None:
            raise ConfigurationError(self._problem)
        unknown = [name for name in self._keys if known is not None and name not in known]
        if unknown:
            names = ", ".join(known or ()) or "none"
            raise ConfigurationError(
                f"credentials: the OpenAPI document has no security scheme {unknown[0]!r}; its schemes are {names}"
            )
        return self

    def over(self, earlier: Secret | None) -> Secret:
        """These in place of what a call has been given before."""
        del earlier
        return self

    @property
    def parts(self) -> list[str]:
        """Every text that must not be shown."""
        found = [one.reveal() for one in self._keys.values()]
        pairs = [one for one in found if "\n" in one]
        basic = [b64encode(one.replace("\n", ":", 1).encode()).decode() for one in pairs]
        return [*(one for one in found if "\n" not in one), *(one.partition("\n")[2] for one in pairs), *basic]

    def place(self, security: tuple[tuple[Key, ...], ...], operation: str) -> Placed:
        """Write the credentials of the first alternative that all are there for.

        Raises:
            ConfigurationError: There is none.
        """
        fitting = [each for each in security if all(key.scheme in self._keys for key in each)]
        if not fitting:
            wanted = " or ".join(" and ".join(repr(key.scheme) for key in each) for each in security)
            raise ConfigurationError(
                f"{operation} needs the credential {wanted}, which the client does not have; pass"
                f" credentials={{{security[0][0].scheme!r}: ...}}"
            )
        # One without any credential is there for clients that have none.
        chosen = next((each for each in fitting if each), fitting[0])
        placed = Placed([], [], [])
        for key in chosen:
            self._write(key, placed)
        return placed

    def _write(self, key: Key, placed: Placed) -> None:
        secret = self._keys[key.scheme].reveal()
        if ("\n" in secret) != (key.place == "basic"):
            wanted = "a (user name, password) tuple" if key.place == "basic" else "a str"
            raise ConfigurationError(f"credentials: {key.scheme} takes {wanted}")
        match key.place:
            case "header":
                placed.headers.append((key.name.encode(), secret.encode()))
            case "bearer":
                placed.headers.append((b"Authorization", b"Bearer " + secret.encode()))
            case "basic":
                pair = secret.replace("\n", ":", 1).encode()
                placed.headers.append((b"Authorization", b"Basic " + b64encode(pair)))
            case "query":
                placed.query.append((key.name, secret))
            case "cookie":
                placed.cookies.append(f"{key.name}={quote(secret, safe='!#$%&()*+-./:<=>?@[]^_`{|}~')}")


def _why_unusable(secret: Secret, *, pair: bool) -> str | None:
    """Why a credential cannot be sent; None where it can."""
    value = secret.reveal()
    if pair:
        user, _, password = value.partition("\n")
        unusable = ":" in user or "\n" in password or not user + password
        return "contains a line break, or has a colon in the user name" if unusable else None
    if not value.strip():
        return "is empty"
    if not value.isascii() or not value.isprintable() or " " in value:
        return "contains a space, a line break or a character outside ASCII; copy it again"
    return None
