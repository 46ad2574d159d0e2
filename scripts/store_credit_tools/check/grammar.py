"""What OpenAPI 3.0 and 3.1 have: the members of each object, and the keywords of a schema, with the form of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

__all__ = [
    "FORMATS",
    "METHODS",
    "OBJECTS",
    "REFERABLE",
    "SCHEMA",
    "SCHEMA_30_ONLY",
    "SCHEMA_31_ONLY",
    "TYPES",
    "Member",
    "is_form",
]

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
TYPES: Final = ("null", "boolean", "object", "array", "number", "string", "integer")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FORMATS: Final = _words(
    """
    date-time date time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri
    iri-reference uuid uri-template json-pointer relative-json-pointer regex int32 int64 float double
    byte binary password decimal unix-time base64url char commonmark html sf-binary sf-string media-range
    http-date int8 int16 uint8 uint16 uint32 uint64 double-int decimal128
    """
)
"""Formats that somebody has defined; one that is nearly one of these is a misspelling, any other its author's own."""

REFERABLE: Final = MappingProxyType(
    {
        "schema": "schemas",
        "response": "responses",
        "parameter": "parameters",
        "example": "examples",
        "requestBody": "requestBodies",
        "header": "headers",
        "securityScheme": "securitySchemes",
        "link": "links",
        "callback": "callbacks",
        "pathItem": "pathItems",
    }
)
"""What may be replaced by a `$ref`, and where the components of its kind stand."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object.

    Attributes:
        form: `str`, `bool`, `int`, `number`, `any`, or the name of an object; with `[]` behind it a list of these, with
            `{}` a mapping of any names to these.
        required: Whether the object is none without it.
        since: The version that has it first.
    """

    form: str
    required: bool = False
    since: str = "3.0"


def _object(text: str) -> Mapping[str, Member]:
    members: dict[str, Member] = {}
    for word in text.split():
        name, _, form = word.partition(":")
        members[name.strip("+!")] = Member(form, "!" in name, "3.1" if name.endswith("+") else "3.0")
    return MappingProxyType(members)


OBJECTS: Final[Mapping[str, Mapping[str, Member]]] = MappingProxyType(
    {
        "document": _object(
            """
            openapi!:str info!:info jsonSchemaDialect+:str servers:server[] paths:paths webhooks+:pathItem{}
            components:components security:any[] tags:tag[] externalDocs:externalDocs
            """
        ),
        "info": _object(
            """
            title!:str summary+:str description:str termsOfService:str contact:contact license:license
            version!:str
            """
        ),
        "contact": _object("name:str url:str email:str"),
        "license": _object("name!:str identifier+:str url:str"),
        "server": _object("url!:str description:str variables:serverVariable{}"),
        "serverVariable": _object("enum:str[] default!:str description:str"),
        "components": _object(
            """
            schemas:schema{} responses:response{} parameters:parameter{} examples:example{}
            requestBodies:requestBody{} headers:header{} securitySchemes:securityScheme{} links:link{}
            callbacks:callback{} pathItems+:pathItem{}
            """
        ),
        "pathItem": _object(
            "$ref:str summary:str description:str servers:server[] parameters:parameter[] "
            + " ".join(f"{method}:operation" for method in METHODS)
        ),
        "operation": _object(
            """
            tags:str[] summary:str description:str externalDocs:externalDocs operationId:str
            parameters:parameter[] requestBody:requestBody responses:responses callbacks:callback{}
            deprecated:bool security:any[] servers:server[]
            """
        ),
        "externalDocs": _object("description:str url!:str"),
        "parameter": _object(
            """
            name!:str in!:str description:str required:bool deprecated:bool allowEmptyValue:bool style:str
            explode:bool allowReserved:bool schema:schema example:any examples:example{} content:mediaType{}
            """
        ),
        "header": _object(
            """
            description:str required:bool deprecated:bool allowEmptyValue:bool style:str explode:bool
            allowReserved:bool schema:schema example:any examples:example{} content:mediaType{}
            """
        ),
        "requestBody": _object("description:str content!:mediaType{} required:bool"),
        "mediaType": _object("schema:schema example:any examples:example{} encoding:encoding{}"),
        "encoding": _object("contentType:str headers:header{} style:str explode:bool allowReserved:bool"),
        "response": _object("description!:str headers:header{} content:mediaType{} links:link{}"),
        "example": _object("summary:str description:str value:any externalValue:str"),
        "link": _object(
            """
            operationRef:str operationId:str parameters:any{} requestBody:any description:str server:server
            """
        ),
        "tag": _object("name!:str description:str externalDocs:externalDocs"),
        "securityScheme": _object(
            """
            type!:str description:str name:str in:str scheme:str bearerFormat:str flows:flows
            openIdConnectUrl:str
            """
        ),
        "flows": _object("implicit:flow password:flow clientCredentials:flow authorizationCode:flow"),
        "flow": _object("authorizationUrl:str tokenUrl:str refreshUrl:str scopes!:str{}"),
        "discriminator": _object("propertyName!:str mapping:str{}"),
        "xml": _object("name:str namespace:str prefix:str attribute:bool wrapped:bool"),
    }
)

SCHEMA: Final[Mapping[str, str]] = MappingProxyType(
    {
        word.partition(":")[0]: word.partition(":")[2]
        for word in """
        $ref:str $id:str $schema:str $anchor:str $dynamicRef:str $dynamicAnchor:str $vocabulary:any
        $comment:str $defs:schema{} definitions:schema{} allOf:schema[] anyOf:schema[] oneOf:schema[]
        not:schema if:schema then:schema else:schema dependentSchemas:schema{} prefixItems:schema[]
        items:schema contains:schema properties:schema{} patternProperties:schema{}
        additionalProperties:schema propertyNames:schema unevaluatedItems:schema
        unevaluatedProperties:schema type:any enum:any[] const:any multipleOf:number maximum:number
        exclusiveMaximum:number minimum:number exclusiveMinimum:number maxLength:int minLength:int
        pattern:str maxItems:int minItems:int uniqueItems:bool maxContains:int minContains:int
        maxProperties:int minProperties:int required:str[] dependentRequired:any{} title:str description:str
        default:any deprecated:bool readOnly:bool writeOnly:bool examples:any[] example:any format:str
        contentEncoding:str contentMediaType:str contentSchema:schema discriminator:discriminator xml:xml
        externalDocs:externalDocs nullable:bool
        """.split()  # noqa: SIM905 - a list of these is read by columns
    }
)
"""The keywords of a schema and the form of their values, as in `Member`."""

SCHEMA_30_ONLY: Final = frozenset({"nullable"})
SCHEMA_31_ONLY: Final = _words(
    """
    $id $schema $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs definitions if then else
    dependentSchemas prefixItems contains patternProperties propertyNames unevaluatedItems
    unevaluatedProperties const maxContains minContains dependentRequired examples contentEncoding
    contentMediaType contentSchema
    """
)


def is_form(value: Any, form: str) -> bool:
    """Whether a value is a `str`, `bool`, `int`, `number` or `any`; of any other form it must be a mapping."""
    if form == "any":
        return True
    if form == "str":
        return isinstance(value, str)
    if form == "bool":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return form == "schema"
    if form == "int":
        return isinstance(value, int) and value >= 0
    if form == "number":
        return isinstance(value, int | float)
    return isinstance(value, dict)
