"""A first look at an account: whether the server can be reached, takes the credential and has the right time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from store_credit import APIConnectionError, AuthenticationError, PermissionDeniedError, StoreCreditError
from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.systems.http import Http

__all__ = ["MOST_SKEW", "first_look"]

MOST_SKEW: Final = 60.0
"""Seconds by which clocks may differ; more, and times of creation cannot be compared."""


def first_look(account: Account, http: Http, read: Callable[[], Any]) -> tuple[float | None, list[Problem]]:
    """Read something that any credential for store credit may read.

    Args:
        account: Whom about.
        http: The account's HTTP client.
        read: Makes the call.

    Returns:
        By how many seconds the server's clock is ahead, None where it does not tell; and what is wrong with it.

    Raises:
        JobsError: `credentials_refused`; `unreachable`; or `other_server`, it responds as the system does not.
    """
    try:
        read()
    except (AuthenticationError, PermissionDeniedError) as error:
        why = f"account {account.name}: the server refused its credential: {error.message}"
        raise JobsError("credentials_refused", why, exit_code=ExitCode.CREDENTIALS) from None
    except APIConnectionError as error:
        raise JobsError("unreachable", f"account {account.name}: {account.url}: {error.message}") from None
    except StoreCreditError as error:
        why = f"account {account.name}: {account.url} does not respond as {account.system} does: {error.message}"
        raise JobsError("other_server", f"{why}. Check the account's url and system") from None
    skew = http.skew
    if skew is None or abs(skew) <= MOST_SKEW:
        return skew, []
    which = "behind" if skew > 0 else "ahead of"
    text = (
        f"this machine's clock is {abs(skew):.0f} seconds {which} the server's; correct it, and run the command again"
    )
    return skew, [Problem("clock_skew", text)]
