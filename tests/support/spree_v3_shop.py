"""A Spree server of API v3 in this process, with the holes of the real ones, and a desk at it.

It does what contract/spree-v3.md sections 2 and 7 say of keys, credits and carts, and no more: a key is kept when its
request has ended, so that twins are both executed; under the header of the API key, so that shoppers share theirs;
refusals by the action or a filter are kept; a filter by memo is ignored.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any, Final

import pytest

from desk import Desk
from http_library import httpx
from shops import Fate
from store_credit import (
    AsyncSpreeAdminClient,
    AsyncSpreeStoreClient,
    OutcomeUnknownError,
    SpreeAdminClient,
    SpreeStoreClient,
    spree_id,
)
from virtual import World

__all__ = ["CREATE", "CUSTOMER", "SpreeV3Shop", "V3Desk", "opened", "paths", "refusal", "token_of", "user_of"]

CUSTOMER: Final = "cus_JgaEBgznCp"
CREATE: Final[dict[str, Any]] = {"amount": "25.00", "currency": "USD", "memo": "refund-4711"}

_SUMS: Final = (
    "item adjustment discount tax included_tax additional_tax gift_card delivery store_credit".split()  # noqa: SIM905
)
CART: Final[dict[str, Any]] = {
    **{f"{name}_total": "1.0" for name in _SUMS},
    **{f"display_{name}_total": "$1.00" for name in _SUMS},
    **dict.fromkeys(("total", "amount_due"), "9.0"),
    **dict.fromkeys(("display_total", "display_amount_due"), "$9.00"),
    **dict.fromkeys(("market_id", "email", "customer_note", "locale", "market", "gift_card")),
    **dict.fromkeys(("billing_address", "shipping_address")),
    **{name: [] for name in ("warnings", "completed_steps", "requirements", "discounts", "items", "fulfillments")},
    **{name: [] for name in ("payments", "payment_methods")},
    "number": "R1",
    "currency": "USD",
    "total_quantity": 1,
    "covered_by_store_credit": False,
    "current_step": "payment",
    "shipping_eq_billing_address": False,
}

_CREDITS: Final = re.compile(r"/api/v3/admin/customers/([^/]+)/store_credits(?:/([^/]+))?")
_CART: Final = re.compile(r"/api/v3/store/carts/([^/]+)(/store_credits|/complete)?")
_DAY: Final = 24 * 3600.0

Answer = tuple[int, Any]


def token_of(user: int, number: int = 1) -> str:
    """A token of a user; each number gives another one, as signing in again does."""
    parts = [{"alg": "HS256"}, {"user_id": user, "aud": "admin_api", "exp": 1000 + number, "jti": f"j{number}"}]
    texts = [urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts]
    return ".".join([*texts, f"signature{number}"])


def user_of(token: str) -> Any:
    """Who a token is of."""
    payload = token.split(".")[1]
    return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["user_id"]


def refusal(code: str, message: str = "no", **details: Any) -> Any:
    """An error body of the API."""
    return {"error": {"code": code, "message": message} | ({"details": details} if details else {})}


class SpreeV3Shop:
    """Requests, and the work on them that goes on without their clients.

    Attributes:
        fate: Says of each write what becomes of it.
        refuse: Says which refusal a write gets, or None; asked when it is executed.
        valid: Bearer tokens that are good; None for all.
        records: The credits that were made, in order.
        carts: What has been put on each cart, in order.
        requests: What it was sent.
    """

    def __init__(self, world: World, fate: Callable[[httpx.Request], Fate] | None = None, *, six: bool = False) -> None:
        self.world, self.six = world, six
        self.fate: Callable[[httpx.Request], Fate] = fate or (lambda request: ("done", 0.0))
        self.refuse: Callable[[httpx.Request], Answer | None] = lambda request: None
        self.valid: set[str] | None = None
        self.records: list[dict[str, Any]] = []
        self.carts: dict[str, list[str]] = {}
        self.requests: list[httpx.Request] = []
        self.kept: dict[tuple[str, str], tuple[float, str, Answer]] = {}
        self.skew = timedelta()
        self._slow: list[tuple[float, Callable[[], Any]]] = []

    @property
    def writes(self) -> list[httpx.Request]:
        """The requests that change something."""
        return [one for one in self.requests if one.method != "GET"]

    @property
    def keys(self) -> list[str]:
        """The idempotency keys of the writes."""
        return [one.headers["idempotency-key"] for one in self.writes]

    def catch_up(self) -> None:
        """Commit what was slow, if its time has come."""
        due = sorted(one for one in self._slow if one[0] <= self.world.passed)
        self._slow = [one for one in self._slow if one[0] > self.world.passed]
        for _, work in due:
            work()

    async def awaited(self, request: httpx.Request) -> httpx.Response:
        """The same, for async clients."""
        return self(request)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Respond, or lose what belongs to the request."""
        self.requests.append(request)
        self.catch_up()
        if request.method == "GET":
            return self.respond(self.read(request))
        kind, number = self.fate(request)
        if kind == "lost before":
            raise (httpx.ConnectError("refused") if number else httpx.ReadTimeout("slow"))
        if kind == "503 before":
            return self.respond((503, None))
        if kind == "status":
            return self.respond((int(number), {"status": int(number), "error": "Internal Server Error"}))
        work = self.begin(request)
        if kind == "slow":
            self._slow.append((self.world.passed + number, work))
            raise httpx.ReadTimeout("slow")
        answer = work()
        if kind == "lost after":
            raise (httpx.RemoteProtocolError("cut") if number else httpx.ReadTimeout("slow"))
        return self.respond((503, None) if kind == "503 after" else answer)

    def respond(self, answer: Answer) -> httpx.Response:
        """Make a response."""
        status, body, *replayed = answer
        date = format_datetime((self.world.now() + self.skew).replace(microsecond=0), usegmt=True)
        headers = {"Date": date, "Content-Type": "application/json"}
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        return httpx.Response(status, content=b"" if body is None else json.dumps(body).encode(), headers=headers)

    def begin(self, request: httpx.Request) -> Callable[[], Answer]:
        """Look a key up, at once; what is returned executes what has none, and only then keeps its response."""
        key = request.headers.get("idempotency-key")
        place = (self.owner(request), str(key))
        asked = f"{request.method}:{request.url.path}:".encode() + request.content
        print_ = hashlib.sha256(asked).hexdigest()
        found = self.kept.get(place)
        if key and found is not None and found[0] + _DAY > self.world.passed:
            answer: Any = (*found[2], True) if found[1] == print_ else (422, refusal("idempotency_key_reused"))
            return lambda: answer

        def execute() -> Answer:
            answer = self.refuse(request) or self.write(request)
            by_exception = answer[0] in (400, 404, 409) and answer[1]["error"]["code"] != "completion_in_progress"
            if key and not by_exception and answer[0] < 500:
                self.kept[place] = (self.world.passed, print_, answer)
            return answer

        return execute

    def owner(self, request: httpx.Request) -> str:
        """Whose keys these are: the API key's, else the user's, else the address's."""
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        known = bearer and (self.valid is None or bearer in self.valid)
        return request.headers.get("x-spree-api-key") or (f"user {user_of(bearer)}" if known else "address")

    def write(self, request: httpx.Request) -> Answer:
        """Execute a request that changes something."""
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.valid is not None and bearer and bearer not in self.valid:
            return 401, refusal("authentication_required", "Authentication required")
        path, body = request.url.path, json.loads(request.content or b"{}")
        found = _CREDITS.fullmatch(path)
        if found is not None and request.method == "POST":
            return 201, self.made(found[1], body)
        if found is not None:
            (record,) = [one for one in self.records if one["id"] == found[2]] or [None]
            if record is None:
                return 404, refusal("record_not_found")
            if request.method == "DELETE":
                self.records.remove(record)
                return 204, None
            record |= {name: str(Decimal(one)) if name == "amount" else one for name, one in body.items()}
            return 200, record
        found = _CART.fullmatch(path)
        assert found is not None, path
        self.carts.setdefault(found[1], []).append(str(body.get("amount")))
        return 200, CART | {"id": found[1], "token": f"token of {bearer}"}

    def made(self, customer: str, body: dict[str, Any]) -> dict[str, Any]:
        """A new credit. Whose it is the number behind the prefix says, whatever the prefix is."""
        prefix = "cust_" if self.six else "cus_"
        amount = str(float(body["amount"]))
        record: dict[str, Any] = {
            "id": spree_id("credit", len(self.records) + 1),
            "amount": amount,
            "amount_used": "0.0",
            "amount_remaining": amount,
            "currency": body["currency"],
            "memo": body.get("memo"),
            "metadata": {},
            "created_at": (self.world.now() + self.skew).isoformat(timespec="milliseconds"),
            "updated_at": (self.world.now() + self.skew).isoformat(timespec="milliseconds"),
            "customer_id": prefix + customer.partition("_")[2],
            "created_by_id": None,
        } | ({} if self.six else {"category_id": "sccat_UkLWZg9DAJ", "category_name": "Default"})
        self.records.append(record)
        return record

    def read(self, request: httpx.Request) -> Answer:
        """A page of a customer's credits, the newest first if that is asked for. A filter by memo is ignored."""
        found = _CREDITS.fullmatch(request.url.path)
        if found is None:
            return 200, {"data": [], "meta": self.meta(1, 25, 0)}
        mine = [one for one in self.records if one["customer_id"].partition("_")[2] == found[1].partition("_")[2]]
        if request.url.params.get("sort") == "-created_at":
            mine.reverse()
        page, limit = int(request.url.params.get("page", 1)), min(int(request.url.params.get("limit", 25)), 100)
        return 200, {"data": mine[(page - 1) * limit :][:limit], "meta": self.meta(page, limit, len(mine))}

    @staticmethod
    def meta(page: int, limit: int, count: int) -> dict[str, Any]:
        """What a page says of its list."""
        pages = max(1, -(-count // limit))
        first, last = (0, 0) if not count else ((page - 1) * limit + 1, min(page * limit, count))
        around = {"previous": page - 1 if page > 1 else None, "next": page + 1 if page < pages else None}
        return {
            "page": page,
            "limit": limit,
            "count": count,
            "pages": pages,
            "from": first,
            "to": last,
            "in": 1,
            **around,
        }


class V3Desk(Desk):
    """Clients at a shop of API v3, whose time is the shop's."""

    def client(self, **settings: Any) -> Any:
        """A new client of the Admin API, as another process has one."""
        made = {"secret_key": "sk_one"} if "staff_token" not in settings else {}
        return self._client(AsyncSpreeAdminClient, SpreeAdminClient, {**made, **settings})

    def store(self, **settings: Any) -> Any:
        """A new client of the Store API."""
        return self._client(AsyncSpreeStoreClient, SpreeStoreClient, {"publishable_key": "pk_one", **settings})

    def _client(self, awaited: Any, blocking: Any, settings: dict[str, Any]) -> Any:
        settings = {"base_url": "http://spree.test", **settings}
        if self.kind == "sync":
            http_client: Any = httpx.Client(transport=httpx.MockTransport(self.shop))
            client = blocking(**{"http_client": http_client, **settings})
            client._transport.sleep = self._sleep
        else:
            http_client = httpx.AsyncClient(transport=httpx.MockTransport(self.shop.awaited))
            client = awaited(**{"http_client": http_client, **settings})
            client._transport.sleep = self._nap
        client._settings.clock = self.world
        return client

    def create(self, client: Any, customer: str = CUSTOMER, **arguments: Any) -> Any:
        """What a create gives."""
        return self.run(lambda: client.customers.store_credits.create(customer, **{**CREATE, **arguments}))

    def lost(self, client: Any, **arguments: Any) -> OutcomeUnknownError:
        """The error of a create whose outcome is unknown."""
        with pytest.raises(OutcomeUnknownError) as raised:
            self.create(client, **arguments)
        return raised.value

    @property
    def now(self) -> datetime:
        """What time it is."""
        return self.world.now()


def opened(*fates: Any, kind: str = "sync", **options: Any) -> V3Desk:
    """A desk at a shop where the writes have these fates."""
    left = list(fates)
    world = World()
    return V3Desk(kind, SpreeV3Shop(world, lambda request: left.pop(0) if left else ("done", 0.0), **options), world)


def paths(at: V3Desk) -> list[str]:
    """What was asked, in order."""
    return [f"{one.method} {one.url.params.get('page', '')}".strip() for one in at.shop.requests]
