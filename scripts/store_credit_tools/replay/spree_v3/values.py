"""What the placeholders of a script stand for, and the credentials that each caller sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

__all__ = ["Values"]

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_NOT_A_KEY: Final = "there-is-no-such-key"
_GARBAGE: Final = "garbage"
_KEY: Final = "X-Spree-Api-Key"
_CARTS: Final = {"guest": "cartg", "guest_alice": "cartg", "cart1_token": "cart1"}
"""The carts whose token these callers send."""
_CALLERS: Final[Mapping[str, tuple[str | None, str | None]]] = {
    "nobody": (None, None),
    "staff": (None, "staff"),
    "limited": (None, "limited"),
    "both": ("full", "staff"),
    "alice_outlet": ("pk_outlet", "alice"),
    "guest": ("pk", None),
    "guest_alice": ("pk", "alice"),
    "cart1_token": ("pk", None),
    "badkey": (f"sk_{_NOT_A_KEY}", None),
    "keybearer": (None, "KEY full"),
    "badjwt": (None, _GARBAGE),
    "alice_bearer": (None, "alice"),
    "shortkey": ("shortkey_token", None),
    "key_badjwt": ("full", _GARBAGE),
    "badkey_staff": (f"sk_{_NOT_A_KEY}", "staff"),
    "orders_staff": ("orders", "staff"),
    "full_alice": ("full", "alice"),
    "badpk_alice": (f"pk_{_NOT_A_KEY}", "alice"),
    "pk_badjwt": ("pk", _GARBAGE),
    "pk_staff": ("pk", "staff"),
}
"""Name of the key, and whose token goes as a bearer, by caller; see `initial_state.as` in the script."""


class Values:
    """Everything that a name stands for while a script is played.

    Args:
        given: Ids that are there before the first step.
        recorded: The ids that names had when the script was recorded, for those that the mock did not give.
        keys: API keys by name.
        password: Everybody's.
    """

    def __init__(
        self, given: Mapping[str, str], recorded: Mapping[str, str], keys: Mapping[str, str], password: str
    ) -> None:
        self._saved: dict[str, str] = dict(given)
        self._recorded, self._keys, self._password = recorded, keys, password

    def save(self, names: Mapping[str, str], body: Any) -> list[str]:
        """Keep what a step saves of a response; returns the places where there was nothing."""
        missing: list[str] = []
        for name, place in names.items():
            found = _at(body, place)
            if isinstance(found, str | int):
                self._saved[name] = str(found)
            else:
                missing.append(place)
        return missing

    def text(self, text: str) -> str:
        """A text with what its placeholders stand for."""
        return _PLACEHOLDER.sub(lambda found: self._value(found[1], found[0]), text)

    def body(self, value: Any) -> Any:
        """A body with what its placeholders stand for."""
        if isinstance(value, dict):
            return {name: self.body(item) for name, item in cast("dict[str, Any]", value).items()}
        if isinstance(value, list):
            return [self.body(item) for item in cast("list[Any]", value)]
        if value == "<password>":
            return self._password
        return self.text(value) if isinstance(value, str) else value

    def credentials(self, caller: str) -> dict[str, str]:
        """The headers that a caller sends."""
        if caller in self._keys:
            return {_KEY: self._keys[caller]}
        key, bearer = _CALLERS.get(caller, ("pk", caller))
        headers = {} if key is None else {_KEY: self._keys.get(key) or self._saved.get(key) or key}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {self._bearer(bearer)}"
        if caller in _CARTS:
            headers["X-Spree-Token"] = self._saved.get(f"{_CARTS[caller]}_token", "there-is-no-such-cart")
        return headers

    def _bearer(self, name: str) -> str:
        if name.startswith("KEY "):
            return self._keys.get(name[4:], _NOT_A_KEY)
        return name if name == _GARBAGE else self._saved.get(f"jwt_{name}", "nobody-has-signed-in")

    def _value(self, name: str, whole: str) -> str:
        return self._saved.get(name) or self._recorded.get(name) or whole


def _at(body: Any, place: str) -> Any:
    for part in place.split("."):
        if isinstance(body, list) and part.isdecimal():
            items = cast("list[Any]", body)
            body = items[int(part)] if int(part) < len(items) else None
        elif isinstance(body, dict):
            body = cast("dict[str, Any]", body).get(part)
        else:
            return None
    return body
