"""Every shape a property can have: it is generated, read into its Python type, and given back as it came."""

import copy
import json
import shutil
import subprocess
import sys
from typing import Any, NamedTuple

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from bootstrap import ROOT
from store_credit_tools.generate.sdk import generate_sdk

pytestmark = pytest.mark.slow

PART = {"$ref": "#/components/schemas/VinrPart"}
INLINE = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


class Shape(NamedTuple):
    """A schema, a value of it, and how the value shows itself when it was read."""

    schema: dict[str, Any]
    value: Any
    shown: str


SHAPES: dict[str, Shape] = {
    "text": Shape({"type": "string"}, "a", "'a'"),
    "whole": Shape({"type": "integer"}, 5, "5"),
    "number": Shape({"type": "number"}, 1.5, "1.5"),
    "flag": Shape({"type": "boolean"}, True, "True"),
    "nullable_text": Shape({"type": ["string", "null"]}, None, "None"),
    "text_or_whole": Shape({"type": ["string", "integer"]}, 5, "5"),
    "enumerated": Shape({"type": "string", "enum": ["a", "b"]}, "new", "'new'"),
    "constant": Shape({"type": "string", "const": "thing"}, "thing", "'thing'"),
    "open_enum": Shape({"type": "string", "x-extensible-enum": ["a"]}, "b", "'b'"),
    "decimal_text": Shape({"type": "string", "format": "decimal"}, "1.10", "Decimal('1.10')"),
    "decimal_either": Shape({"type": ["string", "number"], "format": "decimal"}, 1.5, "Decimal('1.5')"),
    "decimal_or_null": Shape({"type": ["string", "null"], "format": "decimal"}, None, "None"),
    "moment": Shape(
        {"type": "string", "format": "date-time"}, "2030-01-01T02:00:00+02:00", "2030-01-01 00:00:00+00:00"
    ),
    "moment_or_null": Shape(
        {"type": ["string", "null"], "format": "date-time"}, "2030-01-01T00:00:00Z", "2030-01-01 00:00:00+00:00"
    ),
    "seconds": Shape({"type": "integer", "format": "unix-time"}, 1893456000, "2030-01-01 00:00:00+00:00"),
    "secret": Shape({"type": "string", "format": "password"}, "hush", "'hush'"),
    "texts": Shape({"type": "array", "items": {"type": "string"}}, ["a"], "['a']"),
    "lists": Shape({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, [[1], []], "[[1], []]"),
    "decimals": Shape({"type": "array", "items": {"type": "string", "format": "decimal"}}, ["1.0"], "[Decimal('1.0')]"),
    "moments_or_nulls": Shape(
        {"type": "array", "items": {"type": ["string", "null"], "format": "date-time"}},
        ["2030-01-01T00:00:00Z", None, "soon"],
        "[datetime.datetime(2030, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), None, 'soon']",
    ),
    "parts": Shape({"type": "array", "items": PART}, [{"name": "a"}], "[VinrPart(name='a')]"),
    "maybe_parts": Shape({"type": ["array", "null"], "items": PART}, None, "None"),
    "inline_parts": Shape({"type": "array", "items": INLINE}, [{"name": "a"}], "(name='a')]"),
    "part": Shape(PART, {"name": "a"}, "VinrPart(name='a')"),
    "described_part": Shape({**PART, "description": "The part."}, {"name": "a"}, "VinrPart(name='a')"),
    "part_or_null": Shape({"oneOf": [PART, {"type": "null"}]}, None, "None"),
    "part_or_id": Shape({"oneOf": [{"type": "string"}, PART]}, "p_1", "'p_1'"),
    "expanded_part": Shape({"anyOf": [{"type": "string"}, PART]}, {"name": "a"}, "VinrPart(name='a')"),
    "amount_or_parts": Shape(
        {"oneOf": [{"type": ["number", "string"], "format": "decimal"}, {"type": "array", "items": PART}]},
        [{"name": "a"}],
        "[VinrPart(name='a')]",
    ),
    "parts_or_amount": Shape(
        {"oneOf": [{"type": "array", "items": PART}, {"type": ["number", "string"], "format": "decimal"}]},
        "1.50",
        "Decimal('1.50')",
    ),
    "all_of_part": Shape({"allOf": [PART, {"description": "The part."}]}, {"name": "a"}, "(name='a')"),
    "inline": Shape(INLINE, {"name": "a"}, "(name='a')"),
    "text_or_null": Shape({"anyOf": [{"type": "string"}, {"type": "null"}]}, "a", "'a'"),
    "any_map": Shape({"type": "object"}, {"a": [1]}, "{'a': [1]}"),
    "typed_map": Shape({"type": "object", "additionalProperties": {"type": "string"}}, {"a": "b"}, "{'a': 'b'}"),
    "anything": Shape({}, [None], "[None]"),
    "described": Shape({"type": "string", "description": 'Ends in a "quote"'}, "a", "'a'"),
    "datetime": Shape({"type": "string"}, "a", "'a'"),
    "date_": Shape({"type": "string", "format": "date"}, "2030-01-01", "datetime.date(2030, 1, 1)"),
    "list": Shape({"type": "string"}, "a", "'a'"),
    "str": Shape({"type": "string"}, "a", "'a'"),
    "value": Shape({"type": "integer", "format": "unix-time"}, 1893456000, "2030-01-01 00:00:00+00:00"),
    "data": Shape({"type": "string", "format": "decimal"}, "1.0", "Decimal('1.0')"),
}

NAMES = {
    "class": "class_",
    "from": "from_",
    "None": "None_",
    "external-id": "external_id",
    "3ds": "n_3ds",
    "with blank": "with_blank",
    "to_dict": "to_dict_",
    "replace": "replace_",
    "request_id": "request_id_",
    "additional_properties": "additional_properties_",
    "self": "self_",
    "classmethod": "classmethod_",
    "UNSET": "UNSET_",
    "__typename": "typename",
    "_raw": "_raw_",
    "_links": "_links",
    "reference": "reference",
    "property": "property",
    "type": "type",
}
"""Members whose names cannot be an attribute's, or might seem so, with the attributes they become."""

PROGRAM = """
import json, sys, pickle
from store_credit import UNSET
from store_credit.models import VinrShapes
values = json.load(sys.stdin)
shapes = VinrShapes.from_dict(values)
missing = VinrShapes.from_dict({})
twin = pickle.loads(pickle.dumps(shapes))
names = json.loads(sys.argv[1])
shown = {
    name: (str if name in sys.argv[2:] else repr)(getattr(shapes, names.get(name, name))) for name in values
}
print(json.dumps({
    "shown": shown,
    "back": shapes.to_dict() == values and twin == shapes,
    "missing": missing.to_dict() == {} and all(getattr(missing, names.get(name, name)) is UNSET for name in values),
    "changed": shapes.replace(**{name: "b" for name in names.values()}).to_dict() == values | dict.fromkeys(names, "b"),
    "secret": "hush" not in repr(shapes),
}))
"""


@pytest.fixture(scope="module")
def seen(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory, run: Any) -> dict[str, Any]:
    """What a program saw that read a record with every shape."""
    changed = copy.deepcopy(document)
    changed["components"]["schemas"] |= {
        "VinrPart": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "VinrShapes": {
            "type": "object",
            "properties": {name: shape.schema for name, shape in SHAPES.items()}
            | {wire: {"type": "string"} for wire in NAMES},
        },
    }
    answer = {"schema": {"$ref": "#/components/schemas/VinrShapes"}}
    changed["paths"]["/v1/shapes"] = {
        "get": {
            "operationId": "vinr.shapes.retrieve",
            "tags": ["vinr.shapes"],
            "responses": {"200": {"description": "ok", "content": {"application/json": answer}}},
        }
    }
    folder = tmp_path_factory.mktemp("shapes")
    path = folder / "openapi.yaml"
    path.write_text(json.dumps(changed, default=str), "utf-8")
    generate_sdk(path, folder / "store_credit")
    package = ROOT / "sdk" / "src" / "store_credit"
    shutil.copytree(package / "_core", folder / "store_credit" / "_core", ignore=shutil.ignore_patterns("__pycache__"))
    moments = [name for name, shape in SHAPES.items() if shape.shown.startswith("2030")]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, json.dumps(NAMES), *moments],
        input=json.dumps({name: shape.value for name, shape in SHAPES.items()} | {wire: wire for wire in NAMES}),
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", SHAPES)
def test_a_value_is_read_into_its_type(seen: dict[str, Any], name: str) -> None:
    """Records, decimals and times; what the document says nothing about stays as it came."""
    assert seen["shown"][name].endswith(SHAPES[name].shown)


def test_everything_is_given_back_and_nothing_is_made_up(seen: dict[str, Any]) -> None:
    """Values, absences and secrets."""
    assert (seen["back"], seen["missing"], seen["secret"]) == (True, True, True)


@pytest.mark.parametrize("wire", NAMES)
def test_a_member_of_any_name_has_an_attribute(seen: dict[str, Any], wire: str) -> None:
    """With an underscore where the name is Python's or the model's own; the member keeps its name."""
    assert seen["shown"][wire] == repr(wire)
    assert seen["changed"] is True
