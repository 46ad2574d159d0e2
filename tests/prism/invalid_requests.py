"""Requests that are wrong in one place each, one for each kind of place and of mistake.

Both opinions must name that place. Whether both refuse is asked of far more requests, see corpus.py.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from store_credit_mock.contract import Document
from store_credit_mock.recording import ExchangeFile

from .traffic import FORM, JSON, request, written

__all__ = ["CREDENTIALS", "GONE", "JSON_API", "REQUESTS", "WHOLE", "WrongRequest", "changed"]

GONE = object()
"""In place of a value: the member, header or body is left out."""

JSON_API = "application/vnd.api+json"


@dataclass(frozen=True)
class WrongRequest:
    """A request of the document's examples, changed in one place.

    Attributes:
        operation: The operation whose first example is changed.
        what: What is wrong with it.
        place: Where the check against the document finds that.
        prism: Where Prism finds it, if it says so otherwise.
        media_type: Of the example that is changed.
        fields: Members of the body (inside its root key, if it has one) to set or leave out.
        body: The whole body as JSON, in place of the example's.
        text: The whole body as it stands.
        query: Query parameters.
        headers: Headers to set or leave out.
        method: In place of the operation's.
        path: In place of the operation's.
    """

    operation: str
    what: str
    place: str
    prism: str | None = None
    media_type: str = JSON
    fields: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    text: str | None = None
    query: Mapping[str, str | list[str]] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)
    method: str | None = None
    path: str | None = None

    def __str__(self) -> str:
        return f"{self.operation}: {self.what}"

    @property
    def prism_place(self) -> str:
        """Where Prism should find it."""
        return self.prism or self.place.lower()

    @property
    def places(self) -> set[str]:
        """Where validating finds it; credentials are the handlers' affair."""
        return set() if self.place == CREDENTIALS else {self.place.lower()}

    def exchange(self, document: Document) -> ExchangeFile:
        """The request itself."""
        right = request(document, self.operation, self.media_type)
        headers = changed(right.request_headers, self.headers)
        body: str | None = right.request_body
        if self.fields:
            body = self._with_fields(document, body or "")
        elif self.text is not None:
            body = self.text
        elif self.body is GONE:
            body = None
        elif self.body is not None:
            body = json.dumps(self.body)
        return replace(
            right,
            method=self.method or right.method,
            path=self.path or right.path,
            query=self.query,
            request_headers=headers,
            request_body=body,
        )

    def _with_fields(self, document: Document, body: str) -> str:
        if self.media_type == FORM:
            pairs = dict(pair.split("=") for pair in body.split("&"))
            return written(FORM, changed(pairs, self.fields))
        value = json.loads(body)
        root = next(iter(value)) if len(value) == 1 and isinstance(next(iter(value.values())), dict) else None
        value = {root: changed(value[root], self.fields)} if root else changed(value, self.fields)
        return written(self.media_type, value)


def changed(old: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with members set or left out."""
    return {name: value for name, value in {**old, **changes}.items() if value is not GONE}


VINR_LIST = "vinr.store_credit.list"
VINR_CREATE = "vinr.store_credit.create"
VINR_RETRIEVE = "vinr.store_credit.retrieve"
VINR_UPDATE = "vinr.store_credit.update"
LIST = "spree.store_credits.list"
CREATE = "spree.store_credits.create"
RETRIEVE = "spree.store_credits.retrieve"
UPDATE = "spree.store_credits.update"
DELETE = "spree.store_credits.delete"
CATEGORY_CREATE = "spree.store_credit_categories.create"
TYPE_CREATE = "spree.store_credit_types.create"
TYPE_UPDATE = "spree.store_credit_types.update"
USE = "spree.orders.use_store_credit"
ADD = "spree.checkout.add_store_credit"
REMOVE = "spree.checkout.remove_store_credit"
ACCOUNT = "spree.account.retrieve"
V3_LOGIN = "spree_v3.admin.auth.login"
V3_LIST = "spree_v3.admin.customers.store_credits.list"
V3_CREATE = "spree_v3.admin.customers.store_credits.create"
V3_GET = "spree_v3.admin.customers.store_credits.get"
V3_UPDATE = "spree_v3.admin.customers.store_credits.update"
V3_DELETE = "spree_v3.admin.customers.store_credits.delete"
V3_EVENTS = "spree_v3.admin.store_credits.events.list"
V3_ORDER = "spree_v3.admin.orders.store_credits.apply"
V3_PROFILE = "spree_v3.store.customer.get"
V3_CART = "spree_v3.store.carts.store_credits.apply"
V3_COMPLETE = "spree_v3.store.carts.complete"

# Prism gives the request as a whole as the place of a missing body, a wrong media type and missing credentials.
WHOLE = "request"
TYPE = "request.headers.Content-Type"
CREDENTIALS = "request.headers"

REQUESTS = (
    # Bodies for VINR
    WrongRequest(VINR_CREATE, "amount as text", "request.body.amount", fields={"amount": "1000"}),
    WrongRequest(VINR_CREATE, "amount with a fraction", "request.body.amount", fields={"amount": 10.5}),
    WrongRequest(VINR_CREATE, "amount 0", "request.body.amount", fields={"amount": 0}),
    WrongRequest(VINR_CREATE, "no amount", "request.body", fields={"amount": GONE}),
    WrongRequest(VINR_CREATE, "customer empty", "request.body.customer", fields={"customer": ""}),
    WrongRequest(VINR_CREATE, "currency of two letters", "request.body.currency", fields={"currency": "US"}),
    WrongRequest(VINR_CREATE, "expiry before 1970", "request.body.expires_at", fields={"expires_at": -1}),
    WrongRequest(VINR_CREATE, "unknown member", "request.body", fields={"memo": "for the delay"}),
    WrongRequest(VINR_CREATE, "a list", "request.body", body=[]),
    WrongRequest(VINR_CREATE, "no body", "request.body", WHOLE, body=GONE, headers={"Content-Type": GONE}),
    WrongRequest(
        VINR_CREATE, "form: amount in words", "request.body.amount", media_type=FORM, fields={"amount": "ten"}
    ),
    WrongRequest(VINR_CREATE, "form: no currency", "request.body", media_type=FORM, fields={"currency": GONE}),
    # Other parts of requests to VINR
    WrongRequest(VINR_LIST, "limit 0", "request.query.limit", query={"limit": "0"}),
    WrongRequest(VINR_LIST, "limit in words", "request.query.limit", query={"limit": "ten"}),
    WrongRequest(VINR_LIST, "limit twice", "request.query.limit", query={"limit": ["10", "20"]}),
    WrongRequest(VINR_LIST, "customer too long", "request.query.customer", query={"customer": "c" * 256}),
    WrongRequest(
        VINR_CREATE,
        "key too long",
        "request.header.Idempotency-Key",
        headers={"Idempotency-Key": "k" * 256},
    ),
    WrongRequest(VINR_LIST, "version no date", "request.header.Vinr-Version", headers={"Vinr-Version": "latest"}),
    WrongRequest(VINR_RETRIEVE, "id too long", "request.path.id", path=f"/v1/store-credit/{'s' * 256}"),
    WrongRequest(VINR_LIST, "no credentials", CREDENTIALS, WHOLE, headers={"X-Api-Key": GONE}),
    WrongRequest(
        VINR_LIST,
        "another scheme",
        CREDENTIALS,
        WHOLE,
        headers={"X-Api-Key": GONE, "Authorization": "Basic ZXhhbXBsZTo="},
    ),
    WrongRequest(VINR_CREATE, "body as plain text", TYPE, WHOLE, headers={"Content-Type": "text/plain"}),
    WrongRequest(VINR_CREATE, "body of no type", TYPE, "request.body", headers={"Content-Type": GONE}),
    WrongRequest(VINR_RETRIEVE, "no such method", "request", method="DELETE"),
    WrongRequest(VINR_LIST, "no such path", "request", path="/v1/store-credits"),
    # Bodies for Spree
    WrongRequest(CREATE, "amount in words", "request.body.store_credit.amount", fields={"amount": "ten"}),
    WrongRequest(CREATE, "amount 0", "request.body.store_credit.amount", fields={"amount": 0}),
    WrongRequest(CREATE, "amount too large", "request.body.store_credit.amount", fields={"amount": 1000000}),
    WrongRequest(CREATE, "three decimals in text", "request.body.store_credit.amount", fields={"amount": "1.005"}),
    WrongRequest(CREATE, "user null", "request.body.store_credit.user_id", fields={"user_id": None}),
    WrongRequest(CREATE, "category true", "request.body.store_credit.category_id", fields={"category_id": True}),
    WrongRequest(
        CREATE, "metadata as a list", "request.body.store_credit.public_metadata", fields={"public_metadata": []}
    ),
    WrongRequest(CREATE, "unknown member", "request.body.store_credit", fields={"expires_at": None}),
    WrongRequest(CREATE, "without the root key", "request.body", body={"amount": 25, "currency": "USD"}),
    WrongRequest(CREATE, "root key null", "request.body.store_credit", body={"store_credit": None}),
    WrongRequest(CREATE, "JSON:API type, wrong too", "request.body", media_type=JSON_API, body={}),
    WrongRequest(UPDATE, "nothing to change", "request.body.store_credit", body={"store_credit": {}}),
    WrongRequest(CATEGORY_CREATE, "name empty", "request.body.store_credit_category.name", fields={"name": ""}),
    WrongRequest(
        CATEGORY_CREATE, "name too long", "request.body.store_credit_category.name", fields={"name": "n" * 256}
    ),
    WrongRequest(
        TYPE_CREATE, "priority with a fraction", "request.body.store_credit_type.priority", fields={"priority": 1.5}
    ),
    WrongRequest(USE, "negative amount", "request.body.amount", fields={"amount": -1}),
    WrongRequest(ADD, "amount null", "request.body.amount", fields={"amount": None}),
    WrongRequest(REMOVE, "fields as a list", "request.body.fields.cart", body={"fields": {"cart": ["number"]}}),
    # Other parts of requests to Spree
    WrongRequest(LIST, "page 0", "request.query.page", query={"page": "0"}),
    WrongRequest(LIST, "page in words", "request.query.page", query={"page": "last"}),
    WrongRequest(LIST, "per_page 501", "request.query.per_page", query={"per_page": "501"}),
    WrongRequest(LIST, "currency as a name", "request.query.currency", query={"currency": "dollar"}),
    WrongRequest(LIST, "nothing between commas", "request.query.include.0", query={"include": ",user"}),
    WrongRequest(ADD, "amount in words in the query", "request.query.amount", body=GONE, query={"amount": "all"}),
    WrongRequest(RETRIEVE, "no credentials", CREDENTIALS, WHOLE, headers={"Authorization": GONE}),
    WrongRequest(ADD, "no token", CREDENTIALS, WHOLE, headers={"X-Spree-Order-Token": GONE}),
    WrongRequest(
        ACCOUNT,
        "the order token",
        CREDENTIALS,
        WHOLE,
        headers={"Authorization": GONE, "X-Spree-Order-Token": "example"},
    ),
    WrongRequest(RETRIEVE, "request id too long", "request.header.X-Request-Id", headers={"X-Request-Id": "r" * 256}),
    WrongRequest(
        CREATE,
        "as a form",
        TYPE,
        WHOLE,
        headers={"Content-Type": FORM},
        text="store_credit%5Bamount%5D=25",
    ),
    WrongRequest(DELETE, "a body", "request.body", WHOLE, text="{}", headers={"Content-Type": JSON}),
    WrongRequest(DELETE, "a collection", "request", path="/api/v2/platform/store_credits"),
    WrongRequest(ADD, "no such method", "request", method="PATCH"),
    # Bodies for Spree's API v3
    WrongRequest(V3_CREATE, "amount in words", "request.body.amount", fields={"amount": "ten"}),
    WrongRequest(V3_CREATE, "amount 0", "request.body.amount", fields={"amount": 0}),
    WrongRequest(V3_CREATE, "amount with a sign", "request.body.amount", fields={"amount": "-5.00"}),
    WrongRequest(V3_CREATE, "amount with a comma", "request.body.amount", fields={"amount": "12,50"}),
    WrongRequest(V3_CREATE, "five decimals in text", "request.body.amount", fields={"amount": "1.00005"}),
    WrongRequest(V3_CREATE, "no currency", "request.body", fields={"currency": GONE}),
    WrongRequest(V3_CREATE, "currency in small letters", "request.body.currency", fields={"currency": "usd"}),
    WrongRequest(V3_CREATE, "memo as a number", "request.body.memo", fields={"memo": 4711}),
    WrongRequest(V3_CREATE, "category null", "request.body.category_id", fields={"category_id": None}),
    WrongRequest(V3_CREATE, "unknown member", "request.body", fields={"expires_at": None}),
    WrongRequest(V3_CREATE, "no body", "request.body", WHOLE, body=GONE, headers={"Content-Type": GONE}),
    WrongRequest(V3_UPDATE, "another currency", "request.body", fields={"currency": "EUR"}),
    WrongRequest(V3_UPDATE, "amount null", "request.body.amount", fields={"amount": None}),
    WrongRequest(V3_UPDATE, "a list", "request.body", body=[]),
    WrongRequest(V3_ORDER, "negative amount", "request.body.amount", fields={"amount": -1}),
    WrongRequest(V3_CART, "amount true", "request.body.amount", fields={"amount": True}),
    WrongRequest(V3_CART, "a certain credit", "request.body", fields={"store_credit_id": "credit_UkLWZg9DAJ"}),
    WrongRequest(V3_COMPLETE, "something to say", "request.body", body={"amount": "1.00"}),
    WrongRequest(V3_LOGIN, "no password", "request.body", fields={"password": GONE}),
    WrongRequest(V3_LOGIN, "password empty", "request.body.password", fields={"password": ""}),
    # Other parts of requests to Spree's API v3
    WrongRequest(V3_LIST, "page 0", "request.query.page", query={"page": "0"}),
    WrongRequest(V3_LIST, "limit 101", "request.query.limit", query={"limit": "101"}),
    WrongRequest(V3_EVENTS, "limit in words", "request.query.limit", query={"limit": "all"}),
    WrongRequest(V3_LIST, "sort too long", "request.query.sort", query={"sort": "s" * 256}),
    WrongRequest(V3_GET, "nothing between commas", "request.query.fields.0", query={"fields": ",amount"}),
    WrongRequest(V3_CART, "key too long", "request.header.Idempotency-Key", headers={"Idempotency-Key": "k" * 256}),
    WrongRequest(
        V3_PROFILE,
        "currency in small letters",
        "request.header.X-Spree-Currency",
        headers={"X-Spree-Currency": "usd"},
    ),
    WrongRequest(
        V3_LIST,
        "id too long",
        "request.path.customer_id",
        path=f"/api/v3/admin/customers/{'c' * 256}/store_credits",
    ),
    WrongRequest(V3_GET, "no credentials", CREDENTIALS, WHOLE, headers={"X-Spree-Api-Key": GONE}),
    WrongRequest(V3_PROFILE, "the key alone", CREDENTIALS, WHOLE, headers={"Authorization": GONE}),
    WrongRequest(V3_PROFILE, "the token alone", CREDENTIALS, WHOLE, headers={"X-Spree-Api-Key": GONE}),
    WrongRequest(
        V3_CART,
        "the cart's token alone",
        CREDENTIALS,
        WHOLE,
        headers={"Authorization": GONE, "X-Spree-Token": "example"},
    ),
    WrongRequest(V3_CREATE, "as a form", TYPE, WHOLE, headers={"Content-Type": FORM}, text="amount=25.00&currency=USD"),
    WrongRequest(V3_DELETE, "a body", "request.body", WHOLE, text="{}", headers={"Content-Type": JSON}),
    WrongRequest(V3_CART, "no such method", "request", method="PATCH"),
    WrongRequest(V3_GET, "version 2", "request", path="/api/v2/platform/customers/1/store_credits/1"),
)
