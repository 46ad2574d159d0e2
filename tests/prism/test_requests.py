"""Prism and the check against the document by JSON Schema agree on requests, right and wrong.

What one of them cannot see is listed in test_limits.py.
"""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.recording import ExchangeFile

from .corpus import SYSTEMS
from .invalid_requests import REQUESTS, WrongRequest
from .process import Prism
from .traffic import by_document, by_prism, document, parameter_query, parameter_value, requests, send


def shown() -> Iterator[tuple[str, ExchangeFile]]:
    """Every request of the document, and for each operation one with the examples of all its parameters."""
    for operation in document().operations.values():
        plain = dict(requests(document(), operation))
        for name, exchange in plain.items():
            yield f"{operation.id} {name}", exchange
        exchange = next(iter(plain.values()))
        query: dict[str, str | list[str]] = {}
        headers = dict(exchange.request_headers)
        for location, parameter in operation.parameters:
            value = parameter_value(document(), location)
            if parameter["in"] == "query":
                query |= parameter_query(parameter, value)
            elif parameter["in"] == "header":
                headers[parameter["name"]] = str(value)
        yield f"{operation.id} every parameter", replace(exchange, query=query, request_headers=headers)


SHOWN = list(shown())


@pytest.mark.parametrize("exchange", [one for _, one in SHOWN], ids=[name for name, _ in SHOWN])
def test_both_accept_what_the_document_shows(
    mock: Prism, http: httpx.Client, validator: ExchangeValidator, exchange: ExchangeFile
) -> None:
    """Every example of a request in each of its media types, and every example of a parameter."""
    response = send(http, mock, exchange)

    assert not by_prism(response)
    assert 200 <= response.status_code < 300
    assert not by_document(validator, exchange)


@pytest.mark.parametrize("wrong", REQUESTS, ids=str)
def test_both_refuse_what_is_wrong(
    mock: Prism, http: httpx.Client, validator: ExchangeValidator, document: Document, wrong: WrongRequest
) -> None:
    """And for the same reason: the one place that is wrong."""
    exchange = wrong.exchange(document)
    response = send(http, mock, exchange)

    assert response.status_code >= 400
    assert by_prism(response).places == {wrong.prism_place}
    assert by_document(validator, exchange).places == wrong.places


def test_there_are_wrong_requests_enough() -> None:
    """In each part of a request to each system, all different."""
    assert len(set(map(str, REQUESTS))) == len(REQUESTS)
    for system in SYSTEMS:
        places = [wrong.place for wrong in REQUESTS if wrong.operation.startswith(system)]
        assert {place.split(".")[1] for place in places if "." in place} >= {"body", "query", "header", "headers"}
        assert len(places) >= 20
