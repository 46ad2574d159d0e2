// The guide "Pagination", Spree v2; tests/docs/test_basics_in_node.py runs it.

// >>> program
async function* storeCredits() {
  const headers = { Authorization: `Bearer ${process.env.SPREE_TOKEN}` };
  const query = new URLSearchParams({ sort: "id", per_page: "500" });
  for (;;) {
    const url = `${process.env.SPREE_URL}/api/v2/platform/store_credits?${query}`;
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    const { data } = await response.json();
    if (data.length === 0) return;
    yield* data;
    query.set("filter[id_gt]", data.at(-1).id); // and no page
  }
}

for await (const credit of storeCredits()) {
  console.log(credit.id, credit.attributes.amount);
}
// <<< program
