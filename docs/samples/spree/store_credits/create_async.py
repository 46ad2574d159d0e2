"""Issue USD 25.00 of store credit as goodwill, with the async client."""

# The part shown begins here.
import asyncio
from decimal import Decimal

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        credit = await spree.store_credits.create(
            user_id="2",
            category_id="4",
            created_by_id="5",
            amount=Decimal("25.00"),
            currency="USD",
            memo="Sorry that the parcel was late",
            public_metadata={"campaign": "winter"},
            private_metadata={"ticket": 4711},
        )

    print(credit.id, credit.display_amount)


asyncio.run(main())
# The part shown ends here.
