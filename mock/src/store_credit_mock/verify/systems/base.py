"""What `verify` has to know of a system besides its document, and what it does without: `VerifiedSystem` itself."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final, cast
from urllib.parse import quote, urlsplit

from store_credit_mock.contract import Contract, Match, Operation
from store_credit_mock.control import Control
from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.created_records import CreatedRecord, CreatedRecords
from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.roles import ACTIONS, Role, role_by_id, role_by_path
from store_credit_mock.verify.safety import is_loopback
from store_credit_mock.verify.scenarios.assertions import Scenario, Target

__all__ = ["Argument", "CannotRunError", "VerifiedSystem", "member"]

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_ABSENT: Final = re.compile(r"absent[0-9a-f]{16,}|9007199254[0-9]{6}")


class CannotRunError(Exception):
    """The run cannot begin; the text says why and what to do."""


@dataclass(frozen=True)
class Argument:
    """An option of the command that is about one system.

    Attributes:
        name: As in `Target.ids`, or the environment variable of a secret.
        flag: On the command line.
        help: One line.
        metavar: What stands for the value in `--help`.
        default: What is taken on a server of this machine; None makes it optional everywhere.
        pattern: What a value looks like.
        secret: Whether it is a credential; then it may be given in the environment as well.
        may_change: Whether it names a record that a run may change although it has not made it.
    """

    name: str
    flag: str
    help: str
    metavar: str = "ID"
    default: str | None = None
    pattern: str = r"[\w-]{1,255}"
    secret: bool = False
    may_change: bool = False

    @property
    def parameter(self) -> str:
        """The name as an identifier."""
        return self.name.replace(".", "_")


class VerifiedSystem:
    """A system that has nothing but its document: generated requests alone, opened as `securitySchemes` says.

    Args:
        name: First part of its operationIds; empty for all operations there are.
        contract: Its document, compiled.
    """

    roles_by_id: ClassVar[bool] = False
    """Whether each operationId says what the operation does, also where it is none of the usual names."""

    title: str = ""
    """As people call it."""
    arguments: ClassVar[tuple[Argument, ...]] = ()
    scenarios: ClassVar[tuple[Scenario, ...]] = ()
    cursor_resource: ClassVar[str | None] = None
    """Whose ids `starting_after` and `ending_before` take."""
    wrong_credentials: ClassVar[tuple[str, str] | None] = None
    """A header that opens nothing, for the curl line of a finding."""
    versions: ClassVar[tuple[Mapping[str, str], ...]] = ()
    """Options of each version that the mock plays; none if it does not play the system."""
    reference_options: ClassVar[Mapping[str, str]] = {}
    """Options besides these, with which the secrets below open the mock."""
    reference_secrets: ClassVar[Mapping[str, str]] = {}

    def __init__(self, name: str, contract: Contract) -> None:
        self.name = name
        self.title = self.title or name or str(contract.document.data["info"].get("title", "the document"))
        self.contract = contract
        self.operations = [one for one in contract.operations.values() if not name or one.system == name]

    def role(self, operation: Operation) -> Role:
        """Say what an operation does to which kind of record."""
        by_id = role_by_id(operation)
        named = by_id.action in ACTIONS and bool(by_id.resource)
        if self.roles_by_id or (named and ("{id}" in operation.template or "{" not in operation.template)):
            return by_id
        return role_by_path(operation, [one.template for one in self.contract.operations.values()])

    def reference_ids(self, options: Mapping[str, str]) -> dict[str, str]:
        """Return the ids that exist in a fresh mock that plays a version, by the names of the arguments.

        Args:
            options: One of `versions`.
        """
        del options
        return {one.name: one.default for one in self.arguments if not one.secret and one.default is not None}

    # What opens it

    def credentials(self, given: Mapping[str, str | None], schemes: Mapping[str, str]) -> Credentials:
        """Collect the secrets by their variables: those given, then those of the environment.

        Args:
            given: By the name of the argument.
            schemes: By the name of the security scheme, where the system has no arguments of its own.

        Raises:
            ValueError: The system has no such scheme, or one that is not sent in a header.
        """
        secrets = [argument.name for argument in self.arguments if argument.secret]
        variables = {name: name for name in secrets} or {name: _variable(name) for name in self._schemes()}
        for name in schemes:
            if secrets or name not in variables:
                known = (
                    "its credentials have their own options" if secrets else f"its schemes are {', '.join(variables)}"
                )
                raise ValueError(f"--credential {name}: {self.name} has no such security scheme; {known}")
        given = {**given, **schemes}
        return Credentials(
            {variable: given.get(name) or os.environ.get(variable) for name, variable in variables.items()}
        )

    def check_credentials(self, credentials: Credentials) -> None:
        """See that there is what every run needs.

        Raises:
            ValueError: A credential is missing.
        """
        schemes = self._schemes()
        if schemes and all(credentials.get(_variable(name)) is None for name in schemes):
            wanted = ", ".join(f"--credential {name}=... or {_variable(name)}" for name in schemes)
            raise ValueError(f"no credentials: pass {wanted}")

    def why_live(self, address: str, credentials: Credentials) -> str | None:
        """Say why a server counts as live, as a clause; None if it does not. Every other machine does by itself."""
        del credentials  # of an unknown system they tell nothing
        return None if is_loopback(address) else f"{urlsplit(address).hostname} is not this machine"

    def headers(self, credentials: Credentials) -> dict[str, str]:
        """Return the headers of the client that scenarios use."""
        return dict(filter(None, [self._header(name, credentials) for name in self._schemes()]))

    def opening_headers(self, operation: str, credentials: Credentials) -> list[tuple[str, str]]:
        """Return the headers that open an operation."""
        return self._opening(operation, credentials) or []

    def _opening(self, operation: str, credentials: Credentials) -> list[tuple[str, str]] | None:
        """Find the headers of the first alternative whose credentials are all there; None if there is none such."""
        wanted: Any = self.contract.operations[operation].definition.get("security")
        alternatives: Any = self.contract.document.data.get("security", []) if wanted is None else wanted
        for alternative in cast("list[dict[str, Any]]", alternatives):
            headers = [self._header(name, credentials) for name in alternative]
            if all(header is not None for header in headers):
                return [header for header in headers if header is not None]
        return None if alternatives else []

    def credential_hint(self) -> str:
        """Name what to check when the credentials are refused."""
        return ", ".join(f"--credential {name}" for name in self._schemes())

    def _schemes(self) -> dict[str, Any]:
        """The security schemes that its operations name.

        Raises:
            ValueError: One is not sent in a header.
        """
        data = self.contract.document.data
        named: set[str] = set()
        for operation in self.operations:
            security: Any = operation.definition.get("security", data.get("security", []))
            named.update(name for alternative in security for name in alternative)
        schemes: Mapping[str, Any] = data.get("components", {}).get("securitySchemes", {})
        for name in sorted(named & schemes.keys()):
            scheme = schemes[name]
            if scheme.get("type") == "mutualTLS" or scheme.get("in", "header") not in {"cookie", "header"}:
                where = f"the {scheme['in']}" if "in" in scheme else "the TLS handshake"
                raise ValueError(f"verify sends credentials only in headers and cookies, but {name} belongs in {where}")
        return {name: scheme for name, scheme in schemes.items() if name in named}

    def _header(self, name: str, credentials: Credentials) -> tuple[str, str] | None:
        scheme, secret = self._schemes().get(name), credentials.get(_variable(name))
        if scheme is None or secret is None:
            return None
        if scheme.get("type") == "apiKey":
            name = str(scheme["name"])
            return ("Cookie", f"{name}={secret}") if scheme.get("in") == "cookie" else (name, secret)
        # A token of OAuth or OpenID is a bearer, too.
        return "Authorization", f"{str(scheme.get('scheme', 'bearer')).title()} {secret}"

    # Whether it is there

    def first_list(self) -> tuple[str, dict[str, str]] | None:
        """Return path and query of the list that is asked for first; None if the document has none without an id."""
        for operation in self.operations:
            if self.role(operation).action == "list" and "{" not in operation.template and _asks_nothing(operation):
                return operation.template, {}
        return None

    def check_ids(self, target: Target) -> httpx.Response | None:
        """Make one record with the ids that were given, and return the response.

        Raises:
            CannotRunError: The server does not know them.
        """
        del target
        return None

    # What a run makes there

    def removable(self) -> tuple[str, ...]:
        """Name the resources whose records can be removed, in the order that their references allow."""
        return tuple(
            role.resource
            for operation in self.operations
            if (role := self.role(operation)).action == "delete"
            and operation.template.endswith(f"/{{{role.identity}}}")
        )

    def remove(self, target: Target, record: CreatedRecord, made: CreatedRecords) -> None:
        """Remove a record, or note why it stays."""
        del made
        roles = ((operation.template, self.role(operation)) for operation in self.operations)
        template, role = next(
            (template, role) for template, role in roles if (role.resource, role.action) == (record.resource, "delete")
        )
        answer = target.client.delete(template.replace(f"{{{role.identity}}}", quote(record.id, safe="")))
        if answer.status_code == 404:
            record.removed = True
        elif not record.removed:
            record.note = f"DELETE returned {answer.status_code}"

    def absent_id(self, number: int, resource: str = "") -> str:
        """Make an id that no record has; a number where the path of a resource takes no other."""
        return f"9007199254{number:06d}" if resource in self._numbered else f"absent{number:016x}"

    @cached_property
    def _numbered(self) -> frozenset[str]:
        """The resources, told by their paths, whose ids are numbers."""
        found: set[str] = set()
        for operation in self.operations:
            role = self.role(operation)
            for _, parameter in self.contract.document.operations[operation.id].parameters:
                if role.resource.startswith("/") and (parameter["in"], parameter["name"]) == ("path", role.identity):
                    schema: Any = parameter.get("schema", {})
                    found |= {role.resource} if schema.get("type") in {"integer", "number"} else set()
        return frozenset(found)

    def is_plausible(self, resource: str, identity: str) -> bool:
        """Whether an id may be that of a record that was not made here."""
        del resource
        return _ABSENT.fullmatch(identity) is None

    def writes_anywhere(self, operation: Operation) -> bool:
        """Whether an operation may change records that its path does not name."""
        role = self.role(operation)
        named = f"{{{role.identity}}}" in operation.template or role.action == "create"
        return operation.method not in _SAFE and not named

    def is_elsewhere(self, match: Match, allowed: Mapping[str, set[str]]) -> bool:
        """Whether a path leads to records below one that was not named, such as another customer's.

        Args:
            match: The operation with the values in the path.
            allowed: Ids, by resource or parameter, that a run may change although it has not made them.
        """
        del match, allowed
        return False

    def record_in(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Find the record in the body of a response."""
        inner: Any = body.get("data")
        return cast("Mapping[str, Any]", inner) if isinstance(inner, dict) else body

    def is_used(self, resource: str, record: Mapping[str, Any]) -> bool:
        """Whether some of a record may be used, so that it is not deleted as it is."""
        del resource, record
        return False

    # Generated requests

    def existing_ids(self, target: Target, control: Control | None, credentials: Credentials) -> dict[str, list[str]]:
        """Return ids that exist, by what takes them: a resource for a path, a parameter, a member of a body."""
        del control, credentials
        return {name: [value] for name, value in target.ids.items()}

    def make_record(self, target: Target, resource: str) -> str | None:
        """Make a record of a resource on the mock, and return its id; None if nothing is known of the resource."""
        del target, resource
        return None

    def skipped(self, operation: str, existing: Mapping[str, Any], credentials: Credentials) -> str | None:
        """Say why an operation cannot be tried; None if it can."""
        del existing
        if self.arguments:
            return None
        opening = self._opening(operation, credentials)
        return "its credentials are missing; see --credential" if opening is None else None


def member(answer: httpx.Response, name: str) -> object:
    """A member of a response's JSON object; None where there is none."""
    try:
        value: Any = answer.json()
    except ValueError:
        return None
    return cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None


def _asks_nothing(operation: Operation) -> bool:
    """Whether a request without query and headers is right."""
    return operation.parameters.all_optional


def _variable(name: str) -> str:
    """The environment variable of a secret: `toyKey` is TOY_KEY."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", name).upper()
