"""How the proxy starts: certificates, arguments that cannot work, and the extra that is missing."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")


from .harness import (
    exchange,
    proxied,
    upstream,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET /v1/store-credit/sc_1 HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost with its key."""
    folder = tmp_path_factory.mktemp("tls")
    try:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key.pem", "-out",
             folder / "cert.pem", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
            check=True, capture_output=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"openssl cannot make a certificate: {error}")
    return folder


def test_certificates_are_checked(certificate: Path) -> None:
    """An unknown issuer is a 502 that says what to do; --ca and --insecure let it pass."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with upstream(OK, context) as server:
        url = f"https://localhost:{server.port}"
        with proxied(url) as proxy:
            head, body = exchange(proxy, GET)
            assert head.startswith(b"HTTP/1.1 502 ")
            assert "--ca FILE" in json.loads(body)["error"]["message"]
        for options in (["--ca", str(certificate / "cert.pem")], ["--insecure"]):
            with proxied(url, *options) as proxy:
                assert exchange(proxy, GET)[1] == b"ok"
        with proxied(f"https://127.0.0.1:{server.port}", "--ca", str(certificate / "cert.pem")) as proxy:
            assert exchange(proxy, GET)[0].startswith(b"HTTP/1.1 502 ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--upstream", "ftp://x"], "http:// or https://"),
        (["--upstream", "http://u:p@x"], "must not contain a user"),
        (["--upstream", "nonsense"], "http:// or https://"),
        (["--upstream", "http://x:99999"], "not a valid address"),
        (["--upstream", "http://x", "--host", "0.0.0.0"], "--allow-remote"),
        (["--upstream", "http://x", "--allow-host", "*"], "'*' is not a valid host"),
        (["--upstream", "http://x", "--port", "65536"], "0<=x<=65535"),
        (["--upstream", "http://x", "--require", "vinr.store_credit.list:200"], "--coverage"),
        (["--upstream", "http://x", "--coverage", "/nonexistent/c.json"], "the folder /nonexistent does not exist"),
        (["--upstream", "http://x", "--coverage", "c.json", "--no-check"], "--no-check"),
        (["--upstream", "http://x", "--coverage", "c.json", "--require", "no.such:200"], "no.such"),
        (["--upstream", "http://x", "--max-check", "-1"], "--max-check"),
        (["--upstream", "http://x", "--timeout", "0"], "--timeout"),
        (["--upstream", "http://x", "--enforce", "--no-check"], "--no-check"),
        (["--upstream", "https://x", "--ca", "/nonexistent"], "--ca"),
        (["--upstream", "http://x", "--document", "/nonexistent.yaml"], "cannot be read"),
        (["--upstream", "http://x", "--record", "/nonexistent/x.har"], "cannot be created"),
    ],
)
def test_what_cannot_start_is_told(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and a sentence that says what to do."""
    from store_credit_mock.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["proxy", "--port", "0", *arguments])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("address", ["ftp://u:hidden@x", "http://u:hidden@x:99999", "http://u:hidden@x", "u:hidden@"])
def test_no_password_of_an_address_is_said(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An address that is refused is not repeated with what stands before its @."""
    from store_credit_mock.cli import main

    with pytest.raises(SystemExit):
        main(["proxy", "--upstream", address])
    assert "hidden" not in capsys.readouterr().err


def test_without_the_extra_it_says_which(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The name of the extra, and how to install it."""
    from store_credit_mock.cli import main

    for name in [name for name in sys.modules if name.startswith(("aiohttp", "store_credit_mock.proxy."))]:
        if name != "store_credit_mock.proxy.command":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(SystemExit) as ended:
        main(["proxy", "--upstream", "http://x"])
    assert ended.value.code == 2
    assert "store-credit-mock[proxy]" in capsys.readouterr().err
