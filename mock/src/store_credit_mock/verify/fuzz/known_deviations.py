"""The list of disabled check x operation, each entry with what shows that the real system answers so.

An entry disables a check on one operation for one status and one kind of text, not the check as such. A recording that
is named as evidence must hold just that response, which test_known_deviations.py looks up; a decision is in
docs/decisions.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["KNOWN_DEVIATIONS", "KnownDeviation"]


@dataclass(frozen=True)
class KnownDeviation:
    """One check that does not count on one operation, where the response has this status and matches this pattern.

    Attributes:
        check: Name of the check.
        operation: operationId.
        status: Status of the response.
        says: Pattern searched for in the response's body.
        because: Why schemathesis cannot know better.
        evidence: `recorded: <name in tests/recordings>`, `decided: <id in docs/decisions.yaml>`, or `prepared: <name>`
            of a step of the recorded script that is no operation of the OpenAPI document.
    """

    check: str
    operation: str
    status: int
    says: str
    because: str
    evidence: tuple[str, ...]

    def covers(self, checks: Collection[str], operation: str, status: int, body: str) -> bool:
        """Whether a failure is the one that is excused."""
        return (
            self.check in checks
            and self.operation == operation
            and self.status == status
            and re.search(self.says, body) is not None
        )

    def __str__(self) -> str:
        return f"{self.check} x {self.operation}: {self.status} {self.says} ({', '.join(self.evidence)})"


_POSITIVE = "positive_data_acceptance"
_INCLUDE = "the names are an open list (x-extensible-enum), because versions of Spree differ in them"
_VALIDATION = "a model's validation of members against each other, of ids against records, of a text that says 0"
_GUARD = "whether a record may be deleted is its state, which no schema knows"
_INVALID = "can't be blank|must be greater than 0|Exceeds total credits|greater than amount"
_BLANK = "the document says in words that blanks alone are refused"
_CURRENCY = "which currencies the user's credits are in, and whether their types are left, is state"
_NOW = "the present time is not part of a schema"
_NO_CART = "a token that opens no cart is answered as if there were no cart, with 404 and not 401"
_GRANT = "what a grant needs is said in words, and whom a password or a refresh token belongs to is state"
_KEY_FIRST = "the key is looked up before the credentials, and strangers of one address share theirs"
_KEY = "whether a key was used before is state, and a generated one comes again"
_MONEY_STATE = "what an order or a cart has been paid with is state"
_LISTS = (
    "admin.customers.list", "admin.customers.store_credits.list", "admin.store_credits.list",
    "admin.store_credits.events.list", "admin.store_credit_categories.list", "admin.orders.payments.list",
    "store.customer.store_credits.list",
)  # fmt: skip
_UNKNOWN_INCLUDE = "is not specified as a relationship on Spree::"


def _positive(operation: str, status: int, says: str, because: str, *evidence: str) -> KnownDeviation:
    return KnownDeviation(_POSITIVE, operation, status, says, because, evidence)


KNOWN_DEVIATIONS: tuple[KnownDeviation, ...] = (
    # Names in include
    _positive(
        "spree.store_credits.list", 400, _UNKNOWN_INCLUDE, _INCLUDE,
        "recorded: platform.store_credits.list_include_unknown_empty",
    ),
    _positive(
        "spree.store_credits.retrieve", 400, _UNKNOWN_INCLUDE, _INCLUDE,
        "recorded: platform.store_credits.retrieve_include_docs",
    ),
    _positive(
        "spree.store_credits.create", 400, _UNKNOWN_INCLUDE, _INCLUDE,
        "recorded: platform.store_credits.create_include_unknown",
    ),
    _positive(
        "spree.store_credits.update", 400, _UNKNOWN_INCLUDE, _INCLUDE,
        "recorded: platform.store_credits.update_include_unknown",
    ),
    _positive(
        "spree.account.retrieve", 400, _UNKNOWN_INCLUDE, _INCLUDE, "recorded: storefront.account.include_store_credits"
    ),
    _positive("spree.checkout.add_store_credit", 400, _UNKNOWN_INCLUDE, _INCLUDE, "decided: R12"),
    _positive("spree.checkout.remove_store_credit", 400, _UNKNOWN_INCLUDE, _INCLUDE, "decided: D24"),
    _positive("spree.orders.use_store_credit", 400, _UNKNOWN_INCLUDE, _INCLUDE, "decided: D24"),
    # Validations
    _positive(
        "spree.store_credits.create", 422, _INVALID, _VALIDATION,
        "recorded: platform.store_credits.create_nothing", "recorded: platform.store_credits.create_zero_amount",
        "recorded: platform.store_credits.create_used_plus_authorized_gt_amount",
        "recorded: platform.store_credits.create_used_gt_amount",
    ),
    _positive(
        "spree.store_credits.update", 422, _INVALID, _VALIDATION,
        "recorded: platform.store_credits.update_several_errors", "recorded: platform.store_credits.update_amount_zero",
        "recorded: platform.store_credits.update_user_null",
    ),
    _positive(
        "spree.store_credit_categories.create", 422, "Name can't be blank", _BLANK,
        "recorded: platform.categories.create_whitespace",
    ),
    _positive(
        "spree.store_credit_categories.update", 422, "Name can't be blank", _BLANK,
        "recorded: platform.categories.update_blank",
    ),
    _positive(
        "spree.store_credit_types.create", 422, "Name can't be blank", _BLANK,
        "recorded: platform.types.create_missing_name",
    ),
    _positive(
        "spree.store_credit_types.update", 422, "Name can't be blank", _BLANK,
        "recorded: platform.types.update_blank_name",
    ),
    # Guards
    _positive(
        "spree.store_credits.delete", 422, "Can not delete store credit", _GUARD,
        "recorded: platform.store_credits.delete_used",
    ),
    _positive(
        "spree.store_credit_categories.delete", 422, "Cannot delete store credit categories", _GUARD,
        "recorded: platform.categories.delete_used",
    ),
    # Carts and orders
    _positive(
        "spree.checkout.add_store_credit", 422, r'"error": ?"", ?"errors": ?\{\}',
        "nothing to pay, or amount 0, for which the OpenAPI document says 422",
        "recorded: storefront.apply.empty_cart", "decided: D21",
    ),
    _positive(
        "spree.orders.use_store_credit", 422, r'"error": ?"", ?"errors": ?\{\}',
        "nothing to pay, or amount 0, for which the OpenAPI document says 422", "decided: D21",
    ),
    _positive(
        "spree.checkout.add_store_credit", 422, '"error": ?"Unprocessable Entity"', _CURRENCY,
        "decided: R3", "decided: D22",
    ),
    _positive(
        "spree.orders.use_store_credit", 422, '"error": ?"Unprocessable Entity"', _CURRENCY,
        "decided: R3", "decided: D22",
    ),
    # VINR
    _positive(
        "vinr.store_credit.list", 400, "cannot be sent together",
        "OpenAPI has no word for parameters that exclude each other", "decided: V9",
    ),
    _positive(
        "vinr.store_credit.list", 400, '"param": ?"(starting_after|ending_before)"', "whether a cursor exists is state",
        "decided: V10",
    ),
    _positive(
        "vinr.store_credit.create", 400, "1 to 9007199254740991", "the document states no limit, since VINR names none",
        "decided: A9",
    ),
    _positive("vinr.store_credit.create", 400, "lies in the past", _NOW, "decided: V22"),
    _positive("vinr.store_credit.update", 400, "lies in the past", _NOW, "decided: V22"),
    # Credentials
    KnownDeviation(
        "ignored_auth", "spree.checkout.add_store_credit", 404, "", _NO_CART,
        ("recorded: storefront.guest.add_store_credit_no_token",
         "recorded: storefront.guest.add_store_credit_wrong_token"),
    ),
    KnownDeviation(
        "ignored_auth", "spree.checkout.remove_store_credit", 404, "", _NO_CART,
        ("recorded: storefront.full.remove_after_complete",),
    ),
    # Spree v3
    *(
        deviation
        for operation in (
            "admin.customers.store_credits.create", "admin.customers.store_credits.update",
            "admin.customers.store_credits.delete", "admin.orders.complete", "admin.orders.cancel",
            "admin.orders.payments.capture", "admin.orders.payments.void", "admin.orders.store_credits.apply",
            "admin.orders.store_credits.remove", "store.carts.complete", "store.carts.store_credits.apply",
            "store.carts.store_credits.remove", "admin.auth.login", "store.auth.login",
        )
        for deviation in (
            _positive(f"spree_v3.{operation}", 422, "idempotency_key_reused", _KEY, "decided: T12"),
            KnownDeviation(
                "ignored_auth", f"spree_v3.{operation}", 422, "", _KEY_FIRST, ("decided: T12",),
            ),
        )
    ),
    *(
        _positive(f"spree_v3.{operation}", 422, says, because, f"recorded: v3.{name}")
        for operation, says, because, name in (
            ("admin.customers.store_credits.create", "must be greater than 0", _VALIDATION,
             "admin.store_credits.create_zero.spree561"),
            ("admin.customers.store_credits.update", "must be greater than 0", _VALIDATION,
             "admin.store_credits.update_amount_zero.spree561"),
            ("admin.customers.store_credits.update", "store_credit_in_use", _GUARD,
             "admin.store_credits.update_amount_used.spree561"),
            ("admin.customers.store_credits.delete", "store_credit_in_use", _GUARD,
             "admin.store_credits.delete_used.spree561"),
            ("admin.orders.store_credits.apply", "processing_error", _MONEY_STATE, "admin.orders.apply_zero.spree561"),
            ("admin.orders.store_credits.remove", "processing_error", _MONEY_STATE,
             "admin.orders.remove_completed.spree561"),
            ("admin.orders.cancel", "processing_error", _MONEY_STATE,
             "admin.orders.cancel_after_refund.spree600alpha"),
            ("store.carts.store_credits.apply", "processing_error", _MONEY_STATE,
             "store.carts.apply_zero_string.spree561"),
            ("store.carts.store_credits.remove", "processing_error", _MONEY_STATE,
             "store.carts.remove_after_not_covered.spree561"),
            ("store.carts.complete", "cart_cannot_complete", _MONEY_STATE,
             "store.carts.complete_not_covered.spree561"),
            ("store.carts.complete", "cart_cannot_transition", _MONEY_STATE,
             "store.carts.complete_reapplied.spree561"),
        )
    ),
    *(
        _positive(f"spree_v3.admin.orders.{operation}", 422, '"code"', _MONEY_STATE, "decided: T14")
        for operation in ("complete", "payments.capture", "payments.void")
    ),
    *(
        KnownDeviation(
            check, f"spree_v3.admin.customers.store_credits.{operation}", 500, "Internal Server Error",
            "amounts above the column's limit, and more than a customer can hold, are an error of the database",
            ("recorded: v3.admin.store_credits.create_max.spree561",) if operation == "create" else ("decided: T4",),
        )
        for operation in ("create", "update")
        for check in ("not_a_server_error", _POSITIVE)
    ),
    *(
        KnownDeviation(
            check, f"spree_v3.{operation}", 500, "Internal Server Error",
            "a page further than the database counts is an error of the database", ("decided: T24",),
        )
        for operation in _LISTS
        for check in ("not_a_server_error", _POSITIVE)
    ),
    *(
        _positive(f"spree_v3.{operation}", 403, "store", "whose store a key is is state", "decided: T23")
        for operation in (
            *(one for one in _LISTS if one.startswith("admin.")), "admin.customers.get", "admin.orders.get",
            "admin.orders.complete", "admin.orders.cancel", "admin.orders.payments.capture",
            "admin.orders.payments.void", "admin.orders.store_credits.apply", "admin.orders.store_credits.remove",
            "admin.customers.store_credits.create", "admin.customers.store_credits.get",
            "admin.customers.store_credits.update", "admin.customers.store_credits.delete", "admin.store_credits.get",
        )
    ),
    KnownDeviation(
        "unsupported_method", "spree_v3.store.carts.get", 200, "", "no operation here fills a cart",
        ("prepared: prep.cart_update",),
    ),
    *(
        _positive(f"spree_v3.{side}.auth.login", 401, "authentication_failed", _GRANT,
                  f"recorded: v3.{side}.auth.login_wrong_password.spree561")
        for side in ("admin", "store")
    ),
    # Tokens
    *(
        _positive("spree.oauth.token", status, says, _GRANT, evidence)
        for status, says, evidence in (
            (400, "Missing required parameter: ", "recorded: oauth.token.missing_grant"),
            (400, "invalid_grant", "recorded: oauth.token.refresh_garbage"),
            (400, "invalid_scope", "recorded: oauth.token.wrong_scope"),
            (401, "invalid_client", "recorded: oauth.token.wrong_secret"),
        )
    ),
)  # fmt: skip
