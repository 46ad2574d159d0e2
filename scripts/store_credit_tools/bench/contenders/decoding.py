"""A page of a hundred records, another one each time: bytes in, every field read once.

Our side runs what a call does with its response's bytes. Rivals that give plain dicts only make them: reading those is
not counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice

from store_credit_tools.bench import payloads

__all__: list[str] = []

Work = Callable[[int], None]

VARIATIONS = 40
"""Bodies that take turns, so that nothing can be remembered from one to the next."""

BODIES: dict[str, Callable[..., bytes]] = {
    "vinr": payloads.vinr_list,
    "vinr_expanded": partial(payloads.vinr_list, expanded=True),
    "spree": payloads.spree_list,
    "spree_v3": payloads.spree_v3_list,
}


def _in_turn(body: str, once: Callable[[bytes], object]) -> Work:
    contents = cycle([BODIES[body](variation=number) for number in range(1, VARIATIONS + 1)])

    def work(count: int) -> None:
        for content in islice(contents, count):
            once(content)

    return work


def orjson_loads(body: str) -> Work:
    """`orjson.loads`."""
    import orjson

    return _in_turn(body, orjson.loads)


def json_loads(body: str) -> Work:
    """`json.loads` of the standard library."""
    return _in_turn(body, json.loads)


def ours(body: str) -> Work:
    """Our SDK, with the extra `fast` where msgspec can be imported."""
    from store_credit_tools.bench.contenders.records import OURS

    return _in_turn(body, OURS[body])


def bare(body: str) -> Work:
    """`json.loads` and the least that makes typed records of its dicts."""
    from store_credit_tools.bench.contenders.stdlib_records import BARE

    return _in_turn(body, BARE[body])


def pydantic(body: str) -> Work:
    """`validate_json` of pydantic into models with the same fields and types."""
    from store_credit_tools.bench.contenders.pydantic_models import PYDANTIC

    return _in_turn(body, PYDANTIC[body])


def msgspec(body: str) -> Work:
    """Structs of msgspec with the same fields and types."""
    from store_credit_tools.bench.contenders.msgspec_structs import MSGSPEC

    return _in_turn(body, MSGSPEC[body])
