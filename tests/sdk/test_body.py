"""Reading a body as it streams: decompressed, whole or not at all, and never more of it than the client allows."""

import contextlib
import gzip
import itertools
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from http_library import httpx
from store_credit import InvalidResponseError, OutcomeUnknownError
from store_credit._core.body import BodyReader
from store_credit._core.faults import ResponseTooLargeError
from store_credit._core.options import DEFAULT_MAX_RESPONSE_BYTES
from together import together

MANY = 10**9
MIB = 1024 * 1024


def raw_deflate(content: bytes) -> bytes:
    """Deflate without zlib's header, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, mtime=0),
    "x-gzip": partial(gzip.compress, mtime=0),
    "deflate": zlib.compress,
    "Deflate ": raw_deflate,
    "gzip, gzip": lambda content: gzip.compress(gzip.compress(content)),
    "deflate, gzip": lambda content: gzip.compress(zlib.compress(content)),
    "gzip,deflate": lambda content: zlib.compress(gzip.compress(content)),
    "identity": bytes,
    "gzip, identity": gzip.compress,
    "": bytes,
}


def read(encoding: str | None, pieces: list[bytes], limit: int = MANY) -> bytes:
    """What a body in these pieces is."""
    reader = BodyReader(encoding, limit, httpx)
    for piece in pieces:
        reader.add(piece)
    return reader.content()


def cut_up(content: bytes, size: int) -> list[bytes]:
    """In pieces of so many bytes."""
    return [content[place : place + size] for place in range(0, len(content), size)]


@settings(max_examples=300)
@given(coding=st.sampled_from(list(PACKED)), content=st.binary(max_size=3000), size=st.integers(1, 500))
def test_a_body_is_what_it_was_before_it_was_packed(coding: str, content: bytes, size: int) -> None:
    """In every coding that the client asks for, however it is cut into pieces."""
    assert read(coding, cut_up(PACKED[coding](content), size)) == content


def test_a_body_without_a_coding_is_as_it_came() -> None:
    """And one without a byte is empty, whatever its headers say."""
    assert read(None, [b"a", b"", b"b"]) == b"ab"
    assert read(None, []) == b""
    assert read("gzip", []) == b""
    assert read("gzip", [b""]) == b""


@together("coding", [name for name in PACKED if name not in ("identity", "")])
@together("missing", [1, 5, 9])
def test_a_body_that_is_cut_short_is_not_taken_for_whole(coding: str, missing: int) -> None:
    """An amount may stand in what is missing."""
    packed = PACKED[coding](b'{"amount": 1000}' * 50)
    with pytest.raises(ValueError, match="is incomplete"):
        read(coding, [packed[:-missing]])


@together("coding", ["gzip", "deflate", "gzip, gzip"])
@together("content", [b"not packed", b"\x1f\x8b broken", b'{"id": "sc_1"}'])
def test_a_body_that_is_not_packed_as_it_says_is_an_error(coding: str, content: bytes) -> None:
    """However it begins."""
    with pytest.raises(ValueError, match=r"does not match its Content-Encoding header|is incomplete"):
        read(coding, [content])


def test_a_packed_body_whose_checksum_is_wrong_is_an_error() -> None:
    """One byte of it is not what the server sent."""
    packed = bytearray(gzip.compress(b'{"amount": 1000}'))
    packed[-8] ^= 1
    with pytest.raises(ValueError, match="does not match its Content-Encoding header"):
        read("gzip", [bytes(packed)])


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_comes_behind_the_packed_body_is_not_read(coding: str) -> None:
    """Trailing garbage, or a second response that somebody smuggled in."""
    assert read(coding, [PACKED[coding](b"whole") + b"garbage", b"more"]) == b"whole"


def test_a_coding_that_nobody_knows_is_left_alone() -> None:
    """What comes is not JSON then, and says so."""
    assert read("unheard-of", [b"\x8b\x03", b"\x80"]) == b"\x8b\x03\x80"


def test_a_coding_that_the_library_knows_is_undone() -> None:
    """A caller may ask for more than we do, by `headers=`; the limit is of what comes out."""
    brotli: Any = pytest.importorskip("brotli", reason="brotli is not installed here")
    packed = brotli.compress(b"[" + b" " * 5000 + b"]")

    assert read("br", cut_up(packed, 3)) == b"[" + b" " * 5000 + b"]"
    with pytest.raises(ResponseTooLargeError):
        read("br", [packed], 5000)


# Limits


@together("coding", [None, *PACKED])
def test_the_limit_is_of_the_body_and_not_of_the_wire(coding: str | None) -> None:
    """As many bytes as allowed are fine, one more is not."""
    content = bytes(range(256)) * 40
    pieces = cut_up(PACKED[coding or ""](content), 1000)

    assert read(coding, pieces, len(content)) == content
    with pytest.raises(ResponseTooLargeError, match=rf"larger than max_response_bytes \({len(content) - 1} bytes\)"):
        read(coding, pieces, len(content) - 1)


def test_too_much_is_noticed_while_it_streams() -> None:
    """A body without end must not be waited for."""
    reader = BodyReader(None, 10_000, httpx)
    taken: list[bytes] = []
    with contextlib.suppress(ResponseTooLargeError):
        for piece in itertools.repeat(b"x" * 1000):
            reader.add(piece)
            taken.append(piece)
    assert len(taken) == 10


def bomb(size: int) -> bytes:
    """So many zeros in a thousandth of the bytes."""
    packer = zlib.compressobj(9, wbits=31)
    packed = [packer.compress(b"\0" * MIB) for _ in range(size // MIB)]
    return b"".join([*packed, packer.flush()])


@pytest.fixture
def peak() -> Iterator[Callable[[], int]]:
    """The most bytes that Python's own allocator had in use since the test began."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize("twice", [False, True], ids=["packed once", "packed twice"])
def test_a_bomb_costs_little(peak: Callable[[], int], twice: bool) -> None:
    """A thousand times its size when unpacked, in one piece, against the limit that clients have by default."""
    packed = bomb(128 * MIB)
    assert len(packed) < 128 * 1100
    if twice:
        packed = gzip.compress(packed)
    with pytest.raises(ResponseTooLargeError):
        read("gzip, gzip" if twice else "gzip", [packed], DEFAULT_MAX_RESPONSE_BYTES)

    assert peak() < 100 * MIB


def test_a_bomb_below_the_limit_is_a_body(peak: Callable[[], int]) -> None:
    """The limit is what counts, not the ratio."""
    assert read("gzip", [bomb(20 * MIB)], DEFAULT_MAX_RESPONSE_BYTES) == b"\0" * 20 * MIB


# Through a client


def serving(content: bytes, **headers: str) -> Callable[[Any], httpx.Response]:
    """A response whose body stays as it is until the client reads it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: httpx.Response(200, headers=named, stream=httpx.ByteStream(content))


def test_a_body_that_is_too_large_is_an_invalid_response_and_not_asked_for_again(serve: Callable[..., Any]) -> None:
    """It would be as large the next time. The text names the setting."""
    server = serve(serving(b"[" + b" " * 5000 + b"]"))
    with pytest.raises(InvalidResponseError, match=r"max_response_bytes \(4000 bytes\)") as raised:
        server.spree(max_response_bytes=4000).store_credits.retrieve("7")

    assert len(server.requests) == 1
    assert not isinstance(raised.value, OutcomeUnknownError)


def test_a_create_whose_response_is_too_large_is_unknown(serve: Callable[..., Any]) -> None:
    """It was executed, as likely as not."""
    server = serve(serving(bomb(2 * MIB), Content_Encoding="gzip"))
    with pytest.raises(OutcomeUnknownError, match=r"max_response_bytes"):
        server.vinr(max_response_bytes=MIB).store_credit.create(customer="c", amount=1, currency="USD")

    assert len(server.requests) == 1


# Whoever stops reading a stream of either library leaves async generators of its own behind, which trio warns of.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.anyio
async def test_a_body_that_is_too_large_async(serve: Callable[..., Any]) -> None:
    """The same, awaited."""
    server = serve(serving(b"[" + b" " * 5000 + b"]"))
    async with server.async_spree(max_response_bytes=4000) as client:
        with pytest.raises(InvalidResponseError, match=r"max_response_bytes"):
            await client.store_credits.retrieve("7")

    assert len(server.requests) == 1


def test_a_packed_body_that_is_cut_short_is_asked_for_again(serve: Callable[..., Any], store_credit: Any) -> None:
    """Where a repeat does no harm."""
    server = serve(serving(gzip.compress(b"{}")[:-3], Content_Encoding="gzip"), store_credit)

    assert server.spree().store_credits.retrieve("7").id == "7"
    assert len(server.requests) == 2
