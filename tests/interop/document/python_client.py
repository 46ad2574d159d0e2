"""Clients that openapi-generator made of the copies, on a running mock: `python_client.py URL TOKEN`, in their folder.

Prints what each of them found, in the words of clients.ts, and what they do by their own fault.
"""

# pyright: basic, reportMissingImports=false
import json
import sys

import spree_client as spree
import spree_v3_client as spree_v3
import vinr_client as vinr

url, token = sys.argv[1:]
found = {}

# The host that is named is the one that is called, though the document has others.
with vinr.ApiClient(vinr.Configuration(host=url, api_key={"vinrApiKey": "sk_test_any"})) as client:
    api = vinr.VinrStoreCreditApi(client)
    wanted = vinr.VinrStoreCreditCreate(customer="cust_8aZ2", amount=1000, currency="USD", expires_at=4102444800)
    made = api.vinr_store_credit_create(wanted, idempotency_key="python")
    assert api.vinr_store_credit_create(wanted, idempotency_key="python").id == made.id
    expanded = api.vinr_store_credit_retrieve(made.id, expand=["customer"])
    listed = api.vinr_store_credit_list(customer="cust_8aZ2", limit=1)
    updated = api.vinr_store_credit_update(made.id, vinr.VinrStoreCreditUpdate(expires_at=None))
    found["vinr"] = {
        "made": made.amount,
        "email": expanded.customer.actual_instance.email,
        "listed": len(listed.data),
        "expires": updated.expires_at,
    }

with spree.ApiClient(spree.Configuration(host=url, access_token=token)) as client:
    api = spree.SpreeStoreCreditsApi(client)
    credit = spree.SpreeStoreCreditCreate(
        user_id=spree.SpreeStoreCreditCreateUserId("1"),
        category_id=spree.SpreeStoreCreditCreateCategoryId("1"),
        created_by_id=spree.SpreeStoreCreditCreateCreatedById("1"),
        amount=spree.SpreeAmount(25.5),
        currency="USD",
        memo="a",
    )
    made = api.spree_store_credits_create(spree.SpreeStoreCreditCreateBody(store_credit=credit)).data
    full = api.spree_store_credits_retrieve(made.id, include=["user", "store_credit_events"])
    page = api.spree_store_credits_list(per_page=5, sort="id")
    change = spree.SpreeStoreCreditUpdateBody(store_credit=spree.SpreeStoreCreditUpdate(memo=None))
    changed = api.spree_store_credits_update(made.id, change).data
    found["spree"] = {
        "made": str(made.attributes.amount),
        "included": sorted(one.actual_instance.type for one in full.included),
        "total": page.meta.total_count > 0,
        "memo": changed.attributes.memo,
    }

with spree_v3.ApiClient(spree_v3.Configuration(host=url, api_key={"spreeV3SecretKey": "sk_full"})) as client:
    customers = spree_v3.SpreeV3AdminCustomersApi(client)
    customer = customers.spree_v3_admin_customers_list(limit=1).data[0]
    api = spree_v3.SpreeV3AdminCustomersStoreCreditsApi(client)
    # A text, which every version takes.
    wanted = spree_v3.SpreeV3StoreCreditCreate(amount=spree_v3.SpreeV3Amount("25.50"), currency="USD", memo="a")
    made = api.spree_v3_admin_customers_store_credits_create(customer.id, wanted, idempotency_key="python")
    assert (
        api.spree_v3_admin_customers_store_credits_create(customer.id, wanted, idempotency_key="python").id == made.id
    )
    page = api.spree_v3_admin_customers_store_credits_list(customer.id, limit=1, sort="-created_at")
    change = spree_v3.SpreeV3StoreCreditUpdate(memo=None)
    changed = api.spree_v3_admin_customers_store_credits_update(customer.id, made.id, change)
    login = spree_v3.SpreeV3Login(email=customer.email, password="spree123")
    try:
        customers.spree_v3_admin_customers_list(q={"email_eq": customer.email})
        filters = "taken"
    except ValueError:
        filters = "refused by the client"
shopper = spree_v3.Configuration(host=url, api_key={"spreeV3PublishableKey": "pk_shop"})
with spree_v3.ApiClient(shopper) as client:
    token = spree_v3.SpreeV3StoreAuthApi(client).spree_v3_store_auth_login(login).token
    shopper.access_token = token.get_secret_value()
    own = spree_v3.SpreeV3StoreCustomerStoreCreditsApi(client).spree_v3_store_customer_store_credits_list()
found["spree_v3"] = {
    "made": str(made.amount),
    "total": page.meta.count > 0,
    "memo": changed.memo,
    "own": sorted({str(one.amount) for one in own.data}),
    "filters": filters,
}

found["from_dict"] = [
    json.loads(vinr.VinrStoreCreditUpdate.from_dict({}).to_json()),
    json.loads(spree.SpreeStoreCreditUpdate.from_dict({"memo": "b"}).to_json()).get("user_id", "not sent"),
]
print(json.dumps(found))
