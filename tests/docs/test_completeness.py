"""Nothing of the document is missing on the pages, and nothing is there twice: counted against the document itself."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pagetree import Tree, members, words

from store_credit_mock.contract import Document, OperationDefinition
from store_credit_mock.contract.document import compile_yaml, join
from store_credit_tools.docs_site.assemble import read_site
from store_credit_tools.docs_site.build import ROOT
from store_credit_tools.docs_site.document import Source
from store_credit_tools.docs_site.site_model import Site
from store_credit_tools.docs_site.view_model import Place

DOCUMENT = Document.read()
OPERATIONS = [*DOCUMENT.operations.values(), *DOCUMENT.webhooks.values()]
EVERY_OPERATION = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
SCHEMAS = DOCUMENT.data["components"]["schemas"]
DECISIONS = compile_yaml((ROOT / "docs" / "decisions.yaml").read_bytes(), "decisions.yaml")["data"]


@pytest.fixture(scope="session")
def site() -> Site:
    return read_site(Source.read(), ROOT / "docs" / "guides", "# Changelog\n", {})


def plain(text: str) -> str:
    """A text of the document without the signs of Markdown and around decisions, as a browser shows it."""
    text = re.sub(r"^(> ?|- )", "", text, flags=re.MULTILINE)
    bare = re.sub(r"\(([VDRAT]\d+(?:,\s[VDRAT]\d+)*)\)", lambda cited: cited[1].replace(",", ""), text)
    return " ".join(re.sub(r"(?<!\w)\*\*?|\*\*?(?!\w)|`", "", bare).split())


def section_of(trees: Mapping[str, Tree], operation: OperationDefinition) -> Any:
    """The section of an operation or an event; there is exactly one."""
    name = operation.id if operation.pointer.startswith("#/paths/") else operation.template
    found = [tree.ids[name] for tree in trees.values() if name in tree.ids]
    assert len(found) == 1, f"{name} is on {len(found)} pages"
    return found[0]


@EVERY_OPERATION
def test_every_operation_has_one_home_with_all_it_takes_and_answers(
    operation: OperationDefinition, trees: Mapping[str, Tree]
) -> None:
    """Method and path, texts, each parameter, each member of each body, each status with its text."""
    section = section_of(trees, operation)
    said = words(section)
    names = {name.removesuffix("[…]") for name in members(section)}

    # An event stands under the name that its sender gives it, behind the name of its system.
    name = operation.template.removeprefix(f"{operation.id.partition('.')[0]}.")
    assert name in said.replace(" ", "") or name in said
    assert plain(operation.definition["summary"]).casefold() in said.casefold()
    for paragraph in operation.definition["description"].split("\n\n"):
        assert plain(paragraph) in said
    assert {definition["name"] for _, definition in operation.parameters} <= names
    for _, definition in operation.parameters:
        assert plain(definition["description"]) in said
    for schema in _bodies(operation):
        assert set(schema.get("properties", {})) <= names
    # Statuses that mean the same share a row.
    statuses = Counter(
        words(mark)
        for term in section.iter("dt")
        if len(term) and term[0].tag == "b"
        for mark in term.iter("b")
        if words(mark).isdecimal()
    )
    assert statuses == Counter(list(operation.definition["responses"]))
    for status in operation.definition["responses"]:
        here = join(operation.pointer, "responses", status)
        _, response = DOCUMENT.resolve(here)
        # What stands at the operation is said in the place of what several share.
        assert plain({**response, **DOCUMENT.at(here)}["description"]) in said


def _bodies(operation: OperationDefinition) -> Iterator[Mapping[str, Any]]:
    if "requestBody" in operation.definition:
        place, body = DOCUMENT.resolve(join(operation.pointer, "requestBody"))
        for media_type in body["content"]:
            yield DOCUMENT.resolve(join(place, "content", media_type, "schema"))[1]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_has_one_home_with_every_field(name: str, site: Site, trees: Mapping[str, Tree]) -> None:
    """Each member with its text, its values and what it is by default."""
    place = site.places["schema"][name]
    container = _container(trees[f"{place.page}.html"], place)
    said = words(container)
    schema = SCHEMAS[name]

    assert set(schema.get("properties", {})) <= members(container)
    for member in schema.get("properties", {}).values():
        if "description" in member:
            assert plain(member["description"]) in said
        for value in [*member.get("enum", []), *member.get("x-extensible-enum", [])]:
            assert str(value) in said
        if "default" in member:
            assert str(member["default"]) in said
    # A member that stands for a whole schema says in its own words what it is.
    if container.tag == "section" and place.anchor == place.heading:
        assert plain(schema["description"]) in said


def _container(tree: Tree, place: Place) -> Any:
    target = tree.ids[place.anchor]
    if target.tag == "details":
        return target
    return tree.after(target) if target.tag == "dt" else tree.section(target)


def test_nothing_is_at_home_that_the_document_does_not_have(site: Site) -> None:
    """Schemas, operations, headers, refusals, schemes, decisions: as many homes as the document has of each."""
    components = DOCUMENT.data["components"]

    assert set(site.places["schema"]) == set(SCHEMAS)
    assert set(site.places["operation"]) == {operation.id for operation in OPERATIONS}
    assert set(site.places["header"]) == set(components["headers"])
    assert set(site.places["refusal"]) == set(components["responses"])
    assert set(site.places["scheme"]) == set(components["securitySchemes"])
    assert set(site.places["decision"]) == set(DECISIONS)


def test_every_error_code_says_its_cause_and_what_to_do(trees: Mapping[str, Tree]) -> None:
    """One entry for each code the document knows, with its status, its type and a message."""
    code = SCHEMAS["VinrErrorDetail"]["properties"]["code"]
    tree = trees["errors.html"]

    assert set(code["x-extensible-enum"]) == set(code["x-error-codes"])
    for name in code["x-extensible-enum"]:
        term, said = words(tree.ids[name]), words(tree.after(tree.ids[name]))
        # What VINR has published is told from what stands in for it.
        ours = " ours" if "x-ours" in code["x-error-codes"][name] else ""
        assert re.fullmatch(rf"[45]\d\d(, 5\d\d)* {name} \w+_error{ours}", term)
        assert plain(code["x-error-codes"][name]["cause"]) in said
        assert f"What to do: {plain(code['x-error-codes'][name]['remedy'])}" in said
        assert re.search(r"For example: “.+”", said)


def test_every_refusal_says_what_to_do(trees: Mapping[str, Tree]) -> None:
    """Each shared answer of 400 and above is on the page of errors with its cause and its remedy."""
    tree = trees["errors.html"]
    for name, response in DOCUMENT.data["components"]["responses"].items():
        said = words(tree.after(tree.ids[f"answer.{name}"]))
        assert plain(response["description"]) in said
        if "x-remedy" in response:
            assert plain(response["x-remedy"]) in said
    without = {name for name, one in DOCUMENT.data["components"]["responses"].items() if "x-remedy" not in one}
    assert without == {f"{system}{kind}" for system in ("Spree", "SpreeV3") for kind in ("NotModified", "Deleted")}


def test_what_is_advanced_is_folded_and_the_rest_is_not(trees: Mapping[str, Tree]) -> None:
    """The mark in the document decides: `decline_code` is folded, `code` is not; both are there."""
    tree = trees["errors.html"]
    folded = {name for one in tree.all("details", "adv") for name in members(one)}

    assert {"decline_code", "doc_url", "resource"} <= folded
    assert not {"code", "message", "type", "param"} & folded


@pytest.mark.parametrize("name", ["id", "balance_remaining", "created"])
def test_what_no_operation_sets_is_marked_read_only(name: str, trees: Mapping[str, Tree]) -> None:
    """Told from the bodies of the resource's operations."""
    assert "read-only" in words(trees["vinr-store-credit.html"].ids[f"store-credit.{name}"])


@pytest.mark.parametrize(
    ("anchor", "mark"),
    [
        ("store-credit.customer", "expandable"),
        ("store-credit.amount", "fixed at creation"),
        ("store-credit.expires_at", "nullable"),
        ("create.customer", "required"),
        ("store-credit.customer.phone", "may be missing"),
    ],
)
def test_marks_say_what_holds_for_a_member(anchor: str, mark: str, trees: Mapping[str, Tree]) -> None:
    """One of each kind."""
    assert mark in words(trees["vinr-store-credit.html"].ids[anchor])


def test_an_expandable_member_shows_what_it_expands_to(trees: Mapping[str, Tree]) -> None:
    """The customer of a VINR credit, inside the credit."""
    tree = trees["vinr-store-credit.html"]

    assert set(SCHEMAS["VinrCustomer"]["properties"]) <= members(tree.after(tree.ids["store-credit.customer"]))


def test_every_operation_shows_three_samples_and_an_answer(trees: Mapping[str, Tree]) -> None:
    """curl, Python, JavaScript, as the page loads those in other languages; then the status and the body."""
    for operation in DOCUMENT.operations.values():
        section = section_of(trees, operation)
        languages = [element.get("data-lang") for element in section.iter("div") if element.get("data-lang")]
        assert languages == ["curl", "python", "fetch"], operation.id
        answers = [words(label) for label in section.iter("p") if label.get("class") == "l"]
        assert any(re.fullmatch(r"Response 20[014]", answer) for answer in answers), operation.id


def test_every_refusal_with_a_body_has_a_tab_with_it(trees: Mapping[str, Tree]) -> None:
    """The document's own examples that can occur, as JSON or behind a link to where the page has the same body."""
    for operation in DOCUMENT.operations.values():
        section = section_of(trees, operation)
        shown = {
            status: part
            for part in section.iter("details")
            if "ex" in part.get("class", "").split()
            for status in part.get("data-status", "").split(", ")
        }
        narrowed = operation.definition.get("x-response-examples", {})
        for status in operation.definition["responses"]:
            place, response = DOCUMENT.resolve(join(operation.pointer, "responses", status))
            examples = [
                (name, DOCUMENT.resolve(join(place, "content", kind, "examples", name))[1]["value"])
                for kind, media in response.get("content", {}).items()
                for name in media.get("examples", {})
                if name in narrowed.get(status, [name])
            ]
            if status[0] in "23" or not examples:
                assert status not in shown, operation.id
                continue
            bodies = ["".join(one.itertext()) for one in shown[status].iter("pre")]
            links = [one for one in shown[status].iter("p") if one.get("class") == "as"]
            written = [json.dumps(value, ensure_ascii=False, indent=2) for _, value in examples if value]
            assert set(bodies) <= set(written), operation.id
            assert len(bodies) + len(links) == len(written), operation.id


def test_an_operation_lists_only_what_can_happen_there(trees: Mapping[str, Tree]) -> None:
    """No body's mistakes at a GET, no other operation's codes, the customer of a create at the create alone."""
    page = {
        name.rpartition(".")[2]: words(section_of(trees, operation)).partition("Errors")[2]
        for name, operation in DOCUMENT.operations.items()
        if name.startswith("vinr.")
    }
    account = words(section_of(trees, DOCUMENT.operations["spree.account.retrieve"]))

    assert "amount_too_large" in page["create"]
    assert "amount_too_large" not in page["update"]
    assert "parameter_missing" not in page["retrieve"] + page["list"] + page["update"]
    assert "idempotency" not in page["retrieve"].lower() + page["list"].lower()
    assert "The customer does not exist" in page["create"]
    assert "The customer does not exist" not in page["retrieve"]
    assert "metadata" not in account.partition("Errors")[2]
    assert "root key" not in words(section_of(trees, DOCUMENT.operations["spree.checkout.add_store_credit"]))


def test_credentials_have_names_and_component_ids_are_not_shown(trees: Mapping[str, Tree]) -> None:
    """A reader is told which token goes where, and never what the document calls its parts."""
    components = DOCUMENT.data["components"]
    inner = {name for kind in ("responses", "securitySchemes", "parameters") for name in components[kind]}
    for path, tree in trees.items():
        if path.startswith("sdk-"):  # classes of the SDK are called as some of these parts
            continue
        said = words(next(tree.all("body")))
        assert not {name for name in inner if re.search(rf"\b{name}\b", said)}, path
    for operation in DOCUMENT.operations.values():
        line = next(one for one in section_of(trees, operation).iter("p") if "auth" in one.get("class", "").split())
        for name in {name for alternative in operation.definition["security"] for name in alternative}:
            assert components["securitySchemes"][name]["x-displayName"] in words(line)
        assert words(line).count("Authorization: Bearer") <= 1, operation.id


def test_the_truth_comes_first_where_a_decision_was_refuted(trees: Mapping[str, Tree]) -> None:
    """What was decided is struck, behind what a recording shows; the decision or the recording is named."""
    tree = trees["decisions.html"]
    refuted = {name: row for name, row in DECISIONS.items() if "by" in row}
    for name, row in refuted.items():
        answer = tree.after(tree.ids[name.lower()])
        (struck,) = answer.iter("s")
        said = words(answer)
        assert said.startswith(plain(row["note"]).removesuffix(".")), name
        assert words(struck) == plain(row["decision"]), name
        assert row["by"] in said, name
        for seen in filter(None, row.get("see", "").split(", ")):
            assert f"#{seen.lower()}" in [one.get("href") for one in answer.iter("a")], name
    assert len(list(tree.all("s"))) == len(refuted)


def test_a_method_only_the_mock_takes_is_not_said_of_the_system(trees: Mapping[str, Tree]) -> None:
    """VINR documents no PATCH; Spree's PUT was recorded."""
    said = {name: words(section_of(trees, DOCUMENT.operations[name])) for name in DOCUMENT.operations}

    assert "The mock accepts PATCH only in observe mode, and returns 405 otherwise" in said["vinr.store_credit.update"]
    assert "POST is our own decision: VINR's pages do not show the method" in said["vinr.store_credit.update"]
    assert "PUT does the same." in said["spree.store_credits.update"]
    assert not any("PATCH does the same." in text for text in said.values())


def test_guides_are_all_there(trees: Mapping[str, Tree]) -> None:
    """A page for each topic a reader looks for, and one for each resource."""
    guides = [
        "index",
        "authentication",
        "errors",
        "pagination",
        "idempotency",
        "webhooks",
        "testing",
        "testing-typescript",
        "testing-java",
        "testing-go",
        "tools",
        "money",
        "changelog",
    ]
    tags = {operation.definition["tags"][0] for operation in DOCUMENT.operations.values()}
    resources = [tag.replace(".", "-").replace("_", "-") for tag in tags]

    assert {f"{name}.html" for name in [*guides, *resources]} <= set(trees)


def test_resources_stand_under_the_groups_of_the_document(site: Site) -> None:
    """In the order of `x-tagGroups`, of which a group with webhooks alone has no page of its own."""
    tags = [str(tag["name"]) for tag in DOCUMENT.data["tags"]]
    home = {page.slug: page.group for page in site.pages if page.is_resource}
    grouped = {str(group["name"]): list(group["tags"]) for group in DOCUMENT.data["x-tagGroups"]}
    slugs = {tag: tag.replace(".", "-").replace("_", "-") for tag in tags}
    wanted = {slugs[tag]: name for name, members_ in grouped.items() for tag in members_ if slugs[tag] in home}

    assert list(home.items()) == list(wanted.items())


@pytest.mark.parametrize("system", ["VINR", "Spree v3", "Spree v2"])
def test_a_header_of_a_system_is_listed_once(system: str, files: Mapping[str, bytes]) -> None:
    """Also where the document has a component for the responses that always have it and one for the others."""
    section = files["requests.md"].decode().partition(f"## {system}\n")[2].partition("\n## ")[0]
    names = re.findall(r"^- `([\w-]+)` \(", section, re.MULTILINE)

    assert names
    assert len(names) == len(set(names))
