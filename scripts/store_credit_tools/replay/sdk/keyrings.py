"""The credentials of clients that hold several: which arguments send the headers that were recorded."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from store_credit_mock.recording import ExchangeFile
from store_credit_tools.generate.methods import Method
from store_credit_tools.replay.sdk.calls import NotTypedError, Reason
from store_credit_tools.replay.sdk.expectations import Promises

__all__ = ["keyring", "with_credentials"]

_PLACEHOLDERS: Final = (
    (re.compile(r"<secret_key_(\w+)>"), r"sk_\1"),
    (re.compile(r"<publishable_key(\w*)>"), r"pk_replay\1"),
    (re.compile(r"<shortkey_token>"), "sk_shortkey"),
    (re.compile(r"Bearer <(\w+)>"), r"Bearer eyJ.\1"),
    (re.compile(r"<(cart\w+_token)>"), r"\1"),
)


def with_credentials(exchange: ExchangeFile) -> ExchangeFile:
    """An exchange of Spree's API v3 with what might have stood where its credentials were taken out."""
    if not exchange.path.startswith("/api/v3/"):
        return exchange
    headers = dict(exchange.request_headers)
    for name, value in headers.items():
        for pattern, text in _PLACEHOLDERS:
            headers[name] = pattern.sub(text, headers[name]) if value.startswith(("<", "Bearer <")) else value
    return replace(exchange, request_headers=headers)


def keyring(promises: Promises, exchange: ExchangeFile, method: Method) -> tuple[dict[str, str], dict[str, str]]:
    """Give the client's own credentials, and those passed with the call.

    Raises:
        NotTypedError: No client sends them in this way.
    """
    sent = {name: value for name in promises.credential_headers if (value := exchange.request_header(name)) is not None}
    wanted = next((each for each in method.security if {key.name.lower() for key in each} == sent.keys()), None)
    if wanted is None and (method.security or sent):
        raise NotTypedError(Reason.CREDENTIAL, f"{', '.join(sorted(sent)) or 'none'} where the operation has others")
    keys = {key.scheme: sent[key.name.lower()].removeprefix("Bearer ") for key in wanted or ()}
    passable = {one.argument for one in method.call_credentials}
    passed = {name: value for name, value in keys.items() if name in passable}
    own = {name: value for name, value in keys.items() if name not in passable}
    # Of its own credentials the client sends those that the first alternative needs.
    fitting = [{key.scheme for key in each} for each in method.security if {key.scheme for key in each} <= keys.keys()]
    if fitting and max(fitting, key=lambda each: len(each & passed.keys())) | passed.keys() != keys.keys():
        raise NotTypedError(Reason.CREDENTIAL, f"{' and '.join(sorted(keys))} at once")
    return own, passed
