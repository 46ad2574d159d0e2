"""List the store credits of one user in one currency, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        async for credit in spree.store_credits.list(
            filter={
                "user_id_eq": "2",
                "currency_eq": "USD",
            }
        ):
            print(
                credit.id,
                credit.amount
                - credit.amount_used
                - credit.amount_authorized,
            )


asyncio.run(main())
# The part shown ends here.
