// The recipe "Show a customer's balance" on VINR; tests/docs/test_recipes_in_node.py runs it.

// >>> program
const CREDITS = "http://127.0.0.1:4010/v1/store-credit";
const DAY = 86_400; // seconds

async function call(url, body) {
  const headers = { "X-Api-Key": "sk_test_any", "Content-Type": "application/json" };
  const signal = AbortSignal.timeout(30_000); // milliseconds
  const content = body && JSON.stringify(body);
  const method = body ? "POST" : "GET";
  const response = await fetch(url, { method, headers, body: content, signal });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

// What a customer can spend at a time in Unix seconds: minor units, by currency.
async function balance(customer, at) {
  const total = {};
  const query = new URLSearchParams({ customer, limit: 100 });
  for (let more = true; more; ) {
    const { data, page } = await call(`${CREDITS}?${query}`);
    for (const { currency, balance_remaining: left, expires_at: ends } of data)
      if (ends === null || at < ends) total[currency] = (total[currency] ?? 0) + left;
    more = page.has_more;
    query.set("starting_after", page.next_cursor);
  }
  return total;
}

function shown(total) {
  const amounts = Object.keys(total).sort().map((currency) => {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    const digits = format.resolvedOptions().maximumFractionDigits; // 2 for USD, 0 for JPY
    return `${(total[currency] / 10 ** digits).toFixed(digits)} ${currency}`;
  });
  return amounts.join(", ");
}

const customer = "cust_8aZ2";
const now = Math.floor(Date.now() / 1000);
const ends = now + 30 * DAY;
await call(CREDITS, { customer, amount: 1500, currency: "USD", expires_at: ends });
await call(CREDITS, { customer, amount: 700, currency: "USD" }); // never expires
await call(CREDITS, { customer, amount: 500, currency: "JPY" });
console.log("today:", shown(await balance(customer, now)));
console.log("in 30 days:", shown(await balance(customer, ends)));
// <<< program
