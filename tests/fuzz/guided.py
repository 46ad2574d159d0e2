"""The engine under atheris: `python tests/fuzz/guided.py -max_total_time=300`, arguments as libFuzzer takes them."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

# Not among the locked packages: it has wheels for few platforms.
atheris: Any = import_module("atheris")

with atheris.instrument_imports(include=["store_credit_mock"]):
    from store_credit_mock import Engine, Options

sys.path.insert(0, str(Path(__file__).parent))
from decoding import SPREE_TOKEN, Fuzzed, decode, hold  # noqa: E402 - found only now

BOTH = [Fuzzed(Engine(None, None, Options(seed=1, strict=strict, spree_token=SPREE_TOKEN))) for strict in (True, False)]


def once(data: bytes) -> None:
    """One input, to an engine of each mode."""
    for fuzzed in BOTH:
        hold(fuzzed, decode(fuzzed, data))


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()
