"""`llms-sdk.txt`: SDK and mock on one page short enough for any prompt, its names taken from the sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import griffe

from store_credit_tools.docs_site.reference.docstrings import described, members_of, public_members, source_of
from store_credit_tools.docs_site.reference.sdk_layout import CLIENTS, ClientOfSdk
from store_credit_tools.docs_site.reference.sdk_pages import methods_of, sdk_package

__all__ = ["LARGEST", "llms_sdk_values"]

LARGEST: Final = 15_000
"""Bytes that the file may have."""

_RECORDS: Final = ("VinrStoreCredit", "SpreeV3StoreCredit", "SpreeStoreCredit")
_PAGE: Final = re.compile(r"\w+Page\[(\w+)[^\]]*\]")
_RARE: Final = frozenset(
    {
        *("fields", "expand", "include", "sparse", "body", "filter_unchecked", "if_none_match", "request_id"),
        *("locale", "query_currency", "store_id", "vinr_version", "amount_used", "amount_authorized"),
        *("originator_id", "originator_type", "public_metadata", "private_metadata"),
    }
)
"""Arguments left out here, as a program that needs one finds it on the page of the client's methods."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client with a line for each of its methods."""

    name: str
    variable: str
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its attributes in one line."""

    name: str
    fields: str


def llms_sdk_values() -> Mapping[str, Any]:
    """What the template names.

    Raises:
        PagesError: The SDK cannot be read.
    """
    package = sdk_package()
    _, _, tree = described(package["_core.errors"]).text.partition("\n\n")
    return {
        "clients": [Client(one.name, one.variable, tuple(_methods(one))) for one in CLIENTS],
        "records": [Record(name, _fields(source_of(package["models"].members[name]))) for name in _RECORDS],
        "errors": "\n".join(_squeezed(line) for line in tree.partition("\n\n")[0].splitlines()),
        "version": str(cast("griffe.Attribute", package["_core.version.VERSION"]).value).strip("'\""),
    }


def _squeezed(line: str) -> str:
    """A line of the tree of errors without the blanks that align it."""
    return re.sub(r"(?<=\w) {2,}", ": ", line)


def _methods(client: ClientOfSdk) -> Iterator[str]:
    for path, resource, _ in methods_of(client):
        for name, function in public_members(resource, inherited=False):
            if isinstance(function, griffe.Function):
                yield f"{path}.{name}({', '.join(_arguments(function))}) -> {_result(function)}"


def _result(function: griffe.Function) -> str:
    """What it returns; a list by its records, as the kind of its pages is for those who page by hand."""
    return _PAGE.sub(r"pages of \1", str(function.returns))


def _arguments(function: griffe.Function) -> Iterator[str]:
    keyword_only = False
    for one in function.parameters:
        if one.name in {"self", "options"} or one.name in _RARE:
            continue
        if one.kind is griffe.ParameterKind.keyword_only and not keyword_only:
            keyword_only = True
            yield "*"
        # A type is of use where the value has to be given; ids are texts, as the records have them.
        if one.default is not None:
            yield f"{one.name}?"
        else:
            yield one.name if one.name.endswith("id") else f"{one.name}: {one.annotation}"


def _fields(found: griffe.Object) -> str:
    members = members_of(found, inherited=False).items()
    return ", ".join(
        f"`{name}`"
        for name, one in members
        if isinstance(one, griffe.Attribute) and one.docstring and not name.startswith("display_")
    )
