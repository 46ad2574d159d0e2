// The recipe "Take a credit back" on Spree v3; tests/docs/test_recipes_in_node.py runs it.

// >>> program
const API = "http://127.0.0.1:4010/api/v3/admin";

async function call(method, path, body) {
  const headers = { "X-Spree-Api-Key": "sk_full", "Content-Type": "application/json" };
  const signal = AbortSignal.timeout(30_000); // milliseconds
  const content = body && JSON.stringify(body);
  const response = await fetch(API + path, { method, headers, body: content, signal });
  if (response.status === 204 || response.status === 404) return null;
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

// Delete a credit, unless orders have used or authorized some of it.
async function takeBack(customerId, creditId) {
  const path = `/customers/${customerId}/store_credits/${creditId}`;
  const credit = await call("GET", path);
  if (!credit) return "not found: deleted, or another customer's";
  if (Number(credit.amount_used)) return `kept: orders have used ${credit.amount_used}`;
  if (Number(credit.amount_remaining) < Number(credit.amount))
    return "kept: orders have authorized some of it";
  await call("DELETE", path);
  return `deleted: ${credit.amount} ${credit.currency}`;
}

const { data } = await call("GET", "/customers?q[email_eq]=alice@example.com");
const alice = data.find((one) => one.email === "alice@example.com");
const content = { amount: "25.99", currency: "USD" };
const mistake = await call("POST", `/customers/${alice.id}/store_credits`, content);
console.log(await takeBack(alice.id, mistake.id));
console.log(await takeBack(alice.id, mistake.id)); // a second click, or after a restart
// <<< program
