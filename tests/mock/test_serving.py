"""How `serve` is told where to listen, and by what: options, variables, a unix socket, TLS, a parent to end with."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from served_mock import Served, served
from store_credit_mock import cli

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

from store_credit_mock.server.parent import Parent

PATH = "/v1/store-credit"
AUTH = {"X-Api-Key": "sk_test_1"}
PREFIX = "STORE_CREDIT_MOCK_SERVE_"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str]:
    """Run the command in this process; its exit code and what it said."""
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    shown = capsys.readouterr()
    return ended.value.code, shown.out + shown.err


@pytest.mark.parametrize("command", ["", "serve", "proxy", "verify", "coverage", "coverage report"])
def test_every_command_tells_its_version(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` is answered wherever it is said."""
    assert said(capsys, *command.split(), "--version") == (0, "store-credit-mock, version 0.1.0\n")


def test_every_option_has_a_variable(capsys: pytest.CaptureFixture[str]) -> None:
    """The help names it, also for options of systems, and for none that only asks."""
    code, text = said(capsys, "serve", "--help")

    text = "".join(text.split())
    assert code == 0
    for name in ("PORT", "SPREE_TOKEN", "RATE_LIMIT", "STRICT", "SYSTEM", "OPTION", "EXIT_WITH_PARENT", "TLS_CA"):
        assert f"envvar:{PREFIX}{name}" in text
    assert f"{PREFIX}VERSION" not in text


def test_variables_are_options() -> None:
    """A line of the command outdoes them; what is secret is not said, and a misspelt one is told without its value."""
    environment = {
        **os.environ, PREFIX + "CONTROL_TOKEN": "control-secret", PREFIX + "SPREE_TOKEN": "spree-secret",
        PREFIX + "STRICT": "0", PREFIX + "PORT": "not a port", PREFIX + "PROFIL": "hidden-value",
        PREFIX + "ALLOW_ORIGIN": "http://a.test http://localhost:*", "STORE_CREDIT_MOCK_VERSION": "7",
    }  # fmt: skip
    with served(environment=environment) as mock:
        assert mock.started["mode"] == "observe"
        assert mock.control.health().status == "ready"
        assert mock.started["control_token"] == "control-secret"
        answer = httpx.get(mock.url + PATH, headers={**AUTH, "Origin": "http://localhost:1"}, trust_env=False)
        assert answer.headers["access-control-allow-origin"] == "http://localhost:1"
        log = mock.log()
    assert f"{PREFIX}PROFIL does not belong to any option and is ignored; did you mean {PREFIX}PROFILE?" in log
    assert not [secret for secret in ("control-secret", "spree-secret", "hidden-value") if secret in log]


def over(mock: Served) -> httpx.Client:
    transport = httpx.HTTPTransport(uds=mock.started["uds"])
    return httpx.Client(base_url=mock.url, headers=AUTH, transport=transport)


def test_it_listens_on_a_unix_socket(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says which; nobody takes it away, one left by a killed server is no hindrance, and it goes at the end."""
    path = tmp_path / "mock.sock"
    with served("--uds", str(path)) as mock:
        assert mock.log().splitlines()[-1] == f"unix:{path} document 0.1.0 ready"
        with over(mock) as client:
            assert client.get(PATH).status_code == 200
            assert client.get(PATH, headers={"Host": "mock"}).status_code == 200
            assert client.get(PATH, headers={"Host": "evil.example"}).status_code == 403
        code, text = said(capsys, "serve", "--uds", str(path))
        assert (code, "another server is already listening" in text) == (2, True)
        mock.kill()
        assert path.exists()
    with served("--uds", str(path)) as mock:
        with over(mock) as client:
            assert client.get(PATH).status_code == 200
        mock.process.terminate()
        mock.process.wait(20)
        assert not path.exists()


def test_it_makes_a_certificate(tmp_path: Path) -> None:
    """A client that trusts what the ready line names is served, by every name it goes by, and others are not."""
    pytest.importorskip("trustme", reason="the extra `tls` is not installed")
    with served("--tls-self-signed", "--allow-host", "mock.test", "--allow-host", "a_b") as mock:
        certificate = Path(mock.started["certificate"])
        port = mock.url.rpartition(":")[2]
        assert mock.url == f"https://127.0.0.1:{port}"
        assert mock.log().splitlines()[-1].endswith(f"ready, certificate to trust: {certificate}")
        assert f"opens once: {mock.url}/_mock/ui?ticket=" in mock.log()
        context = ssl.create_default_context(cafile=certificate)
        with httpx.Client(verify=context, headers=AUTH, trust_env=False) as client:
            for name in ("127.0.0.1", "localhost"):
                assert client.get(f"https://{name}:{port}{PATH}").status_code == 200
            sent = {"Host": "mock.test"}
            named = client.get(mock.url + PATH, headers=sent, extensions={"sni_hostname": "mock.test"})
            assert named.status_code == 200
            opened = client.get(mock.started["inspector"])
            assert (opened.status_code, opened.headers["set-cookie"].endswith("; Secure")) == (200, True)
            client.cookies.clear()
            page = client.get(mock.url + "/_mock/ui").text
            assert f"{mock.url}/_mock/ui/tickets" in page
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(mock.url + PATH, trust_env=False)
        mock.process.terminate()
        mock.process.wait(20)
        assert not certificate.parent.exists()
    kept = tmp_path / "ca.pem"
    with served("--tls-self-signed", "--tls-ca", str(kept)) as mock:
        assert mock.started["certificate"] == str(kept)
        context = ssl.create_default_context(cafile=kept)
        offer = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABk"}
        with httpx.Client(verify=context, headers={**AUTH, **offer}, trust_env=False) as client:
            made = client.post(mock.url + PATH, data={"customer": "cust_8aZ2", "amount": 5, "currency": "USD"})
        assert made.status_code == 201


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with certificates and keys."""
    trustme = pytest.importorskip("trustme", reason="the extra `tls` is not installed")
    from cryptography.hazmat.primitives import serialization

    folder = tmp_path_factory.mktemp("pem")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    for one in issued.cert_chain_pems:
        one.write_to_path(folder / "cert.pem", append=True)
    authority.issue_cert("127.0.0.1").private_key_pem.write_to_path(folder / "other.pem")
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"password"),
    )
    (folder / "sealed.pem").write_bytes(sealed)
    (folder / "nonsense.pem").write_text("nonsense")
    return folder


def test_it_takes_a_certificate(pem: Path) -> None:
    """With its key it serves https."""
    with served("--tls-cert", str(pem / "cert.pem"), "--tls-key", str(pem / "key.pem")) as mock:
        assert mock.started["certificate"] is None
        context = ssl.create_default_context(cafile=pem / "ca.pem")
        assert httpx.get(mock.url + PATH, headers=AUTH, verify=context, trust_env=False).status_code == 200


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--tls-cert DIR/cert.pem", "--tls-key is missing"),
        ("--tls-key DIR/key.pem", "--tls-cert is missing"),
        ("--tls-cert DIR/cert.pem --tls-key DIR/key.pem --tls-self-signed", "cannot be combined"),
        ("--tls-ca DIR/new.pem", "--tls-self-signed"),
        ("--tls-self-signed --tls-ca DIR/none/new.pem", "cannot be written"),
        ("--tls-cert DIR/none.pem --tls-key DIR/key.pem", "--tls-cert DIR/none.pem: cannot be read"),
        ("--tls-cert DIR/cert.pem --tls-key DIR/other.pem", "not the key for"),
        ("--tls-cert DIR/cert.pem --tls-key DIR/sealed.pem", "encrypted"),
        ("--tls-cert DIR/nonsense.pem --tls-key DIR/key.pem", "not a PEM certificate"),
        ("--uds DIR/a.sock --port 4010", "omit either --uds or --port"),
        ("--uds DIR/a.sock --host 127.0.0.1 --port 0", "omit either --uds or --host and --port"),
        ("--uds DIR/cert.pem", "already exists and is not a socket"),
        ("--uds DIR/none/a.sock", "does not exist"),
        (f"--uds DIR/{'a' * 120}", "at most 103 bytes"),
        ("--exit-with-parent=many", "not a valid process ID"),
        ("--exit-with-parent=99999999999", "not a valid process ID"),
        ("--allow-host *", "'*' is not a valid host"),
    ],
)
def test_what_does_not_go_together_is_told(
    pem: Path, line: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, with what is wrong and what to do; nothing is left behind."""
    before = sorted(pem.iterdir())
    code, text = said(capsys, "serve", *line.replace("DIR", str(pem)).split())

    assert code == 2
    assert words.replace("DIR", str(pem)) in text
    assert sorted(pem.iterdir()) == before


def test_without_the_extra_it_says_which(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`--tls-self-signed` needs trustme, and names the extra that brings it."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    code, text = said(capsys, "serve", "--tls-self-signed")

    assert (code, "pip install 'store-credit-mock[tls]'" in text) == (2, True)


STARTER = """
import subprocess, sys, time
started = subprocess.Popen([sys.executable, "-m", "store_credit_mock", "serve", "--port", "0", "--json", *sys.argv[1:]])
time.sleep(600)
"""


@pytest.mark.parametrize("named", [False, True], ids=["direct", "by its number"])
def test_it_ends_with_its_parent(named: bool) -> None:
    """However that ends: its own parent, or the one that is named."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        option = f"--exit-with-parent={other.pid}" if named else "--exit-with-parent"
        line = [sys.executable, "-c", STARTER, option]
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
            assert parent.stdout is not None
            assert '"address"' in parent.stdout.readline()
            (other if named else parent).send_signal(signal.SIGKILL)
            if named:
                other.wait(20)
                # The starter lives on and holds the pipe, too: only the end of the mock is asked for here.
                parent.send_signal(signal.SIGKILL)
            assert parent.stdout.read() == "", "the pipe is closed when the last of its holders has ended"
        other.kill()


def test_a_parent_that_has_gone_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gone already at the start: process 1 has adopted this one; or the process that is named is not there."""
    assert Parent.read(None) is None
    assert Parent.read("false") is None
    parent = Parent.read("1")
    assert parent is not None
    assert not parent.gone
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    named = Parent.read(str(ended.pid))
    assert named is not None
    assert named.gone
    monkeypatch.setattr(os, "getppid", lambda: 1)
    assert parent.gone
    with pytest.raises(ValueError, match="has already ended"):
        Parent.read("parent")
