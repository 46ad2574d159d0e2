"""A page of a hundred records: bytes in, every field read once.

Our side runs what a call does with its answer's bytes. Rivals that give plain dicts only make them: reading those is
not counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from benchmarks import bodies

__all__: list[str] = []

Work = Callable[[int], None]

BODIES = {
    "vinr": bodies.vinr_list,
    "vinr_expanded": partial(bodies.vinr_list, expanded=True),
    "spree": bodies.spree_list,
}


def _repeated(once: Callable[[], object]) -> Work:
    def work(count: int) -> None:
        for _ in range(count):
            once()

    return work


def orjson_loads(body: str) -> Work:
    """`orjson.loads`."""
    import orjson

    content = BODIES[body]()
    return _repeated(lambda: orjson.loads(content))


def json_loads(body: str) -> Work:
    """`json.loads` of the standard library."""
    content = BODIES[body]()
    return _repeated(lambda: json.loads(content))


def ours(body: str) -> Work:
    """Our SDK, with the extra `fast` where msgspec can be imported."""
    from benchmarks.contenders.records import OURS

    return _repeated(OURS[body](BODIES[body]()))


def bare(body: str) -> Work:
    """`json.loads` and the least that makes typed records of its dicts."""
    from benchmarks.contenders.bare_records import BARE

    return _repeated(BARE[body](BODIES[body]()))


def pydantic(body: str) -> Work:
    """`validate_json` of pydantic into models with the same fields and types."""
    from benchmarks.contenders.pydantic_models import PYDANTIC

    return _repeated(PYDANTIC[body](BODIES[body]()))


def msgspec(body: str) -> Work:
    """Structs of msgspec with the same fields and types."""
    from benchmarks.contenders.msgspec_structs import MSGSPEC

    return _repeated(MSGSPEC[body](BODIES[body]()))
