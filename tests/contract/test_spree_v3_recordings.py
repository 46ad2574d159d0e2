"""Every recorded exchange with Spree API v3 is one that the document, cut to the version of the server, describes."""

from __future__ import annotations

import copy
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.contract.verified import verified
from store_credit_mock.contract.version_cut import at_version, cut_to_version, versions_of
from store_credit_mock.recording import ExchangeFile, read_files

from .conftest import RECORDINGS

pytestmark = pytest.mark.takes_seconds

SYSTEM = "spree_v3"
FOLDER = RECORDINGS / "spree-v3"
VERSION = {
    "spree554": "5.5",
    "spree561": "5.6",
    "spree600alpha": "6.0-alpha",
    "spree600alpha_overlay": "6.0-alpha+ledger",
}


class Forbidden(NamedTuple):
    """Where a request departs from the document, and why the document does not allow what the server took."""

    where: str
    reason: str


_FORM = "the server reads such a text as another amount than people do (T4)"
_DROPPED = "the server drops unknown members without a word, so a misspelt one must be noticed here"
_IGNORED = "the server ignores it, so that it looks as if it had worked"
_NEGATIVE = "a negative payment raises what is due (T17)"
_LOCALE = "it changes how amounts are read (T3)"
_EVERYTHING = "the server takes it for no amount and applies everything; leave it out instead"

# What a server takes and we forbid, by step. Exact: an entry whose request becomes valid fails the test.
FORBIDDEN: Mapping[str, Forbidden] = {
    "v3.admin.all_store_credits.events_filter": Forbidden("/query", _IGNORED),
    "v3.admin.orders.apply_negative": Forbidden("/body/amount", _NEGATIVE),
    "v3.admin.store_credits.create_code": Forbidden("/body/amount", _FORM),
    "v3.admin.store_credits.create_de_query": Forbidden("/query", _LOCALE),
    "v3.admin.store_credits.create_exponent": Forbidden("/body/amount", _FORM),
    "v3.admin.store_credits.create_five_decimals": Forbidden("/body/amount", _FORM),
    "v3.admin.store_credits.create_grouped": Forbidden("/body/amount", _FORM),
    "v3.admin.store_credits.create_grouped_point": Forbidden("/body/amount", _FORM),
    "v3.admin.store_credits.create_hex": Forbidden("/body/amount", _FORM),
    "v3.admin.store_credits.create_huge": Forbidden("/body/amount", _FORM),
    "v3.admin.store_credits.create_leading_point": Forbidden("/body/amount", _FORM),
    "v3.admin.store_credits.create_metadata": Forbidden("/body", _DROPPED),
    "v3.admin.store_credits.create_number_float_error": Forbidden("/body/amount", "the server rounds it"),
    "v3.admin.store_credits.create_underscore": Forbidden("/body/amount", _FORM),
    "v3.admin.store_credits.get_expand": Forbidden("/query", _IGNORED),
    "v3.admin.store_credits.list_expand_bogus": Forbidden("/query", _IGNORED),
    "v3.admin.store_credits.list_expand_created_by": Forbidden("/query", _IGNORED),
    "v3.admin.store_credits.list_fields_array": Forbidden("/query", "the server leaves only the id"),
    "v3.admin.store_credits.list_limit_1000": Forbidden("/query/limit", "the server takes more for 100"),
    "v3.admin.store_credits.list_limit_101": Forbidden("/query/limit", "the server takes more for 100"),
    "v3.admin.store_credits.list_per_page": Forbidden("/query", _IGNORED),
    "v3.admin.store_credits.list_q_without_q": Forbidden("/query", _IGNORED),
    "v3.admin.store_credits.update_currency": Forbidden("/body", _DROPPED),
    "v3.admin.store_credits.update_foreign": Forbidden("/body", _DROPPED),
    "v3.admin.store_credits.update_metadata": Forbidden("/body", _DROPPED),
    "v3.idempotency.create_key_empty": Forbidden("/header/idempotency-key", "an empty key is none"),
    "v3.store.carts.apply_de_comma": Forbidden("/body/amount", _FORM),
    "v3.store.carts.apply_negative": Forbidden("/body/amount", _NEGATIVE),
    "v3.store.carts.apply_null": Forbidden("/body/amount", _EVERYTHING),
    "v3.store.carts.apply_object": Forbidden("/body/amount", _EVERYTHING),
    "v3.store.me.list_currency_query": Forbidden("/query", "the header X-Spree-Currency says the same (T20)"),
}


class Validators(NamedTuple):
    """Those of one version: of responses from which `fields` took members, and of all others."""

    document: Document
    fewer: ExchangeValidator
    whole: ExchangeValidator

    def of(self, exchange: ExchangeFile) -> ExchangeValidator:
        """The validator for an exchange."""
        return self.fewer if any(name.startswith("fields") for name in exchange.query) else self.whole


@pytest.fixture(scope="module")
def validators(document: Document) -> Mapping[str, Validators]:
    """By version. What is always present is required of whole responses."""
    found: dict[str, Validators] = {}
    for version in VERSION.values():
        cut = at_version(document, SYSTEM, version)
        data = copy.deepcopy(dict(cut.data))
        for schema in data["components"]["schemas"].values():
            if "x-always-present" in schema:
                schema["required"] = [*schema.get("required", []), *schema["x-always-present"]]
        whole = replace(cut, data=data, digest=f"{cut.digest}-whole")
        found[version] = Validators(cut, ExchangeValidator(cut), ExchangeValidator(whole))
    return found


@pytest.fixture(scope="module")
def recorded() -> Sequence[tuple[ExchangeFile, str]]:
    """Each exchange with the version of its server."""
    return [(one, VERSION[one.name.rpartition(".")[2]]) for one in read_files(FOLDER)]


@pytest.fixture(scope="module")
def of_operations(
    recorded: Sequence[tuple[ExchangeFile, str]], validators: Mapping[str, Validators]
) -> Sequence[tuple[ExchangeFile, str, str]]:
    """Those of operations of the document, with the operation's id."""
    found: list[tuple[ExchangeFile, str, str]] = []
    for exchange, version in recorded:
        located = validators[version].fewer.locate(exchange.method, exchange.path)
        if located.match and located.operation and located.operation.id.startswith(f"{SYSTEM}."):
            found.append((exchange, version, located.operation.id))
    return found


def test_every_recorded_response_is_described(
    of_operations: Sequence[tuple[ExchangeFile, str, str]], validators: Mapping[str, Validators]
) -> None:
    """Status, headers and body, with every member that the version always sends, and none that it does not."""
    wrong: dict[str, Any] = {}
    for exchange, version, _ in of_operations:
        validator = validators[version].of(exchange)
        response = exchange.response()
        located = validator.locate(exchange.method, exchange.path)
        result = validator.response(located, response.status, response.headers, response.body)
        if result.violations or result.notes:
            wrong[exchange.name] = [*map(str, result.violations), *map(str, result.notes)]
    assert wrong == {}
    assert len(of_operations) > 670


def test_every_request_that_a_server_took_is_allowed_or_listed(
    of_operations: Sequence[tuple[ExchangeFile, str, str]], validators: Mapping[str, Validators]
) -> None:
    """The list of exceptions is exact in name and place."""
    departing: dict[str, set[str]] = {}
    taken = 0
    for exchange, version, _ in of_operations:
        if exchange.status >= 300:
            continue
        taken += 1
        located = validators[version].fewer.locate(exchange.method, exchange.path)
        found = validators[version].fewer.request(located, exchange.request()).violations
        places = {one.pointer for one in found if one not in located.violations}
        if places:
            departing.setdefault(exchange.name.rpartition(".")[0], set()).update(places)
    assert departing.keys() == FORBIDDEN.keys()
    assert {
        name: FORBIDDEN[name].where for name, places in departing.items() if FORBIDDEN[name].where not in places
    } == {}
    assert taken > 370


def test_every_recorded_code_is_one_of_the_version(
    recorded: Sequence[tuple[ExchangeFile, str]], validators: Mapping[str, Validators]
) -> None:
    """And every code without a recording is one that was read."""
    seen: dict[str, set[str]] = defaultdict(set)
    for exchange, version in recorded:
        error = exchange.response_body.get("error") if isinstance(exchange.response_body, dict) else None
        if isinstance(error, dict):
            seen[version].add(error["code"])
    known: dict[str, set[str]] = {}
    for version, one in validators.items():
        code = one.document.data["components"]["schemas"]["SpreeV3ErrorDetail"]["properties"]["code"]
        assert code["x-extensible-enum"] == list(code["x-error-codes"])
        known[version] = set(code["x-error-codes"])
        assert seen[version] <= known[version], version
    unseen = {code for version in ("5.6", "6.0-alpha") for code in known[version]} - set().union(*seen.values())
    assert unseen == {"order_cannot_complete"}


def test_every_webhook_is_described(document: Document, validators: Mapping[str, Validators]) -> None:
    """What the listener got has the headers and the body that the document says."""
    import jsonschema_rs

    schemas = {"components": {"schemas": validators["5.6"].document.data["components"]["schemas"]}}
    names = {
        one.definition["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for one in document.webhooks.values()
        if one.id.startswith(f"{SYSTEM}.")
    }
    held = Counter[str]()
    for path in sorted(FOLDER.glob("v3.*.json")):
        for sent in json.loads(path.read_bytes()).get("webhooks") or ():
            kind = sent["body"]["name"]
            (reference,) = (one for one in names if kind.rpartition("_")[2].partition(".")[2].capitalize() in one)
            closed = jsonschema_rs.Draft202012Validator({"$ref": reference, **schemas})
            assert [error.message for error in closed.iter_errors(sent["body"])] == [], path.name
            assert sent["headers"]["X-Spree-Webhook-Event"] == kind
            assert {"X-Spree-Webhook-Signature", "X-Spree-Webhook-Timestamp"} <= sent["headers"].keys()
            held[kind] += 1
    assert held.keys() == {"store_credit.created", "store_credit.updated", "store_credit.deleted"}


def test_what_is_called_recorded_was_recorded(
    document: Document, of_operations: Sequence[tuple[ExchangeFile, str, str]]
) -> None:
    """`x-verified` of each operation names its versions, and calls recorded those that have a file here."""
    seen: dict[str, set[str]] = defaultdict(set)
    for _, version, operation in of_operations:
        seen[operation].add(version)
    versions = versions_of(document.data, SYSTEM)
    for name, operation in document.operations.items():
        if name.startswith(f"{SYSTEM}."):
            entries = verified(operation.definition)
            assert [one.version for one in entries] == list(operation.definition.get("x-versions", versions)), name
            claimed = {one.version for one in entries if one.how == "recorded"}
            assert claimed == seen[name] & {one.version for one in entries}, name


def test_a_cut_has_only_its_version(document: Document) -> None:
    """No mark is left, no operation, member, status, code or example of another version."""
    paths = {
        version: cut_to_version(document.data, SYSTEM, version)["paths"] for version in ("5.6", "6.0-alpha", "6.0")
    }
    assert "/api/v3/admin/store_credit_categories" in paths["5.6"]
    assert "/api/v3/admin/store_credits" not in paths["5.6"] | paths["6.0-alpha"]
    assert "/api/v3/admin/store_credits" in paths["6.0"]
    cut = cut_to_version(document.data, SYSTEM, "6.0")
    assert "x-versions" not in json.dumps({name: cut[name] for name in ("paths", "components", "webhooks")})
    schemas = cut["components"]["schemas"]
    credit = schemas["SpreeV3StoreCredit"]
    assert "outstanding" in credit["x-always-present"]
    assert not {"category_id", "display_amount"} & credit["properties"].keys()
    assert "customer" not in credit["x-always-present"]
    assert "category_id" not in schemas["SpreeV3StoreCreditCreate"]["properties"]
    assert "anyOf" not in schemas["SpreeV3Amount"]
    assert schemas["SpreeV3Amount"]["type"] == "string"
    assert "429" not in paths["5.6"]["/api/v3/admin/customers"]["get"]["responses"]
    assert "429" in paths["6.0"]["/api/v3/admin/customers"]["get"]["responses"]
    assert document.data["components"]["schemas"]["SpreeV3Amount"]["anyOf"][1]["x-versions"]
    with pytest.raises(ValueError, match=r"'5\.7' is not a version of spree_v3, which has the versions 5\.5, 5\.6"):
        cut_to_version(document.data, SYSTEM, "5.7")
    with pytest.raises(ValueError, match="'5' is not a version of vinr, which has no versions"):
        cut_to_version(document.data, "vinr", "5")
