"""The processes of `scripts/bench`: the loopback server, what it answers, and how contenders are run."""

import json
import urllib.error
import urllib.request
from collections.abc import Generator
from typing import Any

import pytest

from store_credit_mock.contract import Contract
from store_credit_mock.contract.document import fragment
from store_credit_tools.bench import payloads
from store_credit_tools.bench.processes import BenchmarkError, Contender, Server, Worker, fresh
from store_credit_tools.bench.server import PAGES, PER_PAGE

CLOSED = Contract()


def check(schema: str, content: bytes) -> Any:
    value = json.loads(content)
    assert CLOSED.check_value(fragment("components", "schemas", schema), value) == ()
    return value


@pytest.mark.parametrize(
    ("schema", "content"),
    [
        ("VinrStoreCredit", payloads.vinr_record()),
        ("VinrStoreCreditList", payloads.vinr_list()),
        ("VinrStoreCreditList", payloads.vinr_list(expanded=True)),
        ("VinrStoreCreditList", payloads.vinr_page(200, PER_PAGE, PAGES)),
        ("SpreeStoreCreditDocument", payloads.spree_record()),
        ("SpreeStoreCreditList", payloads.spree_list()),
        ("SpreeStoreCreditList", payloads.spree_page(3, PER_PAGE, PAGES)),
        ("SpreeV3StoreCreditList", payloads.spree_v3_list()),
        ("SpreeV3StoreCreditList", payloads.spree_v3_page(3, PER_PAGE, PAGES)),
    ],
)
def test_what_is_measured_is_what_the_document_describes(schema: str, content: bytes) -> None:
    """Unknown members included: nothing is faster for being unlike a real response."""
    check(schema, content)


def test_vinr_records_differ_from_each_other() -> None:
    """Equal values could be shared by a decoder that remembers strings."""
    records = json.loads(payloads.vinr_list())["data"]

    assert len({one["id"] for one in records}) == len({one["customer"] for one in records}) == 100
    assert [one for one in records if one["expires_at"] == one["created"]] == []
    assert {one["expires_at"] is None for one in records} == {True, False}


def test_spree_records_are_the_recorded_ones_in_full() -> None:
    """All five relationships are there, and records of one page do not share their events."""
    records = json.loads(payloads.spree_list())["data"]

    assert {len(one["relationships"]) for one in records} == {5}
    assert {len(one["attributes"]) for one in records} == {13}
    assert len({one["relationships"]["store_credit_events"]["data"][0]["id"] for one in records}) == 100


def test_spree_v3_records_are_the_recorded_ones_in_full() -> None:
    """Every member that 5.6 sends is there and read, and no two records of a page have the same id."""
    records = json.loads(payloads.spree_v3_list())["data"]

    assert {len(one) for one in records} == {16}
    assert len({one["id"] for one in records}) == len({one["customer_id"] for one in records}) == 100
    paged = json.loads(payloads.spree_v3_page(3, PER_PAGE, PAGES))
    assert [one["id"] for one in paged["data"]][:: PER_PAGE - 1] == ["credit_0000000201", "credit_0000000300"]
    assert paged["meta"] == {
        "page": 3, "limit": 100, "count": 100_000, "pages": 1000, "from": 201, "to": 300, "in": 100, "previous": 2,
        "next": 4,
    }  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    """The loopback server in its own process."""
    with Server() as running:
        yield running


def get(server: Server, path: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(server.url + path, timeout=10) as answer:
        return json.loads(answer.read())


def test_the_server_has_a_hundred_thousand_vinr_credits(server: Server) -> None:
    """Pages follow each other without a gap, and the last one says so."""
    first = get(server, "/v1/store-credit?limit=100")
    second = get(server, f"/v1/store-credit?limit=100&starting_after={first['page']['next_cursor']}")
    last = get(server, f"/v1/store-credit?limit=100&starting_after=sc_{PER_PAGE * (PAGES - 1):08}")

    assert (first["data"][0]["id"], second["data"][0]["id"], last["data"][-1]["id"]) == (
        "sc_00000001",
        "sc_00000101",
        "sc_00100000",
    )
    assert first["page"]["has_more"] is True
    assert last["page"] == {"has_more": False, "next_cursor": None, "total_estimate": 100000}


@pytest.mark.parametrize("query", ["page={}&per_page=100", "per_page=100&page={}"])
def test_the_server_has_a_thousand_spree_pages(server: Server, query: str) -> None:
    """Whichever order the parameters come in."""
    page = get(server, f"/api/v2/platform/store_credits?{query.format(1000)}")

    assert (page["data"][0]["id"], page["data"][-1]["id"]) == ("99901", "100000")
    assert page["meta"]["total_pages"] == 1000


def test_the_server_has_a_hundred_thousand_spree_credits_by_id(server: Server) -> None:
    """As the SDK iterates them: what comes after an id, until a page is empty."""
    pages = [
        get(server, f"/api/v2/platform/store_credits?per_page=100&sort=id&filter%5Bid_gt%5D={last}")["data"]
        for last in (100, 99900, 100000)
    ]

    assert [page[0]["id"] for page in pages[:2]] == ["101", "99901"]
    assert pages[2] == []


def post(server: Server, path: str, body: bytes) -> tuple[int, Any]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(server.url + path, body), timeout=10) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read())


def test_the_server_repeats_what_a_create_sent_under_an_id_of_its_own(server: Server) -> None:
    """The SDK compares it; a create that is sent as a form gets a record as well."""
    sent = [{"customer": f"cust_{number}", "amount": number, "currency": "EUR"} for number in (1, 2)]
    made = [post(server, "/v1/store-credit", json.dumps(one).encode())[1] for one in sent]

    assert [{name: one[name] for name in sent[0]} for one in made] == sent
    assert len({one["id"] for one in made}) == 2
    assert post(server, "/v1/customers", b"name=cust_1")[0] == 201


def test_the_server_limits_what_is_below_limited() -> None:
    """By a bucket of 50; nothing else of it is refused."""
    body = b'{"customer": "cust_1", "amount": 1, "currency": "EUR"}'
    with Server() as server:
        statuses = [post(server, "/limited/v1/store-credit", body)[0] for _ in range(300)]
        after, _ = post(server, "/v1/store-credit", body)

    assert statuses[:50] == [201] * 50
    assert 429 in statuses
    assert after == 201


def test_a_contender_works_in_a_process_of_its_own() -> None:
    """It is asked for work, and answers with a time that is more than none."""
    with Worker(Contender("decoding", "json_loads", ["vinr"]), 0.001) as worker:
        assert worker.sample() > 0


def test_a_contender_can_be_kept_from_a_package() -> None:
    """The SDK without its extra is measured where the extra is installed."""
    with (
        Worker(Contender("decoding", "json_loads", ["vinr"], without=["json"]), 0.001) as worker,
        pytest.raises(BenchmarkError, match=r"decoding\.json_loads stopped:[\s\S]*json"),
    ):
        worker.sample()


def test_a_contender_that_fails_is_named_with_what_it_said() -> None:
    """The end of its traceback is what helps."""
    with (
        Worker(Contender("decoding", "json_loads", ["cheese"]), 0.001) as worker,
        pytest.raises(BenchmarkError, match=r"decoding\.json_loads stopped:[\s\S]*KeyError: 'cheese'"),
    ):
        worker.sample()


def test_only_the_code_itself_is_timed_in_a_fresh_process() -> None:
    """What comes before runs first, and a failure gives the last lines."""
    assert fresh("assert ready", "ready = True")() >= 0
    with pytest.raises(BenchmarkError, match=r"'import nothing_of_that_name' failed:[\s\S]*ModuleNotFoundError"):
        fresh("import nothing_of_that_name")()


def test_a_proxy_of_the_user_does_not_come_between(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback calls go to the server, whatever the environment says."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    code = f"import urllib.request; urllib.request.urlopen('{server.url}/v1/store-credit/sc_1', timeout=10).read()"

    assert fresh(code)() > 0
