"""`store-credit init` and `store-credit issue plan` as they are typed, against servers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs_support.accounts_on_mock import NOW, Bench
from jobs_support.planning import csv
from jobs_support.v3_account import V3Account
from store_credit_jobs.cli.main import main
from store_credit_jobs.config import read_config
from store_credit_jobs.planning.plan_file import check_seal, read_head, read_rows
from store_credit_jobs.planning.plan_request import PlanRequest
from store_credit_jobs.planning.planner import make_plan
from store_credit_mock import Contract, Server

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(environment=False) as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a folder of its own; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    for name in ("STORE_CREDIT_ACCOUNT", "STORE_CREDIT_CONFIG", "STORE_CREDIT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VINR_SECRET_KEY", "sk_test_any")

    def runs(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        assert isinstance(ended.value.code, int)
        out, err = capsys.readouterr()
        return int(ended.value.code), out, err

    return runs


def init(run: Run, server: Server, *more: str) -> tuple[int, str, str]:
    return run("init", "--system", "vinr", "--url", f"{server.url}/", "--token-env", "VINR_SECRET_KEY", *more)


def test_init_writes_an_account_and_checks_it(run: Run, server: Server, tmp_path: Path) -> None:
    code, out, err = init(run, server, "--json", "--account", "my-shop")
    assert code == 0
    assert json.loads(out) == {
        "event": "account.checked",
        "account": "my-shop",
        "live": False,
        "limit": None,
        "problems": [],
    }
    assert "it does not move real money" in err
    account = read_config(tmp_path / "store-credit.toml").account(None)
    assert (account.name, account.url, account.credential) == ("my-shop", server.url, {"env": "VINR_SECRET_KEY"})
    # What is there is left alone.
    before = (tmp_path / "store-credit.toml").read_bytes()
    code, _, err = init(run, server)
    assert code == 2
    assert "add the account by hand" in err
    assert (tmp_path / "store-credit.toml").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["store-credit.toml"]


def test_init_without_a_server_or_a_credential(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = run(
        "init", "--system", "spree-v3", "--url", "http://127.0.0.1:9", "--token-env", "ABSENT", "--category", "4"
    )
    assert code == 0
    assert "It was not checked: account.shop.token: the environment variable ABSENT is not set" in err
    (tmp_path / "store-credit.toml").unlink()
    monkeypatch.setenv("VINR_SECRET_KEY", "sk_live_any")
    code, _, err = init(run, server)
    assert code == 7
    assert "refused its credential" in err
    assert "sk_live_any" not in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--system", "vinr"], "pass --url, --token-env"),
        (["--system", "vinr", "--url", "shop", "--token-env", "A"], "not an http or https address"),
        (["--system", "vinr", "--url", "https://x", "--token-env", "sk_test_123"], "contain the credential itself"),
        (["--system", "vinr", "--url", "https://x", "--token-env", "A", "--token-file", "b"], "only one"),
        (["--system", "vinr", "--url", "https://x", "--token-env", "A", "--category", "4"], "vinr has none"),
        (["--system", "vinr", "--url", 'https://x"\n[evil]', "--token-env", "A"], "was not written"),
    ],
)
def test_init_writes_nothing_that_cannot_be_read(arguments: list[str], said: str, run: Run, tmp_path: Path) -> None:
    code, _, err = run("init", *arguments)
    assert code == 2
    assert said in err
    assert "sk_test_123" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_plan_as_it_is_typed(run: Run, server: Server, tmp_path: Path) -> None:
    init(run, server)
    rows = ("a,cust_8aZ2,12.50,USD,hi", "b,cust_8aZ2,5,EUR,=1")
    (tmp_path / "a.csv").write_text(csv(*rows, header="key,customer,amount,currency,memo"))
    before = server.control.count_exchanges().total
    code, out, err = run(
        "issue", "plan", "a.csv", "--campaign", "nov", "--max-row", "100:USD", "--rate", "5/s", "--json"
    )
    assert code == 0, err
    event = json.loads(out)
    assert event["totals"] == {"EUR": {"rows": 1, "minor": 500}, "USD": {"rows": 1, "minor": 1250}}
    assert (event["event"], event["requests"], event["minutes"], event["live"]) == ("plan.made", 2, 0.0, False)
    for said in (
        "a.csv: CSV with comma as the delimiter, 2 rows", "+ 1 row to issue: USD 12.50", "Plan: 2 to issue",
        "Warning: VINR has no memos", "Warning: --max-row has no limit for EUR", "Written to plan.jsonl",
        "Nothing was sent",
    ):  # fmt: skip
        assert said in err
    assert check_seal(tmp_path / "plan.jsonl").sha256 == event["sha256"]
    assert read_head(tmp_path / "plan.jsonl").settings == {"max_row": {"USD": "100"}}
    assert server.control.count_exchanges(method="POST").total == 0
    assert server.control.count_exchanges().total > before
    # A workspace is not made by planning.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "plan.jsonl", "store-credit.toml"]


def test_a_file_with_problems_as_it_is_told(run: Run, server: Server, tmp_path: Path) -> None:
    init(run, server)
    (tmp_path / "a.csv").write_text(csv("a,cust_8aZ2,12.505,USD", "a,cust_8aZ2,5,USD", "a,cust_8aZ2,6,USD"))
    code, out, err = run("issue", "plan", "a.csv", "--campaign", "nov", "--json")
    assert code == 2
    assert err.splitlines() == [
        'a.csv:2 key a: amount "12.505" has 3 decimals, but USD has 2',
        "a.csv:4 key a: the key occurs twice, first in line 3; each row needs its own key",
        "store-credit: a.csv has 2 problems. No plan was written, and nothing was sent",
    ]
    event = json.loads(out)
    assert [(one["code"], one["line"]) for one in event["problems"]] == [("amount_decimals", 2), ("key_double", 4)]
    assert not (tmp_path / "plan.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--max-row", "100"], "use the form AMOUNT:CUR"),
        (["--max-row", "100:usd"], "write USD"),
        (["--map", "phone=x.csv"], "use --map email=FILE"),
        (["--delimiter", ";;"], "must be a single character"),
        (["--rate", "fast"], '"8/s"'),
        (["--expires", "2027-12-31"], "write 2027-12-31T23:59:59Z"),
        (["--mode", "set", "--refunds"], "pass only one of the two options"),
        (["--mode", "reduce"], "--mode reduce is not available"),
        (["-o", "a.csv"], "is not a plan"),
        (["--account", "other"], "no account"),
    ],
)
def test_arguments_that_are_refused(arguments: list[str], said: str, run: Run, server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv("a,cust_8aZ2,1,USD"))
    init(run, server)
    code, _, err = run("issue", "plan", "a.csv", "--campaign", "nov", *arguments)
    assert (code, said in err) == (2, True), err
    assert not (tmp_path / "plan.jsonl").exists()


def test_a_plan_only_reads(tmp_path: Path, store_credit_mock_contract: Contract) -> None:
    """On every system: the requests that reach the server are GET."""
    for name in ("vinr", "spree-v2"):
        bench = Bench(store_credit_mock_contract, name)
        try:
            planned(bench.system, bench.account, bench.customer, tmp_path, NOW)
            assert bench.wire.writes == 0
            assert bench.mock.control.count_exchanges(method="GET").total > 0
        finally:
            bench.close()
    shop = V3Account("5.6", store_credit_mock_contract)
    planned(shop.system, shop.account, shop.customer, tmp_path, shop.clock.now())
    assert shop.mock.control.count_exchanges(method="GET").total == shop.mock.control.count_exchanges().total > 0
    shop.system.close()
    shop.mock.close()


def planned(system: Any, account: Any, customer: str, folder: Path, now: float) -> None:
    file = folder / "a.csv"
    file.write_text(csv(f"a,{customer},5,USD"))
    for mode in ("add", "set"):
        request = PlanRequest(file=str(file), campaign="nov", account=account, output=folder / "plan.jsonl", mode=mode)
        make_plan(request, system, None, clock=lambda: now)
        assert len(list(read_rows(folder / "plan.jsonl"))) == 1
