"""What people do around a job, and which must not issue anything twice: other settings, other folders, other files."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from jobs_support.shops import Run, Shop
from served_mock import Served, start

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    """A mock that behaves as the real servers do; each test has a sandbox of its own."""
    running = start("--observe")
    yield running
    running.process.terminate()
    running.end()


@pytest.fixture
def shop(mock: Served, tmp_path: Path) -> Callable[..., Shop]:
    """A shop with a plan of three rows."""

    def make(system: str, **settings: Any) -> Shop:
        return Shop(mock, system, f"mistakes-{next(_numbers)}", tmp_path, **{"rows": 3, **settings})

    return make


def settle(shop: Shop) -> Run:
    """Run `issue settle` of the only job."""
    job = shop.result()["job"] if list((shop.folder / "workspace").glob("*.result.json")) else "jb_"
    arguments = [
        "issue", "settle", job, "--config", str(shop.folder / "store-credit.toml"),
        "--workspace", str(shop.folder / "workspace"),
    ]  # fmt: skip
    run = Run(arguments, {"SHOP_TOKEN": shop.key}, shop.folder, ("never", 1))
    assert run.code is not None
    return run


def test_settling_looks_for_credits_of_whom_the_plan_names(shop: Callable[..., Shop]) -> None:
    """`plan --created-by`: who looks for credits of the account's own user finds none, and would have them resent."""
    one = shop("spree-v2")
    one.write_plan(one.plan, settings={"created_by": "3"})
    assert one.apply(kill=("answered", 2)).code == -9
    settled = settle(one)
    assert settled.code == 0, settled
    ended = one.apply()
    assert ended.code == 0, ended
    assert one.counted() == (0, 0)


def test_no_grace_below_that_of_a_configuration(shop: Callable[..., Shop]) -> None:
    """Looking at once, while a slow request is still running, is what makes doubles."""
    refused = shop("spree-v2").apply("--grace", "0")
    assert (refused.code, "at least 1" in refused.err) == (2, True), refused


def test_an_account_that_was_renamed_issues_nothing_again(shop: Callable[..., Shop]) -> None:
    """Another name is another account to the journal and makes other wire keys; the credential tells that it is not."""
    one = shop("vinr")
    assert one.apply().code == 0
    file = one.folder / "store-credit.toml"
    file.write_text(file.read_text().replace("[account.shop]", "[account.store]"))
    one.account = attrs.evolve(one.account, name="store")
    one.write_plan(one.plan, account="store")
    refused = one.apply()
    assert (refused.code, "account_renamed" in refused.out or "same credential" in refused.err) == (2, True), refused
    assert one.counted() == (0, 0)


def test_the_result_of_a_job_that_has_ended_is_told_as_it_ended(shop: Callable[..., Shop]) -> None:
    """Killed between the end in the journal and its files: those of the run before would say that rows are left."""
    one = shop("vinr")
    assert one.apply("--max-total", "2.10:USD").code == 4
    (before,) = (one.folder / "workspace").glob("*.result.json")
    stopped = before.read_text()
    assert one.apply().code == 0
    ended = one.result()
    before.write_text(stopped)
    assert one.apply().code == 0
    assert one.result() == ended
    assert ended["proof"]["holds"]
