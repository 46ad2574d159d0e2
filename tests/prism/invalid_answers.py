"""Responses that are wrong in one place each. Those that Prism lets pass name the limit, see test_limits.py."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from store_credit_mock.contract import Document

from .invalid_requests import (
    ACCOUNT,
    ADD,
    CREATE,
    GONE,
    JSON_API,
    LIST,
    RETRIEVE,
    USE,
    V3_CART,
    V3_CREATE,
    V3_DELETE,
    V3_EVENTS,
    V3_GET,
    V3_LIST,
    V3_LOGIN,
    V3_PROFILE,
    VINR_CREATE,
    VINR_LIST,
    VINR_RETRIEVE,
    changed,
)
from .traffic import JSON, DocumentedAnswer, answers
from .upstream import Answer

__all__ = ["ANSWERS", "WrongAnswer"]


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
        return self.media_type or (JSON_API if self.operation.startswith("spree.") else JSON)

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
    # Of Spree's API v3
    WrongAnswer(V3_LIST, "no meta", "response.body", members={"meta": GONE}),
    WrongAnswer(V3_LIST, "pages as text", "response.body.meta.pages", members={"meta.pages": "2"}),
    WrongAnswer(V3_LIST, "no word of the next page", "response.body.meta", members={"meta.next": GONE}),
    WrongAnswer(V3_LIST, "one in place of many", "response.body.data", members={"data": {}}),
    WrongAnswer(V3_LIST, "a credit without id", "response.body.data.0", members={"data.0.id": GONE}),
    WrongAnswer(V3_EVENTS, "amount null", "response.body.data.0.amount", members={"data.0.amount": None}),
    WrongAnswer(V3_GET, "amount as a number", "response.body.amount", members={"amount": 25}),
    WrongAnswer(V3_GET, "amount in words", "response.body.amount", members={"amount": "ten"}, limit="decimal texts"),
    WrongAnswer(V3_GET, "currency null", "response.body.currency", members={"currency": None}),
    WrongAnswer(V3_GET, "metadata as a list", "response.body.metadata", members={"metadata": []}),
    WrongAnswer(V3_GET, "a time that is none", "response.body.created_at", members={"created_at": "today"}),
    WrongAnswer(V3_GET, "id as a number", "response.body.id", members={"id": 17}),
    WrongAnswer(V3_GET, "as version 2 has it", "response.body", text='{"data": {"id": "17", "attributes": {}}}'),
    WrongAnswer(
        V3_GET, "an unknown member", "response.body", members={"balance": "1.0"}, closed=True, limit="open answers"
    ),
    WrongAnswer(V3_CREATE, "undocumented success", STATUS, ANSWER, status=201, sent=200),
    WrongAnswer(V3_CREATE, "an error that is none", "response.body", status=422, text="{}"),
    WrongAnswer(V3_CREATE, "an error without code", "response.body.error", status=422, members={"error.code": GONE}),
    WrongAnswer(V3_CREATE, "an error of version 2", "response.body.error", status=422, members={"error": "Is wrong"}),
    WrongAnswer(
        V3_DELETE,
        "a failure in HTML",
        ANSWER_TYPE,
        ANSWER,
        status=500,
        text="<p>",
        headers={"Content-Type": "text/html"},
    ),
    WrongAnswer(V3_CART, "a total as a number", "response.body.total", members={"total": 31.5}),
    WrongAnswer(V3_CART, "no body", "response.body", ANSWER, text=""),
    WrongAnswer(
        V3_PROFILE,
        "no total of credit",
        "response.body.available_store_credit_total",
        members={"available_store_credit_total": None},
    ),
    WrongAnswer(V3_PROFILE, "no ETag", "response.headers.ETag", "response.header", headers={"ETag": GONE}),
    WrongAnswer(
        V3_PROFILE,
        "wait for ever",
        "response.headers.Retry-After",
        "response.header.retry-after",
        headers={"Retry-After": "for ever"},
    ),
    WrongAnswer(V3_LOGIN, "no token", "response.body", members={"token": GONE}),
)
