"""End the token of an application."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL in the environment.
with SpreeClient() as spree:
    response = spree.request(
        "POST",
        "/spree_oauth/revoke",
        json={
            "token": "example-access-token",
            "client_id": "example-client-id",
            "client_secret": "example-client-secret",
        },
    )

print(response.status_code)
# The part shown ends here.
