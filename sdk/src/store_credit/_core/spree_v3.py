"""Spree Commerce, API v3: versions, ids, amounts, idempotency keys, error bodies.

Sources: contract/spree-v3.md, with the recordings of Spree 5.5.4, 5.6.1 and 6.0.0.alpha; contract/spree-v3-read.md for
what is read of 6.0 and marked so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from store_credit._core.amounts import canonical, check_currency
from store_credit._core.call_options import FreshKey
from store_credit._core.codec import is_object
from store_credit._core.errors import ConfigurationError, InvalidArgumentError
from store_credit._core.id_prefixes import check_id
from store_credit._core.operation import AmountArgument, Call, Operation
from store_credit._core.places import MISSING, placed, replaced
from store_credit._core.spree_v3_keys import account, is_shared, key_on_wire
from store_credit._core.spree_v3_versions import Server
from store_credit._core.system import ErrorDetails, Rules

if TYPE_CHECKING:
    from store_credit._core.credentials import Secret
    from store_credit._core.response import Response


__all__ = ["SpreeV3System"]

_LOCALE_HEADER: Final = b"x-spree-locale"
_COUNTRY_HEADER: Final = b"x-spree-country"
_LOCALE: Final = 'with X-Spree-Locale or locale=, the server reads "25.50" as 2550 in some languages'
_COUNTRY: Final = 'X-Spree-Country or country= selects a market, in whose language the server may read "25.50" as 2550'
_STORED: Final = 2
"""Decimals that servers before 6.0 keep (numeric(8,2)); what is finer they round (recorded)."""
_UNNAMED: Final = 4
"""Decimals that 6.0 takes where the request names no currency (read)."""
_KEPT: Final = frozenset({401, 403, 422, 429})
"""Refusals that the server sends again under the same key for 24 hours: those that the action or a filter writes. That
429 is one of them is not recorded; a new key is right either way, since nothing was done."""
_LARGEST: Final = Decimal("999999.99")
"""The largest amount of one credit on servers before 6.0: their columns are numeric(8,2) (recorded: 500 beyond it)."""
_LARGEST_OF_6: Final = Decimal("999999999999999.9999")
"""The same on 6.0, whose columns are numeric(19,4) (read)."""
_TOO_LARGE: Final = (
    "Spree versions before 6.0 respond with 500 to a larger amount. Issue several credits (the limit also applies "
    "to their total in the shop's currency), or if the server runs 6.0, pass server='6.0' to the client"
)
_TOO_LARGE_FOR_6: Final = "Spree cannot store a larger amount"
_ROUNDS: Final = (
    "Spree versions before 6.0 store two decimals, and round 1.525 to 1.53. Round it first, or if the server runs "
    "6.0, pass server='6.0' to the client"
)


class SpreeV3System(Rules):
    """The rules that hold for all operations of Spree's API v3.

    Args:
        server: The server's version, such as `5.6`; None where it is not known.

    Raises:
        ConfigurationError: The document knows no such version.
    """

    name = "Spree"
    takes_keys = True
    unlocked_keys = True
    spent_codes = frozenset({"completion_in_progress"})
    tenant_headers = frozenset({b"x-spree-store-id"})

    def __init__(self, server: str | None = None) -> None:
        self.known = Server(server)
        self.server = self.known.version

    def check_call(self, call: Call, params: Sequence[tuple[str, str]]) -> None:
        """Refuse what the server lacks, ids of another kind, and amounts that it would store as others."""
        operation = call.operation
        if self.known.lacks(operation.versions):
            raise ConfigurationError(
                f"{operation.id} exists only in Spree {' and '.join(operation.versions)}, but {self.known.shown}"
            )
        for one in operation.versioned:
            given = _query(call, one.place) if isinstance(one.place, str) else placed(call, one.place)
            if given is not MISSING and self.known.lacks(one.versions):
                raise InvalidArgumentError(
                    f"{one.name} exists only in Spree {' and '.join(one.versions)}, but {self.known.shown}"
                )
        for argument in operation.ids:
            value = placed(call, argument.place)
            if value is not MISSING and value is not None:
                check_id(str(value), argument.name, argument.prefixes)
        # What is repeated goes as it went before.
        if operation.amounts and call.settles is None:
            self._write_amounts(call, operation, params)

    def _write_amounts(self, call: Call, operation: Operation, params: Sequence[tuple[str, str]]) -> None:
        for amount in operation.amounts:
            value = placed(call, amount.place)
            currency = MISSING if amount.currency is None else placed(call, amount.currency)
            exponent = (
                None if currency is MISSING else check_currency(currency, str(amount.currency and amount.currency[-1]))
            )
            if value is MISSING:
                continue
            _refuse_locale(call, params)
            strict = self.server == "6.0"
            stored = (_UNNAMED if exponent is None else None) if strict else _STORED
            largest, advice = (_LARGEST_OF_6, _TOO_LARGE_FOR_6) if strict else (_LARGEST, _TOO_LARGE)
            # What is put on a cart is cut to what is due; what a credit is made or changed to must be kept.
            kept = any(echo.request == amount.place for echo in operation.echoes)
            text = canonical(value, amount.name, exponent, stored, _ROUNDS, largest if kept else None, advice)
            call.body = replaced(call.body, amount.place, text)

    def finish(self, call: Call, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Leave a client's own locale and country out where an amount goes, and write the key for who sends it."""
        if _has_amount(call):
            headers = [pair for pair in headers if not (_is_locale(pair[0]) or _is_country(pair[0], call))]
        if call.key is not None:
            # What is repeated goes under the key it went under.
            call.sent_key = str(call.key) if call.settles else key_on_wire(call, headers)
            headers.append((b"Idempotency-Key", call.sent_key.encode()))
        return headers

    def shares_keys(self, route: str) -> bool:
        """On the Store API: whoever has a key and the body is given the response, a cart's token in it."""
        return is_shared(route)

    def keeps_refusal(self, status: int) -> bool:
        """Those that an action or a filter writes; what comes from an exception (400, 404, 409, 500) is not kept."""
        return status in _KEPT

    def was_replayed(self, response: Response | None) -> bool:
        """`Idempotent-Replayed: true` says it."""
        return response is not None and response.headers.get("idempotent-replayed") == "true"

    def learn(self, result: Any) -> None:
        """A prefix or a member shows the family."""
        if self.known.version is None:
            read = getattr(result, "_json", None)
            self.known.learn(getattr(result, "body", None) if read is None else read())

    def error_details(self, body: Any) -> ErrorDetails:
        """Read `{"error": {"code", "message", "details"}}`, and Rails' own `{"status": 500, "error": text}`."""
        said: Any = cast("dict[str, Any]", body).get("error") if isinstance(body, dict) else None
        if isinstance(said, str):
            return ErrorDetails(said or None)
        if not isinstance(said, Mapping):
            return ErrorDetails()
        error = cast("Mapping[str, Any]", said)
        message, code, details = error.get("message"), error.get("code"), error.get("details")
        found: Mapping[str, Any] = cast("Mapping[str, Any]", details) if isinstance(details, Mapping) else {}
        scope = found.get("required_scope", found.get("required_permission"))
        errors = {name: _texts(value) for name, value in found.items() if not name.startswith("required_")}
        return ErrorDetails(
            message.strip() or None if isinstance(message, str) else None,
            code if isinstance(code, str) else None,
            errors=errors,
            details=found,
            scope=scope if isinstance(scope, str) else None,
        )

    def saved_before_refusing(self, status: int, details: ErrorDetails) -> bool:
        """Nothing that was asked for is done before a refusal, but for what `carts.complete` says of itself."""
        del status, details
        return False

    def refused_for_good(self, status: int, details: ErrorDetails) -> bool:
        """A refusal alone proves nothing: the first attempt may have ended without its response being kept."""
        del status, details
        return False

    def still_running(self, status: int, details: ErrorDetails) -> bool:
        """The server does not know: two under one key are both executed."""
        del status, details
        return False

    def advice(self, status: int, details: ErrorDetails, call: Call) -> str:
        """What becomes of the key, which matters where it is the caller's own."""
        own = call.key is not None and not isinstance(call.key, FreshKey)
        if details.code == "completion_in_progress":
            return ". Read the cart before you send anything else; to send the request again, use a new idempotency_key"
        if details.code == "idempotency_key_reused":
            return ". For a new action, use a new idempotency_key; to repeat an action, send the same body"
        if own and status in _KEPT:
            return (
                f". For 24 hours, the server repeats this refusal for idempotency_key {str(call.key)!r}, even if the "
                "cause has been corrected: use a new key"
            )
        if call.key is not None and status in (404, 409):
            return (
                ". Nothing was changed, and no response is stored for the idempotency key, so you may repeat the call"
            )
        return ""

    def fingerprint(self, secret: Secret) -> str:
        """A token that was renewed is of the same account."""
        return account(secret)

    def list_query(self, number: int) -> list[tuple[str, str]]:
        """A hundred are the most that a page holds; without `sort` the server promises no order."""
        return [("page", str(number)), ("limit", "100"), ("sort", "-created_at")]

    def list_extent(self, body: Any) -> tuple[int, int]:
        """`meta` says it."""
        meta: Any = cast("dict[str, Any]", body).get("meta") if isinstance(body, dict) else None
        pages, count = (
            (cast("dict[str, Any]", meta).get(name) for name in ("pages", "count"))
            if isinstance(meta, dict)
            else (None, None)
        )
        if not (type(pages) is int and type(count) is int):
            raise ValueError("meta does not contain the number of pages and records")
        return pages, count


def _texts(value: Any) -> list[str]:
    return [str(one) for one in cast("list[Any]", value)] if isinstance(value, list) else [str(value)]


def _query(call: Call, name: str) -> Any:
    return next((value for key, value in call.query if key == name), MISSING)


def _has_amount(call: Call) -> bool:
    def sent(amount: AmountArgument) -> bool:
        return is_object(call.body) and placed(call, amount.place) is not MISSING

    return any(map(sent, call.operation.amounts))


def _is_locale(name: bytes | str) -> bool:
    """Whether the server reads its locale from a header, or else from a parameter: `locale[]` is one as well."""
    if isinstance(name, bytes):
        return name.lower().replace(b"_", b"-") == _LOCALE_HEADER
    return name.partition("[")[0] == "locale"


def _is_country(name: bytes | str, call: Call) -> bool:
    """Whether the server chooses a market by it, whose language it then reads amounts in: on the admin side.

    An amount on a cart is read without any language, and there the market has a meaning.
    """
    if not call.operation.route.startswith("/api/v3/admin/"):
        return False
    if isinstance(name, bytes):
        return name.lower().replace(b"_", b"-") == _COUNTRY_HEADER
    return name.partition("[")[0] == "country"


def _refuse_locale(call: Call, params: Sequence[tuple[str, str]]) -> None:
    """A client's own header is left out of the requests that it would change; what is passed for this call is refused.

    Rails takes a parameter from the body as well as from the query.

    Raises:
        InvalidArgumentError: The call is given a locale, or a country.
        ConfigurationError: The injected HTTP client adds one to every request.
    """
    passed = [*(name for name, _ in call.headers), *(name for name, _ in call.query), *call.body]
    if any(map(_is_locale, passed)):
        raise InvalidArgumentError(f"{call.operation.id} sends an amount, and {_LOCALE}; leave the locale out")
    if any(_is_country(name, call) for name in passed):
        raise InvalidArgumentError(f"{call.operation.id} sends an amount, and {_COUNTRY}; leave the country out")
    for name, _ in params:
        if _is_locale(name) or _is_country(name, call):
            why = _LOCALE if _is_locale(name) else _COUNTRY
            raise ConfigurationError(
                f"http_client adds the query parameter {name} to every request, and {why}; leave the parameter out"
            )
