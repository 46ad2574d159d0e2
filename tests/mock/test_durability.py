"""A disk, a database or a file that fails gives a clear error and no half-written change."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benches import Bench, Maker, error
from http_library import httpx
from ledger_assertions import FINE
from served_mock import Served, issued, served
from store_credit_mock import Contract, Engine, Options, StorageError, open_storage
from store_credit_mock.control import ControlError

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

PATH = "/v1/store-credit"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
AUTH = {"X-Api-Key": "sk_test_1"}


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


@pytest.mark.takes_seconds
def test_a_full_disk_refuses_whole_changes(tmp_path: Path) -> None:
    """When the file cannot grow a write is answered 503 and leaves nothing, reads go on, and so do writes after it."""
    file = tmp_path / "mock.db"
    acknowledged: list[str] = []
    with served("--db", str(file)) as mock, httpx.Client(base_url=mock.url, headers=AUTH, trust_env=False) as http:
        acknowledged.append(http.post(PATH, json=GOOD).json()["id"])
        for room in (0, 1000, 4096, 9000, 20000):
            with no_room(mock, file, room):
                answer = http.post(PATH, json=GOOD)
                for _ in range(50):
                    if answer.status_code == 503:
                        break
                    acknowledged.append(answer.json()["id"])
                    answer = http.post(PATH, json=GOOD)
                assert answer.status_code == 503, "the limit was never met"
                assert answer.json()["error"]["type"] == "api_error"
                assert "free some space; this change was not saved" in answer.json()["error"]["message"]
                assert sorted(issued(mock)) == sorted(acknowledged)
                with pytest.raises(ControlError, match="this change was not saved") as told:
                    mock.control.vinr.buy("cust_8aZ2", 5, "USD")
                assert told.value.status == 503
            acknowledged.append(http.post(PATH, json=GOOD).json()["id"])
            assert mock.control.invariants() == FINE
        mock.kill()
    with served("--db", str(file)) as mock:
        assert sorted(issued(mock)) == sorted(acknowledged)
        assert mock.control.invariants() == FINE


@pytest.mark.takes_seconds
def test_a_commit_whose_answer_is_lost_is_not_called_undone(
    database: str, bench_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off between the commit and its response: the 503 says that this is not known, and a retry is a replay."""
    import psycopg

    storage: Any = open_storage(database)
    bench = bench_of(storage)
    execute = storage._execute

    def lose(sql: str, values: Any = ()) -> Any:
        cursor = execute(sql, values)
        if sql == "COMMIT":
            monkeypatch.undo()
            storage._connection.close()
            storage._refuse(psycopg.OperationalError("the response is lost"))
        return cursor

    monkeypatch.setattr(storage, "_execute", lose)
    headers = {"Idempotency-Key": "one"}
    lost = bench.send("POST", PATH, GOOD, headers)
    assert lost.status == 503
    assert "this change may or may not have been saved" in error(lost)["message"]
    again = bench.send("POST", PATH, GOOD, headers)
    assert (again.status, again.header("idempotent-replayed")) == (201, "true")
    assert bench.control.invariants() == FINE


def test_a_database_that_takes_no_writes_is_told(database: str, bench_of: Maker) -> None:
    """A read-only PostgreSQL: reads are answered, writes are 503 with the reason, until it takes them again."""
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
    assert "the server does not accept writes; this change was not saved" in error(refused)["message"]
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
            # Where the damage is in the very table that would tell, that is refused as well.
            with contextlib.suppress(StorageError):
                rows = bench.engine.transaction(
                    lambda call: call.db.all("SELECT COUNT(*) FROM vinr_idempotency WHERE sandbox = 'default'"),
                    write=False,
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


@pytest.mark.takes_seconds
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("{folder}/damaged.db", "restore a copy, or use another file"),
        ("{folder}", "unable to open database file: check that the file and its folder exist and can be written"),
        ("/dev/full", "/dev/full"),
        ("postgresql://nobody@127.0.0.1:1/none", "check that the server is running and that the address is correct"),
        ("postgresql://127.0.0.1/none?nonsense=1", "use an address such as postgresql://user:password@host/database"),
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
