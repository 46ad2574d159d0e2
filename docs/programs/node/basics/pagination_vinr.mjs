// The guide "Pagination", VINR; tests/docs/test_basics_in_node.py runs it.

// >>> program
async function* vinrCredits(customer) {
  const headers = { "X-Api-Key": process.env.VINR_SECRET_KEY };
  const query = new URLSearchParams({ customer, limit: "100" });
  for (;;) {
    const url = `${process.env.VINR_BASE_URL}/v1/store-credit?${query}`;
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    const { data, page } = await response.json();
    yield* data;
    if (!page.has_more) return;
    query.set("starting_after", page.next_cursor);
  }
}

for await (const credit of vinrCredits("cust_8aZ2")) {
  console.log(credit.id, credit.balance_remaining);
}
// <<< program
