"""The methods of the control plane's typed client. Generated from its document by scripts/generate: do not edit."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from store_credit_mock.control.caller import Caller
from store_credit_mock.control.models import (
    BriefExchangeList,
    Clock,
    CoverageReport,
    Exchange,
    ExchangeCount,
    ExchangeList,
    FaultList,
    Health,
    InspectorLink,
    Invariants,
    Operation,
    PlannedFault,
    SandboxState,
)
from store_credit_mock.core.faults import Fault
from store_credit_mock.core.snapshots import NamedSnapshot
from store_credit_mock.systems.ledger_store import LedgerEntry
from store_credit_mock.systems.spree.control_models import (
    AccessToken,
    Cart,
    Created,
    CreditState,
    DestroyedCredits,
    PaymentMethod,
    Settings,
    TokenCount,
    User,
)
from store_credit_mock.systems.spree.oauth_control_models import (
    Application,
    CreatedApplication,
)
from store_credit_mock.systems.spree_v3.control_models import (
    AddedSpreeCustomer,
    GivenSpreeCredit,
    HeldRow,
    IssuedSpreeKey,
    SignedWebhookEndpoint,
    WebhookDeliveryList,
    WebhookEndpoint,
)
from store_credit_mock.systems.spree_v3.shop_control_models import (
    FilledCart,
    IssuedCustomerToken,
)
from store_credit_mock.systems.vinr.control_models import (
    Customer,
    DeliveryList,
    Endpoint,
    Event,
    Hold,
    Key,
    NewlySent,
    RateLimit,
    SignedEndpoint,
    StoreCredit,
)
from store_credit_mock.systems.vinr.purchases import Purchase

__all__ = ["ControlMethods", "SpreeControl", "Spree_v3Control", "VinrControl"]


class VinrControl(Caller):
    """The routes of the system `vinr`. Every method raises `ControlError` where the mock refuses."""

    def customers(self) -> list[Customer]:
        """List the customers.

        Return the oldest first, at most 1,000.
        """
        return self._run(list[Customer], "GET", "/_mock/vinr/customers")

    def add_customer(
        self,
        id: str | None = None,
        email: str | None = None,
        name: str | None = None,
        phone: str | None = None,
        default_payment_method: str | None = None,
    ) -> Customer:
        """Add a customer.

        Args:
            id: By default, generated.
            email: By default, generated.
            name: As the API shows it.
            phone: As the API shows it.
            default_payment_method: Id of a payment method.
        """
        return self._run(
            Customer,
            "POST",
            "/_mock/vinr/customers",
            members={
                "id": id,
                "email": email,
                "name": name,
                "phone": phone,
                "default_payment_method": default_payment_method,
            },
        )

    def issue_key(
        self,
        key: str | None = None,
        scopes: list[Literal["store_credit:read", "store_credit:write"]] | None = None,
        expires_at: float | None = None,
    ) -> Key:
        """Issue a key.

        If the key exists, change its permissions.

        Args:
            key: By default, a generated key (`rk_test_...`).
            scopes: By default, both.
            expires_at: Unix seconds; by default, never.
        """
        return self._run(
            Key, "POST", "/_mock/vinr/keys", members={"key": key, "scopes": scopes, "expires_at": expires_at}
        )

    def change_key(self, key: str, action: Literal["expire", "revoke", "restore"]) -> Key:
        """Expire, revoke or restore a key.

        Args:
            key: The key.
            action: Whether to expire the key now, revoke it, or restore it.
        """
        return self._run(Key, "POST", "/_mock/vinr/keys/change", members={"key": key, "action": action})

    def rate_limit(self, rate: float | None = None, size: int = 50) -> RateLimit:
        """Change the rate limit.

        Without `rate`, requests are no longer limited.

        Args:
            rate: Requests per second of each key; null for no limit.
            size: Size of the bucket: how many requests a key may make at once.
        """
        return self._run(RateLimit, "POST", "/_mock/vinr/rate-limit", members={"rate": rate, "size": size})

    def buy(self, customer: str, amount: int, currency: str) -> Purchase:
        """Make a purchase.

        The customer's credit pays as much as it covers.

        Args:
            customer: Id of the customer, whose credit pays as much as it can.
            amount: Minor units.
            currency: ISO 4217.
        """
        return self._run(
            Purchase,
            "POST",
            "/_mock/vinr/purchases",
            members={"customer": customer, "amount": amount, "currency": currency},
        )

    def purchase(self, id: str) -> Purchase:
        """Show a purchase."""
        return self._run(Purchase, "GET", "/_mock/vinr/purchases/{id}", id)

    def refund(self, id: str, amount: int | None = None) -> Purchase:
        """Refund a purchase.

        Refund it fully or in part.

        Args:
            amount: Minor units; by default, everything that has not been refunded yet.
        """
        return self._run(Purchase, "POST", "/_mock/vinr/purchases/{id}/refund", id, members={"amount": amount})

    def endpoints(self) -> list[Endpoint]:
        """List the webhook endpoints.

        Return them in the order they were registered, without their secrets.
        """
        return self._run(list[Endpoint], "GET", "/_mock/vinr/webhook-endpoints")

    def add_endpoint(
        self,
        url: str,
        enabled_events: list[Literal["*", "store_credit.created", "store_credit.updated"]] | None = None,
        secret: str | None = None,
    ) -> SignedEndpoint:
        """Register a webhook endpoint.

        The secret is shown only in this response.

        Args:
            url: Where deliveries are sent.
            enabled_events: Types of events that it receives; by default, all (`*`).
            secret: Signs the deliveries; by default, generated (`whsec_...`).
        """
        return self._run(
            SignedEndpoint,
            "POST",
            "/_mock/vinr/webhook-endpoints",
            members={"url": url, "enabled_events": enabled_events, "secret": secret},
        )

    def change_endpoint(
        self,
        id: str,
        status: Literal["enabled", "disabled", None] | None = None,
        enabled_events: list[Literal["*", "store_credit.created", "store_credit.updated"]] | None = None,
    ) -> Endpoint:
        """Change a webhook endpoint.

        Enable or disable it, or change which events it receives; omitted members stay unchanged.

        Args:
            status: A disabled endpoint receives nothing.
            enabled_events: Types of events that it receives.
        """
        return self._run(
            Endpoint,
            "POST",
            "/_mock/vinr/webhook-endpoints/{id}",
            id,
            members={"status": status, "enabled_events": enabled_events},
        )

    def remove_endpoint(self, id: str) -> None:
        """Remove a webhook endpoint and its deliveries."""
        return self._run(None, "DELETE", "/_mock/vinr/webhook-endpoints/{id}", id)

    def events(
        self,
        limit: int = 1000,
        after: str | None = None,
        type: Literal["*", "store_credit.created", "store_credit.updated", None] | None = None,
    ) -> list[Event]:
        """List the events.

        Return the newest first.

        Args:
            limit: Maximum number.
            after: Id of the last event on the previous page; 404 if it does not exist, or no longer exists.
            type: Only events of this type.
        """
        return self._run(list[Event], "GET", "/_mock/vinr/events", query={"limit": limit, "after": after, "type": type})

    def duplicate(self, id: str, times: int = 1) -> list[NewlySent]:
        """Deliver an event again.

        Deliver it to every endpoint that subscribes to its type.

        Args:
            times: To each endpoint that subscribes to its type.
        """
        return self._run(list[NewlySent], "POST", "/_mock/vinr/events/{id}/duplicate", id, members={"times": times})

    def deliveries(
        self,
        limit: int = 1000,
        after: str | None = None,
        state: Literal["pending", "delivered", "failed", None] | None = None,
        endpoint: str | None = None,
        event: str | None = None,
    ) -> DeliveryList:
        """List the webhook deliveries.

        Return them in the order they are due.

        Args:
            limit: Maximum number.
            after: Id of the last delivery on the previous page. A delivery that was sent in the meantime has a
                different position.
            state: Only deliveries in this state.
            endpoint: Only deliveries to this endpoint; 404 if it does not exist.
            event: Only deliveries of this event.
        """
        return self._run(
            DeliveryList,
            "GET",
            "/_mock/vinr/deliveries",
            query={"limit": limit, "after": after, "state": state, "endpoint": endpoint, "event": event},
        )

    def redeliver(self, id: str) -> NewlySent:
        """Redeliver an event to one endpoint.

        Send a delivery's event to its endpoint again.
        """
        return self._run(NewlySent, "POST", "/_mock/vinr/deliveries/{id}/redeliver", id)

    def reorder(self, order: Literal["oldest", "newest", "shuffled"] | list[str] = "newest") -> DeliveryList:
        """Reorder the deliveries that are due.

        Args:
            order: Oldest or newest first, in random order, or beginning with the deliveries that have these ids.
        """
        return self._run(DeliveryList, "POST", "/_mock/vinr/deliveries/reorder", members={"order": order})

    def hold(self, held: bool = True) -> Hold:
        """Hold or release deliveries.

        Args:
            held: False releases the deliveries.
        """
        return self._run(Hold, "POST", "/_mock/vinr/deliveries/hold", members={"held": held})

    def credits(self, limit: int = 100, customer: str | None = None) -> list[StoreCredit]:
        """List the store credits.

        Return the newest first.

        Args:
            limit: Maximum number.
            customer: Only this customer's credits; 404 if there is no customer with this id.
        """
        return self._run(
            list[StoreCredit], "GET", "/_mock/vinr/store-credit", query={"limit": limit, "customer": customer}
        )

    def entries(self, id: str) -> list[LedgerEntry]:
        """Show the ledger entries of a store credit.

        Return the last 1,000 in order.
        """
        return self._run(list[LedgerEntry], "GET", "/_mock/vinr/store-credit/{id}/entries", id)


class SpreeControl(Caller):
    """The routes of the system `spree`. Every method raises `ControlError` where the mock refuses."""

    def add_user(
        self,
        email: str,
        first_name: str | None = None,
        last_name: str | None = None,
        admin: bool = False,
        password: str | None = None,
    ) -> User:
        """Add a user.

        Args:
            email: Email address.
            first_name: Given name.
            last_name: Family name.
            admin: Whether the user may use the Platform API.
            password: For the token endpoint; by default, `spree123`.
        """
        return self._run(
            User,
            "POST",
            "/_mock/spree/users",
            members={
                "email": email,
                "first_name": first_name,
                "last_name": last_name,
                "admin": admin,
                "password": password,
            },
        )

    def issue_token(
        self,
        user_id: int | None = None,
        email: str | None = None,
        application: str | None = None,
        scopes: str | None = None,
        token: str | None = None,
        expires_in: int | None = None,
    ) -> AccessToken:
        """Issue an access token.

        The token belongs to the user or, if none is named, to an application.

        Args:
            user_id: Id of the user that the token belongs to; alternatively, use `email`.
            email: Email address of the user that the token belongs to.
            application: Name of the application; by default, `back-office` if no user is named.
            scopes: Separated by spaces; by default, `admin` for an application.
            token: By default, generated.
            expires_in: Seconds, or null for never; by default, the server's own lifetime.
        """
        return self._run(
            AccessToken,
            "POST",
            "/_mock/spree/tokens",
            members={
                "user_id": user_id,
                "email": email,
                "application": application,
                "scopes": scopes,
                "token": token,
                "expires_in": expires_in,
            },
        )

    def expire_tokens(
        self, token: str | None = None, user_id: int | None = None, scopes: str | None = None
    ) -> TokenCount:
        """Expire tokens now.

        Args:
            token: The token.
            user_id: All tokens of this user.
            scopes: All tokens with these scopes.
        """
        return self._run(
            TokenCount,
            "POST",
            "/_mock/spree/tokens/expire",
            members={"token": token, "user_id": user_id, "scopes": scopes},
        )

    def revoke_tokens(
        self, token: str | None = None, user_id: int | None = None, scopes: str | None = None
    ) -> TokenCount:
        """Revoke tokens now.

        Args:
            token: The token.
            user_id: All tokens of this user.
            scopes: All tokens with these scopes.
        """
        return self._run(
            TokenCount,
            "POST",
            "/_mock/spree/tokens/revoke",
            members={"token": token, "user_id": user_id, "scopes": scopes},
        )

    def add_store(
        self, name: str, default_currency: str | None = None, supported_currencies: list[str] | None = None
    ) -> Created:
        """Add a store.

        Args:
            name: Its name.
            default_currency: ISO 4217; by default, the first supported currency.
            supported_currencies: ISO 4217; by default, only USD.
        """
        return self._run(
            Created,
            "POST",
            "/_mock/spree/stores",
            members={"name": name, "default_currency": default_currency, "supported_currencies": supported_currencies},
        )

    def add_variant(self, name: str, prices: dict[str, Decimal | float | str]) -> Created:
        """Add a variant.

        Args:
            name: Its name.
            prices: Unit price as a decimal, by currency (ISO 4217).
        """
        return self._run(Created, "POST", "/_mock/spree/variants", members={"name": name, "prices": prices})

    def payment_methods(self) -> list[PaymentMethod]:
        """List the payment methods."""
        return self._run(list[PaymentMethod], "GET", "/_mock/spree/payment_methods")

    def set_payment_method(
        self, id: int, active: bool | None = None, auto_capture: bool | None = None
    ) -> PaymentMethod:
        """Change a payment method.

        Set whether it is active, and whether it captures payments immediately.

        Args:
            active: Whether it may be used.
            auto_capture: Whether payments are captured immediately.
        """
        return self._run(
            PaymentMethod,
            "PATCH",
            "/_mock/spree/payment_methods/{id}",
            id,
            members={"active": active, "auto_capture": auto_capture},
        )

    def change_settings(
        self, repair_leaks: bool | None = None, shipping: dict[str, Decimal | float | str] | None = None
    ) -> Settings:
        """Change the settings.

        Set the shipping costs, and whether the known leaks are fixed.

        Args:
            repair_leaks: Whether to repair the known leaks of the real server, or to imitate them (the default).
            shipping: Shipping costs as a decimal, by currency (ISO 4217).
        """
        return self._run(
            Settings, "PATCH", "/_mock/spree/settings", members={"repair_leaks": repair_leaks, "shipping": shipping}
        )

    def credits(self, limit: int = 100, user_id: int | None = None) -> list[CreditState]:
        """List the store credits.

        Return the newest first.

        Args:
            limit: Maximum number.
            user_id: Only this user's credits; 404 if there is no user with this id.
        """
        return self._run(
            list[CreditState], "GET", "/_mock/spree/store_credits", query={"limit": limit, "user_id": user_id}
        )

    def entries(self, id: int) -> list[LedgerEntry]:
        """Show the ledger entries of a store credit.

        Return the last 1,000 in order, even if the store credit was permanently deleted.
        """
        return self._run(list[LedgerEntry], "GET", "/_mock/spree/store_credits/{id}/entries", id)

    def destroy_store_credits(self, id: int | None = None, currency: str | None = None) -> DestroyedCredits:
        """Delete store credit permanently.

        Its rows and events are removed; its ledger entries stay and end at 0.

        Args:
            id: The credit with this id.
            currency: All credits in this currency (ISO 4217).
        """
        return self._run(
            DestroyedCredits, "POST", "/_mock/spree/store_credits/destroy", members={"id": id, "currency": currency}
        )

    def applications(self) -> list[Application]:
        """List the OAuth applications.

        They are sorted by name.
        """
        return self._run(list[Application], "GET", "/_mock/spree/applications")

    def add_application(
        self, name: str, scopes: str = "admin", client_id: str | None = None, client_secret: str | None = None
    ) -> CreatedApplication:
        """Add an OAuth application.

        Its secret is shown only in this response.

        Args:
            name: Its unique name.
            scopes: Scopes that it may request, separated by spaces; empty for any.
            client_id: By default, generated.
            client_secret: By default, generated.
        """
        return self._run(
            CreatedApplication,
            "POST",
            "/_mock/spree/applications",
            members={"name": name, "scopes": scopes, "client_id": client_id, "client_secret": client_secret},
        )

    def set_password(self, id: int, password: str) -> User:
        """Set a user's password.

        The token endpoint requires it.

        Args:
            password: For the token endpoint.
        """
        return self._run(User, "POST", "/_mock/spree/users/{id}/password", id, members={"password": password})

    def create_cart(
        self,
        user_id: int | None = None,
        email: str | None = None,
        currency: str | None = None,
        store_id: int = 1,
        number: str | None = None,
    ) -> Cart:
        """Create a cart.

        Without a user, the cart belongs to a guest.

        Args:
            user_id: Id of its user; alternatively, use `email`.
            email: Email address of its user.
            currency: ISO 4217; by default, the store's currency.
            store_id: By default, the first store.
            number: `R` followed by digits; by default, generated.
        """
        return self._run(
            Cart,
            "POST",
            "/_mock/spree/carts",
            members={"user_id": user_id, "email": email, "currency": currency, "store_id": store_id, "number": number},
        )

    def cart(self, number: str) -> Cart:
        """Show a cart or an order."""
        return self._run(Cart, "GET", "/_mock/spree/carts/{number}", number)

    def cart_document(self, number: str, include: str | None = None) -> dict[str, Any]:
        """Show a cart as the storefront would.

        Args:
            number: The cart's number.
            include: Relationships to include, separated by commas.
        """
        return self._run(
            dict[str, Any], "GET", "/_mock/spree/carts/{number}/document", number, query={"include": include}
        )

    def add_item(
        self, number: str, variant_id: int | None = None, price: Decimal | float | str | None = None, quantity: int = 1
    ) -> Cart:
        """Add an item to a cart.

        Name a variant, or set a price.

        Args:
            variant_id: The variant to buy; alternatively, use `price`.
            price: Unit price, as a decimal.
            quantity: The quantity.
        """
        return self._run(
            Cart,
            "POST",
            "/_mock/spree/carts/{number}/items",
            number,
            members={"variant_id": variant_id, "price": price, "quantity": quantity},
        )

    def set_quantity(self, number: str, line_id: int, quantity: int) -> Cart:
        """Change the quantity of an item.

        0 removes the line from the cart.

        Args:
            quantity: The quantity; 0 removes the line.
        """
        return self._run(
            Cart,
            "PATCH",
            "/_mock/spree/carts/{number}/items/{line_id}",
            number,
            line_id,
            members={"quantity": quantity},
        )

    def set_address(self, number: str, email: str | None = None) -> Cart:
        """Set the address of a cart.

        Args:
            email: Email address of a guest.
        """
        return self._run(Cart, "POST", "/_mock/spree/carts/{number}/address", number, members={"email": email})

    def next(self, number: str) -> Cart:
        """Advance a cart by one step.

        The steps are address, delivery and payment.
        """
        return self._run(Cart, "POST", "/_mock/spree/carts/{number}/next", number)

    def pay(self, number: str, payment_method_id: int, amount: Decimal | float | str | None = None) -> Cart:
        """Add another payment.

        The payment does not use store credit. Without an amount, it covers what store credit does not.

        Args:
            payment_method_id: The payment method.
            amount: A decimal; by default, what store credit does not cover.
        """
        return self._run(
            Cart,
            "POST",
            "/_mock/spree/carts/{number}/payments",
            number,
            members={"payment_method_id": payment_method_id, "amount": amount},
        )

    def complete(self, number: str) -> Cart:
        """Complete a cart.

        If the server refuses, captured payments and the failed payment are kept, as on a real server.
        """
        return self._run(Cart, "POST", "/_mock/spree/carts/{number}/complete", number)

    def capture(self, number: str, amount: Decimal | float | str | None = None, payment_id: int | None = None) -> Cart:
        """Capture a pending store-credit payment.

        Args:
            amount: A decimal; by default, the whole amount.
            payment_id: By default, the newest pending payment with store credit.
        """
        return self._run(
            Cart,
            "POST",
            "/_mock/spree/orders/{number}/capture",
            number,
            members={"amount": amount, "payment_id": payment_id},
        )

    def void(self, number: str, payment_id: int | None = None) -> Cart:
        """Void a pending store-credit payment.

        Args:
            payment_id: By default, the newest pending payment with store credit.
        """
        return self._run(Cart, "POST", "/_mock/spree/orders/{number}/void", number, members={"payment_id": payment_id})

    def refund(
        self,
        number: str,
        amount: Decimal | float | str | None = None,
        payment_id: int | None = None,
        reason: str | None = None,
    ) -> Cart:
        """Refund a completed store-credit payment.

        Args:
            amount: A decimal; by default, everything that has not been refunded yet.
            payment_id: By default, the newest completed payment with store credit.
            reason: The reason.
        """
        return self._run(
            Cart,
            "POST",
            "/_mock/spree/orders/{number}/refund",
            number,
            members={"amount": amount, "payment_id": payment_id, "reason": reason},
        )

    def cancel(self, number: str, user_id: int | None = None) -> Cart:
        """Cancel a completed order.

        Args:
            user_id: The user.
        """
        return self._run(Cart, "POST", "/_mock/spree/orders/{number}/cancel", number, members={"user_id": user_id})


class Spree_v3Control(Caller):
    """The routes of the system `spree_v3`. Every method raises `ControlError` where the mock refuses."""

    def add_customer(
        self, email: str, first_name: str | None = None, last_name: str | None = None, password: str | None = None
    ) -> AddedSpreeCustomer:
        """Add a customer.

        Args:
            email: Email address; must be new.
            first_name: Given name.
            last_name: Family name.
            password: For signing in; by default, the password that all users of a fresh sandbox have.
        """
        return self._run(
            AddedSpreeCustomer,
            "POST",
            "/_mock/spree_v3/customers",
            members={"email": email, "first_name": first_name, "last_name": last_name, "password": password},
        )

    def add_staff(
        self, email: str, store_ids: list[int] | None = None, password: str | None = None
    ) -> AddedSpreeCustomer:
        """Add a staff member.

        Args:
            email: Email address; must be new.
            store_ids: Stores in which the person has the role admin; by default, all stores.
            password: For signing in; by default, the password that all users of a fresh sandbox have.
        """
        return self._run(
            AddedSpreeCustomer,
            "POST",
            "/_mock/spree_v3/staff",
            members={"email": email, "store_ids": store_ids, "password": password},
        )

    def issue_key(
        self,
        name: str,
        kind: Literal["secret", "publishable"] = "secret",
        scopes: list[str] | None = None,
        store_id: int = 1,
        key: str | None = None,
    ) -> IssuedSpreeKey:
        """Issue an API key.

        Args:
            name: Its name.
            kind: `secret` for the Admin API, `publishable` for the Store API.
            scopes: What a secret key may do; by default, `write_all`.
            store_id: Number of the store it belongs to.
            key: `sk_...` or `pk_...`; by default, generated.
        """
        return self._run(
            IssuedSpreeKey,
            "POST",
            "/_mock/spree_v3/keys",
            members={"name": name, "kind": kind, "scopes": scopes, "store_id": store_id, "key": key},
        )

    def revoke_key(self, id: str) -> None:
        """Revoke an API key."""
        return self._run(None, "POST", "/_mock/spree_v3/keys/{id}/revoke", id)

    def give_credit(
        self,
        customer: str,
        amount: Decimal | float | str,
        currency: str = "USD",
        memo: str | None = None,
        store_id: int = 1,
    ) -> GivenSpreeCredit:
        """Issue store credit to a customer.

        Issue it as a back office does, without the API's checks; webhooks are sent.

        Args:
            customer: Email address of the customer.
            amount: A decimal above 0.
            currency: ISO 4217.
            memo: As the API shows it.
            store_id: Number of the store that issues it.
        """
        return self._run(
            GivenSpreeCredit,
            "POST",
            "/_mock/spree_v3/store-credits",
            members={"customer": customer, "amount": amount, "currency": currency, "memo": memo, "store_id": store_id},
        )

    def entries(self, id: str) -> list[LedgerEntry]:
        """Show the ledger entries of a store credit.

        Return the last 1,000 in order, even if the store credit was deleted.
        """
        return self._run(list[LedgerEntry], "GET", "/_mock/spree_v3/store-credits/{id}/entries", id)

    def hold_row(self, id: str) -> HeldRow:
        """Lock a cart or an order.

        Lock its row as another database session would: requests that change it get 409.

        Args:
            id: Id of the cart or the order.
        """
        return self._run(HeldRow, "POST", "/_mock/spree_v3/row-locks", members={"id": id})

    def release_row(self, id: str) -> None:
        """Unlock a cart or an order.

        Nothing happens if its row is not locked.
        """
        return self._run(None, "DELETE", "/_mock/spree_v3/row-locks/{id}", id)

    def issue_customer_token(self, customer_id: str) -> IssuedCustomerToken:
        """Sign a customer in without a password.

        Args:
            customer_id: Id of the customer.
        """
        return self._run(
            IssuedCustomerToken, "POST", "/_mock/spree_v3/customer-tokens", members={"customer_id": customer_id}
        )

    def fill_cart(
        self,
        customer_id: str | None = None,
        variant: int = 1,
        quantity: int = 1,
        currency: str | None = None,
        address: bool = True,
        store_credit: bool = False,
    ) -> FilledCart:
        """Create a cart with an item.

        Args:
            customer_id: Id of its customer; if left out, the cart belongs to a guest.
            variant: Number of the variant in the cart.
            quantity: The quantity.
            currency: By default, the store's currency.
            address: Whether it has an address, so that it can be completed.
            store_credit: Whether store credit is applied, up to the available amount.
        """
        return self._run(
            FilledCart,
            "POST",
            "/_mock/spree_v3/carts",
            members={
                "customer_id": customer_id,
                "variant": variant,
                "quantity": quantity,
                "currency": currency,
                "address": address,
                "store_credit": store_credit,
            },
        )

    def webhook_endpoints(self) -> list[WebhookEndpoint]:
        """List the webhook endpoints.

        Return them in the order they were registered, without their secrets.
        """
        return self._run(list[WebhookEndpoint], "GET", "/_mock/spree_v3/webhook-endpoints")

    def add_webhook_endpoint(
        self,
        url: str,
        subscriptions: list[str] | None = None,
        name: str | None = None,
        store_id: int = 1,
        secret: str | None = None,
    ) -> SignedWebhookEndpoint:
        """Register a webhook endpoint.

        Any address is accepted. The secret is shown only in this response.

        Args:
            url: The address to POST to.
            subscriptions: Names of events; `*` matches anything. By default, every event.
            name: Its name.
            store_id: Number of the store whose events it receives.
            secret: Signs the deliveries; by default, generated (64 hexadecimal digits).
        """
        return self._run(
            SignedWebhookEndpoint,
            "POST",
            "/_mock/spree_v3/webhook-endpoints",
            members={"url": url, "subscriptions": subscriptions, "name": name, "store_id": store_id, "secret": secret},
        )

    def change_webhook_endpoint(
        self, id: str, url: str | None = None, active: bool | None = None, refused_with: int | None = None
    ) -> WebhookEndpoint:
        """Change a webhook endpoint.

        Change its address, enable or disable it, or set a status that its deliveries get.

        Args:
            url: The new address to POST to; may be on this machine.
            active: Whether it receives events.
            refused_with: A status to record for deliveries instead of sending them; null resumes sending.
        """
        return self._run(
            WebhookEndpoint,
            "POST",
            "/_mock/spree_v3/webhook-endpoints/{id}",
            id,
            members={"url": url, "active": active, "refused_with": refused_with},
        )

    def remove_webhook_endpoint(self, id: str) -> None:
        """Remove a webhook endpoint and its deliveries."""
        return self._run(None, "DELETE", "/_mock/spree_v3/webhook-endpoints/{id}", id)

    def webhook_deliveries(
        self,
        limit: int = 1000,
        after: str | None = None,
        state: Literal["pending", "delivered", "failed", None] | None = None,
    ) -> WebhookDeliveryList:
        """List the webhook deliveries.

        Return them in the order they were created.

        Args:
            limit: Maximum number.
            after: Id of the last delivery on the previous page.
            state: Only deliveries in this state.
        """
        return self._run(
            WebhookDeliveryList,
            "GET",
            "/_mock/spree_v3/webhook-deliveries",
            query={"limit": limit, "after": after, "state": state},
        )


class ControlMethods(Caller):
    """The routes of the sandbox. Every method raises `ControlError` where the mock refuses."""

    @cached_property
    def vinr(self) -> VinrControl:
        """The routes of the system `vinr`."""
        return VinrControl(self._send)

    @cached_property
    def spree(self) -> SpreeControl:
        """The routes of the system `spree`."""
        return SpreeControl(self._send)

    @cached_property
    def spree_v3(self) -> Spree_v3Control:
        """The routes of the system `spree_v3`."""
        return Spree_v3Control(self._send)

    def document(self) -> dict[str, Any]:
        """Return the OpenAPI document of the control plane."""
        return self._run(dict[str, Any], "GET", "/_mock/openapi.json")

    def health(self) -> Health:
        """Check that the mock is ready.

        The response also describes the mock: its document, systems, options and storage.
        """
        return self._run(Health, "GET", "/_mock/health")

    def reset(self) -> None:
        """Reset the sandbox.

        Empty it and load its fixtures again; also clear faults and exchanges.
        """
        return self._run(None, "POST", "/_mock/reset")

    def seed(self, fixtures: dict[str, Any]) -> None:
        """Load fixtures.

        Add the fixtures' records to each system, schedule their faults, and set the clock.

        Args:
            fixtures: Records to add for each system, faults to schedule, and the time to set.
        """
        return self._run(None, "POST", "/_mock/seed", body=fixtures)

    def snapshot(self) -> dict[str, Any]:
        """Take a snapshot.

        Return everything that the sandbox contains, so that you can restore it later, here or elsewhere.
        """
        return self._run(dict[str, Any], "POST", "/_mock/snapshot")

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Restore a snapshot.

        The body is a snapshot that was returned earlier.

        Args:
            snapshot: Everything that a sandbox contains.
        """
        return self._run(None, "POST", "/_mock/restore", body=snapshot)

    def snapshots(self) -> list[NamedSnapshot]:
        """List the stored snapshots.

        They are sorted by name.
        """
        return self._run(list[NamedSnapshot], "GET", "/_mock/snapshots")

    def save_snapshot(self, name: str) -> NamedSnapshot:
        """Store a snapshot.

        It contains everything in the sandbox, and replaces an earlier snapshot with the same name.
        """
        return self._run(NamedSnapshot, "POST", "/_mock/snapshots/{name}", name)

    def remove_snapshot(self, name: str) -> None:
        """Remove a stored snapshot."""
        return self._run(None, "DELETE", "/_mock/snapshots/{name}", name)

    def restore_snapshot(self, name: str) -> None:
        """Restore a stored snapshot.

        Faults, exchanges and coverage stay as they are.
        """
        return self._run(None, "POST", "/_mock/snapshots/{name}/restore", name)

    def sandboxes(self) -> list[SandboxState]:
        """List the sandboxes.

        The first is the default sandbox; a request that names any other sandbox creates it.
        """
        return self._run(list[SandboxState], "GET", "/_mock/sandboxes")

    def reset_sandbox(self, name: str) -> None:
        """Reset a sandbox by name.

        Empty it and load its fixtures again.
        """
        return self._run(None, "POST", "/_mock/sandboxes/{name}/reset", name)

    def remove_sandbox(self, name: str) -> None:
        """Remove a sandbox with its snapshots.

        A later request that names it creates it again.
        """
        return self._run(None, "DELETE", "/_mock/sandboxes/{name}", name)

    def clock(self) -> Clock:
        """Show the clock."""
        return self._run(Clock, "GET", "/_mock/clock")

    def freeze(self, at: str | float | None = None) -> Clock:
        """Freeze the clock.

        Freeze it at the given time or, without one, now.

        Args:
            at: ISO 8601 with a time zone, or Unix seconds; by default, the current time.
        """
        return self._run(Clock, "POST", "/_mock/clock/freeze", members={"at": at})

    def advance(self, seconds: float) -> Clock:
        """Move the clock forward.

        Args:
            seconds: Seconds.
        """
        return self._run(Clock, "POST", "/_mock/clock/advance", members={"seconds": seconds})

    def resume(self) -> Clock:
        """Resume the clock.

        It continues from its current time.
        """
        return self._run(Clock, "POST", "/_mock/clock/resume")

    def faults(self) -> FaultList:
        """List the scheduled faults.

        Also return the number of requests that are still running although their responses were lost.
        """
        return self._run(FaultList, "GET", "/_mock/faults")

    def add_fault(self, fault: Fault) -> PlannedFault:
        """Schedule a fault.

        Args:
            fault: One scheduled fault.
        """
        return self._run(PlannedFault, "POST", "/_mock/faults", body=fault)

    def clear_faults(self) -> None:
        """Remove all faults."""
        return self._run(None, "DELETE", "/_mock/faults")

    def remove_fault(self, id: str) -> None:
        """Remove a fault."""
        return self._run(None, "DELETE", "/_mock/faults/{id}", id)

    def coverage(self) -> CoverageReport:
        """Report the coverage.

        The report shows which parts of the document were used. 409 if coverage is not being measured.
        """
        return self._run(CoverageReport, "GET", "/_mock/coverage")

    def count_coverage(self) -> None:
        """Start measuring coverage.

        The count begins with the exchanges that are still stored.
        """
        return self._run(None, "POST", "/_mock/coverage")

    def clear_coverage(self) -> None:
        """Clear the coverage.

        Set the counts back to zero, and continue counting.
        """
        return self._run(None, "DELETE", "/_mock/coverage")

    def invariants(self) -> Invariants:
        """Check the invariants.

        These are the rules that must always hold: entries add up to balances, nothing is spent twice or after its
        expiry.
        """
        return self._run(Invariants, "GET", "/_mock/invariants")

    def open_inspector(self) -> InspectorLink:
        """Create a link to the inspector.

        The link works once.
        """
        return self._run(InspectorLink, "POST", "/_mock/ui/tickets")

    def exchanges(
        self,
        limit: int = 100,
        operation: str | None = None,
        violations: bool | None = None,
        system: str | None = None,
        after: int = 0,
        method: str | None = None,
        path: str | None = None,
        status: str | None = None,
        body: str | None = None,
        value: str | None = None,
        wait_for: int | None = None,
        timeout: float = 5.0,
    ) -> ExchangeList:
        """List the exchanges.

        Return the last exchanges, oldest first; with `wait_for`, as soon as that many have arrived.

        While the route waits, other requests continue. If too few exchanges arrive in time, it returns 417 with those
        that did arrive.

        Args:
            limit: Maximum number of exchanges; the newest ones are shown.
            operation: operationId, or a pattern such as `vinr.*`; empty for exchanges without one. 400 if no
                operation matches.
            violations: True for exchanges that violate the OpenAPI document, false for all others.
            system: First part of the operation: `vinr`, `spree`. 400 if there is no such system.
            after: Only exchanges with a higher number.
            method: Not case-sensitive.
            path: A path, or a pattern such as `/v1/*`.
            status: `201`, or `4xx`.
            body: JSON pointer to a member of the request's body, JSON or a form: `/amount`.
            value: The value of this member: `1000`, or a pattern such as `cust_*`.
            wait_for: How many exchanges to wait for, including those that have already arrived.
            timeout: Maximum number of seconds to wait.
        """
        return self._run(
            ExchangeList,
            "GET",
            "/_mock/exchanges",
            query={
                "limit": limit,
                "operation": operation,
                "violations": violations,
                "system": system,
                "after": after,
                "method": method,
                "path": path,
                "status": status,
                "body": body,
                "value": value,
                "wait_for": wait_for,
                "timeout": timeout,
            },
        )

    def clear_exchanges(self) -> None:
        """Clear the exchanges."""
        return self._run(None, "DELETE", "/_mock/exchanges")

    def brief_exchanges(
        self,
        limit: int = 100,
        operation: str | None = None,
        violations: bool | None = None,
        system: str | None = None,
        after: int = 0,
        method: str | None = None,
        path: str | None = None,
        status: str | None = None,
        body: str | None = None,
        value: str | None = None,
    ) -> BriefExchangeList:
        """List the exchanges in brief.

        Return the last exchanges without headers and bodies, oldest first; violations are only counted.

        Args:
            limit: Maximum number of exchanges; the newest ones are shown.
            operation: operationId, or a pattern such as `vinr.*`; empty for exchanges without one. 400 if no
                operation matches.
            violations: True for exchanges that violate the OpenAPI document, false for all others.
            system: First part of the operation: `vinr`, `spree`. 400 if there is no such system.
            after: Only exchanges with a higher number.
            method: Not case-sensitive.
            path: A path, or a pattern such as `/v1/*`.
            status: `201`, or `4xx`.
            body: JSON pointer to a member of the request's body, JSON or a form: `/amount`.
            value: The value of this member: `1000`, or a pattern such as `cust_*`.
        """
        return self._run(
            BriefExchangeList,
            "GET",
            "/_mock/exchanges/brief",
            query={
                "limit": limit,
                "operation": operation,
                "violations": violations,
                "system": system,
                "after": after,
                "method": method,
                "path": path,
                "status": status,
                "body": body,
                "value": value,
            },
        )

    def count_exchanges(
        self,
        operation: str | None = None,
        violations: bool | None = None,
        system: str | None = None,
        after: int = 0,
        method: str | None = None,
        path: str | None = None,
        status: str | None = None,
        body: str | None = None,
        value: str | None = None,
    ) -> ExchangeCount:
        """Count the exchanges.

        `total` counts those that are stored.

        Args:
            operation: operationId, or a pattern such as `vinr.*`; empty for exchanges without one. 400 if no
                operation matches.
            violations: True for exchanges that violate the OpenAPI document, false for all others.
            system: First part of the operation: `vinr`, `spree`. 400 if there is no such system.
            after: Only exchanges with a higher number.
            method: Not case-sensitive.
            path: A path, or a pattern such as `/v1/*`.
            status: `201`, or `4xx`.
            body: JSON pointer to a member of the request's body, JSON or a form: `/amount`.
            value: The value of this member: `1000`, or a pattern such as `cust_*`.
        """
        return self._run(
            ExchangeCount,
            "GET",
            "/_mock/exchanges/count",
            query={
                "operation": operation,
                "violations": violations,
                "system": system,
                "after": after,
                "method": method,
                "path": path,
                "status": status,
                "body": body,
                "value": value,
            },
        )

    def verify(
        self,
        operation: str | None = None,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        timeout: float = 0.0,
        system: str | None = None,
        method: str | None = None,
        path: str | None = None,
        status: str | int | None = None,
        body: str | None = None,
        value: str | int | float | bool | None = None,
        violations: bool | None = None,
        after: int = 0,
    ) -> ExchangeCount:
        """Verify the number of exchanges.

        The number must be the expected one; if none is given, at least one exchange must have arrived. Otherwise, the
        route returns 417 and lists what arrived instead, and the closest matches. With a timeout, the route waits
        until enough exchanges have arrived or, if none is expected, checks that none arrives in this time.

        Args:
            operation: operationId, or a pattern such as `vinr.*`; empty for exchanges without one.
            times: The exact number.
            at_least: The minimum number.
            at_most: The maximum number.
            timeout: Seconds to wait for them.
            system: First part of the operation: `vinr`, `spree`.
            method: Not case-sensitive.
            path: A path, or a pattern such as `/v1/*`.
            status: 201, or `4xx`.
            body: JSON pointer to a member of the request's body, JSON or a form: `/amount`.
            value: The value of this member: 1000, or a pattern such as `cust_*`.
            violations: True for exchanges that violate the OpenAPI document, false for all others.
            after: Only exchanges with a higher number.
        """
        return self._run(
            ExchangeCount,
            "POST",
            "/_mock/exchanges/verify",
            members={
                "operation": operation,
                "times": times,
                "at_least": at_least,
                "at_most": at_most,
                "timeout": timeout,
                "system": system,
                "method": method,
                "path": path,
                "status": status,
                "body": body,
                "value": value,
                "violations": violations,
                "after": after,
            },
        )

    def exchange(self, number: int) -> Exchange:
        """Show an exchange.

        Args:
            number: The exchange's number. Numbers may repeat after a snapshot is restored; the newest exchange is
                shown.
        """
        return self._run(Exchange, "GET", "/_mock/exchanges/{number}", number)

    def operations(self) -> list[Operation]:
        """List the operations.

        Return the operations of the OpenAPI document, each with its line.
        """
        return self._run(list[Operation], "GET", "/_mock/operations")
