"""The typed client of the control plane: generated from the routes, and told when it no longer is what they give."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from benches import Bench
from store_credit_mock.control import Control, ControlError
from store_credit_mock.control.generated import client
from store_credit_mock.systems.control_route import ControlRoutes
from store_credit_mock.systems.vinr import control_models, control_routes

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from store_credit_tools.control_client import generate_control_client


def test_a_route_that_changes_changes_the_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is committed is what the routes give; a route more, or another member of a body, gives something else."""
    committed = Path(client.__file__).read_text("utf-8")

    def made(name: str) -> str:
        generate_control_client(tmp_path / name)
        return (tmp_path / name / "client.py").read_text("utf-8")

    assert made("same") == committed
    routes = ControlRoutes("/_mock/vinr", "vinr.")
    routes.extend(control_routes.routes)

    @routes.add("POST", "/customers/{id}/greet", "customers.greet")
    def greet(control: object, id: str, body: control_models.Hold) -> control_models.Hold:
        """Greet a customer.

        Args:
            control: The call.
            id: Whom.
        """
        return body

    monkeypatch.setattr(control_routes, "routes", routes)
    more = made("more")
    assert more != committed
    assert "def greet(self, id: str, held: bool = True) -> Hold:" in more


def test_parameters_are_quoted_and_none_is_left_out() -> None:
    """A parameter keeps to its segment of the path, only what was given is sent, and decimals keep their digits."""
    sent: list[tuple[str, str, bytes]] = []

    def send(method: str, target: str, body: bytes) -> tuple[int, bytes]:
        sent.append((method, target, body))
        return 404, b'{"error": "there is none"}'

    control = Control(send)
    for call in (
        lambda: control.spree.cart("R1/../x?y"),
        lambda: control.exchanges(violations=True),
        lambda: control.spree.refund("R1", Decimal("1.10")),
    ):
        with pytest.raises(ControlError, match="there is none") as refused:
            call()
        assert refused.value.status == 404
    assert sent == [
        ("GET", "/_mock/spree/carts/R1%2F..%2Fx%3Fy", b""),
        ("GET", "/_mock/exchanges?limit=100&violations=true&after=0&timeout=5.0", b""),
        ("POST", "/_mock/spree/orders/R1/refund", b'{"amount":"1.10"}'),
    ]


def test_secrets_are_not_shown(bench: Bench) -> None:
    """What is signed or opened with is in no repr."""
    endpoint = bench.control.vinr.add_endpoint("https://receiver.test/")
    key, token = bench.control.vinr.issue_key(), bench.control.spree.issue_token()
    cart, link = bench.control.spree.create_cart(), bench.control.open_inspector()

    shown = repr([endpoint, key, token, cart, link])
    for secret in (endpoint.secret, key.key, token.token, cart.token, link.path):
        assert secret not in shown


def test_another_server_is_told(bench: Bench) -> None:
    """A response that is not one of a mock names the call."""
    with pytest.raises(
        ValueError, match=r"GET /_mock/clock: the response is not valid for this version of the mock: .*'now'"
    ):
        Control(lambda *_: (200, b'{"time": 5}')).clock()
