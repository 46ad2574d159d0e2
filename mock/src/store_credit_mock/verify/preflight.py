"""A look at the server ahead of everything else: is it there, does it let us in, is it what it should be?"""

from __future__ import annotations

from store_credit_mock.control import Control
from store_credit_mock.http_libraries import httpx
from store_credit_mock.systems.control_route import ControlError
from store_credit_mock.verify.scenarios.assertions import Target
from store_credit_mock.verify.systems import CannotRunError, VerifiedSystem, member

__all__ = ["CannotRunError", "check_control", "check_ids", "check_server"]


def check_server(address: str, system: VerifiedSystem, target: Target) -> None:
    """Ask for one list.

    Raises:
        CannotRunError: There is no response, or not one of this system, or the credentials do not open it.
    """
    first = system.first_list()
    if first is None:
        return
    path, query = first
    try:
        answer = target.client.get(path, params=query)
    except httpx.TransportError as error:
        raise CannotRunError(f"no response from {address}: {error}") from error
    status, kind = answer.status_code, answer.headers.get("content-type", "no content type").partition(";")[0]
    if status in {401, 403}:
        raise CannotRunError(f"the server rejected the credentials ({status}): check {system.credential_hint()}")
    if 300 <= status < 400 and status != 304:
        where = answer.headers.get("location", "nowhere")
        raise CannotRunError(f"the server redirects {path} ({status} to {where[:200]}); redirects are not followed")
    if status == 429:
        raise CannotRunError("the server is not accepting more requests at the moment (429); try again later")
    if "html" in kind:
        raise CannotRunError(f"{path} returns {status} with {kind}, so this is not the API of {system.title}")
    if status in {404, 405}:
        raise CannotRunError(f"{path} returns {status}: {system.title} is not at this address")
    if status == 200 and system.scenarios and not isinstance(member(answer, "data"), list):
        raise CannotRunError(f"{path} does not return a list in `data`, so this is not {system.title}")


def check_ids(system: VerifiedSystem, target: Target) -> None:
    """Make one record, with the ids that were given.

    Raises:
        CannotRunError: The server does not know them.
    """
    try:
        answer = system.check_ids(target)
    except httpx.TransportError:
        # It answered a moment ago: that is a finding, and the scenarios will have it.
        return
    if answer is not None and answer.status_code in {401, 403}:
        raise CannotRunError(
            f"these credentials are not allowed to issue store credit ({answer.status_code}):"
            f" check {system.credential_hint()}"
        )


def check_control(control: Control) -> None:
    """Ask the control plane how it is.

    Raises:
        CannotRunError: It does not answer, or the token does not open it.
    """
    try:
        control.clock()
    except ControlError as error:
        if error.status in {401, 403}:
            text = "the control plane rejected the token: check --control-token or STORE_CREDIT_MOCK_CONTROL_TOKEN"
            raise CannotRunError(text) from error
        raise CannotRunError(f"this server has no control plane ({error.status}); omit --control-token") from error
    except (httpx.TransportError, ValueError) as error:
        raise CannotRunError(f"the control plane does not respond: {error}") from error
