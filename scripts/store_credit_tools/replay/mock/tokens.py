"""The tokens of a script's callers, and what its placeholders stand for in the requests that fetch them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode

from store_credit_mock import Response
from store_credit_mock.systems.spree.applications import PASSWORD
from store_credit_tools.replay.mock.script import Step

__all__ = ["PATH", "Tokens"]

PATH: Final = "/spree_oauth/token"
_APPLICATIONS: Final = {"admin": "back-office", "read": "reader", "write": "writer", "": "unscoped"}
"""Those of the script's initial state, and of a fresh sandbox, by their scopes."""
_CALLERS: Final = {"admin": "admin_app", "read": "reader", "write": "writer", "": "unscoped"}


class Tokens:
    """Fills in the requests for tokens, and keeps what they give.

    Attributes:
        access: Access token by caller.
    """

    def __init__(self) -> None:
        self.access: dict[str, str] = {}
        self._refresh: dict[str, str] = {}

    def filled(self, step: Step) -> Step:
        """The step with what its placeholders stand for; the script has one for the ids of all applications."""
        sent = _sent(step)
        name = _application(step, sent)
        values = {
            "<client_id>": f"{name}-test-id",
            "<client_secret>": f"{name}-test-secret",
            "<password>": PASSWORD,
            "<token>": self._refresh.get("admin_user", "nobody has this token"),
        }
        made = {key: values.get(value, value) for key, value in sent.items()}
        return replace(step, body=made if isinstance(step.body, Mapping) else urlencode(made))

    def learn(self, step: Step, response: Response) -> None:
        """Keep a token for the caller that it was fetched for, who is named by what was asked."""
        if response.status != 200:
            return
        sent, body = _sent(step), json.loads(response.body)
        if sent.get("grant_type") == "client_credentials":
            scope = sent.get("scope", "")
            self.access.setdefault(_CALLERS.get(scope, scope.replace(" ", "_")), body["access_token"])
            return
        caller = sent.get("username", "admin@").partition("@")[0]
        if "client_id" in sent:
            caller = "admin_user" if caller == "admin" else f"{caller}_admin_scope"
        self.access[caller] = body["access_token"]
        self._refresh[caller] = body["refresh_token"]


def _sent(step: Step) -> dict[str, str]:
    body: Any = step.body
    if isinstance(body, Mapping):
        return {name: str(value) for name, value in cast("Mapping[str, Any]", body).items()}
    return dict(parse_qsl(str(cast("object", body) or "")))


def _application(step: Step, sent: Mapping[str, str]) -> str:
    if step.name == "oauth.token.wrong_scope":
        # As its meaning says; what it sends is the same as in the first step.
        return "reader"
    if sent.get("grant_type") != "client_credentials":
        return "back-office"
    scope = sent.get("scope", "")
    return _APPLICATIONS.get(scope, scope.replace(" ", "-"))
