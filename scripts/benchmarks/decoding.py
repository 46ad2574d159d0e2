"""CPU time of turning the bytes of a page into a hundred records and reading every field of each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.children import Contender, Worker
from benchmarks.groups import Effort, Group
from benchmarks.rows import Comparison, Floor
from benchmarks.sampling import Sampler, interleave

__all__ = ["GROUPS"]

FUNCTIONS = {
    "orjson": "orjson_loads",
    "json": "json_loads",
    "bare": "bare",
    "ours": "ours",
    "ours-fast": "ours",
    "pydantic": "pydantic",
    "msgspec": "msgspec",
}
_BARE = (
    "json.loads of the standard library takes half of that, and the plainest classes with slots the rest; the extra "
    "fast goes past both"
)


def _group(body: str, label: str, target: float, plain: float | None) -> Group:
    def measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
        with ExitStack() as stack:
            samplers: dict[str, Sampler] = {}
            for name in names:
                without = ["msgspec"] if name == "ours" else []
                contender = Contender("decoding", FUNCTIONS[name], [body], without)
                samplers[name] = stack.enter_context(Worker(contender, effort.seconds)).sample
            return interleave(samplers, effort.times(25))

    floor = None if plain is None else Floor("bare", _BARE)
    what = f"decode and read 100 {label}"
    return Group(
        f"decoding {label}",
        [
            Comparison(f"{what}, with fast, against orjson.loads", "us", "ours-fast", "orjson", target),
            Comparison(f"{what}, with fast, against pydantic", "us", "ours-fast", "pydantic", 1.0),
            Comparison(f"{what}, with fast, against msgspec structs", "us", "ours-fast", "msgspec"),
            Comparison(f"{what}, without fast, against orjson.loads", "us", "ours", "orjson", plain, floor),
            Comparison(f"{what}, without fast, against pydantic", "us", "ours", "pydantic", plain and 1.0, floor),
            Comparison(f"{what}, without fast, against json.loads", "us", "ours", "json"),
        ],
        measure,
    )


GROUPS = [
    _group("vinr", "VINR credits", 2.0, 2.0),
    _group("vinr_expanded", "VINR credits with their customers", 2.0, None),
    _group("spree", "Spree credits and five relationships", 3.0, 3.0),
]
