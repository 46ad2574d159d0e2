// The recipe "Apply store credit at checkout"; tests/docs/test_recipes_in_node.py runs it, and pays a cart twice at once.

// >>> program
import { randomUUID } from "node:crypto";

const API = "http://127.0.0.1:4010/api/v3";
const PAYS = new Set(["checkout", "pending", "completed"]);
// Of a currency with two decimal places.
const cents = (amount) => Math.round(Number(amount) * 100);
const turns = new Map(); // the last work on each cart

async function call(method, path, headers, body) {
  const response = await fetch(API + path, {
    method,
    headers: { "Content-Type": "application/json", "Idempotency-Key": randomUUID(), ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (response.ok) return response.json();
  const { status } = response;
  throw Object.assign(new Error(`${status}: ${await response.text()}`), { status });
}

// Let each call in this process wait for those before it that work on the same cart.
async function aloneWith(cartId, work) {
  const before = turns.get(cartId) ?? Promise.resolve();
  const turn = before.catch(() => {}).then(work);
  turns.set(cartId, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(cartId) === turn) turns.delete(cartId);
  }
}

// Put store credit on a cart, and place the order if credit covers all of it.
function pay(shopper, cartId) {
  return aloneWith(cartId, async () => {
    let cart;
    try {
      // As much as it needs and the shopper has.
      cart = await call("POST", `/store/carts/${cartId}/store_credits`, shopper);
    } catch (error) {
      if (error.status === 404) return "already an order";
      throw error;
    }
    let paid = 0;
    for (const one of cart.payments) if (PAYS.has(one.status)) paid += cents(one.amount);
    const left = cents(cart.total) - paid;
    if (left > 0) return `${(left / 100).toFixed(2)} left to pay in another way`;
    await call("POST", `/store/carts/${cartId}/complete`, shopper);
    return `${(paid / 100).toFixed(2)} paid with store credit`;
  });
}

// Do what your shop does before: put a T-shirt into a cart, and say where it goes.
async function fillCart(shopper) {
  const items = [{ variant_id: "variant_UkLWZg9DAJ", quantity: 1 }];
  const cart = await call("POST", "/store/carts", shopper, { items });
  const name = { first_name: "Alice", last_name: "Archer", phone: "5551234567" };
  const street = { address1: "1 Main St", city: "New York", postal_code: "10001" };
  const address = { ...name, ...street, country_iso: "US", state_abbr: "NY" };
  await call("PATCH", `/store/carts/${cart.id}`, shopper, { shipping_address: address });
  return cart.id;
}

const admin = { "X-Spree-Api-Key": "sk_full" };
const shop = { "X-Spree-Api-Key": "pk_shop" };
const login = { email: "alice@example.com", password: "spree123" };
const { token, user } = await call("POST", "/store/auth/login", shop, login);
const shopper = { ...shop, Authorization: `Bearer ${token}` };
const credit = { amount: "40.00", currency: "USD" };
await call("POST", `/admin/customers/${user.id}/store_credits`, admin, credit);
const first = await fillCart(shopper);
const second = await fillCart(shopper);
console.log("first cart:", await pay(shopper, first));
console.log("first cart again:", await pay(shopper, first));
console.log("second cart:", await pay(shopper, second));
// <<< program
