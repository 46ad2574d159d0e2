"""Everything one operation of the document has to show, and what of it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from store_credit_mock.contract import Operation
from store_credit_mock.contract.document import fragment
from store_credit_mock.contract.media_types import plain_media_type
from store_credit_mock.contract.parameter_compiler import IGNORED_HEADERS, schema_place
from store_credit_mock.coverage.annotated_schemas import AnnotatedSchemas, Element
from store_credit_mock.coverage.points import Kind, Point

__all__ = ["Inventory"]


class Inventory:
    """The points of one operation and the parts of an exchange that show them.

    Attributes:
        places: Each point with the JSON pointer at which the document speaks of it, in the order of the document.
        seen: Those that were seen.
        success: The point of the operation itself.
        parameters: By place (`path`, `query`, `header`) and name (of a header in lower case).
        parameter_points: All points of parameters.
        bodies: What a request may have, by media type.
    """

    def __init__(self, schemas: AnnotatedSchemas, operation: Operation) -> None:
        self._operation = operation
        self.success: Point = ("operations", operation.id)
        self.places: dict[Point, str] = {self.success: operation.pointer}
        self.seen: set[Point] = set()
        self.parameters: dict[tuple[str, str], Element] = {}
        self.bodies: dict[str, Element] = {}
        self._responses: dict[tuple[str, str], Element] = {}
        self._read_parameters(schemas)
        self.parameter_points = self.places.keys() - {self.success}
        self._read_bodies(schemas)

    def response(self, status: int, media_type: str) -> Element | None:
        """Find what a response shows.

        Args:
            status: HTTP status.
            media_type: Of its body, without parameters; empty if it has none, as to HEAD or with 304.

        Returns:
            None if the OpenAPI document has no such response.
        """
        name = self._operation.response_name(status)
        if name is None:
            return None
        listed = self._operation.responses[name].bodies.name(media_type) if media_type else ""
        return None if listed is None else self._responses.get((name, listed))

    def names(self, kind: Kind, *, seen: bool) -> list[str]:
        """Name the points of a kind that were or were not seen, in the order of the document."""
        return [point[1] for point in self.places if point[0] == kind and (point in self.seen) is seen]

    def _add(self, element: Element) -> Element:
        for point, place in element.places.items():
            self.places.setdefault(point, place)
        return element

    def _read_parameters(self, schemas: AnnotatedSchemas) -> None:
        # One of the operation's own stands for that of its path with the same name and place.
        found: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = {}
        for pointer, parameter in schemas.document.operations[self._operation.id].parameters:
            name, place = parameter["name"], parameter["in"]
            key = (place, name.lower() if place == "header" else name)
            if place != "header" or key[1] not in IGNORED_HEADERS:
                found[key] = (pointer, parameter)
        for key, (pointer, parameter) in found.items():
            label = f"{key[0]} {parameter['name']}"
            own: dict[Point, str] = {("parameters", label): pointer}
            self.parameters[key] = self._add(Element(schemas, own, schema_place(pointer, parameter), label))

    def _read_bodies(self, schemas: AnnotatedSchemas) -> None:
        document, operation = schemas.document, self._operation
        if "requestBody" in operation.definition:
            pointer, definition = document.resolve(f"{operation.pointer}/requestBody")
            for media_type in definition["content"]:
                place = pointer + fragment("content", media_type)[1:]
                own: dict[Point, str] = {("media_types", f"request {media_type}"): place}
                schema = schema_place(place, definition["content"][media_type])
                self.bodies[plain_media_type(media_type)] = self._add(Element(schemas, own, schema, "request"))
        for status in operation.responses:
            pointer, definition = document.resolve(f"{operation.pointer}/responses/{status}")
            bare: dict[Point, str] = {("statuses", status): pointer}
            self._responses[status, ""] = self._add(Element(schemas, bare))
            for media_type in definition.get("content", {}):
                place = pointer + fragment("content", media_type)[1:]
                own = {**bare, ("media_types", f"response {media_type}"): place}
                schema = schema_place(place, definition["content"][media_type])
                element = self._add(Element(schemas, own, schema, "response"))
                self._responses[status, plain_media_type(media_type)] = element
