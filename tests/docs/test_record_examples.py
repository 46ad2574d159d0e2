"""The records that an object's own section shows: that of most shops, and that of the newest version beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from pagetree import Tree, words

from store_credit_mock import Engine, Options, Request
from store_credit_mock.contract import Document
from store_credit_tools.docs_site.samples import sample_requests

PAGE = "spree-v3-admin-customers-store-credits"
CREATE = "spree_v3.admin.customers.store_credits.create"
CHANCE = ("id", "created_at", "updated_at", "customer_id")

Files = Mapping[str, bytes]


def shown(files: Files) -> dict[str, dict[str, Any]]:
    """The records of the page's first section, by their labels."""
    section = files[f"{PAGE}.md"].decode().partition("## The store credit object")[2].partition("\n## ")[0]
    found: dict[str, dict[str, Any]] = {}
    for before, _, after in (part.rpartition(":\n\n```json\n") for part in section.split("\n```\n")):
        if before:
            found[before.rpartition("\n")[2]] = json.loads(after)
    return found


def created(profile: str, prefix: str) -> dict[str, Any]:
    """What the mock responds to the sample that issues credit when it plays a version."""
    request = sample_requests(Document.read())[CREATE]
    with closing(Engine(options=Options(seed="1", samples=True, spree_v3_profile=profile))) as engine:
        environment: dict[str, str] = {}
        for system in engine.systems.values():
            environment |= system.environment("", engine.sandbox)
        headers = {header.name: header.text + environment.get(header.secret, "") for header in request.headers}
        path = request.path.replace("/cus_", f"/{prefix}")
        response = engine.handle(Request.build(request.method, path, headers, request.content))
        assert response.status == 201, response.body
        assert engine.exchanges[-1].violations == ()
        return json.loads(response.body)


def test_a_credit_is_shown_as_each_line_of_spree_returns_it(files: Files) -> None:
    """A reader of either sees the members, the amounts and the ids that the server sends, and what was only read."""
    records = shown(files)

    assert list(records) == ["Spree 5.6", "Spree 6.0 (read from code)"]
    for record, (profile, prefix) in zip(records.values(), [("5.6", "cus_"), ("6.0", "cust_")], strict=True):
        given = created(profile, prefix)
        assert record.keys() == given.keys()
        assert {name: record[name] for name in record if name not in CHANCE} == {
            name: given[name] for name in given if name not in CHANCE
        }
        assert record["customer_id"].startswith(prefix)
    assert records["Spree 6.0 (read from code)"]["amount"] == "25.00"


def test_the_newest_version_is_folded_in_html(files: Files) -> None:
    """Below the record that most shops return."""
    page = files[f"{PAGE}.html"].decode()
    first, _, rest = page.partition('<details class="ex"><summary>Spree 6.0 (read from code)</summary>')

    assert first.count("The store credit object, Spree 5.6</p>") == 1
    assert rest.partition("</details>")[0].count("outstanding") == 1


def test_a_record_of_one_form_has_no_label(files: Files) -> None:
    """VINR has no versions."""
    page = files["vinr-store-credit.md"].decode()

    assert "(read from code):\n" not in page


def test_each_object_has_an_example(files: Files, trees: Mapping[str, Tree]) -> None:
    """Its JSON, or a link to the operation of the page whose response it is, in both forms of the page."""
    linked = 0
    for path, tree in trees.items():
        for section in tree.all("section", "b"):
            if "op" in section.get("class", "") or not any(
                words(one).endswith("object #") for one in section.iter("h2")
            ):
                continue
            (box,) = [one for one in section if one.get("class") == "x"]
            part = (
                files[path.replace(".html", ".md")].decode().partition(f"## {words(next(section.iter('h2')))[:-2]}\n")
            )
            part = part[2].partition("\n## ")[0]
            if any(box.iter("pre")):
                assert "```json" in part, path
                continue
            (link,) = box.iter("a")
            assert link.get("href", "")[1:] in tree.ids, path
            assert next(tree.ids[link.get("href", "")[1:]].iter("pre")) is not None
            assert f"{words(link)[: -len(words(link).partition(' of ')[2])]}[" in " ".join(part.split())
            linked += 1

    assert linked == 1
    assert "The cart payment object" in words(trees["spree-checkout.html"].root)


def test_an_included_record_is_that_of_its_schema(files: Files) -> None:
    """Of several records that a response includes, the section shows one of the right type."""
    page = files["spree-checkout.md"].decode()
    types = {"payment": "payment", "store credit": "store_credit", "store credit event": "store_credit_event"}
    types |= {"store credit category": "store_credit_category", "store credit type": "store_credit_type"}

    for title, name in types.items():
        section = page.partition(f"## The cart {title} object\n")[2].partition("\n## ")[0]
        record = json.loads(section.partition("```json\n")[2].partition("```")[0])
        assert record["type"] == name
