"""Sign a member of staff in; the token lives for five minutes."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL in the environment.
with SpreeAdminClient() as admin:
    session = admin.auth.login(
        email="desk@shop.example",
        password="example-password",
    )

print(session.user.email, session.user.roles)
# The part shown ends here.
