"""Changes to the OpenAPI document that break clients, each with its message, and changes that break none."""

import copy
import functools
from collections.abc import Callable
from typing import Any

__all__ = ["BREAKS", "HARMLESS", "OURS", "Data", "edited"]

Data = dict[str, Any]

GONE = object()
"""In place of a value: the member is removed."""

LIST, CREATE = (("paths", "/v1/store-credit", method) for method in ("get", "post"))
CREDITS = ("paths", "/api/v2/platform/store_credits")
ADD = ("paths", "/api/v2/storefront/checkout/add_store_credit", "post")
SCHEMAS, PARAMETERS = ("components", "schemas"), ("components", "parameters")
ATTRIBUTES = (*SCHEMAS, "SpreeStoreCreditAttributes")
CREATED = ("webhooks", "store_credit.created", "post", "parameters")
EVENT = (*SCHEMAS, "VinrStoreCreditUpdatedEvent")
TEXT = {"type": "string"}
STORE = {"name": "store", "in": "query", "schema": TEXT}

Edit = tuple[tuple[str, ...], Any]


def renamed(old: str, new: str) -> Callable[[Data], Data]:
    """Give a member another name."""
    return lambda members: {new if name == old else name: value for name, value in members.items()}


def edited(data: Data, *edits: Edit) -> Data:
    """A copy in which members are set, removed, or made of what they were by a function."""
    copied = copy.deepcopy(data)
    for (*way, name), value in edits:
        holder = functools.reduce(lambda inner, step: inner[step], way, copied)
        holder[name] = value(holder.get(name)) if callable(value) else value
        if value is GONE:
            del holder[name]
    return copied


def plus(item: Any) -> Callable[[list[Any]], list[Any]]:
    """Add to a list."""
    return lambda items: [*items, item]


def minus(*gone: Any) -> Callable[[list[Any]], list[Any]]:
    """Take from a list: items, or parameters by their name."""
    return lambda items: [one for one in items if (one.get("name") if isinstance(one, dict) else one) not in gone]


def with_member(name: str, **members: Any) -> Callable[[list[Data]], list[Data]]:
    """Set members of the parameter of a name."""
    return lambda items: [{**one, **members} if one.get("name") == name else one for one in items]


def without_last(items: list[Any]) -> list[Any]:
    """Take the last from a list."""
    return items[:-1]


def other_type(content: Data) -> Data:
    """Send JSON:API's bodies as plain JSON."""
    return {"application/json": content["application/vnd.api+json"]}


# What Redocly says of a break, and the changes that make it; those that touch one place are in different runs.
BREAKS: tuple[dict[str, tuple[Edit, ...]], ...] = (
    {
        "`DELETE /api/v2/platform/store_credits/{id}` was removed": (
            (("paths", "/api/v2/platform/store_credits/{id}", "delete"), GONE),
        ),
        "`operationId` of operation `GET /api/v2/platform/store_credits` changed": (
            ((*CREDITS, "get", "operationId"), "spree.store_credits.all"),
        ),
        "Properties of `store_credit` became required: `memo`": (
            ((*SCHEMAS, "SpreeStoreCreditCreate", "required"), plus("memo")),
        ),
        "Properties of `VinrStoreCreditCreate` became required: `reason`": (
            ((*SCHEMAS, "VinrStoreCreditCreate", "properties", "reason"), TEXT),
            ((*SCHEMAS, "VinrStoreCreditCreate", "required"), plus("reason")),
        ),
        "Property `memo` of `store_credit` was removed": (
            ((*SCHEMAS, "SpreeStoreCreditUpdate", "properties", "memo"), GONE),
        ),
        "Property `balance_remaining` of `VinrStoreCredit` was removed": (
            ((*SCHEMAS, "VinrStoreCredit", "properties", "balance_remaining"), GONE),
            ((*SCHEMAS, "VinrStoreCredit", "required"), minus("balance_remaining")),
        ),
        "Property `memo` of `attributes` was removed": (
            ((*ATTRIBUTES, "properties", "memo"), GONE),
            ((*ATTRIBUTES, "x-always-present"), minus("memo")),
        ),
        "Enum lost values: 'data.customer'": (
            ((*PARAMETERS, "VinrExpandInList", "schema", "items", "enum"), minus("data.customer")),
        ),
        "Response `409` was removed": (((*CREATE, "responses", "409"), GONE),),
        "Type of `amount` widened from 'integer' to 'string'": (
            ((*SCHEMAS, "VinrStoreCredit", "properties", "amount", "type"), "string"),
        ),
        "Required `store` query parameter was added": (
            ((*CREDITS, "get", "parameters"), plus({**STORE, "required": True})),
        ),
        "`limit` query parameter was removed": (((*LIST, "parameters"), minus("limit")),),
        "Media type `application/x-www-form-urlencoded` was removed": (
            ((*CREATE, "requestBody", "content", "application/x-www-form-urlencoded"), GONE),
        ),
        "Request body became required": (((*ADD, "requestBody", "required"), True),),
        "Upper bound changed from '<= 500' to '<= 100'": (((*PARAMETERS, "SpreePerPage", "schema", "maximum"), 100),),
        "Path `/webhooks/store_credit.updated` was removed": ((("webhooks", "store_credit.updated"), GONE),),
        "Property `X-Vinr-Timestamp` of `headers` was removed": ((CREATED, without_last),),
    },
    {
        "Type of `amount` widened from 'integer' to 'integer | null'": (
            ((*SCHEMAS, "VinrStoreCredit", "properties", "amount", "type"), ["integer", "null"]),
        ),
        "Media type `application/vnd.api+json` became `application/json`": (
            ((*CREDITS, "get", "responses", "200", "content"), other_type),
        ),
        "Properties of `headers` are no longer required: `X-Vinr-Timestamp`": (
            ((*PARAMETERS, "VinrTimestamp", "required"), False),
        ),
        "Property `created` of `body` was removed": (
            ((*EVENT, "properties", "created"), GONE),
            ((*EVENT, "required"), minus("created")),
        ),
    },
    {
        "Type of `X-Vinr-Timestamp` widened from 'integer' to 'string'": (
            ((*PARAMETERS, "VinrTimestamp", "schema", "type"), "string"),
        ),
    },
)

HARMLESS: tuple[Edit, ...] = (
    (("paths", "/v1/new"), {"get": {"operationId": "vinr.new.list", "responses": {"200": {"description": "New."}}}}),
    ((*SCHEMAS, "VinrStoreCredit", "properties", "status"), TEXT),
    ((*SCHEMAS, "SpreeStoreCreditCreate", "properties", "note"), TEXT),
    ((*CREDITS, "get", "parameters"), plus(STORE)),
    ((*CREDITS, "get", "description"), "Other words."),
    (CREATED, plus({"name": "X-Vinr-Attempt", "in": "header", "schema": {"type": "integer"}})),
    ((*EVENT, "properties", "livemode"), {"type": "boolean"}),
)
"""A new operation, members, field, parameter and header, and other words: what clients do not notice."""


TYPES = ("paths", "/api/v2/platform/store_credit_types", "post")
OURS: dict[str, Edit] = {
    "the default of the query parameter limit of GET /v1/store-credit changed from 10 to 25": (
        (*LIST, "parameters"), with_member("limit", schema={"type": "integer", "default": 25})
    ),
    "the header X-Vinr-Timestamp of the webhook store_credit.created is gone": (
        (*PARAMETERS, "VinrTimestamp", "name"), "X-Vinr-Time"
    ),
    "the header X-Vinr-Timestamp of the webhook store_credit.created may now be missing": (
        (*PARAMETERS, "VinrTimestamp", "required"), False
    ),
    "the header x-vinr-request-id of the response 200 of GET /v1/store-credit may now": (
        ("components", "headers", "VinrRequestId", "required"), False
    ),
    "the property memo of SpreeStoreCreditAttributes is not `x-always-present` any more": (
        (*ATTRIBUTES, "x-always-present"), minus("memo")
    ),
    "no longer has the value allocation": (
        (*SCHEMAS, "SpreeStoreCreditEventAttributes", "properties", "action", "x-extensible-enum"), minus("allocation")
    ),
    "no longer has the value resource_missing": (
        (*SCHEMAS, "VinrErrorDetail", "properties", "code", "x-extensible-enum"), minus("resource_missing")
    ),
    "the schema VinrUnknownEventData was removed, but its class is public": (
        SCHEMAS, renamed("VinrUnknownEventData", "VinrOtherEventData")
    ),
    "`x-argument` of the security scheme spreeOrderToken changed from order_token to token": (
        ("components", "securitySchemes", "spreeOrderToken", "x-argument"), "token"
    ),
    "`name` of the security scheme vinrApiKey changed from X-Api-Key to Api-Key": (
        ("components", "securitySchemes", "vinrApiKey", "name"), "Api-Key"
    ),
    "PATCH /api/v2/platform/store_credits/{id} is no longer `x-idempotent`": (
        ("paths", "/api/v2/platform/store_credits/{id}", "patch", "x-idempotent"), GONE
    ),
    "PATCH /api/v2/platform/store_credits/{id} is now `x-creates`": (
        ("paths", "/api/v2/platform/store_credits/{id}", "patch", "x-creates"), True
    ),
    "GET /v1/store-credit no longer has a method in the SDK": ((*LIST, "x-no-sdk-method"), "Nobody wants it."),
    "the tag of GET /v1/store-credit changed": ((*LIST, "tags"), ["vinr.credit"]),
    "the operationId of GET /v1/store-credit changed from vinr.store_credit.list to vinr.store_credit.all": (
        (*LIST, "operationId"), "vinr.store_credit.all"
    ),
    "the path /v1/store-credit is gone": (("paths",), renamed("/v1/store-credit", "/v2/store-credit")),
    "GET /v1/store-credit is gone": (LIST, GONE),
    "the server https://sandbox.api.vinr.com of /v1/store-credit is gone": (
        ("paths", "/v1/store-credit", "servers"), lambda items: [one for one in items if "sandbox" not in one["url"]]
    ),
    "GET /v1/store-credit no longer accepts the credentials vinrBearer": (
        (*LIST, "security"), [{"vinrApiKey": []}]
    ),
    "POST /spree_oauth/token now requires credentials": (
        ("paths", "/spree_oauth/token", "post", "security"), [{"spreeBearer": []}]
    ),
    "the query parameter limit of GET /v1/store-credit is gone": ((*LIST, "parameters"), minus("limit")),
    "the query parameter store of GET /v1/store-credit is new and required": (
        (*LIST, "parameters"), plus({**STORE, "required": True})
    ),
    "the query parameter customer of GET /v1/store-credit is now required": (
        (*LIST, "parameters"), with_member("customer", required=True)
    ),
    "`explode` of the query parameter include of GET /api/v2/platform/store_credits changed": (
        (*PARAMETERS, "SpreeStoreCreditInclude", "explode"), True
    ),
    "`maximum` of the query parameter per_page": ((*PARAMETERS, "SpreePerPage", "schema", "maximum"), 100),
    "takes only customer now": ((*PARAMETERS, "VinrExpandInList", "schema", "items", "enum"), ["customer"]),
    "the request body of POST /api/v2/storefront/checkout/add_store_credit is now required": (
        (*ADD, "requestBody", "required"), True
    ),
    "has no application/x-www-form-urlencoded any more": (
        (*CREATE, "requestBody", "content", "application/x-www-form-urlencoded"), GONE
    ),
    "the response 409 of POST /v1/store-credit is gone": ((*CREATE, "responses", "409"), GONE),
    "has no application/vnd.api+json any more": ((*CREDITS, "get", "responses", "200", "content"), other_type),
    "the property balance_remaining of VinrStoreCredit is gone": (
        (*SCHEMAS, "VinrStoreCredit", "properties", "balance_remaining"), GONE
    ),
    "the property created of VinrStoreCredit may now be missing": (
        (*SCHEMAS, "VinrStoreCredit", "required"), minus("created")
    ),
    "amount of VinrStoreCredit may now have the type null": (
        (*SCHEMAS, "VinrStoreCredit", "properties", "amount", "type"), ["integer", "null"]
    ),
    "the format of created_at of SpreeStoreCreditAttributes changed from date-time to None": (
        (*ATTRIBUTES, "properties", "created_at"), {"type": ["string", "null"]}
    ),
    "amount of VinrStoreCreditCreate no longer accepts the type integer": (
        (*SCHEMAS, "VinrStoreCreditCreate", "properties", "amount", "type"), "string"
    ),
    "the property memo of SpreeStoreCreditCreate is now required": (
        (*SCHEMAS, "SpreeStoreCreditCreate", "required"), plus("memo")
    ),
    "the property memo of SpreeStoreCreditUpdate is gone": (
        (*SCHEMAS, "SpreeStoreCreditUpdate", "properties", "memo"), GONE
    ),
    "`minimum` of amount of VinrStoreCreditCreate is 100 now": (
        (*SCHEMAS, "VinrStoreCreditCreate", "properties", "amount", "minimum"), 100
    ),
    "`pattern` of currency of VinrStoreCreditCreate is ^USD$ now": (
        (*SCHEMAS, "VinrStoreCreditCreate", "properties", "currency", "pattern"), "^USD$"
    ),
    "the webhook store_credit.updated is gone": (("webhooks", "store_credit.updated"), GONE),
    "the property created of VinrStoreCreditUpdatedEvent is gone": ((*EVENT, "properties", "created"), GONE),
}  # fmt: skip
"""What our own comparison says of a break, and the change that makes it."""
