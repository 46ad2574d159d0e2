"""A token given as a function: when it is asked, and asked again."""

from typing import Any

import pytest

from store_credit import AuthenticationError, ConfigurationError, SpreeClient
from store_credit._core.settings import Secret


def test_a_function_is_asked_before_the_first_request_and_not_again(outcomes: Any) -> None:
    """The token is kept for the calls that follow."""
    met = outcomes("spree record")
    client = met.spree(token=lambda: "")
    client.store_credits.retrieve("7")
    client.store_credits.retrieve("7")

    assert met.refused == [None]
    assert met.headers(b"Authorization") == [b"Bearer first"] * 2


def test_a_refused_token_is_asked_for_again_once(outcomes: Any) -> None:
    """After a 401 the request goes out with the new token, at once and whatever the budget for resends."""
    met = outcomes(401, "spree record")
    met.spree(token=lambda: "").store_credits.retrieve("7", max_retries=0)

    assert met.refused == [None, Secret("first")]
    assert met.headers(b"Authorization") == [b"Bearer first", b"Bearer second"]
    assert met.waits == []


def test_a_second_401_is_raised(outcomes: Any) -> None:
    """Asking for ever would hide a wrong setting."""
    met = outcomes(401)
    with pytest.raises(AuthenticationError):
        met.spree(token=lambda: "").store_credits.retrieve("7")

    assert met.refused == [None, Secret("first")]
    assert len(met.sent) == 2


def test_a_later_call_may_renew_the_token_again(outcomes: Any) -> None:
    """Once for each call: tokens expire more than once in the life of a client."""
    met = outcomes(401, "spree record", 401, "spree record")
    client = met.spree(token=lambda: "")
    client.store_credits.retrieve("7")
    client.store_credits.retrieve("7")

    assert met.refused == [None, Secret("first"), Secret("second")]


def test_a_fixed_token_is_not_asked_for_again(outcomes: Any) -> None:
    """The 401 is raised at once and says what to check."""
    met = outcomes(401)
    with pytest.raises(AuthenticationError, match="SPREE_TOKEN"):
        met.spree().store_credits.retrieve("7")

    assert len(met.sent) == 1


def test_a_create_refused_with_401_is_sent_again(calls: Any, outcomes: Any) -> None:
    """A 401 is given before anything is executed."""
    met = outcomes(401, "spree record")
    met.spree(token=lambda: "").store_credit_categories.create(name="Goodwill")

    assert len(met.sent) == 2


def test_renewing_costs_nothing_of_the_budget(outcomes: Any) -> None:
    """The resends that faults earn are still there afterwards."""
    met = outcomes(503, 401, 503, "spree record")
    met.spree(token=lambda: "").store_credits.retrieve("7", max_retries=2)

    assert len(met.sent) == 4
    assert len(met.waits) == 2


def test_a_call_that_needs_a_token_the_client_does_not_have_is_not_sent() -> None:
    """The error names the setting."""
    with pytest.raises(ConfigurationError, match="token= or SPREE_TOKEN"):
        SpreeClient("http://spree.test").store_credits.retrieve("7")
