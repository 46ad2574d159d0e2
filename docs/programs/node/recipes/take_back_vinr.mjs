// The recipe "Take a credit back" on VINR; tests/docs/test_recipes_in_node.py runs it.

// >>> program
import { randomUUID } from "node:crypto";

const CREDITS = "http://127.0.0.1:4010/v1/store-credit";
const SOON = 120; // seconds

async function call(url, body) {
  const headers = { "X-Api-Key": "sk_test_any", "Content-Type": "application/json" };
  if (body) headers["Idempotency-Key"] = randomUUID();
  const signal = AbortSignal.timeout(30_000); // milliseconds
  const content = body && JSON.stringify(body);
  const method = body ? "POST" : "GET";
  const response = await fetch(url, { method, headers, body: content, signal });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

// Let a credit expire soon, unless there is nothing to take back.
async function takeBack(id) {
  const credit = await call(`${CREDITS}/${id}`);
  const soon = Math.floor(Date.now() / 1000) + SOON;
  if (!credit.balance_remaining) return "nothing is left to take back";
  if (credit.expires_at !== null && credit.expires_at <= soon)
    return "already expired, or about to expire";
  const updated = await call(`${CREDITS}/${id}`, { expires_at: soon });
  const { balance_remaining: left, currency } = updated;
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits; // 2 for USD, 0 for JPY
  return `${(left / 10 ** digits).toFixed(digits)} ${currency} will expire in two minutes`;
}

const mistake = await call(CREDITS, { customer: "cust_8aZ2", amount: 2500, currency: "USD" });
console.log(await takeBack(mistake.id));
console.log(await takeBack(mistake.id)); // a second click, or after a restart
// <<< program
