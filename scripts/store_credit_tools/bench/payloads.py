"""The responses that are measured: made up for VINR, made from recordings of a real server for Spree.

They are the same on every run. JSON is written without blanks, as both systems write it.
"""

from __future__ import annotations

import json
import random
import string
from functools import cache
from pathlib import Path
from typing import Any

__all__ = [
    "spree_list",
    "spree_page",
    "spree_record",
    "spree_v3_list",
    "spree_v3_page",
    "vinr_list",
    "vinr_page",
    "vinr_record",
]

RECORDINGS = Path(__file__).resolve().parents[3] / "tests" / "recordings"
RECORDING = RECORDINGS / "platform.store_credits.list_default.json"
RECORDING_OF_V3 = RECORDINGS / "spree-v3" / "v3.admin.store_credits.list.spree561.json"
ISSUED = 1795305600
"""2026-11-22T00:00:00Z, in Unix seconds."""
YEAR = 365 * 24 * 3600
LETTERS = string.ascii_letters + string.digits


def _written(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _chance(variation: int = 1) -> random.Random:
    """Chance that is the same on every run."""
    return random.Random(variation)  # noqa: S311 - nothing here is secret


def _word(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(LETTERS, k=length))


def _vinr_customer(chance: random.Random) -> dict[str, Any]:
    """An expanded customer with every field the document names."""
    return {
        "id": f"cust_{_word(chance, 4)}",
        "email": f"{_word(chance, 6).lower()}@example.com",
        "name": f"{_word(chance, 5).title()} {_word(chance, 8).title()}",
        "phone": f"+4915{chance.randrange(10**8):08}",
        "default_payment_method": f"pm_{_word(chance, 6)}",
        "created": ISSUED - chance.randrange(YEAR),
    }


def _vinr_credit(chance: random.Random, index: int, *, expanded: bool = False) -> dict[str, Any]:
    amount = chance.randrange(500, 50000)
    created = ISSUED - 977 * index - chance.randrange(900)
    return {
        "id": f"sc_{_word(chance, 6)}",
        "customer": _vinr_customer(chance) if expanded else f"cust_{_word(chance, 4)}",
        "amount": amount,
        "currency": chance.choice(["EUR", "GBP", "USD"]),
        "balance_remaining": chance.randrange(amount + 1),
        "expires_at": created + YEAR if index % 4 else None,
        "created": created,
    }


def vinr_record() -> bytes:
    """One VINR store credit."""
    return _written(_vinr_credit(_chance(), 1))


def vinr_list(count: int = 100, *, expanded: bool = False, variation: int = 1) -> bytes:
    """A VINR page whose records differ in every field; every fourth never expires.

    Args:
        count: How many records.
        expanded: Whether the customer is an object, as `expand[]=customer` has it, or an id.
        variation: Which of any number of pages with other records.
    """
    chance = _chance(variation)
    records = [_vinr_credit(chance, index, expanded=expanded) for index in range(count)]
    page = {"has_more": True, "next_cursor": records[-1]["id"], "total_estimate": 1000 * count}
    return _written({"object": "list", "data": records, "page": page})


@cache
def _vinr_halves(count: int) -> list[tuple[bytes, bytes]]:
    """What stands before and after the number in each record's id."""
    chance = _chance()
    return [(b'{"id":"sc_', _written(_vinr_credit(chance, index)).split(b",", 1)[1]) for index in range(count)]


def vinr_page(last: int, count: int, pages: int) -> bytes:
    """The page after the record with number `last`, from ids of eight digits."""
    records = [
        b'%b%08d",%b' % (before, last + place, after)
        for place, (before, after) in enumerate(_vinr_halves(count), start=1)
    ]
    end = last + count
    more = end < count * pages
    cursor = b'"sc_%08d"' % end if more else b"null"
    return b'{"object":"list","data":[%b],"page":{"has_more":%b,"next_cursor":%b,"total_estimate":%d}}' % (
        b",".join(records),
        b"true" if more else b"false",
        cursor,
        count * pages,
    )


@cache
def _recorded() -> dict[str, Any]:
    return json.loads(RECORDING.read_text("utf-8"))["response"]["body"]


def _spree_credits(count: int, first: int = 1) -> list[dict[str, Any]]:
    """The recorded records over and over, each with ids, owner and event of its own."""
    recorded = _recorded()["data"]
    records: list[dict[str, Any]] = []
    for number in range(first, first + count):
        record = json.loads(json.dumps(recorded[number % len(recorded)]))
        record["id"] = str(number)
        record["relationships"]["user"]["data"]["id"] = str(number % 37 + 2)
        for place, event in enumerate(record["relationships"]["store_credit_events"]["data"]):
            event["id"] = str(10 * number + place)
        records.append(record)
    return records


def _spree_document(records: list[dict[str, Any]], pages: int) -> dict[str, Any]:
    meta = {"count": len(records), "total_count": len(records) * pages, "total_pages": pages}
    return {**_recorded(), "data": records, "meta": meta}


def spree_record() -> bytes:
    """A Spree document of one store credit."""
    return _written({"data": _spree_credits(1)[0]})


def spree_list(count: int = 100, *, variation: int = 1) -> bytes:
    """A Spree page of full records: every attribute, and five relationships of which one is a list.

    Args:
        count: How many records.
        variation: Which of any number of pages with other records and amounts.
    """
    chance = _chance(variation)
    records = _spree_credits(count, (variation - 1) * count + 1)
    for record in records:
        for name in ("amount", "amount_used", "amount_authorized"):
            record["attributes"][name] = f"{chance.randrange(50000) / 100}"
        for name in ("created_at", "updated_at"):
            record["attributes"][name] = f"2026-11-{chance.randrange(1, 30):02}T{chance.randrange(24):02}:19:24.151Z"
    return _written(_spree_document(records, 1000))


@cache
def _spree_parts(count: int, pages: int) -> list[bytes]:
    """A page cut where a record's own number stands."""
    marks = [f"@{place}@" for place in range(count)]
    records = _spree_credits(count)
    for record, mark in zip(records, marks, strict=True):
        record["id"] = mark
    text = _written(_spree_document(records, pages))
    parts: list[bytes] = []
    for mark in marks:
        before, _, text = text.partition(mark.encode())
        parts.append(before)
    return [*parts, text]


def spree_page(number: int, count: int, pages: int) -> bytes:
    """A page by its number, from 1 on; ids are those of one long list. One past the end is empty."""
    if number > pages:
        return _written(_spree_document([], pages))
    parts = _spree_parts(count, pages)
    first = (number - 1) * count + 1
    numbered = [b"%b%d" % (part, first + place) for place, part in enumerate(parts[:-1])]
    return b"".join(numbered) + parts[-1]


@cache
def _recorded_of_v3() -> list[dict[str, Any]]:
    return json.loads(RECORDING_OF_V3.read_text("utf-8"))["response"]["body"]["data"]


def _spree_v3_credits(count: int) -> list[dict[str, Any]]:
    """The recorded records of API v3 over and over."""
    recorded = _recorded_of_v3()
    return [dict(recorded[number % len(recorded)]) for number in range(count)]


def _spree_v3_document(records: list[dict[str, Any]], number: int, pages: int) -> dict[str, Any]:
    count = len(records)
    first = (number - 1) * count
    meta = {"page": number, "limit": count, "count": count * pages, "pages": pages, "from": first + 1}
    around = {"to": first + count, "in": count, "previous": number - 1 or None}
    return {"data": records, "meta": {**meta, **around, "next": number + 1 if number < pages else None}}


def spree_v3_list(count: int = 100, *, variation: int = 1) -> bytes:
    """A page of Spree's API v3 in the form of 5.6, with every member.

    Args:
        count: How many records.
        variation: Which of any number of pages with other records and amounts.
    """
    chance = _chance(variation)
    records = _spree_v3_credits(count)
    for record in records:
        record["id"] = f"credit_{_word(chance, 10)}"
        record["customer_id"] = f"cus_{_word(chance, 10)}"
        record["memo"] = f"refund-{chance.randrange(10**6)}"
        for name in ("amount", "amount_used", "amount_remaining"):
            amount = chance.randrange(5_000_000) / 100
            record |= {name: f"{amount}", f"display_{name}": f"${amount:,.2f}"}
        for name in ("created_at", "updated_at"):
            record[name] = f"2026-11-{chance.randrange(1, 30):02}T{chance.randrange(24):02}:19:24.151Z"
    return _written(_spree_v3_document(records, 1, 1000))


@cache
def _spree_v3_parts(count: int) -> list[bytes]:
    """The records of a page, cut where a record's own number stands."""
    records = _spree_v3_credits(count)
    for record in records:
        record["id"] = "credit_@"
    return _written(records).split(b"@")


def spree_v3_page(number: int, count: int, pages: int) -> bytes:
    """A page of API v3 by its number, from 1 on; ids are those of one long list."""
    parts = _spree_v3_parts(count)
    first = (number - 1) * count + 1
    records = b"".join(b"%b%010d" % (part, first + place) for place, part in enumerate(parts[:-1])) + parts[-1]
    meta = _spree_v3_document([{}] * count, number, pages)["meta"]
    return b'{"data":%b,"meta":%b}' % (records, _written(meta))
