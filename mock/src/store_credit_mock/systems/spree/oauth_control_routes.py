"""Routes of the control plane for what the token endpoint asks: applications, and the passwords of users."""

from __future__ import annotations

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoutes
from store_credit_mock.systems.spree import applications, users
from store_credit_mock.systems.spree import oauth_control_models as models
from store_credit_mock.systems.spree.control_models import User, UserId

__all__ = ["routes"]

routes = ControlRoutes("/_mock/spree", "spree.")


@routes.add("GET", "/applications", "applications.list")
def applications_(control: ControlCall) -> list[models.Application]:
    """List the OAuth applications.

    They are sorted by name.
    """
    return [models.Application(one.name, one.scopes, one.client_id) for one in applications.every(control.call)]


@routes.add("POST", "/applications", "applications.create")
def add_application(control: ControlCall, body: models.NewApplication) -> models.CreatedApplication:
    """Add an OAuth application.

    Its secret is shown only in this response.
    """
    call = control.call
    client_id = body.client_id or call.sandbox.random_id("spree client id", length=43)
    secret = body.client_secret or call.sandbox.random_id("spree client secret", length=43)
    if applications.find(call, name=body.name):
        raise ControlError(409, f"there is an application named {body.name!r} already; choose another name")
    if applications.find(call, client_id=client_id):
        raise ControlError(409, "there is an application with this client_id already; choose another, or leave it out")
    made = applications.add(call, body.name, client_id, secret, body.scopes)
    return models.CreatedApplication(made.name, made.scopes, client_id, secret)


@routes.add("POST", "/users/{id}/password", "users.set_password")
def set_password(control: ControlCall, id: UserId, body: models.NewPassword) -> User:
    """Set a user's password.

    The token endpoint requires it.
    """
    user = users.find(control.call, id)
    if user is None:
        raise ControlError(404, f"there is no user {id}")
    applications.set_password(control.call, id, body.password)
    return User(user.id, user.email)
