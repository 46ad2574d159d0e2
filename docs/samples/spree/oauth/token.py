"""Fetch the token of an application, as a client does automatically."""

# The part shown begins here.
from store_credit import ClientCredentials

# Give it to a client, SpreeClient(token=fetch),
# which fetches a token when it needs one.
# Set SPREE_URL in the environment.
fetch = ClientCredentials(
    "example-client-id", "example-client-secret"
)
token = fetch()

print(len(token), "letters")
# The part shown ends here.
