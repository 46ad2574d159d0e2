"""Every recorded request that a server took is allowed by the document, or is on a list with the reason why not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.recording import ExchangeFile

from .conftest import step_of
from .planted import CREATE, LIST, with_fields


class Forbidden(NamedTuple):
    """Where a request departs from the document, and why the document does not allow what the server took."""

    where: str
    reason: str


_TOKEN = "a token in the address ends in access logs; the Authorization header carries it"
_DROPPED = "the server drops unknown fields without a word, so a misspelled one must be noticed here"
_DECIMALS = "the server rounds to two decimals without a word, so that another amount is stored than was sent"
_TIMES = "the record's history could be forged; no client needs it (D19)"
_BLANK_FILTER = "the server ignores a blank value and lists everything; leave the filter out instead"
_NO_FILTER = "the server ignores a filter without a condition and lists everything"
_LOCALE = "5.3 reads such a text by the store's language, another shop as another amount (R23)"
_PRIORITY = "the server turns what is not a whole number into another one: 2.7 into 2, a word into 0"

# What a server takes and we forbid, by step. Exact: an entry whose request becomes valid fails the test.
FORBIDDEN: Mapping[str, Forbidden] = {
    "platform.auth.access_token_param": Forbidden("/query", _TOKEN),
    "platform.categories.create_flat_body_jsonapi_type": Forbidden(
        "/body", "without the root key the body's meaning depends on the content type and Rails' settings (D25)"
    ),
    "platform.categories.create_number_name": Forbidden(
        "/body/store_credit_category/name", "a name is text; the server turns the number into it"
    ),
    "platform.store_credits.create_by_admin_user": Forbidden(
        "/body/store_credit",
        "4.5 refuses a credit nobody issued; one request that works on both is asked for (D5)",
    ),
    "platform.store_credits.create_currency_symbol": Forbidden("/body/store_credit/amount", _LOCALE),
    "platform.store_credits.create_missing_user": Forbidden(
        "/body/store_credit", "from 5.x on a credit may be nobody's; nobody can spend it, and older versions refuse it"
    ),
    "platform.store_credits.create_thousands_separator": Forbidden("/body/store_credit/amount", _LOCALE),
    "platform.store_credits.create_deleted_at": Forbidden("/body/store_credit", _TIMES),
    "platform.store_credits.create_duplicate_keys": Forbidden(
        "/body/store_credit/amount", "a reader of JSON may take either of two members; the server takes the last"
    ),
    "platform.store_credits.create_exponent_amount": Forbidden(
        "/body/store_credit/amount",
        "an exponent in a string is read by the server only, not by people or locales (A4)",
    ),
    "platform.store_credits.create_float_amount_rounds": Forbidden("/body/store_credit/amount", _DECIMALS),
    "platform.store_credits.create_form_encoded": Forbidden(
        "/header/content-type", "a form has neither null nor numbers; Spree's reference has JSON only"
    ),
    "platform.store_credits.create_metadata_null": Forbidden(
        "/body/store_credit/public_metadata", "the server makes an empty object of null; send that, or nothing"
    ),
    "platform.store_credits.create_negative_authorized": Forbidden(
        "/body/store_credit/amount_authorized", "a negative reservation would add to what can be spent"
    ),
    "platform.store_credits.create_over_column_limit": Forbidden(
        "/body/store_credit/amount", "only SQLite stores it; PostgreSQL answers 500 (R5)"
    ),
    "platform.store_credits.create_string_amount_rounds": Forbidden("/body/store_credit/amount", _DECIMALS),
    "platform.store_credits.create_timestamps": Forbidden("/body/store_credit", _TIMES),
    "platform.store_credits.create_unknown_fields": Forbidden("/body/store_credit", _DROPPED),
    "platform.store_credits.list_filter_amount_blank": Forbidden("/query/filter/amount_gteq", _BLANK_FILTER),
    "platform.store_credits.list_filter_amount_text": Forbidden(
        "/query/filter/amount_gteq", "the server takes a word for 0 and lists everything (R11)"
    ),
    "platform.store_credits.list_filter_string": Forbidden("/query/filter", _NO_FILTER),
    "platform.store_credits.list_page_0": Forbidden("/query/page", "the server takes page 0 for page 1"),
    "platform.store_credits.list_per_page_0": Forbidden("/query/per_page", "the server takes 0 for 25"),
    "platform.store_credits.list_per_page_text": Forbidden("/query/per_page", "the server takes a word for 25"),
    "platform.store_credits.retrieve_include_empty": Forbidden(
        "/query/include/0", "an empty include asks for nothing; leave it out instead"
    ),
    "platform.store_credits.update_id": Forbidden("/body/store_credit", _DROPPED),
    "platform.store_credits.update_unknown_fields": Forbidden("/body/store_credit", _DROPPED),
    "platform.types.create_priority_float": Forbidden("/body/store_credit_type/priority", _PRIORITY),
    "platform.types.create_priority_string": Forbidden(
        "/body/store_credit_type/priority", "a priority is a number; the server reads one out of the text"
    ),
    "platform.types.create_priority_text": Forbidden("/body/store_credit_type/priority", _PRIORITY),
    "storefront.apply.amount_negative": Forbidden("/body/amount", "the server makes a negative payment of it (D21)"),
    "storefront.apply.amount_null": Forbidden(
        "/body/amount", "the server takes null for no amount and applies everything; leave it out instead"
    ),
}


@pytest.fixture(scope="module")
def taken(validator: ExchangeValidator, exchanges: Sequence[ExchangeFile]) -> Mapping[str, ExchangeFile]:
    """The requests of operations in the document that a server answered with 2xx, by name."""
    found = [one for one in exchanges if 200 <= one.status < 300]
    return {one.name: one for one in found if validator.locate(one.method, one.path).match}


def places(validator: ExchangeValidator, exchange: ExchangeFile) -> set[str]:
    """Where a request departs from the document, but for the spelling of its method."""
    located = validator.locate(exchange.method, exchange.path)
    assert located.match
    found = validator.request(located, exchange.request()).violations
    return {violation.pointer for violation in found if violation not in located.violations}


def test_every_request_the_server_took_is_allowed_or_listed(
    taken: Mapping[str, ExchangeFile], validator: ExchangeValidator
) -> None:
    """Path, query, headers and body of 430 requests; the list of exceptions is exact in name and place."""
    wrong = {name: places(validator, exchange) for name, exchange in taken.items()}

    assert len(wrong) == 430
    departing = {name: found for name, found in wrong.items() if found}
    assert {step_of(name) for name in departing} == set(FORBIDDEN)
    for name, found in departing.items():
        entry = FORBIDDEN[step_of(name)]
        assert entry.where in found, f"{name}: departs at {found}"
        assert entry.reason


@pytest.fixture(scope="module")
def create(taken: Mapping[str, ExchangeFile]) -> ExchangeFile:
    return taken[CREATE]


@pytest.fixture(scope="module")
def listing(taken: Mapping[str, ExchangeFile]) -> ExchangeFile:
    return taken[LIST]


@pytest.mark.parametrize("amount", [1, Decimal("0.01"), Decimal("25.00"), Decimal("999999.99"), "25", "25.5", "25.00"])
def test_a_right_amount_is_allowed(amount: Any, create: ExchangeFile, validator: ExchangeValidator) -> None:
    """Numbers and numeric strings of up to two decimals are amounts."""
    assert places(validator, with_fields(create, amount=amount)) == set()


@pytest.mark.parametrize(
    "query",
    [
        {"filter[id_in][]": ["1", "2"]},
        {"filter[id_in][]": "1"},
        {"filter[currency_not_eq]": "USD", "filter[s]": "amount desc"},
        {"include": "user,store_credit_events.originator"},
        {"fields[store_credit]": "amount", "fields[refund]": "amount"},
        {"page": "2", "per_page": "500", "sort": "-id", "locale": "de"},
    ],
)
def test_an_open_query_is_allowed(query: dict[str, Any], listing: ExchangeFile, validator: ExchangeValidator) -> None:
    """Filters, includes and fields beyond the named ones go through, lists of values too."""
    assert places(validator, replace(listing, query=query)) == set()
