"""What makes `verify` a gate: two verdicts, causes, whose fault, selection, accepted findings, exit codes."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from documents import changed
from http_library import httpx
from mutants import SPREE_TOKEN, VINR_KEY, Mutant
from served_mock import CONTROL_TOKEN
from store_credit_mock import Contract, Engine, Options, Request, Response
from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.verify.accepted_findings import AcceptedFindings, shipped
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.deadline_transport import DeadlineTransport, UnsendableError
from store_credit_mock.verify.selection import CHECKS
from store_credit_mock.verify.systems import verified_system
from store_credit_mock.verify.transport import VerifyTransport

from .conftest import Serve, Verify, credentials
from .defects import edited, silent

RECORDINGS = Path(__file__).parents[1] / "recordings"
NO_RESET = silent(b"x-ratelimit-reset")


def without_amount(request: Request, response: Response, value: Any) -> None:
    """Records lack a member that scenarios read."""
    if request.method == "POST" and "amount" in value:
        del value["amount"]


def test_a_missing_header_is_one_cause_and_no_broken_behaviour(engine: Engine, reach: Serve, verify: Verify) -> None:
    """Every scenario holds, every response lacks the header: one line with all its places, and exit code 1."""
    code, said = verify(
        reach(Mutant(engine, NO_RESET)), *credentials("vinr"), "--control-token", CONTROL_TOKEN, "--no-generated"
    )

    assert code == 1
    assert "broken   " not in said
    assert re.search(r"^held     vinr: a key runs once; shape violated$", said, re.MULTILINE)
    assert said.count('"x-ratelimit-reset" is a required property') == 1
    assert re.search(r"^        \d{3} times: vinr.store_credit.create 201 \(\d+\), ", said, re.MULTILINE)
    assert re.search(r"^behaviour: 22 held, 0 broken, 0 skipped; shape: 0 ok, 22 violated; ", said, re.MULTILINE), said
    assert re.search(r"^\d{3} findings with 1 cause, by origin: 1 server$", said, re.MULTILINE)


def test_a_response_that_lacks_what_is_read_is_told_in_our_words(engine: Engine, reach: Serve, verify: Verify) -> None:
    """The shape is what is broken; no report holds what Python says of it."""
    code, said = verify(reach(Mutant(engine, edited(without_amount))), *credentials("vinr"), "--no-generated")

    assert code == 1
    assert "skipped  vinr: what was created is there; shape violated: a response violates the OpenAPI document" in said
    assert not re.search(r"\w+Error|subscript|KeyError\(|indices", said), said


def test_accepted_findings(engine: Engine, reach: Serve, verify: Verify, tmp_path: Path) -> None:
    """Written, accepted, kept with their reasons, sorted and the same on every run; a stale one is said."""
    address, file, again = reach(Mutant(engine, NO_RESET)), tmp_path / "accepted.yaml", tmp_path / "again.yaml"
    options = [*credentials("vinr"), "--no-generated"]

    code, said = verify(address, *options, "--write-accept", str(file))
    assert code == 1
    text = file.read_text()
    judged = text.replace("not judged yet", "a gateway drops it", 1)
    assert "place: 200 /header required x-ratelimit-reset" in text
    where = said.partition(" times: ")[2].splitlines()[0]
    unnamed = re.search(r" and (\d+) more$", where)
    assert unnamed is not None
    assert text.count("check: shape") == len(re.findall(r"vinr\.\S+ \d+", where)) + int(unnamed[1])
    file.write_text(f"{judged}- {{check: shape, operation: vinr.gone, place: nowhere, reason: old}}\n")

    code, said = verify(address, *options, "--accept", str(file), "--write-accept", str(again))
    assert code == 0, said
    assert re.search(r"shape: 0 ok, 0 violated, \d+ accepted", said)
    assert "stale    accepted, but not found this time: shape on vinr.gone: nowhere" in said
    assert said.count("stale ") == 1
    assert (
        again.read_text().partition("\naccepted:")[2]
        == text.replace("not judged yet", "a gateway drops it", 1).partition("\naccepted:")[2]
    )


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--only", "vinr.store_credit.crate"], "did you mean 'vinr.store_credit.create'?"),
        (["--exclude", "negative_data_rejecton"], "did you mean 'negative_data_rejection'?"),
        (["--only", "shape", "--exclude", "*"], "leave nothing to run"),
        (["--accept", "spree-5.4"], "did you mean spree-"),
        (["--accept", "{file}"], ": 'chek' is not a valid member; did you mean 'check'?"),
    ],
)
def test_what_is_not_known_is_refused(options: list[str], reason: str, verify: Verify, tmp_path: Path) -> None:
    """Exit code 2 ahead of the run, with what was meant."""
    (tmp_path / "x.yaml").write_text("accepted: [{chek: shape}]")
    given = [option.replace("{file}", str(tmp_path / "x.yaml")) for option in options]

    code, said = verify("http://127.0.0.1:9", *credentials("vinr"), *given)

    assert code == 2
    assert reason in said


def test_only_and_exclude_choose(engine: Engine, reach: Serve, verify: Verify) -> None:
    """A scenario by pattern, an operation by name, a check by name."""
    address = reach(Mutant(engine, NO_RESET))

    code, said = verify(address, *credentials("vinr"), "--only", "vinr: a key*", "--only", "behaviour")
    assert code == 0, said
    names = ["vinr: a key runs once", "vinr: a key is not for other content"]
    assert re.findall(r"^held     (.*)$", said, re.MULTILINE) == names

    code, said = verify(address, *credentials("vinr"), "--only", "vinr.store_credit.retrieve", "--exclude", "shape")
    assert code == 0, said
    assert re.findall(r"^held     (.*) \(", said, re.MULTILINE) == ["generated: vinr.store_credit.retrieve"]


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["4.5", "4.10", "5.3"])
def test_a_faithful_spree_passes(
    profile: str, store_credit_mock_contract: Contract, reach: Serve, verify: Verify
) -> None:
    """The mock as the real server answers, with all that its version takes and fails at: exit code 0."""
    options = Options(strict=False, spree_token=SPREE_TOKEN, control_token=CONTROL_TOKEN, profile=profile)
    engine = Engine(store_credit_mock_contract, None, options)

    few = ["--max-requests", "700", "--examples", "1", "--accept", f"spree-{profile}"]
    code, said = verify(reach(engine), *credentials("spree"), "--control-token", CONTROL_TOKEN, *few)

    engine.close()
    assert code == 0, said
    assert "note     " in said
    assert ", so the server does not break a promise" in said
    assert "perhaps" not in said


def test_a_server_that_takes_what_real_ones_refuse_is_found(engine: Engine, reach: Serve, verify: Verify) -> None:
    """A Spree that issues credit of no amount breaks a promise that recordings show, and is not excused by a note."""

    def change(engine: Engine, memory: Any) -> Any:
        def handle(request: Request) -> Response:
            response = engine.handle(request)
            if request.method == "POST" and response.status in {400, 422} and b"amount" in request.body:
                whole = Request(request.method, request.path, "", request.headers, memory["good"])
                return engine.handle(whole)
            if response.status == 201:
                memory.setdefault("good", request.body)
            return response

        return handle

    address = reach(Mutant(engine, change))
    code, said = verify(address, *credentials("spree"), "--only", "spree.store_credits.create", "--exclude", "shape")

    assert code == 1, said
    told = "spree.store_credits.create returned 201 for a request that the OpenAPI document forbids"
    assert f"negative_data_rejection: {told}" in said


def test_a_header_that_the_client_refuses_is_nobodys_fault(validator: ExchangeValidator) -> None:
    """httpx sends no such header, so nothing was sent, and no server is to blame."""
    made = CreatedRecords(verified_system("spree", validator.closed))
    with socket.create_server(("127.0.0.1", 0)) as listener, closing(DeadlineTransport(5)) as inner:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        wire = VerifyTransport(inner, validator, made, limit=10, base=address)
        request = httpx.Request("POST", f"{address}/api/v2/platform/store_credits", headers=[(b"X-Request-Id", b", ")])
        with pytest.raises(UnsendableError):
            wire.handle_request(request)

    assert (wire.sent, wire.unsendable, wire.broken, made.uncertain) == (0, 1, [], {})


def test_nothing_that_can_be_run(engine: Engine, reach: Serve, verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document whose operations of the system are none that is known: exit code 2 with the reason."""
    pets = changed(Document.read())
    paths: Any = pets.data["paths"]
    paths.clear()
    paths["/pets"] = {"post": {"operationId": "vinr.pets.adopt", "responses": {"200": {"description": "Done."}}}}
    monkeypatch.setattr("store_credit_mock.verify.command.ExchangeValidator", lambda document: ExchangeValidator(pets))

    code, said = verify(reach(engine), *credentials("vinr"))

    assert code == 2, said
    assert "could not run: no part of vinr could be tested: the OpenAPI document has no POST /v1/store-credit" in said
    assert "requests allowed by --max-requests" not in said


def test_what_rests_on_decisions_alone_is_the_documents_fault(
    engine: Engine, reach: Serve, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where neither the vendor's pages nor a recording say so, what a server does otherwise may be right."""
    decided = changed(Document.read())
    schemas: Any = decided.data["components"]["schemas"]
    schemas["VinrStoreCredit"]["x-source"] = ["decided: V20", "decided: V28"]
    monkeypatch.setattr(
        "store_credit_mock.verify.command.ExchangeValidator", lambda document: ExchangeValidator(decided)
    )

    def as_text(request: Request, response: Response, value: Any) -> None:
        if "balance_remaining" in value:
            value["balance_remaining"] = str(value["balance_remaining"])

    address = reach(Mutant(engine, edited(as_text)))
    code, said = verify(address, *credentials("vinr"), "--no-generated", "--only", "vinr: what was created is there")

    assert code == 1
    assert "document: shape: vinr.store_credit.create returned 201: response /body/balance_remaining" in said
    assert "-- in the OpenAPI document, this is based only on decided: V20, decided: V28" in said
    assert "1 document" in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_a_finding_over_several_requests_is_a_script(
    engine: Engine, serve: Serve, verify: Verify, tmp_path: Path
) -> None:
    """A fresh shell runs all requests of the scenario again; ids come from the responses, keys are new."""
    issued: list[str] = []

    def change(engine: Engine, memory: Any) -> Any:
        def handle(request: Request) -> Response:
            plain = [header for header in request.headers if header[0].lower() != b"idempotency-key"]
            issued.extend(value.decode() for name, value in request.headers if name.lower() == b"idempotency-key")
            return engine.handle(Request(request.method, request.path, request.query, plain, request.body))

        return handle

    address, report = serve(Mutant(engine, change)), tmp_path / "report.json"
    verify(address, *credentials("vinr"), "--no-generated", "--only", "vinr: a key runs once", f"--json={report}")
    (cause,) = [one for one in json.loads(report.read_text())["causes"] if one["check"] == "behaviour"]
    text = "\n".join(cause["script"])
    before = len(issued)
    ran = subprocess.run(
        ["bash", "-euc", text], env={"PATH": "/usr/bin:/bin:/usr/local/bin", "VINR_SECRET_KEY": VINR_KEY},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert VINR_KEY not in text
    assert len(issued) == before + 2
    assert issued[-1] == issued[-2] not in issued[:before]
    assert ran.stdout.count("HTTP/1.1 201 ") == 2


def test_the_shipped_files_say_why_and_what_shows_it(store_credit_mock_contract: Contract) -> None:
    """Each entry names a check and operations there are, is sorted, and cites a recording there is or what was seen."""
    recorded = {path.stem for path in RECORDINGS.rglob("*.json")}
    assert shipped() == [
        "spree-4.10",
        "spree-4.5",
        "spree-5.3",
        "spree-v3-5.5",
        "spree-v3-5.6",
        "spree-v3-6.0-alpha",
    ]
    for name in shipped():
        entries = AcceptedFindings([name]).entries
        keys = [(entry.check, entry.operation, entry.place) for entry in entries]
        assert keys == sorted(set(keys))
        for entry in entries:
            assert entry.check in CHECKS
            assert not entry.place.endswith("500 *")
            assert len(entry.reason) > 20
            for cited in entry.cites.split(", "):
                kind, _, known = cited.partition(": ")
                assert kind in {"recorded", "decided"} or cited.startswith("seen on Spree"), cited
                if kind == "recorded" and any(stem.endswith(".spree536") for stem in recorded):
                    assert known in recorded, cited
