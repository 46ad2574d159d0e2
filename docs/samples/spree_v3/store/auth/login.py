"""Sign a customer in; the token lives for an hour."""

# The part shown begins here.
from store_credit import SpreeStoreClient

# Set SPREE_URL and SPREE_PUBLISHABLE_KEY
# in the environment.
with SpreeStoreClient() as store:
    session = store.auth.login(
        email="nora@shop.example",
        password="example-password",
    )

print(
    session.user.email,
    session.user.available_store_credit_total,
)
# The part shown ends here.
