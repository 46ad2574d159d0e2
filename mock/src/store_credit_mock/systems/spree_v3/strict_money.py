"""What 6.0 refuses of an amount before anything is looked at (read from code, not recorded).

Admin writes take canonical decimal strings alone: "19.99", no number, no locale's own way of writing, no group of
thousands, no more decimals than the currency beside it has, or four where none is. Null and blank text pass to the
model. It is looked for at any depth of the body, but not inside of metadata.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.money import decimals_of
from store_credit_mock.systems.rails.parameters import nested
from store_credit_mock.systems.spree_v3 import errors
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.state import State

__all__ = ["check"]

_CANONICAL: Final = re.compile(r"-?\d+(?:\.(\d+))?", re.ASCII)
_KEPT_AS_SENT: Final = frozenset({"metadata", "custom_fields", "external_data"})
_MOST_DECIMALS: Final = 4


def check(call: Call, state: State) -> None:
    """Refuse a body whose amount is not canonical.

    Raises:
        Abort: 422 invalid_money_format, as from an exception.
    """
    strict = state.action.side == "admin" and profile_of(call).strict_money
    if strict and call.request.method in {"POST", "PATCH", "PUT"}:
        body = call.body
        _look(nested(body.value) if body.kind == "form" else body.value, None)


def _look(node: Any, currency: str | None) -> None:
    if isinstance(node, list):
        for item in cast("list[Any]", node):
            _look(item, currency)
    if not isinstance(node, dict):
        return
    members = cast("dict[str, Any]", node)
    own = members.get("currency")
    currency = own if isinstance(own, str) and own.strip() else currency
    for name, value in members.items():
        if name == "amount" and not isinstance(value, dict | list):
            problem = _problem(value, currency)
            if problem is not None:
                raise errors.refuse("invalid_money_format", f"Amount {problem}", {name: [problem]})
        elif name not in _KEPT_AS_SENT:
            _look(value, currency)


def _problem(value: Any, currency: str | None) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    fit = _CANONICAL.fullmatch(value) if isinstance(value, str) else None
    if fit is None:
        return 'must be a decimal string such as "49.50"'
    allowed = _MOST_DECIMALS if currency is None else decimals_of(currency)
    if len(fit[1] or "") > allowed:
        return f"has too many decimals (at most {allowed})"
    return None
