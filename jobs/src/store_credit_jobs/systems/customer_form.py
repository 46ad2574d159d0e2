"""How each system writes the id of a customer: one way, since a server may take others for the same customer.

Rails reads `017`, `17abc` and ` 17` as 17, so that on Spree's API v2 a slip of the pen is somebody else's credit, and
two rows of one customer look like two customers'.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

__all__ = ["are_customers", "customer_form", "is_customer"]

_FORMS: Final = {
    "spree-v2": (r"[1-9][0-9]{0,18}", "a whole number without leading zeros, such as 17"),
    "spree-v3": (r"[A-Za-z0-9][A-Za-z0-9_-]{0,199}", "letters, digits, - and _, such as cus_UkLWZg9DAJ"),
    "vinr": (r"[A-Za-z0-9][A-Za-z0-9_-]{0,199}", "letters, digits, - and _, such as cust_8aZ2"),
}
_ONE: Final[dict[str, Callable[[str], Any]]] = {
    system: re.compile(form, re.ASCII).fullmatch for system, (form, _) in _FORMS.items()
}
are_customers: Final[dict[str, Callable[[str], Any]]] = {
    system: re.compile(rf"{form}(?:\x1f{form})*+", re.ASCII).fullmatch for system, (form, _) in _FORMS.items()
}
"""By system, what matches ids of customers with `\\x1f` between them."""


def is_customer(system: str, text: str) -> bool:
    """Whether a text is an id of a customer as the system itself writes it."""
    return bool(_ONE[system](text))


def customer_form(system: str) -> str:
    """Say how the system writes the id of a customer."""
    return _FORMS[system][1]
