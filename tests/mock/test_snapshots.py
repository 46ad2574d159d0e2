"""Snapshots that are kept on the server under a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benches import Bench, Maker
from store_credit_mock import Contract, Engine, Options, Request, Storage, StorageError, open_storage
from store_credit_mock.control import Control
from store_credit_mock.systems.control_route import ControlError


@pytest.fixture(params=["memory", "file", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "postgresql":
        return open_storage(request.getfixturevalue("database"))
    return open_storage(":memory:" if request.param == "memory" else str(tmp_path / "sandbox.db"))


def held(bench: Bench) -> bytes:
    """Everything the sandbox holds, but for the number of requests it has seen."""
    snapshot = bench.control.snapshot()
    del snapshot["sandbox"]["ordinal"], snapshot["sandbox"]["now"]
    return orjson.dumps(snapshot, option=orjson.OPT_SORT_KEYS)


def change(bench: Bench) -> None:
    """Insert, update and delete, in both systems, with an upsert and a new clock."""
    credit = bench.issue(customer="cust_8aZ2")
    bench.control.vinr.buy("cust_8aZ2", 300, "USD")
    bench.control.seed({"spree": {"store_credits": [{"user_id": 2, "amount": "5.00"}]}})
    bench.control.spree.destroy_store_credits(id=1)
    endpoint = bench.control.vinr.add_endpoint("http://127.0.0.1:9/")
    bench.issue()
    bench.control.vinr.remove_endpoint(endpoint.id)
    bench.control.freeze("2031-01-01T00:00:00Z")
    assert bench.credit(credit["id"])


def test_a_name_brings_everything_back(storage: Storage, bench_of: Maker) -> None:
    """Each of two snapshots, in any order and as often as asked, after changes, a reset and an older snapshot."""
    bench = bench_of(storage)
    bench.issue()
    first = held(bench)
    assert bench.control.save_snapshot("first").rows > 20
    change(bench)
    second = held(bench)
    bench.control.save_snapshot("second")
    for _ in range(2):
        bench.control.restore_snapshot("first")
        assert held(bench) == first
        change(bench)
        bench.control.restore_snapshot("second")
        assert held(bench) == second
        bench.control.reset()
    older = bench.control.snapshot()
    bench.control.restore_snapshot("second")
    bench.control.restore(older)
    bench.control.restore_snapshot("first")

    assert held(bench) == first
    assert bench.control.invariants().holds
    bench.control.save_snapshot("first")
    assert [snapshot.name for snapshot in bench.control.snapshots()] == ["first", "second"]


@given(steps=st.lists(st.sampled_from(["issue", "buy", "save a", "save b", "back a", "back b", "reset"]), max_size=12))
@settings(max_examples=25, deadline=None)
def test_the_tracking_of_changes_misses_none(steps: list[str], store_credit_mock_contract: Contract) -> None:
    """Whatever is done between, what comes back is what a whole dump was."""
    engine = Engine(store_credit_mock_contract, None, Options(seed=1))
    bench = Bench(engine)
    kept: dict[str, bytes] = {}
    for step in steps:
        word, _, name = step.partition(" ")
        if word == "issue":
            bench.issue()
        elif word == "buy":
            bench.control.vinr.buy("cust_8aZ2", 7, "USD")
        elif word == "save":
            bench.control.save_snapshot(name)
            kept[name] = held(bench)
        elif word == "back" and name in kept:
            bench.control.restore_snapshot(name)
            assert held(bench) == kept[name]
        elif word == "reset":
            bench.control.reset()
    engine.close()


def test_it_is_there_after_a_restart_and_others_see_it(tmp_path: Path, store_credit_mock_contract: Contract) -> None:
    """What another process changed meanwhile is brought back as well."""
    path = str(tmp_path / "sandbox.db")
    bench = Bench(Engine(store_credit_mock_contract, open_storage(path), Options()))
    other = Bench(Engine(store_credit_mock_contract, open_storage(path), Options()))
    bench.issue()
    before = held(bench)
    bench.control.save_snapshot("clean")
    change(other)
    bench.engine.close()
    again = Bench(Engine(store_credit_mock_contract, open_storage(path), Options()))
    again.control.restore_snapshot("clean")

    assert held(again) == before == held(other)
    other.engine.close()
    again.engine.close()


def test_what_is_wrong_is_told(bench: Bench) -> None:
    """A name that is not there with the nearest one, one that cannot be with what can."""
    bench.control.save_snapshot("after-checkout")
    for call in (bench.control.restore_snapshot, bench.control.remove_snapshot):
        with pytest.raises(ControlError, match="did you mean after-checkout") as refused:
            call("after-chekout")
        assert refused.value.status == 404
    for name in ("", "a b", "é", ".a", "a" * 101, "../x"):
        with pytest.raises(ControlError) as refused:
            bench.control.save_snapshot(name)
        assert refused.value.status in {400, 404, 405}
    bench.control.remove_snapshot("after-checkout")
    assert bench.control.snapshots() == []


def test_a_snapshot_that_fails_halfway_leaves_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is free, the sandbox what it was, and the next one succeeds."""
    bench.issue()
    before, copy = held(bench), type(bench.engine.storage)._copy
    copied: list[str] = []

    def fails(storage: Storage, table: Any, source: str, target: str) -> int:
        copied.append(table.name)
        if len(copied) == 5:
            raise StorageError("the disk is full")
        return copy(storage, table, source, target)

    with monkeypatch.context() as patch:
        patch.setattr(type(bench.engine.storage), "_copy", fails)
        with pytest.raises(ControlError, match="the disk is full"):
            bench.control.save_snapshot("clean")
    assert (bench.control.snapshots(), held(bench)) == ([], before)
    bench.control.save_snapshot("clean")
    change(bench)
    bench.control.restore_snapshot("clean")
    assert held(bench) == before


def test_a_row_that_is_not_one_is_told_by_its_place(bench: Bench) -> None:
    """What comes with a snapshot is looked at before anything is replaced."""
    good = bench.control.snapshot()
    before = held(bench)
    for rows, place in (
        ({"vinr_customer": {}}, "/rows/vinr_customer: this must be a list"),
        ({"vinr_customer": [[1]]}, "/rows/vinr_customer/0: a row must be a list of"),
        ({"spree_store": [[2**63, "a", "USD", "[]"]]}, "/rows/spree_store/0/0: "),
        ([], "/rows: "),
    ):
        with pytest.raises(ControlError, match=place):
            bench.control.restore({**good, "rows": rows})
    body = orjson.dumps([good])
    token = {"Authorization": f"Bearer {bench.engine.control.token}"}
    answered = bench.engine.handle(Request.build("POST", "/_mock/restore", token, body))
    assert (answered.status, b"must be a JSON object" in answered.body) == (400, True)
    assert held(bench) == before
    assert isinstance(bench.control, Control)
