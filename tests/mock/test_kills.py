"""What was acknowledged stays, however often the process is killed or its database is taken away under load."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from http_library import httpx
from ledger_assertions import FINE
from served_mock import SPREE_TOKEN, Served, given, issued, served, start

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

PATH = "/v1/store-credit"
CREDITS = "/api/v2/platform/store_credits"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
GIVEN = {"user_id": "2", "category_id": "1", "created_by_id": "1", "currency": "USD", "amount": "5.00"}
AUTH = {"X-Api-Key": "sk_test_1"}
BEARER = {"Authorization": f"Bearer {SPREE_TOKEN}"}
KILLS = 8


@pytest.fixture(params=["file", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where state outlives the process, once of each kind."""
    return str(tmp_path / "mock.db") if request.param == "file" else request.getfixturevalue("database")


class Load:
    """Workers that write to both systems until they are cut off, and note what was acknowledged."""

    def __init__(self) -> None:
        self.issued: set[str] = set()
        self.given: set[str] = set()
        self.asked: set[str] = set()
        """To be deleted, answered or not."""
        self.deleted: set[str] = set()
        self.bought: set[str] = set()
        self.sent = itertools.count(1)
        self._changed = threading.Condition()

    @property
    def acknowledged(self) -> int:
        """Writes that were answered."""
        return len(self.issued) + len(self.given) + len(self.deleted) + len(self.bought)

    def note(self, where: set[str], identity: str) -> None:
        """A response came."""
        with self._changed:
            where.add(identity)
            self._changed.notify()

    def issue(self, mock: Served, http: httpx.Client) -> None:
        """Issue at VINR, under a new key each time."""
        answer = http.post(PATH, json=GOOD, headers={**AUTH, "Idempotency-Key": f"key-{next(self.sent)}"})
        assert answer.status_code == 201, answer.text
        self.note(self.issued, answer.json()["id"])

    def give(self, mock: Served, http: httpx.Client) -> None:
        """Give at Spree; delete every other one again."""
        answer = http.post(CREDITS, json={"store_credit": GIVEN}, headers=BEARER)
        assert answer.status_code == 201, answer.text
        identity = answer.json()["data"]["id"]
        self.note(self.given, identity)
        if int(identity) % 2:
            self.asked.add(identity)
            assert http.delete(f"{CREDITS}/{identity}", headers=BEARER).status_code == 204
            self.note(self.deleted, identity)

    def buy(self, mock: Served, http: httpx.Client) -> None:
        """Buy at VINR."""
        self.note(self.bought, mock.control.vinr.buy("cust_8aZ2", 3, "USD").id)

    def until(self, mock: Served, number: int) -> None:
        """Load a mock until so many more writes are acknowledged, then kill it in the middle of the next ones."""
        failures: list[BaseException] = []

        def work(step: Callable[[Served, httpx.Client], None]) -> None:
            try:
                with httpx.Client(base_url=mock.url, trust_env=False, timeout=30) as http:
                    while True:
                        step(mock, http)
            except httpx.TransportError:
                pass
            except BaseException as failure:  # noqa: BLE001 - raised below, where the test sees it
                failures.append(failure)
                with self._changed:
                    self._changed.notify()

        wanted = self.acknowledged + number
        workers = [
            threading.Thread(target=work, args=(step,)) for step in (self.issue, self.issue, self.give, self.buy)
        ]
        for worker in workers:
            worker.start()
        with self._changed:
            self._changed.wait_for(lambda: self.acknowledged >= wanted or failures, 60)
        mock.kill()
        for worker in workers:
            worker.join()
        if failures:
            raise failures[0]


@pytest.mark.slow
def test_a_kill_loses_no_acknowledged_write(kept: str) -> None:
    """SIGKILL under load, many times: what was acknowledged is there, once, and what was deleted is gone."""
    load = Load()
    for _ in range(KILLS):
        load.until(start("--db", kept), 40)
    with served("--db", kept) as mock:
        there, shown = issued(mock), given(mock)
        for identity in load.bought:
            assert mock.control.vinr.purchase(identity).due == 3
        assert mock.control.invariants() == FINE
    print(f"{load.acknowledged} acknowledged, {KILLS} kills; VINR {len(load.issued)} acknowledged, {len(there)} there")
    assert len(there) == len(set(there))
    assert load.issued <= set(there)
    # What was not acknowledged may be there once; nothing is there that nobody intended.
    assert len(there) < next(load.sent)
    assert load.given - load.asked <= set(shown)
    assert not load.deleted & set(shown)


@pytest.mark.slow
def test_lost_database_connections_lose_no_write(database: str) -> None:
    """PostgreSQL drops every connection again and again under load: a retry under the same key issues once."""
    import psycopg

    intended, workers, times = 45, 3, 10
    made: dict[str, str] = {}
    refused: list[str] = []
    grown = threading.Condition()
    with served("--db", database) as mock:

        def issue(worker: int) -> None:
            with httpx.Client(base_url=mock.url, headers=AUTH, trust_env=False, timeout=30) as http:
                for turn in range(intended // workers):
                    key = f"key-{worker}-{turn}"
                    while key not in made:
                        answer = http.post(PATH, json=GOOD, headers={"Idempotency-Key": key})
                        with grown:
                            if answer.status_code == 201:
                                made[key] = answer.json()["id"]
                            else:
                                refused.append(answer.json()["error"]["message"])
                            grown.notify()

        threads = [threading.Thread(target=issue, args=(worker,)) for worker in range(workers)]
        for thread in threads:
            thread.start()
        with psycopg.connect(database, autocommit=True) as other:
            for cut in range(times):
                with grown:
                    assert grown.wait_for(lambda cut=cut: len(made) > cut * intended // times, 60)
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        for thread in threads:
            thread.join()
        there = issued(mock)
        assert mock.control.invariants() == FINE
    print(f"{intended} intended, {len(there)} there, {len(refused)} refusals because the connection was lost")
    assert sorted(there) == sorted(made.values())
    assert refused
    assert all("check that the server is running" in text for text in refused)
