"""Exactly once: whatever is lost on the way, each intended credit exists once. `STORE_CREDIT_SOAK=N` issues N."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import threading
from collections import Counter
from pathlib import Path

import httpx
import pytest

import store_credit
from served import Served, start
from store_credit_mock import Contract, Fault, Options
from store_credit_mock.embedded import VINR_KEY, VINR_URL, Mock

FAULTS = (
    Fault("vinr.*.create", probability=0.12, drop=True, when="after"),
    Fault("vinr.*.create", probability=0.08, drop=True),
    Fault("vinr.*.create", probability=0.08, status=500, when="after"),
    Fault("vinr.*.create", probability=0.05, status=429),
    Fault("vinr.*.create", probability=0.05, status=503),
    Fault("vinr.*.create", probability=0.05, truncate=10),
    Fault("vinr.*.create", probability=0.05, malformed=True),
    Fault("vinr.*.create", probability=0.05, delay=0.01),
)


@pytest.fixture
def number() -> int:
    """How many credits are intended: 120, or what `STORE_CREDIT_SOAK` says, for a long run by hand."""
    return int(os.environ.get("STORE_CREDIT_SOAK", "120"))


def key_of(worker: int, turn: int) -> str:
    return f"soak-{worker}-{turn}"


def once(client: store_credit.VinrClient, key: str, amount: int) -> bool:
    """Try until the credit is known to exist, with the same key every time, as a job queue would."""
    for _ in range(200):
        with contextlib.suppress(store_credit.StoreCreditError):
            client.store_credit.create(customer="cust_8aZ2", amount=amount, currency="USD", idempotency_key=key)
            return True
    return False


def check(client: store_credit.VinrClient, intended: int) -> Counter[int]:
    """Every amount from 1 on exists exactly once."""
    amounts = Counter(credit.amount for credit in client.store_credit.list(limit=100))
    assert amounts == Counter(range(1, intended + 1))
    return amounts


@pytest.mark.parametrize("workers", [1, 4])
def test_lost_answers_never_double_a_credit(store_credit_mock_contract: Contract, number: int, workers: int) -> None:
    """Sync, one and many workers, in process: N intended, N there."""
    with Mock(store_credit_mock_contract, options=Options(seed=5)) as mock:
        for fault in FAULTS:
            mock.engine.faults.add(fault)
        share = number // workers

        def work(worker: int) -> None:
            with mock.http_client() as http:
                client = store_credit.VinrClient(VINR_KEY, base_url=VINR_URL, http_client=http, max_retries=0)
                for turn in range(share):
                    assert once(client, key_of(worker, turn), worker * share + turn + 1)

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        struck = sum(fault["struck"] for fault in mock.control.faults())
        mock.engine.faults.clear()
        check(mock.vinr, share * workers)
        assert mock.control.invariants()["holds"]
        print(f"{share * workers} intended, {share * workers} exist, {struck} faults struck, {workers} workers")


def test_lost_answers_never_double_a_credit_awaited(store_credit_mock_contract: Contract, number: int) -> None:
    """Async, many tasks at once."""
    with Mock(store_credit_mock_contract, options=Options(seed=6)) as mock:
        for fault in FAULTS:
            mock.engine.faults.add(fault)

        async def issue(client: store_credit.AsyncVinrClient, turn: int) -> None:
            for _ in range(200):
                with contextlib.suppress(store_credit.StoreCreditError):
                    await client.store_credit.create(
                        customer="cust_8aZ2", amount=turn + 1, currency="USD", idempotency_key=key_of(0, turn)
                    )
                    return
            raise AssertionError("never issued")

        async def run() -> None:
            async with mock.async_http_client() as http:
                client = store_credit.AsyncVinrClient(VINR_KEY, base_url=VINR_URL, http_client=http, max_retries=0)
                await asyncio.gather(*(issue(client, turn) for turn in range(number)))

        asyncio.run(run())
        mock.engine.faults.clear()
        check(mock.vinr, number)


@pytest.mark.slow
def test_a_mock_that_is_killed_and_started_again(tmp_path: Path, number: int) -> None:
    """The process is killed on its file in the middle, again and again; the job goes on with the same keys."""
    pytest.importorskip("uvicorn")
    database = str(tmp_path / "mock.db")
    kills = 4
    intended = max(number // 2, kills + 1)
    done = 0
    mock: Served | None = None
    try:
        for life in range(kills + 1):
            mock = start("--db", database, "--seed", str(life))
            for fault in FAULTS:
                mock.control.add_fault(fault)
            until = intended * (life + 1) // (kills + 1)
            with httpx.Client(trust_env=False, timeout=10) as http:
                client = store_credit.VinrClient(VINR_KEY, base_url=mock.url, http_client=http, max_retries=0)
                while done < until:
                    assert once(client, key_of(9, done), done + 1)
                    done += 1
                # Carried out perhaps, acknowledged never: the next life must not do it twice.
                if done < intended:
                    body = {"customer": "cust_8aZ2", "amount": done + 1, "currency": "USD"}
                    mock.control.clear_faults()
                    mock.control.add_fault(Fault("vinr.*.create", drop=True, when="after"))
                    with contextlib.suppress(httpx.HTTPError):
                        headers = {"X-Api-Key": VINR_KEY, "Idempotency-Key": key_of(9, done)}
                        http.post(f"{mock.url}/v1/store-credit", json=body, headers=headers)
            if life < kills:
                mock.kill()
        assert mock is not None
        mock.control.clear_faults()
        with httpx.Client(trust_env=False) as http:
            check(store_credit.VinrClient(VINR_KEY, base_url=mock.url, http_client=http), intended)
        assert mock.control.invariants()["holds"]
        print(f"{intended} intended, {intended} exist, {kills} kills")
    finally:
        if mock is not None and mock.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                mock.kill()
