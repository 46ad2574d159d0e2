"""What steps outside the document did, done again through the control plane."""

from __future__ import annotations

import re
from collections.abc import Callable

from store_credit_mock.control.client import Control
from store_credit_mock.systems.control_route import ControlError
from store_credit_tools.replay.mock.script import Step

__all__ = ["Outside"]

_AMOUNT = re.compile(r"\b(\d+\.\d{2})\b", re.ASCII)
_SCOPE = re.compile(r"every token of scope (\w+)")
_USER = re.compile(r"tokens of user (\d+)")
_CURRENCY = re.compile(r"whose currency is (\w+)")


class Outside:
    """Plays the steps that the mock does not answer itself.

    Attributes:
        carts: Number and token of each cart by the step that opened it.
    """

    def __init__(self, control: Control) -> None:
        self._spree = control.spree
        self.carts: dict[int, tuple[str, str]] = {}

    def play(self, step: Step) -> int | None:
        """Do what a step did.

        Returns:
            The status the real server would have given, as far as the control plane says; None where nothing was
            asked of it.
        """
        try:
            return self._back_office(step) if step.back_office is not None else self._request(step)
        except ControlError as error:
            return error.status

    def _request(self, step: Step) -> int | None:
        path, method = step.path, step.method
        if path == "/api/v2/platform/users" and method == "POST":
            user = step.body["user"]
            self._spree.add_user(user["email"], first_name=user.get("first_name"), last_name=user.get("last_name"))
            return 201
        if path.startswith("/api/v2/platform/payment_methods/") and method == "PATCH":
            self._spree.set_payment_method(int(path.rpartition("/")[2]), **step.body["payment_method"])
            return 200
        if path.endswith("/cancel") and step.order_from is not None:
            self._spree.cancel(self.carts[step.order_from][0])
            return 200
        if path.startswith("/api/v2/storefront/") and method != "GET":
            return self._shop(step)
        return None

    def _shop(self, step: Step) -> int | None:
        tail = step.path.removeprefix("/api/v2/storefront/")
        if tail == "cart" and step.method == "POST":
            email = None if step.caller == "nobody" else f"{step.caller}@example.com"
            cart = self._spree.create_cart(email=email, currency=step.query.get("currency"))
            self.carts[step.number] = (cart.number, cart.token)
            return 201
        if step.cart_from is None:
            return None
        number = self.carts[step.cart_from][0]
        rules: dict[str, Callable[[], object]] = {
            "cart/add_item": lambda: self._spree.add_item(
                number, variant_id=int(step.body["variant_id"]), quantity=int(step.body["quantity"])
            ),
            "cart/set_quantity": lambda: self._spree.set_quantity(
                number, self._spree.cart(number).line_items[0].id, int(step.body["quantity"])
            ),
            "checkout": lambda: self._spree.set_address(number, email=step.body["order"]["email"]),
            "checkout/next": lambda: self._spree.next(number),
            "checkout/complete": lambda: self._spree.complete(number),
            "checkout/create_payment": lambda: self._spree.pay(number, int(step.body["payment_method_id"])),
        }
        rule = rules.get(tail)
        if rule is None:
            return None
        rule()
        return 200

    def _back_office(self, step: Step) -> None:
        text = step.back_office or ""
        number = "" if step.order_from is None else self.carts[step.order_from][0]
        amount = _AMOUNT.search(text)
        if text.startswith("refund") and amount is not None:
            self._spree.refund(number, amount[1], reason="Goodwill")
        elif text.startswith("capture") and amount is not None:
            self._spree.capture(number, amount[1])
        elif text.startswith(("capture", "void")):
            act = self._spree.capture if text.startswith("capture") else self._spree.void
            for payment in self._spree.cart(number).payments:
                if payment.state == "pending" and payment.store_credit_id is not None:
                    act(number, payment_id=payment.id)
        elif (found := _SCOPE.search(text)) is not None:
            self._spree.expire_tokens(scopes=found[1])
        elif (found := _USER.search(text)) is not None:
            self._spree.revoke_tokens(user_id=int(found[1]))
        elif (found := _CURRENCY.search(text)) is not None:
            self._spree.destroy_store_credits(currency=found[1])
        else:
            raise ControlError(501, f"step {step.number}: nothing is known that does this: {text}")
