"""The client of a system that only its document describes: credentials, addresses, raw requests, unknown outcomes."""

import logging
import pickle
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from generator_cases import Package, made

from store_credit import ConfigurationError, OutcomeUnknownError

HIDDEN = {"key": "hidden-key", "session": "hidden-session"}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """A package whose calls take a key in the query and a cookie together."""
    return made("security-and-keys", tmp_path_factory.mktemp("clients"))


class Server:
    """Answers requests one after the other, and keeps them."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        status = self.answers.pop(0) if self.answers else 201
        said = f"no {request.url} {request.headers.get('cookie')}"
        return httpx.Response(status, json={"id": "1"} if status < 300 else {"message": said})


def test_credentials_of_a_copy_and_of_a_call(package: Package) -> None:
    """They go in place of the client's, each where its scheme says."""
    server = Server()
    client = package.client(server, HIDDEN, blocking=True)
    client.things.create(name="n", credentials={"key": "k2", "session": "s2"})
    client.with_options(credentials={"key": "k3", "session": "s3"}).things.create(name="n")
    client.things.create(name="n")

    assert [one.url.params["api_key"] for one in server.seen] == ["k2", "k3", "hidden-key"]
    assert [one.headers["cookie"] for one in server.seen] == ["session=s2", "session=s3", "session=hidden-session"]


def test_a_raw_request_carries_what_the_document_says(package: Package) -> None:
    """Its root's security, as operations without one inherit it."""
    server = Server(200)
    package.client(server, HIDDEN, blocking=True).request("GET", "/other?a=1")

    assert str(server.seen[0].url) == "https://things.test/v1/other?a=1&api_key=hidden-key"


def test_no_credential_is_shown(package: Package, caplog: pytest.LogCaptureFixture) -> None:
    """Not in an error, which may repeat what was sent, nor in what it keeps of the request, a repr or our own log."""
    with caplog.at_level(logging.DEBUG, "store_credit"):
        client = package.client(Server(500), HIDDEN, blocking=True)
        with pytest.raises(OutcomeUnknownError) as raised:
            client.things.create(name="n")
    shown = [
        str(raised.value),
        repr(raised.value),
        repr(client),
        pickle.dumps(raised.value.sent).decode("latin-1"),
        "".join(record.getMessage() for record in caplog.records if record.name == "store_credit"),
    ]
    for text in shown:
        assert "hidden-" not in text


def test_an_unknown_outcome_is_settled_under_its_key(package: Package) -> None:
    """In the package's own modules, which its error does not name."""
    server = Server(503, 201)
    client = package.client(server, HIDDEN, blocking=True)
    with pytest.raises(OutcomeUnknownError) as raised:
        client.things.create(name="n", idempotency_key="k")
    error: Any = pickle.loads(pickle.dumps(raised.value))

    assert client.settle(error).id == "1"
    assert [one.headers["idempotency-key"] for one in server.seen] == ["k", "k"]
    assert server.seen[0].content == server.seen[1].content


@pytest.mark.parametrize(
    ("credentials", "said"),
    [
        ("hidden", "credentials is a str; pass a dict"),
        ({"kay": "hidden"}, "the OpenAPI document has no security scheme 'kay'; its schemes are key, session"),
        ({"key": 5}, "key is neither a str nor a (user name, password)"),
        ({"key": ["a", "b", "hidden"]}, "key is neither a str nor a (user name, password)"),
        ({"key": "hid\nden"}, "contains a space, a line break"),
        ({"key": ""}, "key is empty"),
    ],
)
def test_credentials_that_cannot_be_sent_are_refused(package: Package, credentials: Any, said: str) -> None:
    """When the client is made; their values are not shown."""
    with pytest.raises(ConfigurationError) as raised:
        package.client(Server(), credentials, blocking=True)

    assert said in str(raised.value)
    assert "hid" not in str(raised.value)
    frames = traceback.TracebackException.from_exception(raised.value, capture_locals=True).stack
    for frame in frames:
        if "_core" in frame.filename:
            assert "hid" not in str(frame.locals), frame


def test_a_document_without_a_server_asks_for_one(tmp_path: Path) -> None:
    """A path alone is told, since it belongs to the address."""
    found = made("tags-of-any-kind", tmp_path)
    with pytest.raises(ConfigurationError, match=r"pass base_url=, such as https://api.example.com/api/v3"):
        getattr(found.module, found.clients[0])()
