"""Fetch the token of an application, as a client does automatically."""

# The part shown begins here.
from store_credit import ClientCredentials

# Give it to a client, SpreeClient(token=fetch), which fetches a token when it needs one.
fetch = ClientCredentials("example-client-id", "example-client-secret")  # takes SPREE_URL from the environment
token = fetch()

print(len(token), "letters")
# The part shown ends here.
