"""Reading every field of a record once, as a program would: by its attributes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["spree_flat", "spree_nested", "spree_v3", "vinr", "vinr_expanded"]


def vinr(credits: Iterable[Any]) -> None:
    """VINR credits whose customer is an id."""
    for one in credits:
        _ = one.id
        _ = one.customer
        _ = one.amount
        _ = one.currency
        _ = one.balance_remaining
        _ = one.expires_at
        _ = one.created


def vinr_expanded(credits: Iterable[Any]) -> None:
    """VINR credits whose customer is a record."""
    for one in credits:
        _ = one.id
        customer = one.customer
        _ = customer.id
        _ = customer.email
        _ = customer.name
        _ = customer.phone
        _ = customer.default_payment_method
        _ = customer.created
        _ = one.amount
        _ = one.currency
        _ = one.balance_remaining
        _ = one.expires_at
        _ = one.created


def spree_flat(credits: Iterable[Any]) -> None:
    """Spree credits with attributes and related records by name."""
    for one in credits:
        _ = one.id
        _ = one.type
        _ = one.amount
        _ = one.amount_used
        _ = one.amount_authorized
        _ = one.memo
        _ = one.currency
        _ = one.originator_type
        _ = one.deleted_at
        _ = one.created_at
        _ = one.updated_at
        _ = one.public_metadata
        _ = one.private_metadata
        _ = one.display_amount
        _ = one.display_amount_used
        _ = one.user.id
        _ = one.created_by.id
        _ = one.store_credit_category.id
        _ = one.store_credit_type.id
        for event in one.store_credit_events:
            _ = event.id


def spree_nested(credits: Iterable[Any]) -> None:
    """Spree credits in the shape they have on the wire."""
    for one in credits:
        _ = one.id
        _ = one.type
        attributes = one.attributes
        _ = attributes.amount
        _ = attributes.amount_used
        _ = attributes.amount_authorized
        _ = attributes.memo
        _ = attributes.currency
        _ = attributes.originator_type
        _ = attributes.deleted_at
        _ = attributes.created_at
        _ = attributes.updated_at
        _ = attributes.public_metadata
        _ = attributes.private_metadata
        _ = attributes.display_amount
        _ = attributes.display_amount_used
        related = one.relationships
        _ = related.user.data.id
        _ = related.created_by.data.id
        _ = related.store_credit_category.data.id
        _ = related.store_credit_type.data.id
        for event in related.store_credit_events.data:
            _ = event.id


def spree_v3(credits: Iterable[Any]) -> None:
    """Credits of Spree's API v3, flat on the wire as well."""
    for one in credits:
        _ = one.id
        _ = one.amount
        _ = one.amount_used
        _ = one.amount_remaining
        _ = one.display_amount
        _ = one.display_amount_used
        _ = one.display_amount_remaining
        _ = one.currency
        _ = one.memo
        _ = one.metadata
        _ = one.created_at
        _ = one.updated_at
        _ = one.customer_id
        _ = one.created_by_id
        _ = one.category_id
        _ = one.category_name
