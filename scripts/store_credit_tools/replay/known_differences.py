"""Differences that are expected, each with its reason. One that does not happen any more fails the replay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from store_credit_tools.replay.differences import Difference

__all__ = ["MOCK", "SDK", "SPREE_V3", "Known", "reason_for"]


@dataclass(frozen=True, slots=True)
class Known:
    """A difference that is expected, with its reason."""

    exchange: str
    """Name of the exchange: its file's without `.json`."""
    where: str
    """JSON pointer that the difference stands at or below."""
    reason: str

    def covers(self, exchange: str, difference: Difference) -> bool:
        """Whether it is about a difference of an exchange."""
        return self.exchange == exchange and f"{difference.where}/".startswith(f"{self.where}/")


def reason_for(known: Iterable[Known], exchange: str, difference: Difference) -> str | None:
    """Why a difference is expected, or None."""
    return next((one.reason for one in known if one.covers(exchange, difference)), None)


_OTHER_RECORD: Final = "the server finds record 4 for the id '4abc', which is another record than was asked for"
_NO_USER: Final = "from 4.9 on a user id that is not a number is null; that is not the credit that was asked for"
_NO_V2: Final = "API v2 is another system of the mock; what answers where it was removed is not imitated"
_REMOVED: Final = "this server has no API v2 any more, and the document of API v2 has no such response"
_LONG_KEY: Final = "no client sends an Idempotency-Key that the server refuses for its length"
_EMPTY_KEY: Final = "no client sends an empty Idempotency-Key, which the server takes for none"
SDK: Final[tuple[Known, ...]] = (
    *(
        Known(f"v2.{name}.{server}", "/response/status", _REMOVED)
        for name in ("platform.store_credits", "storefront.account")
        for server in ("spree561", "spree600alpha")
    ),
    *(
        Known(f"v3.idempotency.{name}.{server}", where, reason)
        for name, reason in (("create_key_empty", _EMPTY_KEY), ("create_key_256", _LONG_KEY))
        for server in ("spree561", "spree600alpha")
        for where in ("/request", "/response/status")
    ),
    *(
        Known(f"platform.categories.retrieve_numeric_prefix_id{version}", "/response/status", _OTHER_RECORD)
        for version in ("", ".spree4103", ".spree536")
    ),
    Known("platform.store_credits.create_text_user_id.spree536", "/response/status", _NO_USER),
)

_TIES: Final = "credits of one amount come in no order that PostgreSQL promises"
MOCK: Final[tuple[Known, ...]] = tuple(
    Known(f"platform.store_credits.list_filter_ransack_sort{run}.postgresql", "/response/body/data", _TIES)
    for run in ("", ".spree536")
)

_RACE: Final = "which of two completions at once takes the first unused code of the credit is chance"
SPREE_V3: Final[tuple[Known, ...]] = (
    *(
        Known(f"v2.{name}.{server}", "/response", _NO_V2)
        for name in ("platform.store_credits", "storefront.account")
        for server in ("spree561", "spree600alpha")
    ),
    Known(
        "v3.store.carts.complete_two_carts_one_credit.spree600alpha", "/response/body/payments/0/response_code", _RACE
    ),
)
"""Of the mock of Spree API v3."""
