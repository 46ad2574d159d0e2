"""What the control plane takes and sends about applications and passwords."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from store_credit_mock.systems.json_types import Schema
from store_credit_mock.systems.spree.control_models import GivenSecret, Secret, Text

__all__ = ["Application", "CreatedApplication", "NewApplication", "NewPassword"]


@dataclass(frozen=True)
class NewPassword:
    """The new password of a user."""

    password: Annotated[GivenSecret, "For the token endpoint."] = field(repr=False)


@dataclass(frozen=True)
class NewApplication:
    """An OAuth application to add."""

    name: Annotated[Text, "Its unique name."]
    scopes: Annotated[str, Schema(maxLength=500), "Scopes that it may request, separated by spaces; empty for any."] = (
        "admin"
    )
    client_id: Annotated[GivenSecret | None, "By default, generated."] = field(default=None, repr=False)
    client_secret: Annotated[GivenSecret | None, "By default, generated."] = field(default=None, repr=False)


@dataclass(frozen=True)
class Application:
    """An OAuth application."""

    name: Annotated[str, "Its name."]
    scopes: Annotated[str, "Scopes that it may request, separated by spaces; empty for any."]
    client_id: Annotated[Secret, "Its id."] = field(repr=False)


@dataclass(frozen=True)
class CreatedApplication(Application):
    """An OAuth application that was added, with its secret, which is not shown again."""

    client_secret: Annotated[Secret, "Its secret."] = field(repr=False)
