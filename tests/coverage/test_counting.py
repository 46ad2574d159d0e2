"""What an exchange shows of a document, counted by hand on a small one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store_credit_mock import Contract, Document, Exchange
from store_credit_mock.coverage import Coverage
from store_credit_mock.coverage.labels import grouped
from store_credit_mock.coverage.points import Kind

from .small import SMALL, exchange

LIST = "t.things.list"
REPLACE = "t.things.replace"
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"


def seen(contract: Contract, *exchanges: Exchange) -> Coverage:
    """Coverage of these exchanges."""
    coverage = Coverage(contract)
    for each in exchanges:
        coverage.add(each)
    return coverage


def shown(coverage: Coverage, operation: str, kind: Kind) -> set[str]:
    """The names of the points seen, as a reader sees them."""
    return set(labels(kind, coverage.parts(operation)[kind]["seen"]))


def labels(kind: Kind, names: list[str]) -> list[str]:
    """Names of points as a reader sees them."""
    return [f"{head} {text}".strip() for head, points in grouped(kind, names).items() for text, _ in points]


def test_everything_the_document_has_is_there_to_be_seen(small: Contract) -> None:
    """Every point of the small document, and none that cannot be: a read-only member of a request, a const."""
    coverage = Coverage(small)
    parts = {
        (name, kind): labels(kind, part["missing"])
        for name in coverage.operations
        for kind, part in coverage.parts(name).items()
    }
    thing = ["kind", "owner", "parts", "parts[]", "notes", "notes.*", "free", "shape", "shape.radius", "shape.side"]
    people = ["Person type", "Person name", "Firm type", "Firm name"]
    kinds = ['Thing.kind "plain"', 'Thing.kind "odd"', 'Firm.type "firm"', 'Firm.type "club"']
    codes = ["1", '"two"', "null", "true"]

    def expected(side: str, *names: str) -> list[str]:
        return [f"{side} {name}" for name in names]

    things = [f"Thing {name}" for name in thing]
    answer = expected(
        "response", "data", "data[]", "more", "Thing id", *things, *people, "Problem title", "Problem code"
    )
    assert parts[LIST, "statuses"] == ["200", "default"]
    assert parts[LIST, "parameters"] == [
        "query limit", "query order", "query filter", "query filter[name]", "query filter[colour]", "query filter[*]",
        "header Trace-Id",
    ]  # fmt: skip
    assert parts[LIST, "media_types"] == ["response application/json", f"response {PROBLEM}"]
    assert sorted(parts[LIST, "fields"]) == sorted(answer)
    chosen = ['query order "up"', 'query order "down"', 'query filter[colour] "red"', 'query filter[colour] "blue"']
    answered = expected("response", *kinds, *(f"Problem.code {code}" for code in codes))
    assert sorted(parts[LIST, "values"]) == sorted([*chosen, *answered])
    assert parts[REPLACE, "parameters"] == ["path id"]
    assert sorted(parts[REPLACE, "fields"]) == sorted(
        expected("request", "Thing secret", *things, *people, "size")
        + expected("response", "Problem title", "Problem code")
    )
    assert coverage.total() == {"seen": 0, "all": sum(map(len, parts.values())), "percent": 0.0}


def test_parameters_are_counted_by_place_name_and_member(small: Contract) -> None:
    """Query with lists and deep objects, headers in any case, the path; each with its enum values."""
    target = "/things?limit=2&order=up,down&filter%5Bname%5D=a&filter[size]=b"
    coverage = seen(small, exchange(small, "GET", target, headers={"TRACE-ID": "x"}))

    assert shown(coverage, LIST, "parameters") == {
        "query limit", "query order", "query filter", "query filter[name]", "query filter[*]", "header Trace-Id",
    }  # fmt: skip
    assert shown(coverage, LIST, "values") == {'query order "up"', 'query order "down"'}
    assert shown(seen(small, exchange(small, "PUT", "/things/1", status=204)), REPLACE, "parameters") == {"path id"}


def test_fields_of_answers_are_counted_through_lists_and_branches(small: Contract) -> None:
    """Array items, the branch a value was meant for, members without a name, values; recursion ends with the value."""
    things = [
        {"id": "1", "owner": "a name", "kind": "unheard of"},
        {"id": "2", "owner": {"type": "person", "name": "N"}, "notes": {"anything": "x"}, "free": {"a": 1}},
        {"parts": [{"parts": []}]},
    ]
    coverage = seen(small, exchange(small, "GET", "/things", answer={"data": things, "unknown": 1}))

    assert shown(coverage, LIST, "fields") == {
        "response data", "response data[]", "response Thing id", "response Thing owner", "response Thing kind",
        "response Person type", "response Person name", "response Thing notes", "response Thing notes.*",
        "response Thing free", "response Thing parts", "response Thing parts[]",
    }  # fmt: skip
    assert shown(coverage, LIST, "values") == set()
    assert shown(coverage, LIST, "statuses") == {"200"}
    assert shown(coverage, LIST, "operations") == {LIST}


def test_a_branch_is_told_by_its_type_then_by_validation(small: Contract) -> None:
    """`type` names the firm; of two objects that look alike the one that the value keeps to is counted, or both."""

    def fields(thing: Any) -> set[str]:
        return shown(seen(small, exchange(small, "PUT", "/things/1", thing, status=204)), REPLACE, "fields")

    assert fields({"owner": {"type": "firm"}}) == {"request Thing owner", "request Firm type"}
    assert fields({"owner": None}) == {"request Thing owner"}
    # A side under 10 is only right beside a radius, whose branch says nothing of sides.
    assert fields({"shape": {"radius": 1, "side": 2}}) == {"request Thing shape", "request Thing shape.radius"}
    assert fields({"shape": {"radius": 1, "side": 20}}) == {
        "request Thing shape", "request Thing shape.radius", "request Thing shape.side",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name"),
    [(1, "1"), (1.0, "1"), ("two", '"two"'), (None, "null"), (True, "true"), (False, None), ("1", None)],
)
def test_enum_values_keep_their_types(small: Contract, code: Any, name: str | None) -> None:
    """1, "1" and true are three values; 1.0 is 1, as in JSON Schema. A value that is not listed is not kept."""
    coverage = seen(small, exchange(small, "GET", "/things", status=418, answer={"code": code}, answer_type=PROBLEM))

    assert shown(coverage, LIST, "values") == ({f"response Problem.code {name}"} if name else set())
    assert shown(coverage, LIST, "statuses") == {"default"}
    assert shown(coverage, LIST, "operations") == set()


def test_forms_are_read_as_the_check_reads_them(small: Contract) -> None:
    """A form has its own media type, fields and values, which are numbers where the schema has numbers."""
    sent = exchange(
        small, "PUT", "/things/1", b"size=2", status=204, headers={"Content-Type": f"{FORM}; charset=utf-8"}
    )
    coverage = seen(small, sent)

    assert shown(coverage, REPLACE, "media_types") == {f"request {FORM}"}
    assert shown(coverage, REPLACE, "fields") == {"request size"}
    assert shown(coverage, REPLACE, "values") == {"request size 2"}


def test_a_violating_request_shows_nothing_but_its_answer_does(small: Contract) -> None:
    """A refusal that the document allows exercises its status, not the fields that were refused, nor the operation."""
    refused = exchange(
        small,
        "PUT",
        "/things/1",
        {"kind": "odd"},
        status=404,
        answer={"title": "no"},
        answer_type=PROBLEM,
        wrong="request",
    )
    coverage = seen(small, refused)

    assert shown(coverage, REPLACE, "statuses") == {"404"}
    assert shown(coverage, REPLACE, "fields") == {"response Problem title"}
    for kind in ("operations", "parameters", "values"):
        assert shown(coverage, REPLACE, kind) == set()


def test_a_violating_answer_shows_nothing_but_its_request_does(small: Contract) -> None:
    """What was sent rightly was sent; what came back wrongly counts for nothing."""
    coverage = seen(small, exchange(small, "GET", "/things?limit=1", answer={"data": 1}, wrong="response"))

    assert shown(coverage, LIST, "parameters") == {"query limit"}
    for kind in ("operations", "statuses", "media_types", "fields"):
        assert shown(coverage, LIST, kind) == set()


@pytest.mark.parametrize("changes", [{"dropped": True}, {"truncate_at": 3}, {"answer": b'{"data":{]'}])
def test_an_answer_that_did_not_arrive_shows_nothing(small: Contract, changes: dict[str, Any]) -> None:
    """A dropped connection, a part of a body, and a body that is not valid JSON are no answers."""
    coverage = seen(small, exchange(small, "GET", "/things", **{"answer": {"more": True}, **changes}))

    assert coverage.total()["seen"] == 0


def test_a_planned_fault_counts_where_it_keeps_to_the_document(small: Contract) -> None:
    """A response that a fault may have spoiled after the check is checked again."""
    right = exchange(small, "GET", "/things", status=503, answer={"title": "x"}, answer_type=PROBLEM, fault="f1")
    assert shown(seen(small, right), LIST, "statuses") == {"default"}
    for spoiled in ({"mock": "violates the OpenAPI document"}, b'{"data":{]'):
        planned = exchange(small, "GET", "/things", answer=spoiled, fault="f2")
        assert shown(seen(small, planned), LIST, "statuses") == set()


def test_what_the_document_lacks_shows_nothing(small: Contract) -> None:
    """A media type it does not have, a status or an operation it does not have, a body that cannot be read."""
    others = [
        exchange(small, "GET", "/things", answer=b"<p>", answer_type="text/html"),
        exchange(small, "PUT", "/things/1", status=500),
        exchange(small, "PUT", "/things/1", b"{", status=500),
        exchange(small, "GET", "/others"),
    ]
    coverage = seen(small, *others)

    assert coverage.total()["seen"] == 1  # the path parameter of the PUT, which was sent rightly
    assert shown(coverage, REPLACE, "parameters") == {"path id"}


def test_an_answer_without_its_body_shows_its_status(small: Contract) -> None:
    """HEAD and 304 leave the body out."""
    assert shown(seen(small, exchange(small, "GET", "/things")), LIST, "statuses") == {"200"}


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b"[" * 5000,
        b"null",
        b'"x"',
        b"{" * 900 + b"}" * 900,
        b'{"data":[[[]],null,{}]}',
        b"[" * 300 + b"]" * 300,
    ],
)
def test_odd_bodies_raise_nothing(small: Contract, body: bytes) -> None:
    """Whatever a proxy has seen can be added."""
    deep = b'{"parts":[' * 400 + b"1" + b"]}" * 400
    coverage = seen(
        small,
        exchange(small, "GET", "/things?filter=1&filter[a]=2&order&%ff=%ff", answer=body),
        exchange(small, "PUT", "/things/1", body, status=204),
        exchange(small, "PUT", "/things/1", deep, status=204),
    )

    assert shown(coverage, REPLACE, "operations") == {REPLACE}


def test_what_was_forgotten_is_counted_again(small: Contract) -> None:
    """Nothing that is remembered for speed outlives the counts: queries, long bodies, what is still missing."""
    answer = {"data": [{"kind": "plain", "owner": {"type": "club"}}] * 100}
    again = exchange(small, "GET", "/things?limit=1&order=up", answer=answer)
    coverage = seen(small, again, again)
    first = coverage.to_json()
    coverage.clear()

    assert coverage.total()["seen"] == 0
    coverage.add(again)
    assert coverage.to_json() == first


def test_the_order_of_exchanges_does_not_matter(small: Contract) -> None:
    """What was seen before is passed over quickly, and nothing new is passed over with it."""
    exchanges = [
        exchange(small, "GET", f"/things?limit=1{more}", answer={"data": [thing]})
        for more, thing in [
            ("", {"kind": "plain"}), ("", {"kind": "odd"}), ("&order=up", {"owner": {"type": "club", "name": "n"}}),
            ("", {"owner": "x"}), ("&order=down", {"parts": [{"notes": {"a": "b"}}]}), ("", {"shape": {"radius": 1}}),
        ]
    ]  # fmt: skip
    forward, backward = seen(small, *exchanges), seen(small, *reversed(exchanges))
    apart = Coverage(small)
    for each in exchanges:
        apart.merge(seen(small, each))

    assert forward.to_json() == backward.to_json() == apart.to_json() == seen(small, *exchanges, *exchanges).to_json()
    assert forward.total()["seen"] > 15


ODD = (
    SMALL.replace(
        "        notes: {type",
        """\
        both:
          allOf:
            - {type: object, properties: {any: true, "a/b~c %": {enum: [a, [1], {b: 1}]}}}
            - {$ref: "#/components/schemas/Person"}
        never: false
        open: {type: object, additionalProperties: {}, not: {$ref: "#/components/schemas/Firm"}}
        notes: {type""",
    )
    .replace(
        "        - {name: Trace-Id,",
        """\
        - {name: where, in: query, style: deepObject, schema: {$ref: "#/components/schemas/Where"}}
        - {name: Trace-Id,""",
    )
    .replace(
        '        "204":',
        '        "202": {description: Text., content: {text/plain: {schema: {type: string}}}}\n        "204":',
    )
)
ODD += """\
    Where:
      type: object
      properties:
        a: {$ref: "#/components/schemas/Level"}
        b: {$ref: "#/components/schemas/Level"}
        where: {$ref: "#/components/schemas/Where"}
    Level: {type: string, enum: [low, high]}
"""


def test_schemas_of_every_form_are_counted(tmp_path: Path) -> None:
    """`allOf`, names to be escaped, members without a schema, a schema used twice, circles; a body of plain text."""
    path = tmp_path / "openapi.yaml"
    path.write_text(ODD)
    odd = Contract(Document.read(path), closed=False)
    thing = {"both": {"any": "x", "a/b~c %": "a", "type": "person"}, "open": {"x": 1}}
    coverage = seen(odd, exchange(odd, "GET", "/things?where[a]=low&where[b]=high", answer={"data": [thing]}))

    assert shown(coverage, LIST, "parameters") == {"query where", "query where[a]", "query where[b]"}
    assert shown(coverage, LIST, "fields") == {
        "response data", "response data[]", "response Thing both", "response Thing both.a/b~c %",
        "response Thing both.any", "response Person type", "response Thing open",
    }  # fmt: skip
    assert shown(coverage, LIST, "values") == {
        'query where[a] "low"', 'query where[b] "high"', 'response Thing.both.a/b~c % "a"',
    }  # fmt: skip
    missing = {kind: labels(kind, part["missing"]) for kind, part in coverage.parts(LIST).items()}
    assert "query where[where]" in missing["parameters"]
    assert {'query where[a] "high"', 'query where[b] "low"'} <= set(missing["values"])
    assert not [name for name in missing["fields"] if "never" in name or "open" in name]
    assert not [name for name in missing["values"] if "both" in name]
    text = {"status": 202, "answer": b"fine", "answer_type": "text/plain"}
    assert shown(seen(odd, exchange(odd, "PUT", "/things/1", **text)), REPLACE, "statuses") == {"202"}
    assert shown(seen(odd, exchange(odd, "PUT", "/things/1", **text, fault="f1")), REPLACE, "statuses") == set()
