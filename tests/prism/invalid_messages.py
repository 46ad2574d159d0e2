"""Requests and answers that are wrong in one place each.

Those that Prism lets pass name the limit, see test_limits.py.
"""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from store_credit_mock.contract import Document
from store_credit_mock.recording import ExchangeFile

from .traffic import FORM, JSON, DocumentedAnswer, answers, request, written
from .upstream import Answer

__all__ = ["ANSWERS", "CREDENTIALS", "GONE", "REQUESTS", "WHOLE", "WrongAnswer", "WrongRequest"]

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
        limit: The limit that lets Prism accept it, None if it refuses.
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
    limit: str | None = None
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

# Prism gives the request as a whole as the place of a missing body, a wrong media type and missing credentials.
WHOLE = "request"
TYPE = "request.headers.Content-Type"
CREDENTIALS = "request.headers"

REQUESTS = (
    # Bodies for VINR
    WrongRequest(VINR_CREATE, "amount as text", "request.body.amount", fields={"amount": "1000"}),
    WrongRequest(VINR_CREATE, "amount with a fraction", "request.body.amount", fields={"amount": 10.5}),
    WrongRequest(VINR_CREATE, "amount 0", "request.body.amount", fields={"amount": 0}),
    WrongRequest(VINR_CREATE, "negative amount", "request.body.amount", fields={"amount": -1}),
    WrongRequest(VINR_CREATE, "amount null", "request.body.amount", fields={"amount": None}),
    WrongRequest(VINR_CREATE, "amount as a list", "request.body.amount", fields={"amount": [1000]}),
    WrongRequest(VINR_CREATE, "no amount", "request.body", fields={"amount": GONE}),
    WrongRequest(VINR_CREATE, "no customer", "request.body", fields={"customer": GONE}),
    WrongRequest(VINR_CREATE, "customer empty", "request.body.customer", fields={"customer": ""}),
    WrongRequest(VINR_CREATE, "customer as a number", "request.body.customer", fields={"customer": 8}),
    WrongRequest(
        VINR_CREATE, "customer as an object", "request.body.customer", fields={"customer": {"id": "cust_8aZ2"}}
    ),
    WrongRequest(VINR_CREATE, "currency of two letters", "request.body.currency", fields={"currency": "US"}),
    WrongRequest(VINR_CREATE, "currency as a sign", "request.body.currency", fields={"currency": "$"}),
    WrongRequest(VINR_CREATE, "expiry as a date", "request.body.expires_at", fields={"expires_at": "2027-11-22"}),
    WrongRequest(VINR_CREATE, "expiry before 1970", "request.body.expires_at", fields={"expires_at": -1}),
    WrongRequest(VINR_CREATE, "expiry in ms", "request.body.expires_at", fields={"expires_at": 1826841600000}),
    WrongRequest(VINR_CREATE, "unknown member", "request.body", fields={"memo": "for the delay"}),
    WrongRequest(VINR_CREATE, "Spree's nesting", "request.body", body={"store_credit": {"amount": 1000}}),
    WrongRequest(VINR_CREATE, "a list", "request.body", body=[]),
    WrongRequest(VINR_CREATE, "a text", "request.body", text='"USD"'),
    WrongRequest(VINR_CREATE, "no body", "request.body", WHOLE, body=GONE, headers={"Content-Type": GONE}),
    WrongRequest(VINR_UPDATE, "amount cannot change", "request.body", fields={"amount": 5}),
    WrongRequest(VINR_UPDATE, "expiry true", "request.body.expires_at", fields={"expires_at": True}),
    WrongRequest(
        VINR_CREATE, "form: amount in words", "request.body.amount", media_type=FORM, fields={"amount": "ten"}
    ),
    WrongRequest(VINR_CREATE, "form: amount below 1", "request.body.amount", media_type=FORM, fields={"amount": "0"}),
    WrongRequest(VINR_CREATE, "form: no currency", "request.body", media_type=FORM, fields={"currency": GONE}),
    WrongRequest(
        VINR_UPDATE, "form: expiry never", "request.body.expires_at", media_type=FORM, text="expires_at=never"
    ),
    WrongRequest(
        VINR_CREATE,
        "form: unknown field",
        "request.body",
        limit="closed forms",
        media_type=FORM,
        fields={"memo": "late"},
    ),
    WrongRequest(
        VINR_UPDATE,
        "form: a field twice",
        "request.body.expires_at",
        limit="repeated fields",
        media_type=FORM,
        text="expires_at=1858464000&expires_at=1858464001",
    ),
    # Other parts of requests to VINR
    WrongRequest(VINR_LIST, "limit 0", "request.query.limit", query={"limit": "0"}),
    WrongRequest(VINR_LIST, "limit 101", "request.query.limit", query={"limit": "101"}),
    WrongRequest(VINR_LIST, "limit in words", "request.query.limit", query={"limit": "ten"}),
    WrongRequest(VINR_LIST, "limit twice", "request.query.limit", query={"limit": ["10", "20"]}),
    WrongRequest(VINR_LIST, "customer too long", "request.query.customer", query={"customer": "c" * 256}),
    WrongRequest(
        VINR_LIST, "unknown parameter", "request.query.status", limit="unknown parameters", query={"status": "a"}
    ),
    WrongRequest(
        VINR_RETRIEVE,
        "expand without brackets",
        "request.query.expand",
        limit="unknown parameters",
        query={"expand": "customer"},
    ),
    WrongRequest(
        VINR_LIST, "customer empty", "request.query.customer", limit="empty parameters", query={"customer": ""}
    ),
    WrongRequest(
        VINR_RETRIEVE,
        "unknown expansion",
        "request.query.expand[].0",
        limit="brackets in a name",
        query={"expand[]": ["balance"]},
    ),
    WrongRequest(
        VINR_CREATE,
        "key too long",
        "request.header.Idempotency-Key",
        headers={"Idempotency-Key": "k" * 256},
    ),
    WrongRequest(
        VINR_CREATE,
        "key empty",
        "request.header.Idempotency-Key",
        limit="empty parameters",
        headers={"Idempotency-Key": ""},
    ),
    WrongRequest(VINR_LIST, "version no date", "request.header.Vinr-Version", headers={"Vinr-Version": "latest"}),
    WrongRequest(VINR_RETRIEVE, "id too long", "request.path.id", path=f"/v1/store-credit/{'s' * 256}"),
    WrongRequest(VINR_LIST, "no credentials", CREDENTIALS, WHOLE, headers={"X-Api-Key": GONE}),
    WrongRequest(VINR_LIST, "empty key", CREDENTIALS, WHOLE, headers={"X-Api-Key": ""}),
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
    WrongRequest(CREATE, "negative amount", "request.body.store_credit.amount", fields={"amount": -5}),
    WrongRequest(CREATE, "amount too large", "request.body.store_credit.amount", fields={"amount": 1000000}),
    WrongRequest(CREATE, "decimal comma", "request.body.store_credit.amount", fields={"amount": "25,00"}),
    WrongRequest(CREATE, "amount null", "request.body.store_credit.amount", fields={"amount": None}),
    WrongRequest(CREATE, "three decimals in text", "request.body.store_credit.amount", fields={"amount": "1.005"}),
    WrongRequest(
        CREATE,
        "three decimals",
        "request.body.store_credit.amount",
        limit="decimal places",
        fields={"amount": 1.005},
    ),
    WrongRequest(CREATE, "negative use", "request.body.store_credit.amount_used", fields={"amount_used": -1}),
    WrongRequest(CREATE, "user null", "request.body.store_credit.user_id", fields={"user_id": None}),
    WrongRequest(CREATE, "user as an object", "request.body.store_credit.user_id", fields={"user_id": {"id": "2"}}),
    WrongRequest(CREATE, "category true", "request.body.store_credit.category_id", fields={"category_id": True}),
    WrongRequest(CREATE, "no currency", "request.body.store_credit", fields={"currency": GONE}),
    WrongRequest(CREATE, "memo as a number", "request.body.store_credit.memo", fields={"memo": 7}),
    WrongRequest(
        CREATE, "metadata as a list", "request.body.store_credit.public_metadata", fields={"public_metadata": []}
    ),
    WrongRequest(CREATE, "unknown member", "request.body.store_credit", fields={"expires_at": None}),
    WrongRequest(CREATE, "without the root key", "request.body", body={"amount": 25, "currency": "USD"}),
    WrongRequest(CREATE, "root key null", "request.body.store_credit", body={"store_credit": None}),
    WrongRequest(CREATE, "as a JSON:API document", "request.body", body={"data": {"type": "store_credit"}}),
    WrongRequest(CREATE, "JSON:API type, wrong too", "request.body", media_type=JSON_API, body={}),
    WrongRequest(UPDATE, "nothing to change", "request.body.store_credit", body={"store_credit": {}}),
    WrongRequest(CATEGORY_CREATE, "name empty", "request.body.store_credit_category.name", fields={"name": ""}),
    WrongRequest(CATEGORY_CREATE, "name null", "request.body.store_credit_category.name", fields={"name": None}),
    WrongRequest(
        CATEGORY_CREATE, "name too long", "request.body.store_credit_category.name", fields={"name": "n" * 256}
    ),
    WrongRequest(
        TYPE_CREATE, "priority with a fraction", "request.body.store_credit_type.priority", fields={"priority": 1.5}
    ),
    WrongRequest(
        TYPE_UPDATE, "priority as text", "request.body.store_credit_type.priority", fields={"priority": "high"}
    ),
    WrongRequest(USE, "negative amount", "request.body.amount", fields={"amount": -1}),
    WrongRequest(USE, "below a root key", "request.body", body={"order": {"amount": 20}}),
    WrongRequest(ADD, "amount null", "request.body.amount", fields={"amount": None}),
    WrongRequest(ADD, "the token in the body", "request.body", fields={"order_token": "example"}),
    WrongRequest(USE, "null", "request.body", limit="null for a body", text="null"),
    WrongRequest(REMOVE, "an amount", "request.body", body={"amount": 20}),
    WrongRequest(REMOVE, "fields as a list", "request.body.fields.cart", body={"fields": {"cart": ["number"]}}),
    # Other parts of requests to Spree
    WrongRequest(LIST, "page 0", "request.query.page", query={"page": "0"}),
    WrongRequest(LIST, "page as a float", "request.query.page", limit="numbers in texts", query={"page": "1e1"}),
    WrongRequest(LIST, "page in words", "request.query.page", query={"page": "last"}),
    WrongRequest(LIST, "page with a fraction", "request.query.page", query={"page": "1.5"}),
    WrongRequest(LIST, "per_page 501", "request.query.per_page", query={"per_page": "501"}),
    WrongRequest(LIST, "currency as a name", "request.query.currency", query={"currency": "dollar"}),
    WrongRequest(LIST, "locale of one letter", "request.query.locale", query={"locale": "e"}),
    WrongRequest(LIST, "nothing between commas", "request.query.include.0", query={"include": ",user"}),
    WrongRequest(LIST, "include empty", "request.query.include.0", limit="empty parameters", query={"include": ""}),
    WrongRequest(
        LIST,
        "paging as JSON:API has it",
        "request.query.page[number]",
        limit="unknown parameters",
        query={"page[number]": "2"},
    ),
    WrongRequest(
        LIST,
        "one value for a list",
        "request.query.filter.id_in",
        limit="objects in the query",
        query={"filter[id_in]": "1"},
    ),
    WrongRequest(
        LIST,
        "a list for one value",
        "request.query.filter.currency_eq",
        limit="objects in the query",
        query={"filter[currency_eq][]": ["USD"]},
    ),
    WrongRequest(
        LIST,
        "a condition below a condition",
        "request.query.filter[user][email_eq]",
        limit="objects in the query",
        query={"filter[user][email_eq]": "a@example.com"},
    ),
    WrongRequest(
        LIST,
        "an amount in words",
        "request.query.filter.amount_gteq",
        limit="decimal texts",
        query={"filter[amount_gteq]": "ten"},
    ),
    WrongRequest(
        RETRIEVE, "fields of no type", "request.query.fields", limit="objects in the query", query={"fields": "amount"}
    ),
    WrongRequest(
        RETRIEVE,
        "fields as a list",
        "request.query.fields.store_credit",
        limit="objects in the query",
        query={"fields[store_credit][]": ["amount"]},
    ),
    WrongRequest(ADD, "amount in words in the query", "request.query.amount", body=GONE, query={"amount": "all"}),
    WrongRequest(RETRIEVE, "no credentials", CREDENTIALS, WHOLE, headers={"Authorization": GONE}),
    WrongRequest(RETRIEVE, "Basic", CREDENTIALS, WHOLE, headers={"Authorization": "Basic ZXhhbXBsZTo="}),
    WrongRequest(
        RETRIEVE, "VINR's header", CREDENTIALS, WHOLE, headers={"Authorization": GONE, "X-Api-Key": "example"}
    ),
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
    WrongRequest(
        CREATE,
        "as another kind of JSON",
        TYPE,
        limit="kinds of JSON",
        headers={"Content-Type": "application/merge-patch+json"},
    ),
    WrongRequest(DELETE, "a body", "request.body", WHOLE, text="{}", headers={"Content-Type": JSON}),
    WrongRequest(DELETE, "a collection", "request", path="/api/v2/platform/store_credits"),
    WrongRequest(ADD, "no such method", "request", method="PATCH"),
    WrongRequest(USE, "no such path", "request", path="/api/v2/platform/orders/R100200300/spend_store_credit"),
)


@dataclass(frozen=True)
class WrongAnswer:
    """A response of the document's examples, changed in one place.

    Attributes:
        operation: The operation it answers.
        what: What is wrong with it.
        place: Where the check against the document finds that.
        prism: Where Prism finds it, if it says so otherwise.
        limit: The limit that lets Prism accept it, None if it refuses.
        status: Of the example that is changed: its first one in `media_type`.
        media_type: Of that example; the system's own if it is not said.
        members: Members of the body to set or leave out, by their path.
        text: The whole body as it stands.
        headers: Headers to set or leave out.
        sent: The status it is sent with, in place of the example's.
        closed: It is the closed copy of the document that refuses it.
    """

    operation: str
    what: str
    place: str
    prism: str | None = None
    limit: str | None = None
    status: int = 200
    media_type: str = ""
    members: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    sent: int | None = None
    closed: bool = False

    def __str__(self) -> str:
        return f"{self.operation} {self.status}: {self.what}"

    @property
    def prism_place(self) -> str:
        """Where Prism should find it."""
        return self.prism or self.place

    @property
    def kind(self) -> str:
        """The media type of the example."""
        return self.media_type or (JSON if self.operation.startswith("vinr.") else JSON_API)

    def right(self, document: Document) -> DocumentedAnswer:
        """The example before the change."""
        return next(
            answer
            for answer in answers(document, document.operations[self.operation])
            if (answer.status, answer.media_type) == (self.status, self.kind)
        )

    def answer(self, document: Document) -> Answer:
        """The response itself."""
        status, headers, content = self.right(document).answer()
        if self.members:
            value = json.loads(content)
            for path, member in self.members.items():
                _put(value, path, member)
            content = json.dumps(value).encode()
        if self.text is not None:
            content = self.text.encode()
        headers = changed({**headers, "Content-Length": str(len(content))}, self.headers)
        return Answer(self.sent or status, headers, content)


def _put(value: Any, path: str, member: Any) -> None:
    """Set a member by its path; nothing of the example's own data is shared with the change."""
    *way, last = path.split(".")
    for name in way:
        value = value[int(name)] if isinstance(value, list) else value[name]
    if member is GONE:
        del value[last]
    else:
        value[last] = copy.deepcopy(member)


STATUS = "response.status"
ANSWER_TYPE = "response.headers.Content-Type"
ANSWER = "response"

ANSWERS = (
    # Of VINR
    WrongAnswer(VINR_LIST, "no paging", "response.body", members={"page": GONE}),
    WrongAnswer(VINR_LIST, "another object", "response.body.object", members={"object": "page"}),
    WrongAnswer(VINR_LIST, "data null", "response.body.data", members={"data": None}),
    WrongAnswer(VINR_RETRIEVE, "amount as text", "response.body.amount", members={"amount": "1000"}),
    WrongAnswer(VINR_RETRIEVE, "no expiry", "response.body", members={"expires_at": GONE}),
    WrongAnswer(VINR_RETRIEVE, "created null", "response.body.created", members={"created": None}),
    WrongAnswer(VINR_RETRIEVE, "time in ms", "response.body.created", members={"created": 1795305600000}),
    WrongAnswer(VINR_RETRIEVE, "currency in small", "response.body.currency", members={"currency": "usd"}),
    WrongAnswer(
        VINR_RETRIEVE,
        "half a customer",
        "response.body.customer",
        members={"customer": {"id": "cust_8aZ2"}},
    ),
    WrongAnswer(VINR_CREATE, "a page", "response.body", status=201, text='{"object": "list", "data": []}'),
    WrongAnswer(VINR_CREATE, "an error that is none", "response.body", status=422, text="{}"),
    WrongAnswer(
        VINR_LIST,
        "an error without code",
        "response.body.error",
        status=401,
        members={"error.code": GONE},
    ),
    WrongAnswer(VINR_RETRIEVE, "HTML", ANSWER_TYPE, ANSWER, text="<p>", headers={"Content-Type": "text/html"}),
    WrongAnswer(VINR_RETRIEVE, "no body", "response.body", ANSWER, text=""),
    WrongAnswer(
        VINR_RETRIEVE,
        "HTML of a gateway",
        ANSWER_TYPE,
        ANSWER,
        status=502,
        text="<p>",
        headers={"Content-Type": "text/html"},
    ),
    WrongAnswer(VINR_RETRIEVE, "body of no type", ANSWER_TYPE, ANSWER, headers={"Content-Type": GONE}),
    WrongAnswer(
        VINR_RETRIEVE,
        "no request id",
        "response.headers.x-vinr-request-id",
        "response.header",
        headers={"x-vinr-request-id": GONE},
    ),
    WrongAnswer(
        VINR_RETRIEVE,
        "limit in words",
        "response.headers.X-RateLimit-Limit",
        "response.header.x-ratelimit-limit",
        headers={"X-RateLimit-Limit": "many"},
    ),
    WrongAnswer(VINR_RETRIEVE, "undocumented success", STATUS, ANSWER, sent=202),
    WrongAnswer(VINR_RETRIEVE, "undocumented refusal", STATUS, sent=418, limit="undocumented errors"),
    WrongAnswer(VINR_RETRIEVE, "undocumented failure", STATUS, sent=504, limit="undocumented errors"),
    WrongAnswer(
        VINR_RETRIEVE,
        "JSON:API's type",
        ANSWER_TYPE,
        headers={"Content-Type": JSON_API},
        limit="kinds of JSON",
    ),
    WrongAnswer(
        VINR_RETRIEVE,
        "an unknown member",
        "response.body",
        members={"balance": 1},
        closed=True,
        limit="open answers",
    ),
    # Of Spree
    WrongAnswer(LIST, "no meta", "response.body", members={"meta": GONE}),
    WrongAnswer(LIST, "pages as text", "response.body.meta.total_pages", members={"meta.total_pages": "2"}),
    WrongAnswer(LIST, "one in place of many", "response.body.data", members={"data": {}}),
    WrongAnswer(
        RETRIEVE, "amount as a number", "response.body.data.attributes.amount", members={"data.attributes.amount": 25}
    ),
    WrongAnswer(
        RETRIEVE,
        "amount in words",
        "response.body.data.attributes.amount",
        members={"data.attributes.amount": "ten"},
        limit="decimal texts",
    ),
    WrongAnswer(
        RETRIEVE,
        "a time that is none",
        "response.body.data.attributes.created_at",
        members={"data.attributes.created_at": "today"},
    ),
    WrongAnswer(
        RETRIEVE,
        "a time of another form",
        "response.body.data.attributes.created_at",
        members={"data.attributes.created_at": "2026-11-22 02:19:23+0000"},
        limit="forms of a time",
    ),
    WrongAnswer(RETRIEVE, "id as a number", "response.body.data.id", members={"data.id": 17}),
    WrongAnswer(RETRIEVE, "another type", "response.body.data.type", members={"data.type": "user"}),
    WrongAnswer(RETRIEVE, "no relationships", "response.body.data", members={"data.relationships": GONE}),
    WrongAnswer(
        RETRIEVE,
        "half a reference",
        "response.body.data.relationships.user.data",
        members={"data.relationships.user.data": {"id": "2"}},
    ),
    WrongAnswer(RETRIEVE, "flat", "response.body", text='{"id": "17", "amount": "25.0"}'),
    WrongAnswer(RETRIEVE, "JSON's own type", ANSWER_TYPE, headers={"Content-Type": JSON}, limit="kinds of JSON"),
    WrongAnswer(
        RETRIEVE,
        "an unknown attribute",
        "response.body.data.attributes",
        members={"data.attributes.balance": "1.0"},
        closed=True,
        limit="open answers",
    ),
    WrongAnswer(RETRIEVE, "no ETag", "response.headers.ETag", "response.header", headers={"ETag": GONE}),
    WrongAnswer(RETRIEVE, "an error without text", "response.body", status=404, text="{}"),
    WrongAnswer(CREATE, "undocumented success", STATUS, ANSWER, status=201, sent=200),
    WrongAnswer(CREATE, "errors as a list", "response.body.errors", status=422, members={"errors": []}),
    WrongAnswer(CREATE, "a page of HTML", "response.body", status=400, media_type="text/html", text="<p>"),
    WrongAnswer(
        USE,
        "another kind's schema",
        "response.body",
        status=422,
        media_type=JSON,
        members={"status": GONE},
        limit="kinds of JSON",
    ),
    WrongAnswer(ADD, "an order", "response.body.data.type", members={"data.type": "order"}),
    WrongAnswer(ACCOUNT, "no account", "response.body", members={"data": GONE}),
)
