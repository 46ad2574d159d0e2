"""What was acknowledged stays, whatever happens to the process, the disk, the database or the file."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import store_credit
from mockbench import Bench, Maker, error
from served import Served, served, start
from store_credit_mock import Contract, Engine, Options, StorageError, open_storage
from store_credit_mock.control import ControlError

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

PATH = "/v1/store-credit"
CREDITS = "/api/v2/platform/store_credits"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
GIVEN = {"user_id": "2", "category_id": "1", "created_by_id": "1", "currency": "USD", "amount": "5.00"}
AUTH = {"X-Api-Key": "sk_test_1"}
SPREE_TOKEN = "spree-token-of-the-tests"
BEARER = {"Authorization": f"Bearer {SPREE_TOKEN}"}
FINE = {"holds": True, "broken": [], "allowed": []}
KILLS = 8


@pytest.fixture(params=["file", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where state outlives the process, once of each kind."""
    return str(tmp_path / "mock.db") if request.param == "file" else request.getfixturevalue("database")


def issued(mock: Served) -> list[str]:
    """The ids of VINR's credits."""
    with store_credit.VinrClient("sk_test_1", base_url=mock.url) as vinr:
        return [credit.id for credit in vinr.store_credit.list(limit=100)]


def given(mock: Served) -> list[str]:
    """The ids of Spree's credits."""
    with store_credit.SpreeClient(mock.url, SPREE_TOKEN) as spree:
        return [credit.id for credit in spree.store_credits.list(per_page=100)]


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
        """An answer came."""
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
        self.note(self.bought, mock.control.vinr.buy("cust_8aZ2", 3, "USD")["id"])

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
    options = ("--db", kept, "--spree-token", SPREE_TOKEN)
    for _ in range(KILLS):
        load.until(start(*options), 40)
    with served(*options) as mock:
        there, credits = issued(mock), given(mock)
        for identity in load.bought:
            assert mock.control.vinr.purchase(identity)["due"] == 3
        assert mock.control.invariants() == FINE
    print(f"{load.acknowledged} acknowledged, {KILLS} kills; VINR {len(load.issued)} acknowledged, {len(there)} there")
    assert len(there) == len(set(there))
    assert load.issued <= set(there)
    # What was not acknowledged may be there once; nothing is there that nobody intended.
    assert len(there) < next(load.sent)
    assert load.given - load.asked <= set(credits)
    assert not load.deleted & set(credits)


@contextlib.contextmanager
def no_room(mock: Served, file: Path, room: int) -> Iterator[None]:
    """Let no file of a running mock grow beyond what its log has now and `room` bytes, as a full disk does."""
    resource = pytest.importorskip("resource", reason="there are no limits on a process here")
    if not hasattr(resource, "prlimit"):
        pytest.skip("the limits of another process cannot be set here")
    log = file.with_name(file.name + "-wal")
    limit = log.stat().st_size + room
    hard = resource.prlimit(mock.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(mock.process.pid, resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.prlimit(mock.process.pid, resource.RLIMIT_FSIZE, (hard, hard))


def test_a_full_disk_refuses_whole_changes(tmp_path: Path) -> None:
    """When the file cannot grow a write is answered 503 and leaves nothing, reads go on, and so do writes after it."""
    file = tmp_path / "mock.db"
    acknowledged: list[str] = []
    with served("--db", str(file)) as mock, httpx.Client(base_url=mock.url, headers=AUTH, trust_env=False) as http:
        acknowledged.append(http.post(PATH, json=GOOD).json()["id"])
        for room in (0, 1000, 4096, 9000, 20000):
            with no_room(mock, file, room):
                for _ in range(50):
                    answer = http.post(PATH, json=GOOD)
                    if answer.status_code == 503:
                        break
                    acknowledged.append(answer.json()["id"])
                assert answer.status_code == 503, "the limit was never met"
                assert answer.json()["error"]["type"] == "api_error"
                assert "room on it; nothing of this change was kept" in answer.json()["error"]["message"]
                assert sorted(issued(mock)) == sorted(acknowledged)
                with pytest.raises(ControlError, match="nothing of this change was kept") as told:
                    mock.control.vinr.buy("cust_8aZ2", 5, "USD")
                assert told.value.status == 503
            acknowledged.append(http.post(PATH, json=GOOD).json()["id"])
            assert mock.control.invariants() == FINE
        mock.kill()
    with served("--db", str(file)) as mock:
        assert sorted(issued(mock)) == sorted(acknowledged)
        assert mock.control.invariants() == FINE


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
    assert all("check that the server runs" in text for text in refused)


def test_a_commit_whose_answer_is_lost_is_not_called_undone(
    database: str, bench_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off between the commit and its answer: the 503 says that this is not known, and a retry is a replay."""
    import psycopg

    storage: Any = open_storage(database)
    bench = bench_of(storage)
    execute = storage._execute

    def lose(sql: str, values: Any = ()) -> Any:
        cursor = execute(sql, values)
        if sql == "COMMIT":
            monkeypatch.undo()
            storage._connection.close()
            storage._refuse(psycopg.OperationalError("the answer is lost"))
        return cursor

    monkeypatch.setattr(storage, "_execute", lose)
    headers = {"Idempotency-Key": "one"}
    lost = bench.send("POST", PATH, GOOD, headers)
    assert lost.status == 503
    assert "whether this change was kept is not known" in error(lost)["message"]
    again = bench.send("POST", PATH, GOOD, headers)
    assert (again.status, again.header("idempotent-replayed")) == (201, "true")
    assert bench.control.invariants() == FINE


def test_a_database_that_takes_no_writes_is_told(database: str, bench_of: Maker) -> None:
    """A read-only PostgreSQL: reads are answered, writes are 503 with the reason, and go on when it takes them again."""
    import psycopg

    bench = bench_of(open_storage(database))
    kept = bench.issue()
    name = database.rpartition("/")[2]

    def read_only(chosen: str) -> None:
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {chosen}")  # pyright: ignore[reportArgumentType, reportCallIssue]
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        bench.send("GET", PATH)

    read_only("on")
    refused = bench.send("POST", PATH, GOOD)
    assert (refused.status, error(refused)["type"]) == (503, "api_error")
    assert "the server takes no writes; nothing of this change was kept" in error(refused)["message"]
    assert bench.credit(kept["id"]) == kept
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("SET default_transaction_read_only = off")
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = off")  # pyright: ignore[reportArgumentType, reportCallIssue]
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    bench.send("GET", PATH)
    assert bench.send("POST", PATH, GOOD).status == 201
    assert bench.control.invariants() == FINE


@contextlib.contextmanager
def nobody_special() -> Iterator[None]:
    """Be somebody who may not write everything: root gives that up for as long as it takes."""
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions work otherwise here")
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_file_that_cannot_be_written_stops_the_start(store_credit_mock_contract: Contract) -> None:
    """A file, or its folder, that can only be read is refused with the path and what to do."""
    # Not in pytest's own folder, which others may not enter.
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        file = folder / "mock.db"
        Engine(store_credit_mock_contract, open_storage(str(file))).close()
        before = file.read_bytes()
        file.chmod(0o444)
        folder.chmod(0o555)
        try:
            for path in (file, folder / "new.db"):
                with nobody_special(), pytest.raises(StorageError, match="can be written") as refused:
                    Engine(store_credit_mock_contract, open_storage(str(path)))
                assert str(path) in str(refused.value)
        finally:
            folder.chmod(0o700)
        assert file.read_bytes() == before


def damage(data: bytes, seed: int) -> bytes:
    """Overwrite, empty, cut or flip something."""
    chance = random.Random(seed)
    page = chance.randrange(len(data) // 4096) * 4096
    place = chance.randrange(len(data) - 64)
    match seed % 5:
        case 0:
            return data[:page] + chance.randbytes(4096) + data[page + 4096 :]
        case 1:
            return data[:page] + bytes(4096) + data[page + 4096 :]
        case 2:
            return data[:place]
        case 3:
            return data[:place] + chance.randbytes(64) + data[place + 64 :]
        case _:
            changed = bytearray(data)
            for _ in range(20):
                changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            return bytes(changed)


def test_a_damaged_file_is_told_and_never_half_written(tmp_path: Path, store_credit_mock_contract: Contract) -> None:
    """Whatever is damaged, the start or the request is refused with the reason; what fails leaves nothing behind."""
    file = tmp_path / "mock.db"
    bench = Bench(Engine(store_credit_mock_contract, open_storage(str(file)), Options(seed=1)))
    for amount in range(1, 120):
        bench.issue(amount)
    bench.engine.close()
    whole = file.read_bytes()
    stopped = refused = 0
    for seed in range(60):
        path = tmp_path / f"{seed}.db"
        path.write_bytes(damage(whole, seed))
        try:
            bench = Bench(Engine(store_credit_mock_contract, open_storage(str(path)), Options(seed=1)))
        except StorageError as told:
            stopped += 1
            assert str(path) in str(told) or "damaged" in str(told)  # noqa: PT017 - only some stop the start
            continue
        bench.engine.raise_errors = False
        headers = {"Idempotency-Key": "one"}
        first = bench.send("POST", PATH, GOOD, headers)
        second = bench.send("POST", PATH, GOOD, headers)
        assert {first.status, second.status} <= {201, 503}
        if first.status == 503:
            refused += 1
            assert str(path) in error(first)["message"]
            rows = bench.engine.transact(
                lambda call: call.db.all("SELECT COUNT(*) FROM vinr_idempotency WHERE sandbox = 'default'"), write=False
            )
            assert rows == [(0,)]
        bench.engine.close()
        path.unlink()
    print(f"60 damaged files: {stopped} stopped the start, {refused} refused a write, the rest were not touched by it")
    assert stopped
    assert refused


def serve(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a `serve` that cannot start."""
    command = [sys.executable, "-m", "store_credit_mock", "serve", "--port", "0", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("{folder}/damaged.db", "restore a copy, or name another file"),
        ("{folder}", "unable to open database file: check that the file and its folder exist and can be written"),
        ("/dev/full", "/dev/full"),
        ("postgresql://nobody@127.0.0.1:1/none", "check that the server runs and that the address is right"),
        ("postgresql://127.0.0.1/none?nonsense=1", "write postgresql://user:password@host/database"),
    ],
)
def test_a_storage_that_cannot_be_used_ends_the_command(tmp_path: Path, address: str, words: str) -> None:
    """Exit code 2, and one sentence with the storage and what to do."""
    (tmp_path / "damaged.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    if address.startswith("postgresql"):
        pytest.importorskip("psycopg", reason="psycopg is not installed")
    ended = serve("--db", address.format(folder=tmp_path))

    assert ended.returncode == 2
    assert words in ended.stderr
    assert ended.stderr.startswith("store-credit-mock: ")
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""
