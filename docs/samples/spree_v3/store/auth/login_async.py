"""Sign a customer in; the token lives for an hour, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeStoreClient


async def main() -> None:
    # Set SPREE_URL and SPREE_PUBLISHABLE_KEY
    # in the environment.
    async with AsyncSpreeStoreClient() as store:
        session = await store.auth.login(
            email="nora@shop.example",
            password="example-password",
        )

    print(
        session.user.email,
        session.user.available_store_credit_total,
    )


asyncio.run(main())
# The part shown ends here.
