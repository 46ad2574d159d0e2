"""List the store credit of one customer, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncVinrClient


async def main() -> None:
    # Set VINR_SECRET_KEY in the environment.
    async with AsyncVinrClient() as vinr:
        async for credit in vinr.store_credit.list(
            customer="cust_8aZ2"
        ):
            print(
                credit.id,
                credit.balance_remaining,
                credit.currency,
            )


asyncio.run(main())
# The part shown ends here.
