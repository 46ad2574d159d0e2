// The recipe "Show a customer's balance" on Spree v3; tests/docs/test_recipes_in_node.py runs it.

// >>> program
const API = "http://127.0.0.1:4010/api/v3";

async function call(path, more, body) {
  const headers = { "Content-Type": "application/json", ...more };
  const signal = AbortSignal.timeout(30_000); // milliseconds
  const content = body && JSON.stringify(body);
  const method = body ? "POST" : "GET";
  const response = await fetch(API + path, { method, headers, body: content, signal });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

// What the signed-in shopper can spend in one currency, as a decimal string.
async function ownBalance(shopper, currency) {
  const profile = await call("/store/customers/me", { ...shopper, "X-Spree-Currency": currency });
  return profile.available_store_credit_total;
}

// What a customer can spend, by currency: cents, so only for currencies with two decimals.
async function balance(customerId) {
  const total = {};
  const path = `/admin/customers/${customerId}/store_credits?sort=created_at&limit=100`;
  for (let page = 1; page; ) {
    const { data, meta } = await call(`${path}&page=${page}`, admin);
    for (const { currency, amount_remaining: left } of data)
      total[currency] = (total[currency] ?? 0) + Math.round(Number(left) * 100);
    page = meta.next; // null on the last page
  }
  return total;
}

const admin = { "X-Spree-Api-Key": "sk_full" };
const shop = { "X-Spree-Api-Key": "pk_shop" };
const login = { email: "alice@example.com", password: "spree123" };
const { token, user } = await call("/store/auth/login", shop, login);
for (const [amount, currency] of [["25.99", "USD"], ["4.25", "USD"], ["10.55", "EUR"]])
  await call(`/admin/customers/${user.id}/store_credits`, admin, { amount, currency });
const shopper = { ...shop, Authorization: `Bearer ${token}` };
for (const currency of ["EUR", "USD"])
  console.log(`Alice sees: ${await ownBalance(shopper, currency)} ${currency}`);
const total = await balance(user.id);
const amounts = Object.keys(total).sort().map((one) => `${(total[one] / 100).toFixed(2)} ${one}`);
console.log("staff see:", amounts.join(", "));
// <<< program
