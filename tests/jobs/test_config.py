"""Accounts from store-credit.toml, and their credentials: what is wrong is named, what is secret is not shown."""

from __future__ import annotations

import pickle
import traceback
from pathlib import Path
from typing import Any

import attrs
import pytest

from store_credit_jobs.config import Account, normal_url, read_config
from store_credit_jobs.credentials import Credential, read_credential
from store_credit_jobs.errors import JobsError
from store_credit_jobs.quantities import duration, rate

SECRET = "sk_live_51HCxhE2kQ"
SHOP = """
[account.shop]
system = "spree-v2"
url = "https://shop.example.com"
token = { env = "SHOP_TOKEN" }
"""


def write(folder: Path, text: str, name: str = "store-credit.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refused(text: str, folder: Path) -> list[str]:
    """The problems of a configuration, each as a line."""
    with pytest.raises(JobsError) as caught:
        read_config(write(folder, text))
    return [str(problem) for problem in caught.value.problems] or [caught.value.message]


def test_an_account_with_all_it_may_say(tmp_path: Path) -> None:
    text = SHOP.replace("https://shop.example.com", "HTTPS://Shop.Example.com.:443/store/")
    text += 'created_by = 17\ncategory = "4"\ngrace = "3m"\nrate = "480/min"\nlive = false\ncurrency = "EUR"\n'
    account = read_config(write(tmp_path, text)).account(None)
    assert account == Account(
        "shop", "spree-v2", "https://shop.example.com/store", {"env": "SHOP_TOKEN"},
        live=False, created_by="17", category="4", grace=180.0, rate=8.0, currency="EUR",
    )  # fmt: skip
    # Two shops of one host are two accounts.
    assert account.identity == "spree-v2|shop.example.com/store|shop"
    assert read_config(write(tmp_path / "other", SHOP)).account(None).identity == "spree-v2|shop.example.com|shop"
    assert account.host == "https://shop.example.com"


def test_the_nearest_file_upwards_counts(tmp_path: Path) -> None:
    """In a folder the file of our own wins over pyproject.toml; one of another tool alone is passed by."""
    deep = tmp_path / "a" / "b"
    write(tmp_path, SHOP)
    write(tmp_path / "a", "[tool.other]\nx = 1\n", "pyproject.toml")
    write(deep, "not toml at all", "pyproject.toml")
    assert read_config(start=deep).file == tmp_path / "store-credit.toml"
    shared = SHOP.replace("[account.shop]", "[tool.store-credit.account.other]")
    write(tmp_path / "a", shared, "pyproject.toml")
    assert [*read_config(start=deep).accounts] == ["other"]
    write(tmp_path / "a", SHOP)
    assert [*read_config(start=deep).accounts] == ["shop"]
    with pytest.raises(JobsError) as caught:
        read_config(tmp_path / "absent.toml")
    assert caught.value.code == "config_missing"


def test_somebody_elses_file_is_not_found_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could name any command to run for the credential."""
    path = write(tmp_path, SHOP)
    monkeypatch.setattr("os.getuid", lambda: path.stat().st_uid + 1)
    if path.stat().st_uid == 0:
        monkeypatch.setattr(Path, "stat", lambda self, **_: type("S", (), {"st_uid": 4711, "st_mode": 0o100600})())
    with pytest.raises(JobsError, match="belongs to another user"):
        read_config(start=tmp_path)
    monkeypatch.undo()
    assert read_config(path).accounts


def test_accounts_are_named_where_there_are_several(tmp_path: Path) -> None:
    configuration = read_config(write(tmp_path, SHOP + SHOP.replace("shop]", "outlet]")))
    assert configuration.account("outlet").name == "outlet"
    for name, said in ((None, "select one with --account"), ("outlot", 'did you mean "outlet"?')):
        with pytest.raises(JobsError, match=said.replace("?", r"\?")) as caught:
            configuration.account(name)
        assert caught.value.code == "account_unknown"


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        (
            ("spree-v2", "spree-v4"),
            "account.shop.system",
            'must be one of vinr, spree-v2, spree-v3 (did you mean "spree-v',
        ),
        (("https://", ""), "account.shop.url", "not an http or https address"),
        (("https://", "https://me:pw@"), "account.shop.url", "leave out the user name and the password"),
        (("url =", "ulr ="), "account.shop.ulr", 'did you mean "url"?'),
        (("token =", "api_key ="), "account.shop.api_key", 'did you mean "token"?'),
        (("[account.shop]", "[accounts.shop]"), "accounts", 'did you mean "account"?'),
        (("[account.shop]", '[account."my shop"]'), 'account."my shop"', "letters, digits, - and _"),
        (('"SHOP_TOKEN"', '"SHOP TOKEN"'), "account.shop.token", "not a valid variable name"),
        (("{ env", "{ enf"), "account.shop.token", "one of env, command and file"),
        (("token", 'live = "yes"\ntoken'), "account.shop.live", "must be true or false"),
        (("token", "grace = 0\ntoken"), "account.shop.grace", "at least 1"),
        (("token", 'rate = "fast"\ntoken'), "account.shop.rate", '"8/s"'),
        (("token", 'key_window = "23h"\ntoken'), "account.shop.key_window", "spree-v2 has none"),
        (("token", "server = 6.0\ntoken"), "account.shop.server", "spree-v2 has none"),
        (("token", 'currency = "usd"\ntoken'), "account.shop.currency", '"USD"'),
        (("token", "created_by = true\ntoken"), "account.shop.created_by", 'must be an id, such as "17"'),
    ],
)
def test_a_mistake_is_named_with_file_and_key(change: tuple[str, str], key: str, said: str, tmp_path: Path) -> None:
    problems = refused(SHOP.replace(*change), tmp_path)
    found = [one for one in problems if one.startswith(f"{tmp_path}/store-credit.toml key {key}: ")]
    assert found, problems
    assert said in found[0]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    problems = refused('[account.a]\nsystem = "vinr"\n[account.b]\ncategory = "4"\ncolour = 3\n', tmp_path)
    keys = [one.split(": ")[0].rpartition(" ")[2].removeprefix("account.") for one in problems]
    assert keys == ["a.url", "a.token", "b.system", "b.url", "b.token", "b.colour"]
    assert "not valid TOML" in refused("[account", tmp_path)[0]
    assert "there is no account" in refused("", tmp_path)[0]


@pytest.mark.parametrize(
    "line",
    [
        f'token = "{SECRET}"',
        f'token = {{ env = "{SECRET}" }}',
        f'token = {{ file = "{SECRET}" }}',
        f'token = {{ env = "SHOP_TOKEN" }}\napi_key = "{SECRET}"',
        f'token = {{ env = "SHOP_TOKEN" }}\n{SECRET} = 1',
        f'token = {{ env = "SHOP_TOKEN" }}\nurl = "https://{SECRET}@shop.example.com"',
    ],
)
def test_a_credential_in_the_file_is_refused_and_not_repeated(line: str, tmp_path: Path) -> None:
    text = SHOP.replace('token = { env = "SHOP_TOKEN" }', line)
    if "url" in line:
        text = text.replace('url = "https://shop.example.com"\n', "", 1)
    problems = refused(text, tmp_path)
    assert any("credential" in one or "password" in one or "no such key" in one for one in problems)
    assert SECRET not in "\n".join(problems)


@pytest.mark.parametrize(
    "given",
    ["shop.example.com", "ftp://x", "https://", "https://x/?a=1", "https://x y", "https://ü.de", "https://x:99999", 7],
)
def test_what_is_no_address(given: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        normal_url(given)


def test_addresses_are_written_in_one_way() -> None:
    assert normal_url("HTTP://[::1]:80/") == "http://[::1]"
    assert normal_url("http://127.0.0.1:8080/v/") == "http://127.0.0.1:8080/v"


def test_durations_and_rates() -> None:
    assert [duration(one) for one in (90, "90", "1.5m", "24h", "30d")] == [90, 90, 90, 86_400, 2_592_000]
    assert [rate(one) for one in (8, "8/s", "300/min", "36/h")] == [8, 8, 5, 0.01]
    wrong: list[tuple[Any, object]] = [(duration, one) for one in ("1w", -1, True, "1e3", None, float("inf"))]
    wrong += [(rate, one) for one in (0, "8/d", None, True, "1e3/s")]
    for read, given in wrong:
        with pytest.raises(ValueError, match="must be"):
            read(given)


# Credentials


def account(credential: dict[str, str], system: str = "spree-v2") -> Account:
    return Account("shop", system, "https://shop.example.com", credential)  # type: ignore[arg-type]


def test_a_credential_comes_late_and_shows_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "key"
    key.write_text(f"{SECRET}\n")
    key.chmod(0o600)
    monkeypatch.setenv("SHOP_TOKEN", f" {SECRET}\n")
    for where in ({"env": "SHOP_TOKEN"}, {"command": f"cat '{key}'"}, {"file": str(key)}):
        found = read_credential(account(where))
        assert found.reveal() == SECRET
        assert SECRET not in repr(found) + str(found) + repr(account(where))
        assert found.fingerprint == Credential(SECRET).fingerprint != Credential("other").fingerprint
        assert len(found.fingerprint) == 16
        with pytest.raises(TypeError):
            pickle.dumps(found)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o610])
def test_a_file_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(SECRET)
    key.chmod(mode)
    with pytest.raises(JobsError, match=f"mode {mode:04o}.*chmod 600") as caught:
        read_credential(account({"file": str(key)}))
    assert caught.value.code == "credential_file"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"env": "ABSENT_TOKEN"}, "the environment variable ABSENT_TOKEN is not set"),
        ({"file": "/nowhere/key"}, "No such file"),
        ({"file": "/"}, "not a regular file"),
        ({"command": "nowhere-to-be-found"}, "cannot be run"),
        ({"command": "false"}, "ended with exit code 1"),
        ({"command": "echo 'x"}, "an unbalanced quotation mark"),
        ({"command": "true"}, "it is empty"),
        ({"command": "echo two words"}, "not a single word"),
    ],
)
def test_a_credential_that_is_not_there(where: dict[str, str], said: str) -> None:
    with pytest.raises(JobsError, match=said):
        read_credential(account(where))


def test_a_failure_tells_nothing_of_what_was_read(tmp_path: Path) -> None:
    """Not by its text, and not by the variables that tools for errors show."""
    key = tmp_path / "key"
    key.write_text(f"pk_{SECRET}")
    key.chmod(0o600)
    for where, said in (
        ({"command": f"sh -c 'cat {key}; exit 3'"}, "exit code 3"),
        ({"command": f"cat {key}"}, "publishable"),
        ({"file": str(key)}, "publishable"),
    ):
        with pytest.raises(JobsError, match=said) as caught:
            read_credential(account(where))
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        assert SECRET not in "".join(shown.format())


@pytest.mark.parametrize(
    ("system", "value", "said"),
    [
        ("spree-v3", "eyJhbGciOiJIUzI1NiJ9.e30.x", "is valid for only five minutes"),
        ("spree-v3", "abcdef", r"not a secret key \(sk_"),
        ("spree-v3", "pk_abcdef", "publishable"),
        ("vinr", "pk_test_1", "publishable"),
        ("vinr", "sk_live_1", "live = false"),
    ],
)
def test_a_credential_of_the_wrong_kind(system: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", value)
    with pytest.raises(JobsError, match=said) as caught:
        read_credential(attrs.evolve(account({"env": "SHOP_TOKEN"}, system), live=False))
    assert caught.value.code == "credential_kind"
    assert value not in caught.value.message
