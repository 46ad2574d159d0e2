"""Servers that break the rules of HTTP, of TLS or of their own documents: the right error, and nothing believed."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from callers import KINDS, outcomes
from http_library import httpx
from loopback import Connection, LoopbackServer, Received, echo, spree_credit, vinr_credit
from sample_calls import CREATE, SPREE_CREATE
from store_credit import APIConnectionError, APIStatusError, AsyncVinrClient, OutcomeUnknownError, VinrClient
from together import pairwise

Loopback = Callable[..., LoopbackServer]


def create(system: str, **options: Any) -> Callable[[Any], Any]:
    """A create on a client of this system; VINR's has an idempotency key, Spree's has none."""
    if system == "vinr":
        return lambda client: client.store_credit.create(**CREATE, **options)
    return lambda client: client.store_credits.create(**SPREE_CREATE, **options)


def sent_by(system: str) -> dict[str, Any]:
    """The record that such a create makes."""
    return vinr_credit(CREATE) if system == "vinr" else spree_credit({"store_credit": SPREE_CREATE})


@pytest.mark.parametrize("system", ["vinr", "spree"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_of_an_unknown_authority_is_refused(
    loopback: Loopback, environment: pytest.MonkeyPatch, kind: str, system: str
) -> None:
    """At once, since the next attempt would meet the same one; the text says where authorities are named."""
    server = loopback(scheme="https")
    environment.delenv("SSL_CERT_FILE")

    (refused,) = outcomes(kind, server.url, create(system), system=system)

    assert type(refused) is APIConnectionError
    assert "is not trusted (unable to get local issuer certificate)" in str(refused)
    assert "SSL_CERT_FILE" in str(refused)
    assert refused.attempts == 1
    assert server.requests == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_of_another_host_is_refused(loopback: Loopback, kind: str) -> None:
    """Though its authority is known: whoever sits between has one of those."""
    server = loopback(scheme="https", certificate="other-host")

    (refused,) = outcomes(kind, server.url, create("spree"), system="spree")

    assert type(refused) is APIConnectionError
    assert "certificate is not valid for '127.0.0.1'" in str(refused)
    assert refused.attempts == 1
    assert server.requests == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_of_a_named_authority_is_trusted(loopback: Loopback, kind: str) -> None:
    """The two tests above would pass without TLS as well."""
    server = loopback(scheme="https")

    (made,) = outcomes(kind, server.url, create("spree"), system="spree")

    assert made.user.id == "2"
    assert len(server.requests) == 1


def reset(connection: Connection, request: Received) -> None:
    connection.reset()


def reset_in_the_body(connection: Connection, request: Received) -> None:
    connection.send(b'HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"id":')
    connection.reset()


@pytest.mark.parametrize(("kind", "scheme", "handle"), pairwise(KINDS, ["http", "https"], [reset, reset_in_the_body]))
def test_a_connection_that_is_reset_after_the_request(
    loopback: Loopback, kind: str, scheme: str, handle: Callable[[Connection, Received], None]
) -> None:
    """The server has it, so that a create without a key is unknown and not sent again, one with a key is sent again
    under it, and a read is simply repeated."""
    server = loopback(handle, scheme=scheme)

    (keyless,) = outcomes(kind, server.url, create("spree"), system="spree")
    keyed, read = outcomes(kind, server.url, create("vinr"), lambda client: client.store_credit.retrieve("sc_1"))

    assert type(keyless) is OutcomeUnknownError
    assert (keyless.attempts, keyless.idempotency_key) == (1, None)
    assert type(keyed) is OutcomeUnknownError
    keys = {request.headers.get("idempotency-key") for request in server.requests[1:4]}
    assert keys == {keyed.idempotency_key}
    assert isinstance(read, APIConnectionError)
    assert (keyed.attempts, read.attempts) == (3, 3)
    assert [request.method for request in server.requests] == ["POST"] * 4 + ["GET"] * 3


def raw(status: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join([b"HTTP/1.1 " + status, *headers, b"", body])


def whole(body: bytes, status: bytes = b"201 Created", *headers: bytes) -> bytes:
    return raw(status, b"Content-Type: application/json", b"Content-Length: %d" % len(body), *headers, body=body)


NESTED = b"[" * 100_000 + b"]" * 100_000
BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "half a status line": b"HTTP/1.1 20",
    "half the headers": b"HTTP/1.1 201 Created\r\nContent-Le",
    "half the body": raw(b"201 Created", b"Content-Length: 500", body=b'{"data":'),
    "a body without end": raw(b"201 Created", b"Connection: close", body=b'{"data":'),
    "broken gzip": whole(b"no gzip at all", b"201 Created", b"Content-Encoding: gzip"),
    "half a gzip": whole(gzip.compress(b'{"id": "sc_1"}')[:-14], b"201 Created", b"Content-Encoding: gzip"),
    "empty 201": whole(b""),
    "204": raw(b"204 No Content"),
    "205": raw(b"205 Reset Content", b"Content-Length: 0"),
    "HTML": raw(b"201 Created", b"Content-Type: text/html", b"Content-Length: 15", body=b"<html>hi</html>"),
    "an error in 201": whole(b'{"error": {"code": "internal", "message": "no"}}'),
    "a list": whole(b"[]"),
    "null": whole(b"null"),
    "NaN": whole(b'{"id": "sc_1", "amount": NaN}'),
    "an endless number": whole(b'{"id": "sc_1", "amount": ' + b"9" * 5000 + b"}"),
    "deep nesting": whole(NESTED),
    "bad UTF-8": whole(b'{"id": "\xff\xfe"}'),
    "a byte order mark of UTF-16": whole('{"id": "sc_1"}'.encode("utf-16")),
    "negative length": raw(b"201 Created", b"Content-Length: -5", body=b"{}"),
    "two lengths": raw(b"201 Created", b"Content-Length: 2", b"Content-Length: 7", body=b"{}     "),
    "length that is not a number": raw(b"201 Created", b"Content-Length: 0x10", body=b"{}" + b" " * 14),
    "unknown transfer coding": raw(b"201 Created", b"Transfer-Encoding: cow", body=b"{}"),
    "chunk of no size": raw(b"201 Created", b"Transfer-Encoding: chunked", body=b"zz\r\n{}\r\n0\r\n\r\n"),
    "truncated chunks": raw(b"201 Created", b"Transfer-Encoding: chunked", body=b'5\r\n{"id"\r\n'),
    "a NUL in a header": raw(b"201 Created", b"X-A: a\x00b", b"Content-Length: 2", body=b"{}"),
    "a header without a name": raw(b"201 Created", b": x", b"Content-Length: 2", body=b"{}"),
    "a status of four digits": raw(b"2010 Created", b"Content-Length: 2", body=b"{}"),
    "another protocol's version": b"HTTP/9.9 201 Created\r\nContent-Length: 2\r\n\r\n{}",
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
    "TLS alert": b"\x15\x03\x01\x00\x02\x02\x28",
    "HTTP/2": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18),
    "an informational status and no more": raw(b"103 Early Hints", b"Link: </a>"),
    "switching protocols": raw(b"101 Switching Protocols", b"Upgrade: h2c", b"Connection: Upgrade"),
}


@pytest.mark.parametrize(("how", "system", "kind"), pairwise(BROKEN, ["vinr", "spree"], ["sync", "asyncio"]))
def test_what_is_no_record_is_no_success(loopback: Loopback, kind: str, system: str, how: str) -> None:
    """A create is unknown and a read has no usable response; of a body, only what belongs to it is read."""

    def handle(connection: Connection, request: Received) -> None:
        connection.send(BROKEN[how])
        connection.close()

    server = loopback(handle)
    read = (
        (lambda client: client.store_credit.retrieve("sc_1"))
        if system == "vinr"
        else (lambda client: client.store_credits.retrieve("7"))
    )

    # On connections of their own: the server hangs up on each.
    (created,) = outcomes(kind, server.url, create(system), system=system, max_retries=0)
    (found,) = outcomes(kind, server.url, read, system=system, max_retries=0)

    assert type(created) is OutcomeUnknownError
    assert isinstance(found, APIConnectionError)
    assert len(server.requests) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_hints_before_the_response_are_passed_over(loopback: Loopback, kind: str) -> None:
    """And the response itself is read."""

    def handle(connection: Connection, request: Received) -> None:
        connection.send(raw(b"103 Early Hints", b"Link: </a>") + raw(b"100 Continue"))
        echo(connection, request)

    (made,) = outcomes(kind, loopback(handle).url, create("vinr"))

    assert made.customer == "cust_1"


def smuggled(system: str) -> bytes:
    """A whole response with the record of somebody else's create."""
    record = vinr_credit(CREATE | {"customer": "cust_2"})
    if system == "spree":
        record = spree_credit({"store_credit": SPREE_CREATE | {"user_id": "3"}})
    return whole(json.dumps(record).encode())


@pytest.mark.parametrize(("kind", "system", "scheme"), pairwise(KINDS, ["vinr", "spree"], ["http", "https"]))
def test_a_second_response_behind_the_first_is_not_believed(
    loopback: Loopback, kind: str, system: str, scheme: str
) -> None:
    """The HTTP libraries take what they have read already for the response to the next request (against RFC 9112, 9.2).
    It is about something else than what was sent, and the connection, on which every later response would be that of
    another request, is not used again."""
    last: list[Connection] = []

    def handle(connection: Connection, request: Received) -> None:
        if connection.number == 1 and last:
            # The response to the second request comes only after the third was sent.
            last[0].server.wait_for(lambda: len(last[0].server.requests) == 3)
        last.append(connection)
        connection.send(whole(json.dumps(sent_by(system)).encode()) + smuggled(system))

    server = loopback(handle, scheme=scheme)

    first, second, third = outcomes(
        kind, server.url, create(system), create(system), create(system), system=system, max_connections=1
    )

    assert type(second) is OutcomeUnknownError
    assert {one.name for one in second.mismatch} == {"customer" if system == "vinr" else "user_id"}
    assert second.attempts == 1
    own = "sc_cust_1" if system == "vinr" else "27"
    assert (first.id, third.id) == (own, own)
    # The second may never have been read: its connection was reset as soon as the response was seen to be another's.
    assert sorted(request.connection for request in server.requests) in ([1, 1, 2], [1, 2])


@pytest.mark.parametrize("kind", KINDS)
def test_garbage_behind_a_response_is_not_believed(loopback: Loopback, kind: str) -> None:
    """What comes behind it is not a response to anything."""

    def handle(connection: Connection, request: Received) -> None:
        connection.send(whole(json.dumps(sent_by("spree")).encode()) + b"garbage")

    server = loopback(handle)

    first, second = outcomes(kind, server.url, create("spree"), create("spree"), system="spree", max_connections=1)

    assert first.id == "27"
    assert type(second) is OutcomeUnknownError


@pytest.mark.parametrize("system", ["vinr", "spree"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_response_that_nobody_asked_for_is_not_read(loopback: Loopback, kind: str, system: str) -> None:
    """It comes on a connection that waits for its next use."""
    held: list[Connection] = []

    def handle(connection: Connection, request: Received) -> None:
        held.append(connection)
        connection.respond(sent_by(system), 201)

    server = loopback(handle)

    first, _, second = outcomes(
        kind,
        server.url,
        create(system),
        # On loopback it has arrived when it is sent.
        lambda client: held[0].send(smuggled(system)),
        create(system),
        system=system,
        max_connections=1,
    )

    own = "sc_cust_1" if system == "vinr" else "27"
    assert (first.id, second.id) == (own, own)
    assert [request.connection for request in server.requests] == [1, 2]


@pytest.mark.parametrize(
    ("kind", "status"), [*zip(KINDS, [301, 302, 303, 307], strict=True), ("asyncio", 308), ("sync", 303)]
)
def test_redirects_are_never_followed(loopback: Loopback, kind: str, status: int) -> None:
    """The other server would get the credential, and a create a second time."""
    other = loopback()

    def handle(connection: Connection, request: Received) -> None:
        connection.respond(b"", status, {"Location": f"{other.url}/v1/store-credit/sc_1?token=hidden"})

    server = loopback(handle)

    read, created = outcomes(
        kind, server.url, lambda client: client.store_credit.retrieve("sc_1"), create("vinr"), max_retries=0
    )

    assert other.requests == []
    assert isinstance(read, APIStatusError)
    assert read.status_code == status
    assert other.url in str(read)
    assert "hidden" not in f"{read}{created}"
    # After a POST, 302 and 303 may mean that it was done.
    assert type(created) is (OutcomeUnknownError if status in (302, 303) else APIStatusError)
    assert [request.method for request in server.requests] == ["GET", "POST"]


@pytest.mark.anyio
async def test_redirects_are_not_followed_by_an_injected_client_either(loopback: Loopback) -> None:
    """However it is set."""
    other = loopback()
    server = loopback(
        lambda connection, request: connection.respond(b"", 307, {"Location": f"{other.url}/v1/store-credit"})
    )
    with (
        httpx.Client(follow_redirects=True) as http_client,
        VinrClient("sk_test_1", base_url=server.url, http_client=http_client) as client,
        pytest.raises(APIStatusError, match="does not follow redirects"),
    ):
        create("vinr")(client)
    async with httpx.AsyncClient(follow_redirects=True) as http_client:
        client = AsyncVinrClient("sk_test_1", base_url=server.url, http_client=http_client)
        with pytest.raises(APIStatusError, match="does not follow redirects"):
            await create("vinr")(client)

    assert other.requests == []


@pytest.mark.parametrize("kind", [*KINDS, "plain"])
def test_cookies_are_not_sent_back(loopback: Loopback, kind: str) -> None:
    """A session of one tenant would go along with the next one's request."""

    def handle(connection: Connection, request: Received) -> None:
        record = vinr_credit(request.json())
        connection.respond(record, 201, {"Set-Cookie": "session=of-a-tenant; Path=/"})

    server = loopback(handle)
    if kind == "plain":
        with (
            httpx.Client() as http_client,
            VinrClient("sk_test_1", base_url=server.url, http_client=http_client) as client,
        ):
            create("vinr")(client)
            create("vinr")(client)
    else:
        outcomes(kind, server.url, create("vinr"), create("vinr"))

    assert len(server.requests) == 2
    assert [request.headers.get("cookie") for request in server.requests] == [None, None]
