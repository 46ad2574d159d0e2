"""Look up one store credit category (Spree 5.5 and 5.6)."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    category = admin.store_credit_categories.get(
        "sccat_UkLWZg9DAJ"
    )

print(category.name, category.non_expiring)
# The part shown ends here.
