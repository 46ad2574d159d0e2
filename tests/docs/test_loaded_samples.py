"""The samples that pages load: how those in Ruby and PHP are written. test_samples_on_one_mock.py runs all of them."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from store_credit_mock.contract import Document
from store_credit_tools.docs_site.samples import samples_for
from store_credit_tools.docs_site.sampling.php import php_program
from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest
from store_credit_tools.docs_site.sampling.ruby import ruby_program

LABELS = ["Python, async", "Ruby", "PHP", "Go", "Java"]
COLUMNS = 57
"""What the column of the samples shows of a line on a wide screen, as `line-length` of docs/samples/ruff.toml."""
ODD = 'it\'s "50%" for $5 or {$a}, #{b} #$c #@d # e\\n\n\té\u001f'
REQUEST = SampleRequest(
    operation="spree.odd",
    title="Odd",
    method="PATCH",
    server="https://shop.example.com",
    path="/odd%20path",
    query=(("filter[a]", "a b&c"), ("include", "é")),
    headers=(Header("Authorization", "Bearer ", "TOKEN"), Header("X-Key", "", "KEY")),
    body={"no-name": [1.5, {"é": None}], "empty": {}, "none": [], "yes": True, "text": "$a #{b}"},
    answers=True,
)


def run(command: str, program: str, source: str, **environment: str) -> Any:
    """What a program prints, as JSON; the source defines it after the lines of `program`."""
    path = shutil.which(command)
    if path is None:
        pytest.skip(f"{command} is not installed, so that it was not asked how it reads the sample")
    done = subprocess.run([path], input=program + source, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)


def test_ruby_is_written_as_it_is_read() -> None:
    """A `#` that would begin an interpolation is escaped; a name that is no Ruby name is quoted."""
    assert ruby_program(REQUEST) == (
        'require "json"\n'
        'require "net/http"\n'
        "\n"
        'url = URI("https://shop.example.com/odd%20path")\n'
        "url.query = URI.encode_www_form([\n"
        '  ["filter[a]", "a b&c"],\n'
        '  ["include", "é"]\n'
        "])\n"
        "request = Net::HTTP::Patch.new(url)\n"
        'request["Authorization"] = "Bearer #{ENV.fetch("TOKEN")}"\n'
        'request["X-Key"] = ENV.fetch("KEY")\n'
        "request.body = {\n"
        '  "no-name": [\n'
        "    1.5,\n"
        "    {\n"
        '      "é": nil\n'
        "    }\n"
        "  ],\n"
        "  empty: {},\n"
        "  none: [],\n"
        "  yes: true,\n"
        '  text: "$a \\#{b}"\n'
        "}.to_json\n"
        "\n"
        "response = Net::HTTP.start(\n"
        "  url.host,\n"
        "  url.port,\n"
        '  use_ssl: url.scheme == "https"\n'
        ") { |http| http.request(request) }\n"
        "unless response.is_a?(Net::HTTPSuccess)\n"
        '  raise "#{response.code}: #{response.body}"\n'
        "end\n"
        "puts response.body"
    )


def test_php_is_written_as_it_is_read() -> None:
    """A dollar is escaped; an empty object is no empty list."""
    assert php_program(REQUEST) == (
        "<?php\n"
        '$url = "https://shop.example.com/odd%20path";\n'
        '$url .= "?" . http_build_query([\n'
        '    "filter[a]" => "a b&c",\n'
        '    "include" => "é",\n'
        "]);\n"
        "$headers = [\n"
        '    "Authorization: Bearer " . getenv("TOKEN"),\n'
        '    "X-Key: " . getenv("KEY"),\n'
        "];\n"
        "$body = json_encode([\n"
        '    "no-name" => [\n'
        "        1.5,\n"
        "        [\n"
        '            "é" => null,\n'
        "        ],\n"
        "    ],\n"
        '    "empty" => new stdClass(),\n'
        '    "none" => [],\n'
        '    "yes" => true,\n'
        '    "text" => "\\$a #{b}",\n'
        "]);\n"
        '$context = stream_context_create(["http" => [\n'
        '    "method" => "PATCH",\n'
        '    "header" => $headers,\n'
        '    "content" => $body,\n'
        '    "follow_location" => 0,\n'
        '    "ignore_errors" => true,\n'
        "]]);\n"
        "\n"
        '$stream = fopen($url, "r", false, $context);\n'
        "$meta = stream_get_meta_data($stream);\n"
        '$status = $meta["wrapper_data"][0];\n'
        "$response = stream_get_contents($stream);\n"
        "if (!preg_match('/^\\S+ 2/', $status)) {\n"
        '    throw new Exception("$status\\n$response");\n'
        "}\n"
        'echo $response, "\\n";'
    )


def test_a_request_without_a_body() -> None:
    """Nothing is sent, and the status is printed where nothing comes back; an empty object is sent as one."""
    deleted = dataclasses.replace(
        REQUEST, method="DELETE", body=None, query=(), answers=False, variable="SHOP", notes=("To be known.",)
    )
    ruby, php = ruby_program(deleted), php_program(deleted)

    assert ruby.startswith(
        '# To be known.\nrequire "net/http"\n\nurl = URI(ENV.fetch("SHOP") + "/odd%20path")\n'
        "request = Net::HTTP::Delete.new(url)\n"
    )
    assert "body =" not in ruby
    assert ruby.endswith("puts response.code")
    assert php.startswith('<?php\n// To be known.\n$url = getenv("SHOP") . "/odd%20path";\n$headers')
    assert '"method" => "DELETE"' in php
    assert 'content" =>' not in php
    assert php.endswith('echo $status, "\\n";')
    empty = dataclasses.replace(deleted, body={})
    assert "request.body = {}.to_json" in ruby_program(empty)
    assert "$body = json_encode(new stdClass());" in php_program(empty)


def test_names_that_a_query_repeats_are_all_sent() -> None:
    """An array of PHP has each name once."""
    twice = dataclasses.replace(REQUEST, query=(("a[]", "1"), ("a[]", "2")))

    assert '  ["a[]", "1"],\n  ["a[]", "2"]\n' in ruby_program(twice)
    assert (
        '$url .= "?" . implode("&", [\n'
        '    http_build_query(["a[]" => "1"]),\n'
        '    http_build_query(["a[]" => "2"]),\n'
        "]);"
    ) in php_program(twice)


def test_ruby_reads_what_was_meant() -> None:
    """Whatever a text holds; the program is stopped before it sends anything."""
    request = dataclasses.replace(REQUEST, body={ODD: ODD})
    before = ruby_program(request).partition("\nresponse =")[0]
    show = "\nputs [request.method, url.to_s, request.to_hash, JSON.parse(request.body)].to_json"
    method, url, headers, body = run("ruby", "# encoding: utf-8\n", before + show, TOKEN="t", KEY="k")

    assert (method, url) == ("PATCH", "https://shop.example.com/odd%20path?filter%5Ba%5D=a+b%26c&include=%C3%A9")
    assert (headers["authorization"], headers["x-key"]) == (["Bearer t"], ["k"])
    assert body == {ODD: ODD}


def test_php_reads_what_was_meant() -> None:
    """As in Ruby."""
    request = dataclasses.replace(REQUEST, body={ODD: ODD, "empty": {}})
    before = php_program(request).partition("\n$stream =")[0]
    show = "\necho json_encode([$url, stream_context_get_options($context)]);"
    url, options = run("php", "", before + show, TOKEN="t", KEY="k")
    http = options["http"]

    assert url == "https://shop.example.com/odd%20path?filter%5Ba%5D=a+b%26c&include=%C3%A9"
    assert (http["method"], http["header"]) == ("PATCH", ["Authorization: Bearer t", "X-Key: k"])
    assert json.loads(http["content"]) == {ODD: ODD, "empty": {}}


def test_every_page_of_operations_loads_their_samples(files: Mapping[str, bytes]) -> None:
    """One script a page: by operation, in the order of its samples, what is shown of each is what was run."""
    found: dict[str, list[dict[str, str]]] = {}
    for path, content in files.items():
        if path.startswith("assets/samples/") and not path.endswith(".versions.js"):
            assert path.replace("assets/samples/", "").replace(".js", ".html") in files
            for name, sets in json.loads(content.decode().removeprefix("window.moreSamples=")).items():
                assert f'id="{name}"'.encode() in files[path.replace("assets/samples/", "").replace(".js", ".html")]
                assert [[one["label"] for one in those] for those in sets] == [LABELS] * len(sets)
                found[name] = [
                    {one["key"]: unescape(re.sub(r"<[^>]+>", "", one["html"])) for one in those} for those in sets
                ]

    assert found == {
        name: [
            {"async": one.python_async, "ruby": one.ruby, "php": one.php, "go": one.go, "java": one.java}
            for one in sets
        ]
        for name, sets in samples_for(Document.read()).items()
        if sets[0].ruby
    }
    assert set(found) == set(Document.read().operations)


def test_the_script_of_the_pages_offers_what_they_load(files: Mapping[str, bytes]) -> None:
    """All of it, under the same words and in the same order."""
    (loaded,) = re.findall(r"LOADED=\{(.*?)\}", files["assets/site.js"].decode())

    assert [label for _, label in re.findall(r'(\w+):"(.*?)"', loaded)] == LABELS


def test_comments_fit_beside_the_text() -> None:
    """In every language: what a reader has to know before sending anything is read without scrolling."""
    wide = [
        line
        for sets in samples_for(Document.read()).values()
        for one in sets
        for text in (one.curl, one.python, one.python_async, one.fetch, one.ruby, one.php, one.go, one.java)
        for line in text.expandtabs(2).splitlines()
        if re.search(r"(^|\s)(#|//) ", line) and len(line) > COLUMNS
    ]

    assert wide == []
