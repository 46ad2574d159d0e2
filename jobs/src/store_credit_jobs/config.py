"""Accounts from `store-credit.toml`: which system, where, and where its credential is. None is ever kept here."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, cast
from urllib.parse import urlsplit

import attrs

from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.quantities import duration, rate
from store_credit_jobs.quoting import did_you_mean, looks_like_a_credential, quoted

__all__ = [
    "CONFIG_NAME",
    "SYSTEMS",
    "Account",
    "Configuration",
    "SystemName",
    "config_folder",
    "normal_url",
    "read_config",
]

SystemName = Literal["vinr", "spree-v2", "spree-v3"]

CONFIG_NAME: Final = "store-credit.toml"
SYSTEMS: Final[tuple[SystemName, ...]] = ("vinr", "spree-v2", "spree-v3")


@attrs.frozen(slots=True)
class Account:
    """One account of a system.

    Attributes:
        name: Its name in the file.
        system: Which system.
        url: The server's base URL.
        credential: Where the credential is: `{"env": NAME}`, `{"command": LINE}` or `{"file": PATH}`.
        live: Whether real money is behind it: by the credential's prefix or the host, or as the file says.
        created_by: Spree v2: the id of the staff user of its own.
        category: Spree: the id of the category, where there are some.
        server: Spree v3: the server's version, such as `6.0` or `6.0-alpha+ledger`, or None.
        grace: Seconds after which a request cannot be running any more.
        key_window: Seconds for which the server keeps a key, less a margin; 0 to always look up.
        rate: Requests a second at most, or None for what the server announces.
        currency: The currency that `most` of the abilities is about where the server has one, or None.
    """

    name: str
    system: SystemName
    url: str
    credential: dict[str, str]
    live: bool | None = None
    created_by: str | None = None
    category: str | None = None
    server: str | None = None
    grace: float = 120.0
    key_window: float | None = None
    rate: float | None = None
    currency: str | None = None

    @property
    def identity(self) -> str:
        """What wire keys and the journal know it by: system, host with the path of its URL, and name.

        Without the path, two shops of one host would be one account, and a row done in the one be done in the other.
        """
        host, slash, path = self.url.partition("://")[2].partition("/")
        return f"{self.system}|{host.lower()}{slash}{path}|{self.name}"

    @property
    def host(self) -> str:
        """The server's scheme, host and port, such as `https://shop.example.com`."""
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"


@attrs.frozen(slots=True)
class Configuration:
    """The accounts of one file, in its order."""

    file: Path
    accounts: Mapping[str, Account]

    def account(self, name: str | None) -> Account:
        """Give an account by its name, or the only one.

        Raises:
            JobsError: `account_unknown`, there is none of that name, or there are several and none was named.
        """
        names = ", ".join(self.accounts)
        if name is None and len(self.accounts) == 1:
            return next(iter(self.accounts.values()))
        if name is None:
            raise JobsError("account_unknown", f"{self.file} has the accounts {names}; select one with --account")
        if name not in self.accounts:
            near = did_you_mean(name, self.accounts)
            raise JobsError("account_unknown", f"{self.file} has no account {quoted(name)}{near}; it has {names}")
        return self.accounts[name]


def read_config(file: Path | None = None, *, start: Path | None = None) -> Configuration:
    """Read the accounts of a file, or of the nearest one in a folder and those above it.

    A folder's `store-credit.toml` wins over `[tool.store-credit]` of its `pyproject.toml`.

    Args:
        file: The file, where one was named.
        start: The folder to begin in; None for the current one.

    Raises:
        JobsError: `config_missing` or `config_invalid`, with every mistake among its problems.
    """
    found = _found(Path.cwd() if start is None else start) if file is None else file
    parsed = _parsed(found)
    if found.name == "pyproject.toml":
        parsed = _table(_table(parsed.get("tool")).get("store-credit"))
        prefix = "tool.store-credit."
    else:
        prefix = ""
    reader = _Reader(found, prefix)
    accounts = reader.accounts(parsed)
    if reader.problems:
        raise JobsError(
            "config_invalid",
            f"{found} has {_counted(len(reader.problems), 'mistake')}; nothing was sent",
            problems=reader.problems,
        )
    return Configuration(found, accounts)


def config_folder(start: Path) -> Path | None:
    """Give the folder of the configuration that holds in a folder, that one or one above; None where there is none."""
    try:
        return _found(start).parent
    except JobsError:
        return None


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _found(start: Path) -> Path:
    start = start.absolute()
    for folder in (start, *start.parents):
        own = folder / CONFIG_NAME
        if own.is_file():
            return _owned(own)
        shared = folder / "pyproject.toml"
        if shared.is_file() and "store-credit" in _table(_parsed(shared, lenient=True).get("tool")):
            return _owned(shared)
    raise JobsError(
        "config_missing",
        f"there is no {CONFIG_NAME} in {start} or its parents; create one with `store-credit init`, or pass --config"
        " FILE",
    )


def _owned(file: Path) -> Path:
    # It may name a command to run: one that somebody else put above our folder is not run unasked.
    if file.stat().st_uid not in (os.getuid(), 0):
        raise JobsError("config_invalid", f"{file} belongs to another user; to use it, pass --config {file}")
    return file


def _parsed(file: Path, *, lenient: bool = False) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            return tomllib.load(opened)
    except FileNotFoundError:
        raise JobsError("config_missing", f"there is no file {file}; create one with `store-credit init`") from None
    except OSError as error:
        raise JobsError("config_missing", f"{file} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        if lenient:
            return {}
        said = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is not UTF-8"
        raise JobsError("config_invalid", f"{file} is not valid TOML: {said}") from None


def _table(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


class _Reader:
    """Reads a file's tables, and collects what is wrong with them."""

    def __init__(self, file: Path, prefix: str) -> None:
        self.file = file
        self.prefix = prefix
        self.problems: list[Problem] = []

    def problem(self, key: str, text: str) -> None:
        self.problems.append(Problem("config_invalid", text, str(self.file), key=self.prefix + key))

    def accounts(self, parsed: Mapping[str, Any]) -> dict[str, Account]:
        for key in parsed:
            if key != "account":
                near = did_you_mean(key, ("account",))
                self.problem(_shown(key), f"there is no such key{near}; accounts are [{self.prefix}account.NAME]")
        tables = parsed.get("account")
        if not isinstance(tables, dict) or not tables:
            self.problem("account", f"there is no account; write a table [{self.prefix}account.shop]")
            return {}
        read: dict[str, Account] = {}
        for name, table in cast("dict[str, Any]", tables).items():
            if not _NAME.fullmatch(name):
                text = "the name of an account may contain only letters, digits, - and _, and at most 64 of them"
                self.problem(f"account.{_shown(name)}", text)
            elif not isinstance(table, dict):
                self.problem(f"account.{name}", f"write a table [{self.prefix}account.{name}]")
            elif (account := self.account(name, cast("dict[str, Any]", table))) is not None:
                read[name] = account
        return read

    def account(self, name: str, table: Mapping[str, Any]) -> Account | None:
        before = len(self.problems)
        place = f"account.{name}"
        system = table.get("system")
        if system not in SYSTEMS:
            near = did_you_mean(system, SYSTEMS) if isinstance(system, str) else ""
            self.problem(f"{place}.system", f"must be one of {', '.join(SYSTEMS)}{near}")
        known = {key: field for key, field in _FIELDS.items() if system not in SYSTEMS or system in field[0]}
        for key in ("url", "token"):
            if key not in table:
                self.problem(f"{place}.{key}", f"it is missing; write {_EXAMPLES[key]}")
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                self.problem(f"{place}.{_shown(key)}", self._unknown(key, value, known, system))
                continue
            try:
                values[key] = known[key][1](value)
            except ValueError as error:
                self.problem(f"{place}.{key}", str(error))
        if len(self.problems) > before:
            return None
        credential = values.pop("token")
        if "file" in credential:
            credential = {"file": str(self.file.absolute().parent / Path(credential["file"]).expanduser())}
        return Account(name=name, credential=credential, **values)

    def _unknown(self, key: str, value: object, known: Mapping[str, object], system: object) -> str:
        if isinstance(value, str) and looks_like_a_credential(value):
            return f"there is no such key, and it seems to contain a credential. {_BY_REFERENCE}"
        if key in _FIELDS:
            return f"{system} has none; remove the line"
        others = {"key": "token", "api_key": "token", "secret": "token", "secret_key": "token", "host": "url"}
        near = did_you_mean(others.get(key.lower(), key), known)
        return f"there is no such key{near}; known keys: {', '.join(known)}"


_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)
_BY_REFERENCE: Final = (
    'A credential is never written into this file: write token = { env = "SHOP_TOKEN" }, { command = "pass show '
    'shop" } or { file = "shop.token" }, and replace any credential that was written here'
)
_EXAMPLES: Final = {"url": 'url = "https://shop.example.com"', "token": 'token = { env = "SHOP_TOKEN" }'}


def _shown(key: str) -> str:
    return "(not shown)" if looks_like_a_credential(key) else quoted(key) if not _NAME.fullmatch(key) else key


def _credential(value: object) -> dict[str, str]:
    if isinstance(value, str):
        raise ValueError(f"the value is the credential itself. {_BY_REFERENCE}")
    table = _table(value)
    if len(table) != 1 or next(iter(table)) not in ("env", "command", "file"):
        raise ValueError(f"the value must name exactly one of env, command and file. {_BY_REFERENCE}")
    way, where = next(iter(table.items()))
    if not isinstance(where, str) or not where.strip() or "\0" in where:
        raise ValueError(f"{way} is not a string; write {{ {way} = {_WAYS[way]} }}")
    if looks_like_a_credential(where.strip()) and way != "command":
        raise ValueError(f"{way} seems to contain the credential itself. {_BY_REFERENCE}")
    if way == "env" and not _VARIABLE.fullmatch(where):
        raise ValueError("env is not a valid variable name; use letters, digits and _, as in SHOP_TOKEN")
    return {way: where}


_WAYS: Final = {"env": '"SHOP_TOKEN"', "command": '"pass show shop"', "file": '"shop.token"'}


def normal_url(value: object) -> str:
    """Write the address of a server in one way: small letters, no port that goes without saying, no `/` at its end.

    Raises:
        ValueError: It is not an http or https address, or says more than an address does; the text says what to write.
    """
    if not isinstance(value, str):
        raise ValueError(f"write {_EXAMPLES['url']}")
    if "@" in value:
        # Not shown: what stands before the @ may be a password.
        raise ValueError("the address contains an '@'; leave out the user name and the password")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("the address contains a space or a non-ASCII character; write the host in punycode")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError(f"the value is not a valid address; write {_EXAMPLES['url']}") from None
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in ("http", "https") or not host:
        raise ValueError(f"the value is not an http or https address; write {_EXAMPLES['url']}")
    if parts.query or parts.fragment:
        raise ValueError("the address has a query or a fragment; leave out the '?' or '#' and everything after it")
    # The dot that ends a name in DNS is the same host, and would be another account.
    host = host.removesuffix(".")
    shown = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{shown}{'' if port in (None, usual) else f':{port}'}{parts.path.rstrip('/')}"


def _identifier(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _NAME.fullmatch(text):
        raise ValueError('must be an id, such as "17"')
    return text


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _matching(pattern: str, example: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(f'must be a value such as "{example}"')
        return value

    return read


def _grace(value: object) -> float:
    seconds = duration(value)
    if seconds < 1:
        raise ValueError(
            "must be at least 1: if a row is looked up before a slow request has ended, credit can be issued twice"
        )
    return seconds


def _window(value: object) -> float:
    seconds = duration(value)
    if seconds > 86_400:
        raise ValueError('must be at most "24h": no server keeps a key longer than that')
    return seconds


def _system(value: object) -> object:
    return value


_ALL: Final = frozenset(SYSTEMS)
_SPREE: Final = frozenset({"spree-v2", "spree-v3"})
_FIELDS: Final[Mapping[str, tuple[frozenset[str], Callable[[object], Any]]]] = {
    "system": (_ALL, _system),
    "url": (_ALL, normal_url),
    "token": (_ALL, _credential),
    "live": (_ALL, _flag),
    "created_by": (frozenset({"spree-v2"}), _identifier),
    "category": (_SPREE, _identifier),
    "server": (frozenset({"spree-v3"}), _matching(r"[0-9]{1,2}\.[0-9]{1,2}(-alpha(\+ledger)?)?", "6.0")),
    "grace": (_ALL, _grace),
    "key_window": (frozenset({"vinr", "spree-v3"}), _window),
    "rate": (_ALL, rate),
    "currency": (_SPREE, _matching(r"[A-Z]{3}", "USD")),
}
"""The keys of an account: which systems have them, and how each is read."""
