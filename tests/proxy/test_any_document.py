"""`proxy --document` and what comes of it (coverage, recording, replay, drift), of a document of anybody's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")

from store_credit_mock import Contract, Document, Engine, Options, Request
from store_credit_mock.cli import main
from store_credit_mock.recording.replay import Replay

from .harness import commanded, exchange, upstream

SHOP = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: 'https://shop.test/v2'}]
paths:
  /things/{thingId}:
    $ref: 'things.yaml'
"""
THINGS = """\
parameters: [{name: thingId, in: path, required: true, schema: {type: integer}}]
get:
  responses:
    200:
      description: d
      content:
        application/json:
          schema:
            {type: object, required: [id], properties: {id: {type: integer}, note: {type: string, nullable: true}}}
    4XX: {description: d}
"""
RIGHT = b'{"id":1,"note":null}'


def answer(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


def asked(path: bytes) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP, "utf-8")
    (tmp_path / "things.yaml").write_text(THINGS, "utf-8")
    return path


@pytest.mark.parametrize(("before", "path"), [("", b"/v2/things/"), ("/v2", b"/things/")])
def test_both_sides_are_validated_below_the_path_of_the_server(document: Path, before: str, path: bytes) -> None:
    """It may stand in the requests or in the address of the upstream; lines are those of the file they stand in."""
    with (
        upstream(answer(RIGHT)) as server,
        commanded(server.url + before, "--document", str(document), "--enforce", "--only-documented") as proxy,
    ):
        assert "shop.yaml: OpenAPI 3.0.3 is read as 3.1" in proxy.log()
        assert exchange(proxy, asked(path + b"1"))[1] == RIGHT
        seen = proxy.next()
        assert (seen["operation"], seen["violations"]) == ("GET /things/{thingId}", [])
        assert server.got.startswith(b"GET /v2/things/1 ")

        head, refused = exchange(proxy, asked(path + b"x"))
        assert head.startswith(b"HTTP/1.1 400")
        assert "(things.yaml:1)" in json.loads(refused)["error"]
        assert [one["pointer"] for one in proxy.next()["violations"]] == ["/path/thingId"]

        server.answer = answer(b'{"note":5}')
        exchange(proxy, asked(path + b"2"))
        assert [(one["pointer"], one["line"]) for one in proxy.next()["violations"]] == [
            ("/body", 9),
            ("/body/note", 9),
        ]
        exchange(proxy, asked(b"/others"))
        assert [one["keyword"] for one in proxy.next()["violations"]] == ["path"]
        assert proxy.end() == 1
        assert "Traceback" not in proxy.log()


def test_what_passed_is_counted_recorded_and_played_back(
    document: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Coverage names the operation by method and path; drift has nothing to compare with, and says so."""
    counted, recorded = tmp_path / "counted.json", tmp_path / "shop.har"
    with (
        upstream(answer(RIGHT)) as server,
        commanded(
            server.url, "--document", str(document), "--coverage", str(counted), "--record", str(recorded),
            "--require", "GET /things/{thingId}:200", "--drift",
        ) as proxy,
    ):  # fmt: skip
        exchange(proxy, asked(b"/v2/things/1"))
        proxy.next()
        assert proxy.end() == 0, proxy.log()
        assert "1 not compared: the mock has no handler for it" in proxy.log()

    def run(*arguments: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--document", str(document)])
        said = capfd.readouterr()
        return ended.value.code, said.out + said.err

    code, said = run("coverage", "report", str(counted), "--require", "GET /things/{thingId}:4XX")
    assert code == 1
    assert "GET /things/{thingId}:4XX was required but not seen" in said
    code, said = run("drift", str(recorded))
    assert code == 2
    assert "1 not compared: the mock has no handler for it" in said

    engine = Engine(Contract(Document.read(document)), options=Options(seed=1), partial=True)
    Replay(engine, recorded)
    played = engine.handle(Request.build("GET", "/v2/things/1"))
    assert (played.status, json.loads(played.body)) == (200, json.loads(RIGHT))
    assert engine.exchanges[-1].operation == "GET /things/{thingId}"
    assert engine.handle(Request.build("GET", "/v2/things/2")).status == 404


@pytest.mark.parametrize("command", ["serve", "proxy", "verify", "drift", "coverage"])
def test_no_command_starts_with_what_cannot_be_read(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 with file and line: 1 is for what was found."""
    path = tmp_path / "old.json"
    path.write_text('{"info": {},\n"swagger": "2.0",\n"paths": {}}', "utf-8")
    (tmp_path / "any.har").write_text('{"log": {"entries": []}}', "utf-8")
    line = {
        "serve": ["--port", "0"],
        "proxy": ["--upstream", "http://127.0.0.1:9"],
        "verify": ["http://127.0.0.1:9"],
        "drift": [str(tmp_path / "any.har")],
        "coverage": [str(tmp_path / "any.har")],
    }[command]
    with pytest.raises(SystemExit) as ended:
        main([command, *(["report"] if command == "coverage" else []), *line, "--document", str(path)])
    assert ended.value.code == 2
    assert capfd.readouterr().err == (
        f"store-credit-mock: {path}:2: #/swagger: Swagger 2.0 is not supported; convert the document to OpenAPI 3"
        " first, for example with `npx swagger2openapi` or editor.swagger.io\n"
    )
