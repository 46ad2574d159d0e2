"""What differs between the Spree versions the mock plays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store_credit_mock.systems.call import Call

__all__ = ["PROFILES", "Profile", "over_postgresql", "profile_of"]


@dataclass(frozen=True, slots=True)
class Profile:
    """One version.

    Attributes:
        name: As in `Options(profile=...)`.
        complete: User, category, type and creator must be there (spree.md section 5, 13.17).
        auto_type: A missing type is filled in before validation (spree.md section 4).
        needs_user: A record without a user crashes where its event is written (13.17).
        creator: JSON:API type of `created_by` (D9).
        text_errors: Whether the storefront's refusal with a text carries `errors` (D14, 13.17).
        token_life: Seconds a token lives (spree.md section 2, 13.17).
        locale: Users have `selected_locale`, and links of lists keep `locale`.
        is_v5: The members, texts and rules of 5.x (spree.md sections 3, 6 and 7; recorded on 5.3.6).
        cleans_amounts: Amounts sent as text are cleaned up as 5.3 does (spree.md section 4).
        empty_pages: What an empty list says of its pages (D16).
        currency_from_capitals: Texts for people take a currency from two or three capitals in it, else the default
            one: until 4.5 at least, amount and currency are joined and read back as one text
            (core/lib/spree/money.rb at v4.5.5).
    """

    name: str
    complete: bool
    auto_type: bool
    needs_user: bool
    creator: str
    text_errors: bool
    token_life: int
    locale: bool
    is_v5: bool
    cleans_amounts: bool
    empty_pages: int
    currency_from_capitals: bool = False


PROFILES: Final = {
    "4.5": Profile("4.5", True, True, False, "user", True, 7200, False, False, False, 0, currency_from_capitals=True),
    "4.10": Profile("4.10", False, False, True, "admin_user", False, 2_629_746, True, False, False, 0),
    "5.3": Profile("5.3", False, False, False, "admin_user", False, 2_629_746, True, True, True, 1),
}


def over_postgresql(call: Call) -> bool:
    """Whether the shop that this sandbox plays is run over PostgreSQL; over SQLite if not.

    It is by default from 5.x on, as production shops are; the recordings of 4.5 and 4.10 are of SQLite.
    """
    chosen = call.sandbox.of_systems["spree_database"]
    return profile_of(call).is_v5 if chosen is None else chosen == "postgresql"


def profile_of(call: Call) -> Profile:
    """The version this sandbox plays."""
    return PROFILES[call.sandbox.of_systems["profile"]]
