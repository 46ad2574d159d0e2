// The guide "Pagination", Spree v3; tests/docs/test_basics_in_node.py runs it.

// >>> program
async function* customerCredits(customerId) {
  const headers = { "X-Spree-Api-Key": process.env.SPREE_ADMIN_KEY };
  const path = `/api/v3/admin/customers/${customerId}/store_credits`;
  const query = new URLSearchParams({ sort: "created_at", limit: "100", page: "1" });
  for (;;) {
    const url = `${process.env.SPREE_URL}${path}?${query}`;
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    const { data, meta } = await response.json();
    yield* data;
    if (meta.next === null) return;
    query.set("page", meta.next);
  }
}

for await (const credit of customerCredits("cus_UkLWZg9DAJ")) {
  console.log(credit.id, credit.amount_remaining);
}
// <<< program
