"""Every recipe runs as its page prints it, prints what the page says, and leaves the credits that it should."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit import SpreeAdminClient, SpreeStoreClient, VinrClient
from store_credit_tools.docs_site.excerpts import parts

Load = Callable[..., Any]
Run = Callable[..., list[str]]

GUIDES = ROOT / "docs" / "guides"
PROGRAMS = ROOT / "docs" / "programs"
FIRST, SECOND = "http://127.0.0.1:4010", "http://127.0.0.1:4011"
"""The addresses that the pages print."""


def on_both(name: str) -> list[str]:
    """Programs that VINR and Spree each have in Python and Node.js."""
    languages = (("python", "py"), ("node", "mjs"))
    return [f"{one}/recipes/{name}_{system}.{end}" for system in ("vinr", "spree") for one, end in languages]


RECIPES = {
    "recipe-refund": on_both("refund"),
    "recipe-balance": on_both("balance"),
    "recipe-take-back": on_both("take_back"),
    "recipe-checkout": ["python/recipes/checkout.py", "node/recipes/checkout.mjs"],
    "recipe-expire": ["python/recipes/expire.py"],
    "recipe-reconcile": ["shell/recipes/reconcile.sh"],
    "recipe-move": ["shell/recipes/move.sh"],
    "recipe-webhook": ["python/recipes/webhook.py"],
    "recipe-go-live": ["python/recipes/go_live.py"],
}
"""The programs of each page; `test_migration.py` runs those of "Migrate from Spree v2 to v3", and
`test_balance_and_take_back.py` those that show a balance and take a credit back.
"""


def printed(slug: str, number: int = 0) -> list[str]:
    """What a page says that its program prints; `...` stands for lines that are left out."""
    return re.findall(r"^```text\n(.*?)^```$", (GUIDES / f"{slug}.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)[
        number
    ].splitlines()


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """The mock that the pages start."""
    with served("--control-token", "control") as running:
        yield running


@pytest.fixture
def mock(server: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The mock, as it is after its start."""
    server.control.reset()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return server


@pytest.fixture
def opened() -> Iterator[list[ModuleType]]:
    """Programs whose clients and databases are closed in the end, as the end of their process would."""
    programs: list[ModuleType] = []
    yield programs
    for program in programs:
        for value in vars(program).values():
            if isinstance(value, VinrClient | SpreeAdminClient | SpreeStoreClient | sqlite3.Connection):
                value.close()


@pytest.fixture
def load(mock: Served, opened: list[ModuleType]) -> Load:
    """Give the names of a program as it is printed, but for the port; by another name than `__main__` it only
    defines them.
    """

    def load(program: str, *arguments: str, name: str = "recipe") -> Any:
        code = parts(PROGRAMS / program)["program"]
        assert FIRST in code
        made = ModuleType(name)
        opened.append(made)
        before, sys.argv = sys.argv, [program, *arguments]
        try:
            exec(compile(code.replace(FIRST, mock.url), program, "exec"), made.__dict__)
        finally:
            sys.argv = before
        return made

    return load


@pytest.fixture
def run(load: Load, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Run a program; gives the lines it prints."""

    def run(program: str, *arguments: str) -> list[str]:
        load(program, *arguments, name="__main__")
        return capsys.readouterr().out.splitlines()

    return run


def lose(mock: Served, operation: str, *numbers: int) -> None:
    """Lose the responses of these calls of an operation, which are carried out."""
    for number in numbers:
        mock.control.call(
            "POST", "/_mock/faults", {"operation": operation, "nth": number, "drop": True, "when": "after"}
        )


def issue_others(mock: Served) -> None:
    """Issue what a reader of "Start here" has issued on VINR and on Spree v3."""
    with VinrClient("sk_test_any", base_url=mock.url) as client, spree(mock) as admin:
        client.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD", idempotency_key="refund-1100")
        found = admin.customers.list(filter={"email_eq": "alice@example.com"}).first()
        assert found is not None
        admin.customers.store_credits.create(found.id, amount=Decimal(25), currency="USD", memo="refund-1101")


def shell(program: str, folder: Path, first: Served, second: Served | None = None) -> list[str]:
    """Run a shell program as it is printed, but for the ports; returns the lines it prints."""
    return _bash(pointed(parts(PROGRAMS / program)["program"], first, second), folder)


def _bash(code: str, folder: Path) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STORE_CREDIT", "VINR"))}
    environment |= {"PATH": os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])}
    command = ["bash", "-euc", code]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def pointed(text: str, first: Served, second: Served | None = None) -> str:
    """A text with the addresses of these mocks."""
    text = text.replace(FIRST, first.url)
    return text.replace(SECOND, second.url) if second is not None else text


def ends_with(said: list[str], shown: list[str]) -> bool:
    """Whether lines are among those that were printed, in their order, `...` standing for any."""
    lines = iter(said)
    return all(line == "..." or line in lines for line in shown)


def spree(mock: Served) -> SpreeAdminClient:
    return SpreeAdminClient(mock.url, "sk_full")


def alice(mock: Served) -> list[tuple[Decimal, str | None]]:
    """Alice's credits on Spree v3: what remains, and the memo."""
    with spree(mock) as admin:
        found = admin.customers.list(filter={"email_eq": "alice@example.com"}).first()
        assert found is not None
        return [(one.amount_remaining, one.memo) for one in admin.customers.store_credits.list(found.id)]


def vinr(mock: Served) -> list[int]:
    """What VINR has issued, newest first."""
    return [one.amount for one in mock.control.vinr.credits()]


# Refund to store credit


def test_a_refund_on_vinr(mock: Served, run: Run) -> None:
    """Once, though it is called twice, and twice more by a second run."""
    program = "python/recipes/refund_vinr.py"
    assert run(program) == printed("recipe-refund")
    assert run(program) == printed("recipe-refund")
    assert vinr(mock) == [2599]


def test_a_refund_on_vinr_whose_responses_are_lost(mock: Served, run: Run) -> None:
    """More often than the SDK sends again: the program settles, and still issues it once."""
    lose(mock, "vinr.store_credit.create", 1, 2, 3)
    assert run("python/recipes/refund_vinr.py") == printed("recipe-refund")
    assert vinr(mock) == [2599]


def test_a_refund_on_spree(mock: Served, run: Run) -> None:
    """Once, though it is called twice, and twice more by a second run."""
    program = "python/recipes/refund_spree.py"
    assert run(program) == printed("recipe-refund", 1)
    assert run(program) == printed("recipe-refund", 1)
    assert alice(mock) == [(Decimal("25.99"), "refund-1301")]


@pytest.mark.parametrize(
    ("slug", "number", "program"),
    [
        ("recipe-refund", 0, "python/recipes/refund_vinr.py"),
        ("recipe-refund", 1, "python/recipes/refund_spree.py"),
        ("recipe-go-live", 0, "python/recipes/go_live.py"),
    ],
)
def test_a_mock_that_is_already_running(mock: Served, run: Run, slug: str, number: int, program: str) -> None:
    """What it holds changes nothing that a program prints, where the page does not ask for a new mock."""
    assert "unless it is already running" in " ".join((GUIDES / f"{slug}.md").read_text("utf-8").split())
    issue_others(mock)
    assert run(program) == run(program) == printed(slug, number)


# Apply store credit at checkout


def test_a_checkout(mock: Served, run: Run) -> None:
    """The first cart is paid in full; of the second nothing is taken."""
    assert run("python/recipes/checkout.py") == printed("recipe-checkout")
    assert [left for left, _ in alice(mock)] == [Decimal("15.01")]


def test_a_double_click_places_one_order(mock: Served, load: Load) -> None:
    """Two clients, as of two processes, pay one cart at the same moment, five times."""
    recipe = load("python/recipes/checkout.py")
    with spree(mock) as admin, SpreeStoreClient(mock.url, "pk_shop") as shop:
        session = shop.auth.login(email="alice@example.com", password="spree123")
        admin.customers.store_credits.create(session.user.id, amount=Decimal(200), currency="USD")
        for _ in range(5):
            cart = recipe.fill_cart(shop.with_options(customer_token=session.token))
            with ThreadPoolExecutor(2) as threads:
                both = [threads.submit(_pay, mock, recipe, session.token, cart) for _ in range(2)]
            assert sorted(one.result() for one in both) == ["24.99 paid with store credit", "already an order"]
    assert [left for left, _ in alice(mock)] == [Decimal("75.05")]


def _pay(mock: Served, recipe: Any, token: str, cart: str) -> str:
    with SpreeStoreClient(mock.url, "pk_shop", customer_token=token) as shopper:
        return recipe.pay(shopper, cart)


# Expire and notify


def test_notices_of_expiry(run: Run, load: Load, tmp_path: Path) -> None:
    """Once for each credit, also by a program that runs again."""
    book = str(tmp_path / "told.db")
    assert run("python/recipes/expire.py", book) == printed("recipe-expire")
    recipe = load("python/recipes/expire.py")
    again: list[str] = []
    recipe.__dict__["send_email"] = lambda customer, text: again.append(text)
    _notify(recipe, book)
    assert again == []


def test_an_email_that_fails_is_tried_again(load: Load, tmp_path: Path) -> None:
    """What was not sent is not remembered."""
    recipe = load("python/recipes/expire.py")
    now = recipe.datetime.now(recipe.UTC)
    recipe.vinr.store_credit.create(
        customer="cust_8aZ2", amount=1500, currency="USD", expires_at=now + recipe.timedelta(days=5)
    )
    book = str(tmp_path / "told.db")

    def fail(customer: str, text: str) -> None:
        raise OSError("the mail server is gone")

    sent: list[str] = []
    recipe.__dict__["send_email"] = fail
    with pytest.raises(OSError, match="mail server"):
        _notify(recipe, book)
    recipe.__dict__["send_email"] = lambda customer, text: sent.append(customer)
    _notify(recipe, book)
    _notify(recipe, book)
    assert sent == ["cust_8aZ2"]


def _notify(recipe: Any, book: str) -> None:
    told = recipe.sqlite3.connect(book)
    told.execute("CREATE TABLE IF NOT EXISTS told (credit TEXT, ends TEXT, PRIMARY KEY (credit, ends))")
    try:
        recipe.notify(told, recipe.datetime.now(recipe.UTC))
    finally:
        told.close()


# Reconcile with the books, move from another platform


@pytest.mark.takes_seconds
def test_books_that_differ(mock: Served, tmp_path: Path) -> None:
    """The report names the difference, and nothing but the credit of the page was issued."""
    said = shell("shell/recipes/reconcile.sh", tmp_path, mock)

    assert ends_with(said, printed("recipe-reconcile"))
    assert vinr(mock) == [2500]
    assert "-10.00" in (tmp_path / "report.md").read_text("utf-8")


@pytest.fixture(scope="module")
def old_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shop that is moved from."""
    fixtures = tmp_path_factory.mktemp("shop") / "old-shop.yaml"
    fixtures.write_text(parts(PROGRAMS / "shell/recipes/old-shop.yaml")["shop"], "utf-8")
    with served("--fixtures", str(fixtures), "--spree-token", "old-shop") as running:
        yield running


@pytest.mark.takes_seconds
def test_a_move(old_shop: Served, mock: Served, tmp_path: Path) -> None:
    """All of it is in the new shop and nothing in the old one; a second plan has no rows."""
    accounts = parts(PROGRAMS / "shell/recipes/store-credit.toml")["accounts"]
    (tmp_path / "store-credit.toml").write_text(pointed(accounts, old_shop, mock), "utf-8")

    said = shell("shell/recipes/move.sh", tmp_path, old_shop, mock)
    shown = printed("recipe-move")
    assert said[-len(shown) :] == shown
    assert [left for left, _ in alice(mock)] == [Decimal("50.00")]
    assert all(credit.deleted_at for credit in old_shop.control.spree.credits())
    environment, _, _, plan, *_ = parts(PROGRAMS / "shell/recipes/move.sh")["program"].splitlines()
    again = _bash(f"{environment}\n{plan}", tmp_path)
    assert "Plan move.plan.jsonl: from old to new, 0 rows to take" in again


# Test a webhook, go live


def test_a_webhook(mock: Served, run: Run) -> None:
    """A genuine event is taken, one that comes again is ignored, a forgery is refused."""
    assert run("python/recipes/webhook.py") == printed("recipe-webhook")
    assert vinr(mock) == [1000]
    assert mock.control.vinr.endpoints() == []


def test_an_unknown_outcome_is_settled(
    mock: Served, run: Run, load: Load, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One credit for each action, and nothing is left open."""
    book = str(tmp_path / "unknown.db")
    assert run("python/recipes/go_live.py", book) == printed("recipe-go-live")
    assert vinr(mock) == [1000, 2599]

    # Kept by one process and settled by another: the questions are in the file.
    first = load("python/recipes/go_live.py", book)
    first.issue(first.vinr.with_options(headers={"X-Mock-Fault": "drop; when=after"}), "goodwill-1", "cust_8aZ2", 300)
    second = load("python/recipes/go_live.py", book)
    second.settle_all()
    second.settle_all()
    assert capsys.readouterr().out.splitlines()[-1] == "goodwill-1: 300 USD issued"
    assert vinr(mock) == [300, 1000, 2599]


# The pages


def test_there_are_ten_recipes() -> None:
    """Each is a page of the group, and shows its programs whole."""
    texts = {path.stem: path.read_text("utf-8") for path in GUIDES.glob("*.md")}
    group = {slug for slug, text in texts.items() if "\ngroup: Recipes\n" in text}

    assert group == {*RECIPES, "spree-v2-to-v3"}
    assert len(group) == 10
    for slug, programs in RECIPES.items():
        for program in programs:
            assert f'{{{{ excerpt("{program}", "program") }}}}' in texts[slug]
            assert list(parts(PROGRAMS / program)) == ["program"]
    assert {path.name for path in PROGRAMS.glob("*/recipes/*")} == {
        "old-shop.yaml", "store-credit.toml", *(Path(one).name for programs in RECIPES.values() for one in programs),
    }  # fmt: skip


@pytest.mark.parametrize("slug", RECIPES)
def test_a_recipe_says_what_it_needs(slug: str) -> None:
    """How to start, what the program prints, what can go wrong, and which operations it calls."""
    text = (GUIDES / f"{slug}.md").read_text("utf-8")

    assert "$ store-credit-mock serve" in text
    assert re.search(r"(mock is|it\s+is)\s+already\s+running", text), "what to do with the mock of Start here"
    assert re.search(r"\b(prints|ends so)", text)
    assert "\n## What can go wrong\n" in text
    assert "(operation:" in text.partition("\n## Operations\n")[2]
