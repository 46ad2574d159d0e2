"""The credentials of Spree's API v3: several of one client, each by the argument that takes it.

The Admin API takes a secret key or a staff member's token, the Store API a publishable key with a customer's token or a
cart's. Which of them an operation is sent with is said by its `security`, from the document.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final, cast

from store_credit._core.credentials import Credential, Secret, check_secret, seal
from store_credit._core.errors import ConfigurationError, InvalidArgumentError, StoreCreditError
from store_credit._core.keyring import Key, Keyring, Placed

__all__ = ["KeyringCredential", "SpreeKeyring", "passed", "sealed"]

_PREFIXES: Final = {"secret_key": "sk_", "publishable_key": "pk_"}
_KINDS: Final = {"sk_": "a secret key (sk_...)", "pk_": "a publishable key (pk_...)", "eyJ": "a token, not a key"}


class SpreeKeyring(Keyring):
    """Credentials by the names of their arguments; none of them is shown.

    Args:
        keys: Each sealed, or the function that gives it.
        passed: Which of them came with the call itself: they are sent, whatever else would do.
    """

    __slots__ = ("_given", "_passed")

    def __init__(self, keys: Mapping[str, Any], passed: Collection[str] = ()) -> None:
        self._given = dict(keys)
        self._passed = frozenset(passed)
        self._problem = None
        self._keys = {name: one for name, one in keys.items() if isinstance(one, Secret)}
        shown = {name: one.reveal() for name, one in sorted(self._keys.items())}
        # Without spaces: a text that stands for them all is checked like any other credential.
        Secret.__init__(self, json.dumps(shown, separators=(",", ":")))

    @property
    def names(self) -> Collection[str]:
        """The arguments that were given."""
        return self._given.keys()

    @property
    def functions(self) -> dict[str, Any]:
        """Those that a function gives."""
        return {name: one for name, one in self._given.items() if callable(one)}

    @property
    def limited_as(self) -> Secret:
        """What the server counts requests by: a key rather than the tokens that come and go with it."""
        return next((self._keys[name] for name in _PREFIXES if name in self._keys), self)

    def merged(self, other: SpreeKeyring) -> SpreeKeyring:
        """These and others, which replace those of the same name."""
        return SpreeKeyring(self._given | other._given, self._passed | other._passed)

    def over(self, earlier: Secret | None) -> Secret:
        """These, and what a call has been given before beside them."""
        return earlier.merged(self) if isinstance(earlier, SpreeKeyring) else self

    def without(self, names: Collection[str]) -> SpreeKeyring:
        """These but for some."""
        return SpreeKeyring({name: one for name, one in self._given.items() if name not in names}, self._passed)

    def check(self, known: Collection[str] | None = None) -> SpreeKeyring:
        """Return the credentials of a call.

        Raises:
            ConfigurationError: One is a function, cannot be sent, or is of another kind.
        """
        del known
        for name, one in self._given.items():
            if callable(one):
                raise ConfigurationError(
                    f"{name} is a function; a call accepts only a str, so pass the function to the client"
                )
            check_kind(one, name)
        return self

    def place(self, security: tuple[tuple[Key, ...], ...], operation: str) -> Placed:
        """Write the first alternative that all are there for; one with what came with the call before the others.

        Raises:
            ConfigurationError: There is none.
        """
        chosen = self._chosen(security)
        if chosen is None:
            raise ConfigurationError(f"{operation} needs {_wanted(security)}, which {_lacking(self._keys, security)}")
        placed = Placed([], [], [])
        for key in chosen:
            self._write(key, placed)
        return placed

    def sent_with(self, security: tuple[tuple[Key, ...], ...]) -> SpreeKeyring:
        """Those of the alternative that `place` writes; all of them where there is none."""
        chosen = self._chosen(security)
        return self if chosen is None else SpreeKeyring({key.scheme: self._keys[key.scheme] for key in chosen})

    def alternatives(self, security: tuple[tuple[Key, ...], ...]) -> list[Secret]:
        """Those of each alternative that all are there for, to be sent as what came with a call."""
        fitting = [{key.scheme: self._keys[key.scheme] for key in each} for each in self._fitting(security)]
        return [SpreeKeyring(each, each) for each in fitting]

    def _fitting(self, security: tuple[tuple[Key, ...], ...]) -> list[tuple[Key, ...]]:
        return [each for each in security if all(key.scheme in self._keys for key in each)]

    def _chosen(self, security: tuple[tuple[Key, ...], ...]) -> tuple[Key, ...] | None:
        fitting = self._fitting(security)
        return max(fitting, key=lambda each: len(self._passed & {key.scheme for key in each}), default=None)


def _wanted(security: tuple[tuple[Key, ...], ...]) -> str:
    return " or ".join(" with ".join(f"{key.scheme}=" for key in each) for each in security)


def _lacking(keys: Collection[str], security: tuple[tuple[Key, ...], ...]) -> str:
    nearest = min(security, key=lambda each: sum(key.scheme not in keys for key in each))
    missing = " and ".join(key.scheme for key in nearest if key.scheme not in keys)
    return f"the client does not have: pass {missing} to the client, or a token to the call"


def check_kind(secret: Any, name: str) -> Secret:
    """Check that a credential can be sent and is of its kind; it is not shown.

    Raises:
        ConfigurationError: It is not.
    """
    checked = check_secret(secret, name)
    problem = _why_another(checked, name)
    if problem is not None:
        raise ConfigurationError(problem)
    return checked


def _why_another(secret: Secret, name: str) -> str | None:
    """Why a credential is not of the kind of its argument; None where it is."""
    start = secret.reveal()[:3]
    wanted = _PREFIXES.get(name)
    if wanted is not None and start != wanted:
        return f"{name} is {_KINDS.get(start, f'not {_KINDS[wanted]}')}; pass {_KINDS[wanted]}"
    if wanted is None and start in ("sk_", "pk_"):
        other = next(argument for argument, prefix in _PREFIXES.items() if prefix == start)
        return f"{name} is {_KINDS[start]}; pass that as {other}="
    return None


def passed(**given: Any) -> SpreeKeyring | None:
    """Keep the credentials that are passed with a call, each sealed; None where there are none.

    Raises:
        InvalidArgumentError: One cannot be sent, or is of another kind.
    """
    keys = {name: one for name, one in given.items() if one is not None}
    given.clear()
    if not keys:
        return None
    try:
        return SpreeKeyring(keys, keys).check()
    except StoreCreditError as error:
        raise InvalidArgumentError(error.message) from None


class KeyringCredential(Credential):
    """The credentials of a client, one of which a function may give.

    Args:
        ring: What the client was made with.
        advice: What to check when the server refuses them.

    Raises:
        ConfigurationError: One cannot be sent, is of another kind, or two are functions.
    """

    __slots__ = ("_fixed", "_name", "_ring")

    def __init__(self, ring: SpreeKeyring, advice: str) -> None:
        functions = ring.functions
        if len(functions) > 1:
            raise ConfigurationError(f"{' and '.join(functions)} are functions; only one of them may be a function")
        self._ring = ring
        self._name, function = next(iter(functions.items()), ("", None))
        self._fixed = ring.without([self._name])
        self._fixed.check()
        super().__init__(function or self._fixed, advice)

    @property
    def given(self) -> Any:
        """What the client was made with."""
        return self._ring

    @property
    def present(self) -> bool:
        """Whether there is any."""
        return bool(self._ring.names)

    def known_for(self, secret: Secret | None, security: tuple[tuple[Key, ...], ...]) -> Secret | None:
        """What a call is sent with: its own, with the client's beside; None where the function must be asked first."""
        if not security:
            return None
        if secret is not None:
            return self._fixed.merged(cast("SpreeKeyring", secret))
        asked = any(key.scheme == self._name for each in security for key in each)
        return None if asked else self._fixed

    def whole(self, secret: Secret) -> Secret:
        """What the function gave, beside the others."""
        return self._fixed.merged(SpreeKeyring({self._name: check_kind(secret, self._name)}))


def sealed(given: Mapping[str, Any]) -> SpreeKeyring:
    """Hide credentials that were given; those that are None are left out."""
    return SpreeKeyring({name: seal(one) for name, one in given.items() if one is not None})
