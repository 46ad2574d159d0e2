"""The recipes "Show a customer's balance" and "Take a credit back": what they print, and what they must not do."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from http_library import httpx
from served_mock import Served, served
from store_credit import NotFoundError, SpreeAdminClient, SpreeClient, SpreeStoreClient, ValidationError, VinrClient
from store_credit_mock import Contract
from store_credit_mock.systems.spree_v3.ids import encode
from store_credit_tools.docs_site.excerpts import parts
from v3_shop import SECRET_KEY, V3Shop

from .test_recipes import FIRST, GUIDES, PROGRAMS, issue_others, on_both, printed, spree

Run = Callable[..., list[str]]
CLIENTS = (VinrClient, SpreeAdminClient, SpreeStoreClient)


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """The mock that the pages start."""
    with served("--spree-token", "staff") as running:
        yield running


@pytest.fixture
def mock(server: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The mock, as it is after its start."""
    server.control.reset()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return server


@pytest.fixture
def load(mock: Served) -> Iterator[Callable[[str], Any]]:
    """Run a program of Python as it is printed, but for the port; gives its names."""
    programs: list[ModuleType] = []

    def load(program: str) -> Any:
        made = ModuleType("recipe")
        programs.append(made)
        exec(compile(parts(PROGRAMS / program)["program"].replace(FIRST, mock.url), program, "exec"), made.__dict__)
        return made

    yield load
    for value in [one for program in programs for one in vars(program).values()]:
        if isinstance(value, CLIENTS):
            value.close()


@pytest.fixture
def run(mock: Served, load: Callable[[str], Any], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a program of either language, to one of Node.js something may be added; gives the lines it prints."""

    def run(program: str, added: str = "") -> list[str]:
        if program.endswith(".py"):
            load(program)
            return capsys.readouterr().out.splitlines()
        if shutil.which("node") is None:
            pytest.skip("node is not installed, so the recipe was not run in Node.js")
        file = tmp_path / Path(program).name
        file.write_text(parts(PROGRAMS / program)["program"].replace(FIRST, mock.url) + f"\n{added}", "utf-8")
        done = subprocess.run(["node", str(file)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.splitlines()

    return run


# Show a customer's balance


@pytest.mark.parametrize("program", on_both("balance"))
def test_a_balance(run: Run, program: str) -> None:
    """On a fresh mock, as the page says; what has expired is left out."""
    assert run(program) == printed("recipe-balance", int("spree" in program))


@pytest.mark.parametrize("program", on_both("balance"))
def test_a_balance_of_many_credits(mock: Served, run: Run, program: str) -> None:
    """Those on the second page count; those of another customer do not."""
    if "vinr" in program:
        with VinrClient("sk_test_any", base_url=mock.url) as vinr:
            for _ in range(100):
                vinr.store_credit.create(customer="cust_8aZ2", amount=1, currency="USD")
            other = mock.control.vinr.add_customer().id
            vinr.store_credit.create(customer=other, amount=77, currency="USD")
        assert run(program) == ["today: 500 JPY, 23.00 USD", "in 30 days: 500 JPY, 8.00 USD"]
    else:
        with spree(mock) as admin:
            for customer in [f"cus_{encode(1)}"] * 100 + [f"cus_{encode(2)}"]:
                admin.customers.store_credits.create(customer, amount=Decimal("0.01"), currency="USD")
        assert run(program)[1:] == ["Alice sees: 31.24 USD", "staff see: 10.55 EUR, 31.24 USD"]


def test_two_spellings_of_a_currency(load: Callable[[str], Any], store_credit_mock_contract: Contract) -> None:
    """Are two currencies, and the shopper sees only the one that a cart can use."""
    recipe = load("python/recipes/balance_spree.py")
    shop = V3Shop("5.6", store_credit_mock_contract, strict=False)
    path = f"/api/v3/admin/customers/{shop.customer()}/store_credits"
    for currency in ("USD", "usd"):
        shop.ask("POST", path, {"amount": "5.00", "currency": currency}, X_Spree_Api_Key=SECRET_KEY)
    recipe.admin.close()
    recipe.__dict__["admin"] = shop.admin
    assert recipe.balance(shop.customer()) == {"USD": Decimal(5), "usd": Decimal(5)}
    assert recipe.own_balance(shop.shopper(), "USD") == Decimal(5)
    shop.close()


def test_what_is_authorized_is_in_no_balance(mock: Served, load: Callable[[str], Any]) -> None:
    """Neither in the shopper's nor in that of the back office."""
    recipe = load("python/recipes/balance_spree.py")
    authorize(mock)
    left = Decimal("30.24") - Decimal("24.99")
    assert recipe.own_balance(recipe.shopper, "USD") == recipe.balance(recipe.alice)["USD"] == left


def test_the_commands_of_a_balance(mock: Served, run: Run) -> None:
    """Each of the page, with the token of its system."""
    for program in ("python/recipes/balance_vinr.py", "python/recipes/balance_spree.py"):
        run(program)
    login = {"email": "alice@example.com", "password": "spree123"}
    with SpreeStoreClient(mock.url, "pk_shop") as shop:
        token = shop.auth.login(email=login["email"], password=login["password"]).token
    with SpreeClient(mock.url, "staff") as client:
        client.store_credits.create(user_id=2, category_id=1, created_by_id=1, amount=Decimal("9.50"), currency="USD")
    form = {"grant_type": "password", "username": login["email"], "password": login["password"]}
    old = httpx.post(f"{mock.url}/spree_oauth/token", data=form).json()["access_token"]
    page = (GUIDES / "recipe-balance.md").read_text("utf-8").replace(FIRST, mock.url)
    commands = re.findall(r"^```console\n\$ (curl .*?)^```$", page, re.DOTALL | re.MULTILINE)
    wanted = ['"balance_remaining":1500', '"available_store_credit_total":"30.24"', '"store_credits":"9.5"']
    for command, bearer, part in zip(commands, ("", token, old), wanted, strict=True):
        done = subprocess.run(
            ["bash", "-euc", command], env={"PATH": "/usr/bin:/bin", "SHOPPER_TOKEN": bearer}, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        assert part in done.stdout.replace(" ", "")


# Take a credit back


@pytest.mark.parametrize("program", on_both("take_back"))
def test_a_credit_is_taken_back(mock: Served, run: Run, program: str) -> None:
    """Once, on a mock that is already running; other credits stay."""
    assert "unless it is already running" in (GUIDES / "recipe-take-back.md").read_text("utf-8")
    issue_others(mock)
    assert run(program) == printed("recipe-take-back", int("spree" in program))
    if "vinr" in program:
        mock.control.advance(121)
        assert mock.control.vinr.buy("cust_8aZ2", 9999, "USD").paid_by_credit == 1000
    else:
        with spree(mock) as admin:
            (left,) = admin.customers.store_credits.list(f"cus_{encode(1)}")
        assert left.memo == "refund-1101"


def test_what_is_left_on_vinr(mock: Served, load: Callable[[str], Any]) -> None:
    """Of a spent credit nothing is taken back, of a partly spent one the rest; no credit ever ends later."""
    recipe = load("python/recipes/take_back_vinr.py")
    create = recipe.vinr.store_credit.create
    spent = create(customer="cust_8aZ2", amount=300, currency="USD")
    mock.control.vinr.buy("cust_8aZ2", 2500 + 300, "USD")  # also what the program has taken back, which goes first
    assert recipe.take_back(spent.id) == "nothing is left to take back"
    partly = create(customer="cust_8aZ2", amount=300, currency="USD")
    mock.control.vinr.buy("cust_8aZ2", 100, "USD")
    assert recipe.take_back(partly.id) == "2.00 USD will expire in two minutes"
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=60)
    ending = create(customer="cust_8aZ2", amount=300, currency="USD", expires_at=ends)
    assert recipe.take_back(ending.id) == "already expired, or about to expire"
    assert recipe.vinr.store_credit.retrieve(ending.id).expires_at == ends


def authorize(mock: Served, *, captured: bool = False) -> str:
    """Place an order of Alice's for 24.99, paid with credit that is authorized, or captured at once; gives its id."""
    method = {"auto_capture": captured, "capture_method": "checkout" if captured else "manual"}
    path = f"{mock.url}/api/v3/admin/payment_methods/pm_{encode(1)}"
    httpx.patch(path, json=method, headers={"X-Spree-Api-Key": "sk_full"}).raise_for_status()
    alice = f"cus_{encode(1)}"
    cart = mock.control.spree_v3.fill_cart(alice, store_credit=True).id
    token = mock.control.spree_v3.issue_customer_token(alice).token
    with SpreeStoreClient(mock.url, "pk_shop", customer_token=token) as shopper:
        return shopper.carts.complete(cart).id


@pytest.mark.parametrize("captured", [False, True], ids=["authorized", "used"])
def test_what_an_order_counts_on_is_kept(mock: Served, load: Callable[[str], Any], run: Run, captured: bool) -> None:
    """By both programs; and what the page says that one can do instead is so."""
    recipe = load("python/recipes/take_back_spree.py")
    alice, issued = recipe.alice.id, recipe.admin.customers.store_credits
    credit = issued.create(alice, amount=Decimal("40.00"), currency="USD").id
    order = authorize(mock, captured=captured)

    what = "used" if captured else "authorized"
    assert recipe.take_back(alice, credit) == f"kept: orders have {what} 24.99"
    again = f'console.log(await takeBack("{alice}", "{credit}"));'
    assert run("node/recipes/take_back_spree.mjs", again)[-1].startswith(f"kept: orders have {what} ")

    if captured:
        for change in (lambda: issued.update(alice, credit, amount=Decimal(30)), lambda: issued.delete(alice, credit)):
            with pytest.raises(ValidationError) as refused:
                change()
            assert refused.value.code == "store_credit_in_use"
        recipe.admin.orders.cancel(order)
    else:
        with pytest.raises(ValidationError):
            issued.update(alice, credit, amount=Decimal("24.98"))
        assert issued.update(alice, credit, amount=Decimal("24.99")).amount_remaining == 0
        (payment,) = recipe.admin.orders.payments.list(order)
        recipe.admin.orders.payments.void(order, payment.id)
    assert recipe.take_back(alice, credit).startswith("deleted: ")
    with pytest.raises(NotFoundError):
        issued.get(alice, credit)


def test_what_spree_v2_allows(mock: Served) -> None:
    """It deletes what is authorized, not what is used; the amount can be lowered to both together."""
    with SpreeClient(mock.url, "staff") as client:
        issued = client.store_credits
        base: dict[str, Any] = {"user_id": 2, "category_id": 1, "created_by_id": 1, "amount": Decimal(40)}
        used = issued.create(**base, currency="USD", amount_used=Decimal(15)).id
        authorized = issued.create(**base, currency="USD", amount_authorized=Decimal(15)).id
        with pytest.raises(ValidationError):
            issued.delete(used)
        for credit in (used, authorized):
            with pytest.raises(ValidationError):
                issued.update(credit, amount=Decimal(14))
            assert issued.update(credit, amount=Decimal(15)).amount == 15
        issued.delete(authorized)
