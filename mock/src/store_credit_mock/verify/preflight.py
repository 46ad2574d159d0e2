"""A look at the server ahead of everything else: is it there, does it let us in, is it what it should be?"""

from __future__ import annotations

from typing import Any, Final, cast

from store_credit_mock.control import Control
from store_credit_mock.http_libraries import httpx
from store_credit_mock.systems.control_route import ControlError
from store_credit_mock.verify.scenarios import Target
from store_credit_mock.verify.scenarios.spree_crud import PLATFORM, ROOTS, members_of
from store_credit_mock.verify.scenarios.vinr_crud import PATH
from store_credit_mock.verify.settings import Settings

__all__ = ["CannotRunError", "check_control", "check_ids", "check_server"]

_OPTIONS: Final = {"vinr": "--key or VINR_SECRET_KEY", "spree": "--token or SPREE_TOKEN"}


class CannotRunError(Exception):
    """The run cannot begin; the text says why and what to do."""


def check_server(settings: Settings, target: Target) -> None:
    """Ask for one list.

    Raises:
        CannotRunError: There is no response, or not one of this system, or the credentials do not open it.
    """
    system = settings.system
    client = target.vinr if system == "vinr" else target.spree
    path = PATH if system == "vinr" else f"{PLATFORM}/store_credits"
    assert client is not None
    try:
        answer = client.get(path, params={"limit" if system == "vinr" else "per_page": "1"})
    except httpx.TransportError as error:
        raise CannotRunError(f"no response from {settings.address}: {error}") from error
    status, kind = answer.status_code, answer.headers.get("content-type", "no content type").partition(";")[0]
    if status in {401, 403}:
        raise CannotRunError(f"the server refuses the credentials ({status}): check {_OPTIONS[system]}")
    if 300 <= status < 400 and status != 304:
        where = answer.headers.get("location", "nowhere")
        raise CannotRunError(
            f"the server sends {path} elsewhere ({status} to {where[:200]}); redirects are not followed"
        )
    if status == 429:
        raise CannotRunError("the server lets no more requests in now (429): try again later")
    if "html" in kind:
        raise CannotRunError(f"{path} is answered with {status} and {kind}: this is not the API of {_name(system)}")
    if status in {404, 405}:
        raise CannotRunError(f"{path} is answered with {status}: {_name(system)} is not at this address")
    if status == 200 and not isinstance(_member(answer, "data"), list):
        raise CannotRunError(f"{path} is answered without a list in `data`: this is not {_name(system)}")


def check_ids(settings: Settings, target: Target) -> None:
    """Make one record, with the ids that were given.

    Raises:
        CannotRunError: The server does not know them.
    """
    try:
        if settings.system == "vinr":
            assert target.vinr is not None
            body = {"customer": settings.customer, "amount": 1000, "currency": "USD"}
            answer = target.vinr.post(PATH, json=body)
            if answer.status_code == 404:
                raise CannotRunError(f"the server has no customer {settings.customer}: name one with --customer")
        else:
            assert target.spree is not None
            sent = {ROOTS["store_credits"]: members_of(target, "store_credits")}
            answer = target.spree.post(f"{PLATFORM}/store_credits", json=sent)
            errors = _member(answer, "errors")
            named = " ".join(cast("dict[str, Any]", errors)) if isinstance(errors, dict) else ""
            if answer.status_code == 422 and any(name in named for name in ("user", "category", "created_by")):
                raise CannotRunError(
                    f"the server does not take user {settings.user_id}, category {settings.category_id} and creator"
                    f" {settings.issuer_id} together ({named}): name others with --user, --category, --creator"
                )
        if answer.status_code in {401, 403}:
            raise CannotRunError(
                f"the credentials may not make store credit ({answer.status_code}): check {_OPTIONS[settings.system]}"
            )
    except httpx.TransportError:
        # It answered a moment ago: that is a finding, and the scenarios will have it.
        return


def check_control(control: Control) -> None:
    """Ask the control plane how it is.

    Raises:
        CannotRunError: It does not answer, or the token does not open it.
    """
    try:
        control.clock()
    except ControlError as error:
        if error.status in {401, 403}:
            text = "the control plane refuses its token: check --control-token or STORE_CREDIT_MOCK_CONTROL_TOKEN"
            raise CannotRunError(text) from error
        raise CannotRunError(
            f"there is no control plane at this server ({error.status}): leave its token out"
        ) from error
    except (httpx.TransportError, ValueError) as error:
        raise CannotRunError(f"the control plane does not answer: {error}") from error


def _member(answer: httpx.Response, name: str) -> object:
    try:
        value: Any = answer.json()
    except ValueError:
        return None
    return cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None


def _name(system: str) -> str:
    return "VINR" if system == "vinr" else "Spree's Platform API"
