"""How samples are made: from the document's examples, from files, and from the mock's answers."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock.contract import Document, DocumentError
from store_credit_tools.docs_site.samples import sample_requests, samples_for
from store_credit_tools.docs_site.sampling.curl import curl_command
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.javascript import fetch_module
from store_credit_tools.docs_site.sampling.python import BEGIN, END, PROGRAMS, program
from store_credit_tools.docs_site.sampling.requests import ADDRESSES, Header, SampleRequest, sample_request
from store_credit_tools.docs_site.sampling.webhooks import event_requests

DOCUMENT = Document.read()
CREDITS = "/api/v2/platform/store_credits"


def changed() -> tuple[Document, Any]:
    """A copy of the document, and its data to be changed."""
    data = copy.deepcopy(dict(DOCUMENT.data))
    return dataclasses.replace(DOCUMENT, data=data), data


def request_for(document: Document, operation: str) -> SampleRequest:
    return sample_request(document, document.operations[operation])


def test_every_operation_and_every_webhook_has_samples() -> None:
    """Nothing is left out, and nothing is empty that the page shows."""
    samples = samples_for(DOCUMENT)

    assert list(samples) == [*DOCUMENT.operations, *DOCUMENT.webhooks]
    for name, sets in samples.items():
        (sample,) = sets
        assert sample.operation == name
        assert sample.title
        assert sample.curl
        assert sample.python
        assert bool(sample.response) == bool(sample.response_media_type) == (sample.status != 204)
        for language in (sample.python_async, sample.fetch):
            assert bool(language) == (name in DOCUMENT.operations)


def test_the_same_samples_come_out_again() -> None:
    """The responses do not depend on the time, on chance, or on the samples before."""
    backwards = copy.copy(DOCUMENT.data["paths"])
    document = dataclasses.replace(DOCUMENT, data={**DOCUMENT.data, "paths": dict(reversed(backwards.items()))})

    first, again = samples_for(DOCUMENT), samples_for(document)

    assert list(first) != list(again)
    assert first == again


def test_samples_reach_a_sandbox_where_there_is_one() -> None:
    """Whoever pastes a sample must not move real money."""
    hosts = {request.server for request in sample_requests(DOCUMENT).values()}

    assert hosts == {"https://sandbox.api.vinr.com", "https://demo.spreecommerce.org"}


def test_samples_take_the_address_from_the_environment() -> None:
    """As the SDK does, so that all four forms run on a mock as they are printed; VINR's own address is said."""
    requests, samples = sample_requests(DOCUMENT), samples_for(DOCUMENT)
    for name, request in requests.items():
        (sample,) = samples[name]
        variable = ADDRESSES[name.partition(".")[0]]
        assert f'"${variable}/' in sample.curl
        assert f'process.env.{variable} + "/' in sample.fetch
        assert "https://" not in "\n".join(line for line in sample.curl.splitlines() if not line.startswith("#"))
        said = "VINR_BASE_URL is https://sandbox.api.vinr.com, or the address of a mock."
        assert (said in request.notes) == name.startswith("vinr.")


def keys_of(request: SampleRequest) -> list[str]:
    return [header.text for header in request.headers if header.name == "Idempotency-Key"]


def test_a_key_in_a_sample_is_said_to_be_the_readers_own() -> None:
    """Whoever pasted it for a second customer would get a conflict; and no two operations share one."""
    samples, shown = samples_for(DOCUMENT), dict[str, str]()
    for name, request in sample_requests(DOCUMENT).items():
        (sample,) = samples[name]
        for key in keys_of(request):
            shown[name] = key
            assert f'"Idempotency-Key: {key}"' in sample.curl
            assert f'"Idempotency-Key": "{key}"' in sample.fetch
        for code in (sample.curl, sample.fetch):
            assert ("Idempotency-Key" in code) == (name in shown)
            assert ("your own" in code) == (name in shown), code
        # Without one of the reader's, the SDK makes a key for each call.
        for code in (sample.python, sample.python_async):
            assert re.findall(r'Your own key.*\n +idempotency_key="(.*)"', code) in ([], [shown.get(name)]), code
            assert code.count("idempotency_key") == code.count("Your own key"), code
    assert len(set(shown.values())) == len(shown)
    # Under a key that was used before, a mock returns the stored response and sends no event.
    assert not [name for name in DOCUMENT.webhooks if "Idempotency-Key" in samples[name][0].curl]


def test_whatever_takes_a_key_is_shown_with_one() -> None:
    """A sample without would be copied by whoever spends money. A login under a used key returns an old token."""
    for name, request in sample_requests(DOCUMENT).items():
        definition = DOCUMENT.operations[name]
        takes = any(one["name"] == "Idempotency-Key" for _, one in definition.parameters)
        assert len(keys_of(request)) == (takes and not definition.definition.get("x-idempotent", False)), name


def test_a_key_that_shoppers_share_holds_the_id_of_the_cart() -> None:
    """Spree gives a shopper another one's cart back, with the e-mail address and the token of it, for the same key."""
    shared = [
        request
        for request in sample_requests(DOCUMENT).values()
        if keys_of(request) and any(header.secret == "SPREE_PUBLISHABLE_KEY" for header in request.headers)
    ]
    said = "Make it unique among all shoppers: add the cart's id."

    assert len(shared) == 3
    for request in sample_requests(DOCUMENT).values():
        assert (said in request.notes) == (request in shared)
    for request in shared:
        (cart,) = re.findall(r"/(cart_\w+)", request.path)
        assert cart in keys_of(request)[0]
        for code, mark in ((curl_command(request), "# "), (fetch_module(request), "// ")):
            assert said in code.replace(f"\n{mark}", " ")


def test_a_value_chosen_for_a_sample_takes_the_place_of_the_example() -> None:
    """What a sample deletes or ends is named by no other."""
    document, data = changed()
    operation = data["paths"]["/v1/store-credit/{id}"]["get"]
    operation["x-sample-values"] = {"id": "sc_other"}
    assert request_for(document, "vinr.store_credit.retrieve").path == "/v1/store-credit/sc_other"

    operation["x-sample-values"] = {"colour": "blue"}
    with pytest.raises(DocumentError, match=r"x-sample-values: colour is not a parameter"):
        sample_requests(document)


def test_no_sample_holds_a_credential() -> None:
    """Each takes it from the environment; what names itself in the body shows an example of that."""
    samples = samples_for(DOCUMENT)
    for request in sample_requests(DOCUMENT).values():
        if request.operation.startswith("spree.oauth."):
            assert not [header for header in request.headers if header.secret]
            assert {request.body["client_id"], request.body["client_secret"]} <= {
                "example-client-id",
                "example-client-secret",
            }
            continue
        secrets = [header.secret for header in request.headers if header.secret]
        first = next(iter(DOCUMENT.operations[request.operation].definition["security"]), {})
        (sample,) = samples[request.operation]
        assert len(secrets) == len(first)
        for secret in secrets:
            assert f"${secret}" in sample.curl
            assert f"process.env.{secret}" in sample.fetch


def test_curl_says_exactly_what_is_to_be_sent() -> None:
    """Whatever a value holds, the shell hands it over as it is."""
    odd = """it's "50% off" for $5 \\ `now`!"""
    request = SampleRequest(
        operation="spree.odd",
        title="Odd",
        method="PATCH",
        server="https://shop.example.com",
        path="/odd",
        query=(("filter[name_eq]", "a b&c"), ("include", "a,b")),
        headers=(Header("Authorization", "Bearer ", "TOKEN"), Header("X-Odd", odd)),
        body={"text": odd},
        answers=True,
    )

    show = """curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }"""
    done = subprocess.run(
        ["sh", "-c", f"{show}\n{curl_command(request)}"], env={"TOKEN": "t"}, capture_output=True, check=True
    )
    by_variable = dataclasses.replace(request, variable="SHOP", notes=("To be known.",))
    command = f"{show}\n{curl_command(by_variable)}"
    environment = {"TOKEN": "t", "SHOP": "https://shop.example.com"}
    again = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, check=True)

    assert curl_command(by_variable).startswith('# To be known.\ncurl -X PATCH "$SHOP/odd?')
    assert again.stdout == done.stdout
    assert done.stdout.decode().split("\0") == [
        *("-X", "PATCH", "https://shop.example.com/odd?filter%5Bname_eq%5D=a%20b%26c&include=a,b"),
        *("-H", "Authorization: Bearer t", "-H", f"X-Odd: {odd}", "-d"),
        # Indented as the option is.
        json.dumps({"text": odd}, indent=2).replace("\n", "\n  "),
        "",
    ]


def test_fetch_says_exactly_what_is_to_be_sent() -> None:
    """Names that are no JavaScript names are quoted, and so is every text."""
    request = SampleRequest(
        operation="spree.odd",
        title="Odd",
        method="POST",
        server="https://shop.example.com",
        path="/odd",
        query=(("a[b]", 'say "x"'),),
        headers=(Header("X-Key", "", "KEY"),),
        body={"no-name": [1, {"é": None}], "empty": {}, "line": "a\nb"},
        answers=False,
    )

    assert fetch_module(request) == (
        'const url = new URL("https://shop.example.com/odd");\n'
        'url.searchParams.append("a[b]", "say \\"x\\"");\n'
        "\n"
        "const response = await fetch(url, {\n"
        '  method: "POST",\n'
        "  headers: {\n"
        '    "X-Key": process.env.KEY,\n'
        "  },\n"
        "  body: JSON.stringify({\n"
        '    "no-name": [\n'
        "      1,\n"
        "      {\n"
        '        "é": null,\n'
        "      },\n"
        "    ],\n"
        "    empty: {},\n"
        '    line: "a\\nb",\n'
        "  }),\n"
        "});\n"
        "if (!response.ok) {\n"
        "  const text = await response.text();\n"
        "  throw new Error(`${response.status}: ${text}`);\n"
        "}\n"
        "console.log(response.status);"
    )
    by_variable = fetch_module(dataclasses.replace(request, variable="SHOP", notes=("To be known.",)))
    assert by_variable.startswith('// To be known.\nconst url = new URL(process.env.SHOP + "/odd");\n')


def test_parameters_are_written_in_their_style() -> None:
    """A list repeats its name or is joined by commas, an object has its keys in brackets."""
    document, data = changed()
    listing = data["paths"][CREDITS]["get"]
    listing["x-sample-parameters"] = ["filter", "include"]
    listing["parameters"] = [
        {"name": "filter", "in": "query", "style": "deepObject", "example": {"amount_gteq": "1", "user_id_in": [2, 3]}},
        {"name": "include", "in": "query", "explode": False, "example": ["user", "created_by"]},
    ]
    data["paths"]["/v1/store-credit"]["get"]["x-sample-parameters"] = ["expand[]"]

    assert request_for(document, "spree.store_credits.list").query == (
        ("filter[amount_gteq]", "1"),
        ("filter[user_id_in][]", "2"),
        ("filter[user_id_in][]", "3"),
        ("include", "user,created_by"),
    )
    assert request_for(document, "vinr.store_credit.list").query == (("expand[]", "data.customer"),)


def test_what_the_document_lacks_is_told() -> None:
    """The place and what to do, for each thing a sample needs."""
    cases: list[tuple[Any, str]] = []
    document, data = changed()
    data["paths"]["/v1/store-credit/{id}"]["get"]["x-sample-parameters"] = ["colour"]
    cases.append((document, "x-sample-parameters: colour is not a parameter"))
    document, data = changed()
    data["paths"]["/v1/store-credit"]["post"]["requestBody"]["content"]["application/json"].pop("examples")
    cases.append((document, "application~1json has no example"))
    document, data = changed()
    content = data["paths"]["/v1/store-credit"]["post"]["requestBody"]["content"]
    content.pop("application/json")
    cases.append((document, "samples send JSON"))
    document, data = changed()
    data["paths"]["/v1/store-credit"]["get"]["security"] = [{"other": []}]
    cases.append((document, "samples take the credential of other from no variable"))
    document, data = changed()
    data["paths"]["/v1/store-credit"].pop("servers")
    cases.append((document, "has no servers"))
    document, data = changed()
    del data["paths"]["/v1/store-credit"]["get"]["responses"]["200"]
    cases.append((document, "has no success"))

    for document, words in cases:
        with pytest.raises(DocumentError) as caught:
            sample_requests(document)
        assert words in str(caught.value)
        assert re.search(r"openapi\.yaml:\d+: #/paths/~1v1~1store-credit", str(caught.value))


def test_a_sample_that_the_mock_refuses_is_told() -> None:
    """Nothing is shown that does not work: the exchange is in the message."""
    document, data = changed()
    data["components"]["examples"]["VinrStoreCreditCreate"]["value"]["customer"] = "cust_nobody"

    with pytest.raises(SampleError) as caught:
        samples_for(document)

    assert "vinr.store_credit.create" in str(caught.value)
    assert "-> 404" in str(caught.value)
    assert "SAMPLES of its system" in str(caught.value)


def test_an_event_that_nothing_causes_is_told() -> None:
    """A new webhook needs a line that says what causes it."""
    with pytest.raises(SampleError, match=r"store_credit\.voided has no sample: say in docs_site/.*webhooks\.py"):
        event_requests("store_credit.voided", sample_requests(DOCUMENT))


def test_a_missing_program_is_told(tmp_path: Path) -> None:
    """An operation that was added and has no sample names the file to add."""
    programs = tmp_path / "samples"
    shutil.copytree(PROGRAMS, programs)
    (programs / "spree" / "account" / "retrieve_async.py").unlink()

    with pytest.raises(SampleError) as caught:
        samples_for(DOCUMENT, programs)

    assert str(programs / "spree" / "account" / "retrieve_async.py") + " is missing" in str(caught.value)
    assert "spree.account.retrieve with the SDK's async client" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("print(1)\n", "needs the line"),
        (f"{BEGIN}\nprint(1)\n", "needs the line"),
        (f"{END}\nprint(1)\n{BEGIN}\n", "needs the line"),
        (f"{BEGIN}\n{BEGIN}\nprint(1)\n{END}\n", "needs the line"),
        (f"\n{BEGIN}\n\n{END}\n", ":2: there is nothing between the marks"),
    ],
)
def test_marks_that_are_wrong_are_told(tmp_path: Path, text: str, words: str) -> None:
    """One pair with something in it."""
    path = tmp_path / "create.py"
    path.write_text(text, "utf-8")

    with pytest.raises(SampleError) as caught:
        program(path, "anything")

    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_every_program_belongs_to_an_operation() -> None:
    """A sample of an operation that is gone goes, too."""
    expected = {Path("vinr", "webhooks.py"), Path("spree_v3", "webhooks.py")}
    for operation in DOCUMENT.operations:
        path = Path(*operation.split("."))
        expected |= {path.with_suffix(".py"), path.with_name(f"{path.name}_async.py")}

    assert {path.relative_to(PROGRAMS) for path in PROGRAMS.rglob("*.py")} == expected
