"""CPU time of turning the bytes of a page into a hundred records and reading every field of each.

The extra `fast` parses the JSON and nothing else: what is made of it is made by the same code with and without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from store_credit_tools.bench.groups import Effort, Group
from store_credit_tools.bench.interleave import Sampler, interleave
from store_credit_tools.bench.processes import Contender, Worker
from store_credit_tools.bench.results import Comparison

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


def _group(body: str, label: str, without_fast: float) -> Group:
    def measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
        with ExitStack() as stack:
            samplers: dict[str, Sampler] = {}
            for name in names:
                without = ["msgspec"] if name == "ours" else []
                contender = Contender("decoding", FUNCTIONS[name], [body], without)
                samplers[name] = stack.enter_context(Worker(contender, effort.seconds)).sample
            return interleave(samplers, effort.times(25))

    what = f"decode and read 100 {label}"
    return Group(
        f"decoding {label}",
        [
            Comparison(f"{what}, with fast, against pydantic", "us", "ours-fast", "pydantic", 1.0),
            Comparison(f"{what}, with fast, against orjson.loads", "us", "ours-fast", "orjson"),
            Comparison(f"{what}, with fast, against msgspec structs", "us", "ours-fast", "msgspec"),
            Comparison(f"{what}, without fast, against pydantic", "us", "ours", "pydantic", without_fast),
            Comparison(f"{what}, without fast, against json.loads", "us", "ours", "json"),
            Comparison(f"{what}, without fast, against json.loads into plain classes", "us", "ours", "bare"),
        ],
        measure,
    )


GROUPS = [
    _group("vinr", "VINR credits", 1.5),
    _group("vinr_expanded", "VINR credits with their customers", 1.5),
    _group("spree", "Spree credits and five relationships", 1.0),
    _group("spree_v3", "Spree v3 credits", 1.5),
]
