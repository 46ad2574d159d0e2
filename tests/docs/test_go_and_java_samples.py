"""The samples in Go and Java: how they are written; test_samples_on_one_mock.py compiles and runs all of them."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest

from store_credit_tools.docs_site.sampling.go import go_program
from store_credit_tools.docs_site.sampling.java import java_program
from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest

ODD = 'it\'s "50%" for $5 or {$a}, `b` // c \\n\\u0041 """\n\té\u001f'
REQUEST = SampleRequest(
    operation="spree.odd",
    title="Odd",
    method="PATCH",
    server="https://shop.example.com",
    path="/odd%20path",
    query=(("filter[a]", "a b&c"), ("include", "é,f"), ("include", "g" * 38)),
    headers=(Header("Authorization", "Bearer ", "TOKEN"), Header("X-Key", "", "KEY_OF_A_LONG_NAME")),
    body={"no-name": [1.5, None], "text": "a"},
    answers=True,
    variable="SHOP",
    notes=("To be known.",),
)
WITHOUT_BODY = dataclasses.replace(REQUEST, method="DELETE", body=None, query=(), answers=False)


def test_go_is_written_as_gofmt_formats_it() -> None:
    """The body as JSON; calls that are too long are broken between their arguments."""
    assert (
        go_program(REQUEST)
        .expandtabs(4)
        .startswith(
            """\
// To be known.

package main

import (
    "fmt"
    "io"
    "log"
    "net/http"
    "os"
    "strings"
    "time"
)

func main() {
    if err := run(); err != nil {
        log.Fatal(err)
    }
}

func run() error {
    url := os.Getenv("SHOP") + "/odd%20path"
    body := strings.NewReader(`{
  "no-name": [
    1.5,
    null
  ],
  "text": "a"
}`)
    request, err := http.NewRequest("PATCH", url, body)
    if err != nil {
        return err
    }
    query := request.URL.Query()
    query.Add("filter[a]", "a b&c")
    query.Add("include", "é,f")
    query.Add(
        "include", "gggggggggggggggggggggggggggggggggggggg",
    )
    request.URL.RawQuery = query.Encode()
    request.Header.Set(
        "Authorization", "Bearer "+os.Getenv("TOKEN"),
    )
    request.Header.Set(
        "X-Key", os.Getenv("KEY_OF_A_LONG_NAME"),
    )

    client := http.Client{Timeout: 30 * time.Second}
"""
        )
    )


def test_java_is_written_as_it_is_read() -> None:
    """The query is percent-encoded; what is too long is broken before its operators."""
    assert (
        java_program(REQUEST)
        == '''\
// To be known.
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

class Main {
  public static void main(String[] args)
      throws IOException, InterruptedException {
    var url = System.getenv("SHOP")
        + "/odd%20path"
        + "?filter%5Ba%5D=a%20b%26c"
        + "&include=%C3%A9,f"
        + "&include=gggggggggggggggggggggggggggggggggggggg";
    var body = """
        {
          "no-name": [
            1.5,
            null
          ],
          "text": "a"
        }""";
    var request = HttpRequest.newBuilder(URI.create(url))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization",
            "Bearer " + System.getenv("TOKEN"))
        .header("X-Key",
            System.getenv("KEY_OF_A_LONG_NAME"))
        .method("PATCH", BodyPublishers.ofString(body))
        .build();
    var response = HttpClient.newHttpClient()
        .send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(response.statusCode()
          + ": " + response.body());
    }
    System.out.println(response.body());
  }
}'''
    )


def test_a_request_without_a_body() -> None:
    """Nothing is sent, nothing more is imported, and the status is printed where nothing comes back."""
    go, java = go_program(WITHOUT_BODY), java_program(WITHOUT_BODY)
    posted = dataclasses.replace(WITHOUT_BODY, method="POST")

    assert 'http.NewRequest("DELETE", url, nil)' in go
    assert '"strings"' not in go
    assert "fmt.Println(response.Status)" in go
    assert "\n        .DELETE()\n" in java
    assert "BodyPublishers" not in java
    assert "System.out.println(response.statusCode());" in java
    assert ".POST(BodyPublishers.noBody())" in java_program(posted)
    assert "import java.net.http.HttpRequest.BodyPublishers;" in java_program(posted)
    # What is fixed is written out, and the environment is not read for it.
    fixed = dataclasses.replace(WITHOUT_BODY, variable="", headers=())
    assert 'url := "https://shop.example.com/odd%20path"' in go_program(fixed)
    assert '"os"' not in go_program(fixed)
    assert 'var url = "https://shop.example.com/odd%20path";' in java_program(fixed)


@pytest.fixture
def received() -> Iterator[tuple[str, list[tuple[str, str, Mapping[str, str], bytes]]]]:
    """The address of a server that refuses everything, and what it got."""
    got: list[tuple[str, str, Mapping[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PATCH(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.command, self.path, dict(self.headers.items()), body))
            self.send_response(422)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"no")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.slow
@pytest.mark.toolchain
@pytest.mark.parametrize(
    ("needs", "name", "write", "command"),
    [
        ("go", "main.go", go_program, ("go", "run", "main.go")),
        ("javac", "Main.java", java_program, ("java", "-Dfile.encoding=UTF-8", "Main.java")),
    ],
    ids=["go", "java"],
)
def test_the_program_sends_what_was_meant_and_fails_on_a_refusal(
    needs: str,
    name: str,
    write: Any,
    command: tuple[str, ...],
    received: tuple[str, list[tuple[str, str, Mapping[str, str], bytes]]],
    tmp_path: Path,
) -> None:
    """Whatever a text holds."""
    if shutil.which(needs) is None:
        pytest.skip(f"{needs} is not installed, so that it was not asked how it reads the sample")
    address, got = received
    query = (("filter[a]", "a b&c"), ("include", "é,f"))
    request = dataclasses.replace(REQUEST, query=query, body={ODD: ODD, "blanks": "  "})
    (tmp_path / name).write_text(cast("str", write(request)), "utf-8")
    variables = {"SHOP": address, "TOKEN": "t", "KEY_OF_A_LONG_NAME": "k"}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **variables, "GOPROXY": "off", "GOTOOLCHAIN": "local", "NO_PROXY": "127.0.0.1"},
    )

    assert done.returncode != 0
    assert "422" in done.stderr
    assert ": no" in done.stderr
    ((method, path, headers, body),) = got
    assert method == "PATCH"
    assert path.replace("+", "%20").replace("%2C", ",") == "/odd%20path?filter%5Ba%5D=a%20b%26c&include=%C3%A9,f"
    assert {name.lower(): value for name, value in headers.items()}.items() >= {
        "authorization": "Bearer t",
        "x-key": "k",
    }.items()
    assert json.loads(body) == request.body
