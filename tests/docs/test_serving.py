"""`scripts/docs --serve`: the site and a mock on one address, for pages of that address only."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pagetree import Tree

from bootstrap import ROOT
from store_credit_mock.contract import Document
from store_credit_mock.contract.version_cut import versions_of
from store_credit_mock.control import Control
from store_credit_mock.systems.spree_v3.profiles import DEFAULT as VERSION
from store_credit_tools.docs_site.serve import SiteApp, site_app
from store_credit_tools.docs_site.write import write_site

pytestmark = pytest.mark.anyio

STORE_CREDITS = "spree_v3.admin.customers.store_credits"
VERSIONS = versions_of(Document.read().data, "spree_v3")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, files: Mapping[str, bytes]) -> Path:
    """The written site."""
    folder = tmp_path_factory.mktemp("served") / "site"
    write_site(files, folder)
    (folder.parent / "secret.txt").write_text("not for the browser")
    return folder


@pytest.fixture(scope="module")
def app(site: Path) -> Iterator[SiteApp]:
    """The site with one mock behind it."""
    made = site_app(site)
    yield made
    made.mocks.close()


@pytest.fixture
async def client(app: SiteApp) -> AsyncIterator[httpx.AsyncClient]:
    """Talks to the app without a socket."""
    transport = httpx.ASGITransport(app)  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4020") as made:
        yield made


async def settings(client: httpx.AsyncClient) -> dict[str, Any]:
    """What "Try it" starts from."""
    return (await client.get("/_docs/mock.json")).json()


async def test_pages_come_with_rules_for_the_browser(client: httpx.AsyncClient, files: Mapping[str, bytes]) -> None:
    """The start page at the root; nothing may be loaded from elsewhere, nor the page be framed."""
    answer = await client.get("/")

    assert answer.content == files["index.html"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert (await client.get("/vinr-store-credit.md")).content == files["vinr-store-credit.md"]
    assert (await client.get("/assets/site.js")).headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/.built",
        "/index.html/",
        "/assets",
        pytest.param("/%00.html", id="a zero byte"),
        pytest.param(f"/{'a' * 5000}.html", id="longer than a name may be"),
    ],
)
async def test_nothing_beside_the_site_is_given(path: str, client: httpx.AsyncClient) -> None:
    """A path cannot leave the folder, nor trip the server; what is not a page is the mock's to refuse."""
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("version", ["", *VERSIONS])
async def test_every_form_can_be_sent_as_it_is(
    version: str, client: httpx.AsyncClient, app: SiteApp, trees: Mapping[str, Tree], document: Document
) -> None:
    """With what the page fills it with at first, to the mock it names, which holds then what it held at first."""
    usual = await settings(client)
    known = (await client.get(f"/_docs/spree-{version}/_docs/mock.json")).json() if version else usual
    forms = {name: form for tree in trees.values() for name, form in _forms(tree)}

    assert set(usual) == set(forms) == set(document.operations)
    played = {name for name, one in known.items() if one["version"] == version}
    if version:
        assert played == {
            name
            for name, operation in document.operations.items()
            if name.startswith("spree_v3.") and version in operation.definition.get("x-versions", [version])
        }
    for name in document.operations if not version else played:
        operation, setting = document.operations[name], known[name]
        mock = app.mocks.of(setting["version"] or VERSION)
        assert mock is not None
        control = Control.inside(mock.engine.control)
        state = control.snapshot()
        path = setting["prefix"] + operation.template
        for parameter, value in setting["path"].items():
            path = path.replace(f"{{{parameter}}}", value)
        headers = {forms[name]["header"]: forms[name]["prefix"] + setting["credential"], **setting["more_credentials"]}
        if setting["body"]:
            headers["Content-Type"] = "application/json"
        answer = await client.request(operation.method, path, headers=headers, content=setting["body"] or None)
        control.restore(state)
        assert answer.is_success, (name, answer.text)
        assert "x-mock-violation" not in answer.headers, name
        assert (await client.get(f"{setting['prefix']}/_docs/verdicts.json?{name}")).json() == []


async def test_a_chosen_version_responds_as_it_does(client: httpx.AsyncClient) -> None:
    """The form has the ids of that version, and the response its amounts; the mock of another version saw nothing."""
    name = f"{STORE_CREDITS}.create"
    for version, customer, amount in (("5.6", "cus_", "25.0"), ("6.0", "cust_", "25.00")):
        known = (await client.get(f"/_docs/spree-{version}/_docs/mock.json")).json()[name]
        assert known["path"]["customer_id"].startswith(customer)
        path = f"/api/v3/admin/customers/{known['path']['customer_id']}/store_credits"
        headers = {"X-Spree-Api-Key": known["credential"], "Content-Type": "application/json"}
        for prefix in (known["prefix"], f"/_docs/spree-{version}"):
            answer = await client.post(prefix + path, headers=headers, content=known["body"])
            assert (answer.status_code, answer.json()["amount"]) == (201, amount)

    wrong = await client.post(f"/_docs/spree-6.0{path}", headers=headers, json={"amount": "0"})
    assert wrong.status_code == 422
    assert wrong.headers["x-mock-violation"]
    assert (await client.get(f"/_docs/spree-6.0/_docs/verdicts.json?{name}")).json()
    assert (await client.get(f"/_docs/verdicts.json?{name}")).json() == []


@pytest.mark.parametrize("path", ["/_docs/spree-7.0/api/v3/admin/store_credits", "/_docs/spree-6.0/index.html"])
async def test_a_version_has_its_mock_and_nothing_else(path: str, client: httpx.AsyncClient) -> None:
    """No such version, or a path that is the site's."""
    assert (await client.get(path)).status_code == 404


def _forms(tree: Tree) -> Iterator[tuple[str, dict[str, str]]]:
    """The header that carries the credential, and what stands before it, as the page tells its script, by operation."""
    for section in tree.all("section"):
        for block in section.iter("div"):
            if "data-try" in block.attrib:
                yield section.get("id", ""), json.loads(block.get("data-try", ""))


def test_the_form_sends_the_credential_as_its_scheme_says(trees: Mapping[str, Tree]) -> None:
    """A token is a bearer's; a key and an order's token have a header of their own."""
    forms = {name: (form["header"], form["prefix"]) for tree in trees.values() for name, form in _forms(tree)}

    assert forms["vinr.store_credit.create"] == ("X-Api-Key", "")
    assert forms["spree.store_credits.create"] == ("Authorization", "Bearer ")
    assert forms["spree.account.retrieve"] == ("Authorization", "Bearer ")
    assert forms["spree.checkout.add_store_credit"] == ("X-Spree-Order-Token", "")


async def test_what_breaks_the_document_is_named(client: httpx.AsyncClient) -> None:
    """The page shows this header."""
    known = (await settings(client))["vinr.store_credit.create"]
    headers = {"X-Api-Key": known["credential"], "Content-Type": "application/json"}
    body = {**json.loads(known["body"]), "amount": 0}
    answer = await client.post("/v1/store-credit", headers=headers, json=body)

    assert answer.status_code == 400
    assert "amount" in answer.headers["x-mock-violation"]


async def test_a_live_key_is_refused(client: httpx.AsyncClient) -> None:
    """By the mock itself, whatever the page does."""
    answer = await client.get("/v1/store-credit", headers={"X-Api-Key": "sk_live_4eC39HqLyjWDarjtT1zdp7dc"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.com"},
        {"Host": "attacker.example:4020"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://127.0.0.1:4020@attacker.example"},
    ],
    ids=["another origin", "another name for this machine", "a sandboxed page", "no address", "a name before the host"],
)
async def test_other_pages_get_nothing(headers: dict[str, str], client: httpx.AsyncClient) -> None:
    """A page elsewhere cannot use the mock, nor reach it under a name of its own."""
    paths = (
        "/",
        "/_docs/mock.json",
        "/v1/store-credit",
        "/_docs/spree-6.0/_docs/mock.json",
        "/_docs/spree-6.0/api/v3/x",
    )
    for path in paths:
        answer = await client.get(path, headers=headers)
        assert answer.status_code == 403
        assert b"credential" not in answer.content


async def test_the_control_plane_stays_shut(client: httpx.AsyncClient) -> None:
    """Its token is given to nobody."""
    assert (await client.get("/_mock/exchanges")).status_code == 401
    assert (await client.get("/_docs/spree-6.0/_mock/exchanges")).status_code == 401
    assert "control" not in (await client.get("/_docs/mock.json")).text


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_a_port_that_is_none_is_refused(port: str, tmp_path: Path) -> None:
    """The system would take the rest of a division by 65536, and the pages would be somewhere else."""
    command = [
        sys.executable,
        str(ROOT / "scripts" / "docs"),
        "--serve",
        f"--port={port}",
        "--out",
        str(tmp_path / "x"),
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert "a port must be from 0 to 65535" in done.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.takes_seconds
def test_the_command_serves_both_over_a_socket(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    """What is tried above without a socket holds with one: pages first, the mock behind them."""
    command = [
        sys.executable,
        str(ROOT / "scripts" / "docs"),
        "--serve",
        "--port",
        "0",
        "--out",
        str(tmp_path / "site"),
    ]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        process.stdout.readline()
        address = process.stdout.readline().split()[0]
        with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
            assert client.get("/").content == files["index.html"]
            key = client.get("/_docs/mock.json").json()["vinr.store_credit.list"]["credential"]
            assert client.get("/v1/store-credit", headers={"X-Api-Key": key}).status_code == 200
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.stdout.close()
