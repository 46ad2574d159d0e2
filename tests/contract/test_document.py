"""What holds for the document as a whole, so that those who read it by machine or by eye can rely on it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from bootstrap import ROOT
from store_credit_mock.contract import Document
from store_credit_mock.contract.document import METHODS, join

from .walking import objects

PROVENANCE = re.compile(r"(documented|recorded|read from code|decided): \S.*")


def test_the_validator_finds_nothing(document: Document) -> None:
    """openapi-spec-validator: the document is valid OpenAPI 3.1, and every reference leads somewhere."""
    assert list(OpenAPIV31SpecValidator(dict(document.data)).iter_errors()) == []


def test_the_dialect_is_that_of_openapi(document: Document) -> None:
    """Swagger UI shows a red warning over a document that names a dialect, even the one OpenAPI 3.1 is based on."""
    assert "jsonSchemaDialect" not in document.data
    assert not any("$schema" in schema for _, schema in objects(document.data["components"]["schemas"]))


def test_every_operation_is_there(document: Document) -> None:
    """Those of VINR with its events, and those of Spree, that were agreed; more may be added."""
    vinr = {"create", "retrieve", "update", "list"}
    crud = vinr | {"delete"}
    spree = {f"{resource}.{method}" for resource in CRUD for method in crud} | {
        "orders.use_store_credit",
        "checkout.add_store_credit",
        "checkout.remove_store_credit",
        "account.retrieve",
        "oauth.token",
        "oauth.revoke",
    }

    agreed = {f"vinr.store_credit.{m}" for m in vinr} | {f"spree.{name}" for name in spree}
    assert agreed <= set(document.operations)
    assert {"vinr.webhooks.store_credit_created", "vinr.webhooks.store_credit_updated"} <= set(document.webhooks)


CRUD = ("store_credits", "store_credit_categories", "store_credit_types")


def test_operations_are_named_after_their_tag(document: Document) -> None:
    """`namespace.resource.method`, one declared tag each, a short summary, a description, security of its own."""
    tags = {tag["name"] for tag in document.data["tags"]}
    for operation in document.operations.values():
        (tag,) = operation.definition["tags"]
        assert tag in tags
        assert re.fullmatch(re.escape(tag) + r"\.[a-z_]+", operation.id), operation.id
        assert len(operation.definition["summary"]) < 60
        assert not operation.definition["summary"].endswith(".")
        assert operation.definition["description"].strip()
        # Whoever asks for a token names itself in the body.
        assert bool(operation.definition["security"]) == (tag not in {"spree.oauth", "spree_v3.admin.auth"})
    used = {operation.definition["tags"][0] for operation in document.operations.values()}
    # Of their own, since generators write a file for each tag and the events would overwrite the operations.
    events = {tag for operation in document.webhooks.values() for tag in operation.definition["tags"]}
    assert events == {"vinr.webhooks", "spree_v3.webhooks"}
    assert tags == used | events
    assert all(tag["x-displayName"] for tag in document.data["tags"])
    assert sorted(tag for group in document.data["x-tagGroups"] for tag in group["tags"]) == sorted(tags)
    assert set(document.data["x-systems"]) == {tag.partition(".")[0] for tag in tags}
    for operation in document.webhooks.values():
        assert operation.id.startswith(f"{operation.definition['tags'][0]}.")


def test_upstream_names_are_kept(document: Document) -> None:
    """D31: each Spree operation names Spree's own operation id, each once; its reference knows no revocation."""
    named = [o for o in document.operations.values() if o.id.startswith("spree.") and o.id != "spree.oauth.revoke"]
    upstream = {o.definition["x-upstream-operation-id"] for o in named}

    assert len(upstream) == len(named)


def test_every_path_says_where_it_is(document: Document) -> None:
    """V6: paths carry the version; servers are hosts without a path, on every path item."""
    for path, item in document.data["paths"].items():
        assert path.startswith(("/v1/", "/api/v2/", "/spree_oauth/", "/api/v3/admin/", "/api/v3/store/"))
        assert item["servers"]
        # Who takes the first had better not reach the one with money on it.
        assert not path.startswith("/v1/") or [one["url"].count("sandbox") for one in item["servers"]] == [1, 0]
        for server in item["servers"]:
            assert re.fullmatch(r"https://(\{defaultHost\}|[a-z.]+)", server["url"])
        assert not {"summary", "description"} & set(item), "the operations describe themselves"


def test_aliases_name_an_operation_of_their_path(document: Document) -> None:
    """VINR's PATCH and Spree's PUT are aliases, never operations."""
    found = {}
    for path, item in document.data["paths"].items():
        for alias in item.get("x-aliases", []):
            assert alias["method"] in METHODS
            assert alias["method"] not in item
            assert document.operations[alias["for"]].template == path
            found[alias["for"]] = alias["method"]

    spree = [*(f"spree.{resource}.update" for resource in CRUD), "spree_v3.admin.customers.store_credits.update"]
    assert found == {"vinr.store_credit.update": "patch"} | dict.fromkeys(spree, "put")


def test_everything_says_where_it_comes_from(document: Document) -> None:
    """Each operation, schema and shared response has `x-source`, and each entry is of one of the four kinds."""
    for owner in _owners(document):
        assert owner["x-source"]
        assert [entry for entry in owner["x-source"] if not PROVENANCE.fullmatch(entry)] == []
        assert len(set(owner["x-source"])) == len(owner["x-source"])


def _owners(document: Document) -> Iterator[Mapping[str, Any]]:
    for operation in [*document.operations.values(), *document.webhooks.values()]:
        yield operation.definition
    yield from document.data["components"]["schemas"].values()
    yield from document.data["components"]["responses"].values()


def test_every_cited_recording_exists(document: Document) -> None:
    """`recorded: name` is the name of a file in tests/recordings."""
    entries = [entry for owner in _owners(document) for entry in owner["x-source"]]
    cited = {entry.removeprefix("recorded: ") for entry in entries if entry.startswith("recorded: ")}

    assert cited
    folder = ROOT / "tests" / "recordings"
    for name in cited:
        assert any((one / f"{name}.json").is_file() for one in (folder, folder / "spree-v3")), name


def test_request_bodies_are_closed(document: Document) -> None:
    """An object schema a request can reach says which members it takes; only metadata takes any."""
    reached: set[str] = set()
    for operation in document.operations.values():
        if "requestBody" in operation.definition:
            place, body = document.resolve(join(operation.pointer, "requestBody"))
            for media_type in body["content"]:
                _reach(document, join(place, "content", media_type, "schema"), reached)
    closed = 0
    for location in reached:
        schema = document.at(location)
        if schema.get("type") != "object":
            continue
        name = location.rpartition("/")[2]
        if name in {"public_metadata", "private_metadata", "SpreeStorefrontFields"}:
            assert schema["additionalProperties"] is True
        else:
            closed += 1
            assert schema["additionalProperties"] is False, location
    assert closed >= 17


def _reach(document: Document, location: str, seen: set[str]) -> None:
    location, schema = document.resolve(location)
    if location in seen or not isinstance(schema, dict):
        return
    seen.add(location)
    for name in schema.get("properties", {}):
        _reach(document, join(location, "properties", name), seen)
    for name in ("items", "additionalProperties"):
        if name in schema:
            _reach(document, join(location, name), seen)
    for name in ("oneOf", "anyOf", "allOf"):
        for number in range(len(schema.get(name, []))):
            _reach(document, join(location, name, str(number)), seen)


def test_answers_are_open(document: Document) -> None:
    """A live system may add members: no schema a response reaches forbids them."""
    answers = 0
    for operation in document.operations.values():
        for status in operation.definition["responses"]:
            place, answer = document.resolve(join(operation.pointer, "responses", status))
            for media_type in answer.get("content", {}):
                reached: set[str] = set()
                _reach(document, join(place, "content", media_type, "schema"), reached)
                for location in reached:
                    schema = document.at(location)
                    if schema.get("type") == "object":
                        answers += 1
                        assert schema.get("additionalProperties") is not False, location
                        assert "unevaluatedProperties" not in schema, location
    assert answers > 100


def test_every_component_is_used(document: Document) -> None:
    """Nothing lies in the components unused but that in which a receiver keeps events of types yet to come."""
    named = {(section, name) for section, group in document.data["components"].items() for name in group}
    used = {_target(owner)[1:] for _, owner in objects(document.data) if isinstance(owner.get("$ref"), str)}
    used |= {("examples", reference["$ref"].rsplit("/", 1)[1]) for reference in _example_references(document)}
    schemes = {("securitySchemes", name) for name in document.data["components"]["securitySchemes"]}

    assert named - used - schemes == {("schemas", "VinrEvent"), ("schemas", "SpreeV3Event")}


def _example_references(document: Document) -> Iterator[Mapping[str, Any]]:
    for _, owner in objects(document.data):
        for example in owner.get("examples", {}).values() if isinstance(owner.get("examples"), dict) else ():
            if "$ref" in example:
                yield example


def test_what_vinr_never_published_is_marked(document: Document) -> None:
    """Decisions 48, 51 and 57: who branches on such a code, or waits for such a header, may wait in vain."""
    schemas, headers = (document.data["components"][name] for name in ("schemas", "headers"))
    codes = schemas["VinrErrorDetail"]["properties"]["code"]["x-error-codes"]
    shown = {"idempotency_conflict", "invalid_api_key", "expired_api_key", "amount_too_large", "rate_limited"}

    assert {code for code, told in codes.items() if not told.get("x-ours")} == shown
    assert {name for name, header in headers.items() if header.get("x-ours")} == {
        "VinrIdempotentReplayed",
        "VinrVersion",
    }
    for text in (document.data["info"]["description"], document.data["tags"][0]["description"]):
        assert "illustrative" in text


def _target(reference: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(reference["$ref"].removeprefix("#/").split("/"))


def test_credentials_are_used_as_declared(document: Document) -> None:
    """Each scheme is used, those of one call by a named argument; the admin's token never reaches the storefront."""
    schemes = document.data["components"]["securitySchemes"]
    used = {name for o in document.operations.values() for choice in o.definition["security"] for name in choice}

    assert used == set(schemes)
    assert {name: scheme["x-argument"] for name, scheme in schemes.items() if "x-argument" in scheme} == {
        "spreeOrderToken": "order_token",
        "spreeCustomerToken": "customer_token",
        "spreeV3CustomerToken": "customer_token",
        "spreeV3CartToken": "cart_token",
    }
    for operation in document.operations.values():
        names = {name for choice in operation.definition["security"] for name in choice}
        if "/storefront/" in operation.template:
            assert names <= {"spreeOrderToken", "spreeCustomerToken"}
        elif "/platform/" in operation.template:
            assert names == {"spreeBearer"}
        elif operation.template.startswith("/spree_oauth/"):
            assert not names
        elif operation.template.startswith("/api/v3/admin/"):
            # Either suffices; an unknown key is refused beside a good token.
            assert names == ({"spreeV3SecretKey", "spreeV3StaffToken"} if "/auth/" not in operation.template else set())
        elif operation.template.startswith("/api/v3/store/"):
            # The publishable key goes with every call.
            assert all("spreeV3PublishableKey" in choice for choice in operation.definition["security"])
            assert names <= {"spreeV3PublishableKey", "spreeV3CustomerToken", "spreeV3CartToken"}
        else:
            assert [list(choice) for choice in operation.definition["security"]] == [["vinrApiKey"], ["vinrBearer"]]


def test_idempotency_is_declared_where_it_holds(document: Document) -> None:
    """VINR's POSTs take a key; of v2's those say so that leave what one request does, even two at once.

    In v3 each write takes a key, DELETE too, but two at once under one key both run, so that each says what to do.

    Two `add_store_credit` or `use_store_credit` at once leave two payments on PostgreSQL, so neither is marked.
    """
    third = [o for o in document.operations.values() if o.id.startswith("spree_v3.")]
    for operation in third:
        taken = any(parameter["name"] == "Idempotency-Key" for _, parameter in operation.parameters)
        assert taken == (operation.method != "GET"), operation.id
        login = operation.id.endswith("auth.login")
        assert ("x-if-lost" in operation.definition) == (taken and not login), operation.id
    others = [o for o in document.operations.values() if o not in third]
    writing = [o for o in others if o.method in {"POST", "PATCH"}]
    keyed = {o.id for o in writing if any(p["name"] == "Idempotency-Key" for _, p in o.parameters)}
    repeatable = {o.id for o in others if o.definition.get("x-idempotent")}
    creating = {o.id for o in others if o.definition.get("x-creates")}

    assert keyed == {o.id for o in writing if o.id.startswith("vinr.")}
    assert not keyed & repeatable
    assert {"spree.checkout.add_store_credit", "spree.orders.use_store_credit"}.isdisjoint(repeatable)
    told = {o.id for o in others if "x-if-lost" in o.definition}
    assert {o.id for o in writing} - keyed - repeatable - creating == told
    assert creating == {o.id for o in others if "201" in o.definition["responses"]}


def test_what_must_not_overlap_names_a_place_of_its_request(document: Document) -> None:
    """What changes a cart or an order has `x-serialize-by`: parameters of its own, or headers of its schemes."""
    schemes = document.data["components"]["securitySchemes"]
    serialized: dict[str, list[str]] = {}
    for operation in document.operations.values():
        named = {f"$request.{p['in']}.{p['name']}" for _, p in operation.parameters}
        for scheme in (schemes[name] for choice in operation.definition["security"] for name in choice):
            named.add(f"$request.header.{scheme['name'] if scheme['type'] == 'apiKey' else 'Authorization'}")
        expressions = operation.definition.get("x-serialize-by")
        if expressions is not None:
            assert expressions
            assert set(expressions) <= named, operation.id
            assert "decided: A11" in operation.definition["x-source"], operation.id
            serialized[operation.id] = expressions

    changing = {o.id for o in document.operations.values() if o.id.startswith(("spree.checkout.", "spree.orders."))}
    orders = ("spree_v3.admin.orders.", "spree_v3.store.carts.")
    changing |= {o.id for o in document.operations.values() if o.id.startswith(orders) and o.method != "GET"}
    assert set(serialized) == changing
    assert serialized["spree.checkout.add_store_credit"] == serialized["spree.checkout.remove_store_credit"]


def test_alternatives_point_to_a_preferred_place(document: Document) -> None:
    """An input that may stand in two places names the better one by `x-alternative`, and it exists there."""
    add = document.operations["spree.checkout.add_store_credit"]
    body = document.data["components"]["schemas"]["SpreeCheckoutAddStoreCreditBody"]["properties"]
    parameters = {parameter["name"]: parameter for _, parameter in add.parameters}

    assert {name for name, p in parameters.items() if p.get("x-alternative") == "body"} == {"amount"}
    assert "amount" in body
    assert {name for name, p in parameters.items() if p.get("x-alternative") == "header"} == {"order_token"}
    assert {name for name, member in body.items() if member.get("x-alternative") == "query"} == {"include", "fields"}
    assert {"include", "fields"} <= set(parameters)


@pytest.mark.parametrize("prefix", ["vinr.", "spree."])
def test_every_answer_carries_its_headers(prefix: str, document: Document) -> None:
    """The request id is on every response; a conditional GET can be answered 304; VINR's limits are always told."""
    for operation in document.operations.values():
        if not operation.id.startswith(prefix):
            continue
        for status in operation.definition["responses"]:
            _, answer = document.resolve(join(operation.pointer, "responses", status))
            if prefix == "vinr.":
                assert {"x-vinr-request-id", "Vinr-Version", "X-RateLimit-Limit", "X-RateLimit-Remaining"} <= set(
                    answer["headers"]
                )
                assert ("Retry-After" in answer["headers"]) == (status in {"409", "429"})
            else:
                assert "X-Request-Id" in answer["headers"]
                assert ("ETag" in answer["headers"]) == (status in {"200", "201", "304"})
        if prefix == "spree.":
            conditional = any(parameter["name"] == "If-None-Match" for _, parameter in operation.parameters)
            assert conditional == (operation.method == "GET") == ("304" in operation.definition["responses"])
