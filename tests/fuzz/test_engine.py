"""Whatever bytes arrive, the engine answers: no defect, nothing the document does not have, no hang."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store_credit_mock import Contract, Engine, Options

from .decoding import SPREE_TOKEN, Fuzzed, decode, hold

SHORT, LONG = 2_000, 200_000
"""Requests to each engine in a run of the tests and in a long one."""


@pytest.fixture(params=[True, False], ids=["strict", "observe"])
def fuzzed(request: pytest.FixtureRequest, store_credit_mock_contract: Contract) -> Iterator[Fuzzed]:
    engine = Engine(store_credit_mock_contract, None, Options(seed=1, strict=request.param, spree_token=SPREE_TOKEN))
    yield Fuzzed(engine)
    engine.close()


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    return request.config.getoption("--hypothesis-profile") == "long"


def test_the_bytes_come_past_the_first_gate(fuzzed: Fuzzed) -> None:
    """What is made of bytes reaches every operation, and some of it is granted; else the rest would prove nothing."""
    reached: set[str] = set()
    granted: set[str] = set()
    for number in range(800):
        request = decode(fuzzed, bytes([number % 256, number // 256, *range(number % 7, 90, 1 + number % 5)]))
        status = hold(fuzzed, request).status
        (exchange,) = fuzzed.seen
        reached.add(exchange.operation)
        if status < 300:
            granted.add(exchange.operation)
    assert reached >= {operation.id for operation in fuzzed.operations}
    assert len(granted) >= 5


def test_any_bytes_are_answered(fuzzed: Fuzzed, long: bool) -> None:
    """2,000 requests, the same in every run; `--hypothesis-profile=long` takes 200,000 others."""

    @settings(
        max_examples=LONG if long else SHORT, derandomize=not long, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(st.binary(max_size=400))
    def run(data: bytes) -> None:
        hold(fuzzed, decode(fuzzed, data))

    run()


def test_atheris_finds_nothing_either(long: bool, tmp_path: Path) -> None:
    """Guided by the branches of the engine: `--hypothesis-profile=long` gives it five minutes."""
    if not long:
        pytest.skip("atheris is for the long run: --hypothesis-profile=long")
    if find_spec("atheris") is None:
        pytest.skip("atheris is not installed; pip install atheris, where there is a wheel of it")
    seconds = os.environ.get("STORE_CREDIT_FUZZ_SECONDS", "300")
    command = [sys.executable, str(Path(__file__).with_name("guided.py")), f"-max_total_time={seconds}", "-max_len=400"]
    ended = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr[-4000:]
    assert "Done " in ended.stderr
