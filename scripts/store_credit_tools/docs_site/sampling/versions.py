"""The samples of Spree's API v3 as each of its versions responds to them.

The pages show those of the mock's usual version. In others, ids of customers may begin otherwise, and since 6.0-alpha
a cart and its order are two records, each with a number of its own: for samples about orders, those are made first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, Final

from store_credit_mock import Response
from store_credit_mock.contract import Document
from store_credit_mock.contract.version_cut import versions_of
from store_credit_mock.systems.spree_v3.ids import encode, prefix_of
from store_credit_mock.systems.spree_v3.profiles import DEFAULT, PROFILES
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.requests import CREDENTIALS, Header, SampleRequest
from store_credit_tools.docs_site.sampling.sandbox import SampleSandbox

__all__ = ["VersionResponse", "prepare_orders", "requests_in", "version_responses"]

_SYSTEM: Final = "spree_v3"
_ADMIN: Final = f"{_SYSTEM}.admin."
_ORDERS: Final = "/api/v3/admin/orders"
_STORE_CREDIT: Final = f"/api/v3/admin/payment_methods/pm_{encode(1)}"
_ADDRESS: Final = {
    "first_name": "Alice", "last_name": "Archer", "address1": "1 Main St", "city": "New York", "postal_code": "10001",
    "phone": "5551234567", "country_iso": "US", "state_abbr": "NY",
}  # fmt: skip
_ALICE, _CAROL, _DAVE, _NORA = 1, 3, 4, 7
"""Numbers of customers in the sandbox."""
_BEFORE: Final = 3
"""Orders in the sandbox of 6.0: the completed carts of `SAMPLES`."""
_DRAFT, _PAID, _AUTHORIZED, _VOIDED = (_BEFORE + place for place in (1, 2, 3, 4))
"""Numbers of the orders that are made in addition, in this order."""
_RECORDS: Final[Mapping[str, Mapping[str, tuple[int, int]]]] = {
    "orders.get": {"or": (1, _DRAFT)},
    "orders.complete": {"or": (3, _PAID)},
    "orders.cancel": {"or": (4, 1)},
    "orders.payments.list": {"or": (5, _AUTHORIZED)},
    "orders.payments.capture": {"or": (5, _AUTHORIZED), "py": (4, 7)},
    "orders.payments.void": {"or": (6, _VOIDED), "py": (5, 8)},
    "orders.store_credits.apply": {"or": (1, _DRAFT)},
    "orders.store_credits.remove": {"or": (1, _DRAFT)},
}
"""By operation and prefix, the number of the record that its sample names, and of a similar one since 6.0-alpha."""


@dataclass(frozen=True, slots=True)
class VersionResponse:
    """What a version responds to a sample.

    Attributes:
        ids: Ids in the request that the page shows, each with the id that stands for it in this version.
        response: The mock's response; None for the version that the page shows.
    """

    ids: Mapping[str, str]
    response: Response | None


def version_responses(
    document: Document, requests: Mapping[str, SampleRequest]
) -> Mapping[str, Mapping[str, VersionResponse]]:
    """Play the samples of Spree's API v3 in each of its versions, oldest first; operations that one lacks are left out.

    Args:
        document: The document.
        requests: The samples' requests by operationId.

    Raises:
        SampleError: The mock refuses a request; the text names the version.
    """
    found: dict[str, Mapping[str, VersionResponse]] = {}
    for version in versions_of(document.data, _SYSTEM):
        known = _having(version, document, requests)
        if version == DEFAULT:
            found[version] = {name: VersionResponse({}, None) for name in known}
        elif version in PROFILES and known:
            found[version] = _played(version, known)
    return found


def requests_in(version: str, document: Document, requests: Mapping[str, SampleRequest]) -> Mapping[str, SampleRequest]:
    """The samples of Spree's API v3 as a version takes them: of the operations it has, with the ids it has.

    Args:
        version: One that the mock plays.
        document: The document.
        requests: The samples' requests by operationId.
    """
    return {
        name: replace(request, path=_path(version, request))
        for name, request in _having(version, document, requests).items()
    }


def prepare_orders(version: str, requests: Mapping[str, SampleRequest], sandbox: SampleSandbox) -> None:
    """Make the orders that samples of a version name beyond those that its sandbox holds; before 6.0-alpha none.

    Args:
        version: The one that the sandbox plays.
        requests: The samples' requests by operationId.
        sandbox: Where they are made.

    Raises:
        SampleError: The mock refuses a request.
    """
    about = next((request for request in requests.values() if _needs_orders(version, request)), None)
    if about is not None:
        sandbox.prepare(list(_preparations(about)))


def _having(version: str, document: Document, requests: Mapping[str, SampleRequest]) -> Mapping[str, SampleRequest]:
    """The samples of the operations that a version has."""
    return {
        name: request
        for name, request in requests.items()
        if name.startswith(f"{_SYSTEM}.")
        and version in document.operations[name].definition.get("x-versions", [version])
    }


def _played(version: str, requests: Mapping[str, SampleRequest]) -> Mapping[str, VersionResponse]:
    made: dict[str, VersionResponse] = {}
    with closing(SampleSandbox(requests, version)) as sandbox:
        prepared = False
        # Last those that need other orders: the rest is as on any mock that plays this version.
        for name, request in sorted(requests.items(), key=lambda one: _needs_orders(version, one[1])):
            if not prepared and _needs_orders(version, request):
                prepare_orders(version, requests, sandbox)
                prepared = True
            asked = replace(request, path=_path(version, request))
            try:
                made[name] = VersionResponse(_ids(version, request), sandbox.answer(asked))
            except SampleError as error:
                raise SampleError(f"Spree {version}: {error}") from error
    return made


def _needs_orders(version: str, request: SampleRequest) -> bool:
    return PROFILES[version].is_v6 and request.operation.removeprefix(_ADMIN) in _RECORDS


def _path(version: str, request: SampleRequest) -> str:
    path = request.path
    for before, after in _ids(version, request).items():
        path = path.replace(before, after)
    return path


def _ids(version: str, request: SampleRequest) -> Mapping[str, str]:
    """The ids in a request's path that stand for others in a version."""
    usual, other = (prefix_of(PROFILES[one], "customer") for one in (DEFAULT, version))
    found = {part: f"{other}_{part.removeprefix(f'{usual}_')}" for part in request.path.split("/")}
    found = {before: after for before, after in found.items() if before.startswith(f"{usual}_") and before != after}
    if _needs_orders(version, request):
        for prefix, numbers in _RECORDS[request.operation.removeprefix(_ADMIN)].items():
            before, after = (f"{prefix}_{encode(number)}" for number in numbers)
            found[before] = after
    return found


def _preparations(like: SampleRequest) -> Iterator[SampleRequest]:
    """Make the orders of `_RECORDS`, like those that the samples of the usual version find."""
    headers = (
        Header("X-Spree-Api-Key", "", CREDENTIALS["spreeV3SecretKey"]),
        Header("Content-Type", "application/json"),
    )

    def ask(method: str, path: str, body: Any = None) -> SampleRequest:
        return replace(like, method=method, path=path, query=(), headers=headers, body=body)

    def draft(customer: int, variant: int) -> SampleRequest:
        items = [{"variant_id": f"variant_{encode(variant)}", "quantity": 1}]
        addresses = {"shipping_address": _ADDRESS, "billing_address": _ADDRESS}
        return ask("POST", _ORDERS, {"customer_id": f"cust_{encode(customer)}", "items": items, **addresses})

    yield draft(_NORA, 1)
    # The payment of a completed order can still be captured or voided only if the method does not capture it at once.
    yield ask("PATCH", _STORE_CREDIT, {"capture_method": "manual"})
    for number, customer in ((_PAID, _ALICE), (_AUTHORIZED, _CAROL), (_VOIDED, _DAVE)):
        yield draft(customer, 2)
        yield ask("POST", f"{_ORDERS}/or_{encode(number)}/store_credits", {})
        if number != _PAID:
            yield ask("PATCH", f"{_ORDERS}/or_{encode(number)}/complete")
    yield ask("PATCH", _STORE_CREDIT, {"capture_method": "checkout"})
