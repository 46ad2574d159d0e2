"""Locales of a shop: how its numbers are written, which at 5.3 decides what an amount sent as text means.

Read and recorded on 5.3.6: with German numbers `POST /store_credits?locale=de` takes "25.00" for 2500 and shows
"$2.500,00" (core/lib/spree/localized_number.rb). JSON numbers are the same in every locale.
"""

from __future__ import annotations

from typing import Any

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.numbers import ENGLISH, NUMBERS, Numbers
from store_credit_mock.systems.spree.rails_params import parameters, tree
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["locales", "numbers_of"]


def locales(value: Any) -> str:
    """Check the option `spree_locales`: names parted by commas.

    Raises:
        ValueError: It names none, or one whose numbers are not known here.
    """
    names = [name.strip() for name in str(value).split(",")]
    for name in names:
        if name not in NUMBERS:
            raise ValueError(f"spree_locales has {name!r}; the locales that are known are {', '.join(NUMBERS)}")
    return ",".join(names)


def numbers_of(call: Call) -> Numbers:
    """How the shop writes numbers for a request: by its `locale` if the shop has it, else by the shop's first one."""
    option: str = call.sandbox.of_systems["spree_locales"]
    if option == "en" or not profile_of(call).cleans_amounts:
        return ENGLISH
    known = option.split(",")
    sent = tree(call) if call.body.kind in {"none", "malformed"} else parameters(call)
    asked = sent.get("locale")
    return NUMBERS[asked if isinstance(asked, str) and asked in known else known[0]]
