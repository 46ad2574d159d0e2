"""`prism proxy --errors` in front of a small server: both sides of what the SDK exchanges with it are checked."""

import json
from typing import Any

import httpx
import pytest

from store_credit_mock.contract import Document, ExchangeValidator

from .corpus import SYSTEMS
from .invalid_answers import ANSWERS, WrongAnswer
from .invalid_requests import REQUESTS
from .methods import Method, calls, methods, run
from .process import Prism
from .traffic import answered, answers, by_document, by_prism, request, send
from .upstream import Answer, Upstream

METHODS = list(methods())


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_the_calls_of_the_sdk_pass(proxy: Prism, upstream: Upstream, document: Document, method: Method) -> None:
    """Every method against a server that gives every response of the document: neither side has a violation."""
    call = next(calls(document, method))
    wrong: dict[str, object] = {}
    for answer in answers(document, document.operations[method.operation]):
        upstream.answers(answer.answer())
        outcome = run(method, proxy.url, call.arguments)
        found: list[object] = list(outcome.violations)
        if [one.status_code for one in outcome.responses] != [answer.status]:
            found.append(f"answered {[(one.status_code, one.text) for one in outcome.responses]}")
        if answer.success and outcome.error is not None:
            found.append(outcome.error)
        if not answer.success and getattr(outcome.error, "status_code", None) != answer.status:
            found.append(outcome.error or "nothing was raised")
        if len(upstream.arrived) != 1:
            found.append(f"the server got {upstream.arrived}")
        if found:
            wrong[str(answer)] = found

    assert wrong == {}


def with_more_pages(answer: Answer) -> Answer:
    """The page as the first of several."""
    page: dict[str, Any] = json.loads(answer.content)
    if "page" in page:
        page["page"] |= {"has_more": True, "next_cursor": page["data"][0]["id"]}
    elif "next" in page["meta"]:
        # Of no record: a client that learns the version from one would refuse arguments of others.
        page["data"] = []
        page["meta"] |= {"page": 1, "pages": 3, "next": 2}
    else:
        page["meta"]["total_pages"] = 3
    content = json.dumps(page).encode()
    return Answer(answer.status, {**answer.headers, "Content-Length": str(len(content))}, content)


@pytest.mark.parametrize("method", [method for method in METHODS if method.name == "list"], ids=str)
def test_the_requests_for_further_pages_pass(
    proxy: Prism, upstream: Upstream, document: Document, method: Method
) -> None:
    """What a list sends by itself to get the second page, alone and beside every argument it was called with."""
    first = next(answers(document, document.operations[method.operation])).answer()
    sent = []
    for call in calls(document, method):
        upstream.answers(with_more_pages(first), first)
        outcome = run(method, proxy.url, call.arguments, pages=2)

        assert outcome.violations == []
        assert outcome.error is None
        assert [one.status_code for one in outcome.responses] == [200, 200]
        sent.append([arrived.target for arrived in upstream.arrived])

    assert all(first != second for first, second in sent)
    assert len(sent) >= 2


@pytest.mark.parametrize("wrong", [one for one in ANSWERS if one.limit is None], ids=str)
def test_a_server_that_answers_wrongly_is_caught(
    proxy: Prism,
    upstream: Upstream,
    http: httpx.Client,
    validator: ExchangeValidator,
    document: Document,
    wrong: WrongAnswer,
) -> None:
    """By Prism and by the check against the document alike, at the place that is wrong."""
    right = request(document, wrong.operation)
    answer = wrong.answer(document)
    upstream.answers(answer)
    response = send(http, proxy, right)

    assert response.status_code == 500
    assert wrong.prism_place in by_prism(response).places
    assert by_document(validator, answered(right, answer)).places == {wrong.place.lower()}


def test_a_wrong_request_does_not_reach_the_server(
    proxy: Prism, upstream: Upstream, http: httpx.Client, document: Document
) -> None:
    """The proxy answers it by itself, for the same reason as the mock."""
    wrong = {}
    for one in REQUESTS:
        upstream.answers(Answer(200, {}, b""))
        refusal = by_prism(send(http, proxy, one.exchange(document)))
        if refusal.places != {one.prism_place} or upstream.arrived:
            wrong[str(one)] = (refusal, upstream.arrived)

    assert wrong == {}


def test_there_are_wrong_answers_enough() -> None:
    """Of the body, the status, the type and the headers, of every system, all different."""
    caught = [wrong for wrong in ANSWERS if wrong.limit is None]

    assert len(set(map(str, ANSWERS))) == len(ANSWERS)
    assert {wrong.place.split(".")[1] for wrong in caught} == {"body", "headers", "status"}
    for system in SYSTEMS:
        assert sum(wrong.operation.startswith(system) for wrong in caught) >= 15
