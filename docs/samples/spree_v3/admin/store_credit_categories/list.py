"""List the store credit categories (Spree 5.5 and 5.6)."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    for category in admin.store_credit_categories.list():
        print(category.id, category.name)
# The part shown ends here.
