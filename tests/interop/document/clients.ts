// Clients that other people's generators made of the copies of the document, each doing the same on a running mock:
// create, retrieve with what is related, list, and update with null. Prints one JSON object, by generator.
import { Configuration as VinrConfiguration, VinrStoreCreditApi } from "./vinr-axios/index";
import { Configuration as SpreeConfiguration, SpreeStoreCreditsApi } from "./spree-axios/index";
import {
  Configuration as V3Configuration,
  SpreeV3AdminCustomersApi,
  SpreeV3AdminCustomersStoreCreditsApi,
} from "./spree-v3-axios/index";
import * as vinrHey from "./vinr-hey/index";
import { client as vinrHeyClient } from "./vinr-hey/client.gen";
import * as spreeHey from "./spree-hey/index";
import { client as spreeHeyClient } from "./spree-hey/client.gen";
import * as vinrOrval from "./orval/vinr";
import * as spreeOrval from "./orval/spree";
import * as v3Orval from "./orval/spree-v3";
import * as spreeZod from "./orval/spree-zod";
import * as v3Hey from "./spree-v3-hey/index";
import { client as v3HeyClient } from "./spree-v3-hey/client.gen";
import createClient from "openapi-fetch";
import type { paths as VinrPaths } from "./vinr-types";
import type { paths as SpreePaths } from "./spree-types";
import type { paths as V3Paths } from "./spree-v3-types";

const url = process.env.MOCK_URL!;
const token = process.env.SPREE_TOKEN!;
const key = { "X-Api-Key": "sk_test_any" };
const bearer = { Authorization: `Bearer ${token}` };
const json = { "Content-Type": "application/json" };
const credit = { customer: "cust_8aZ2", amount: 1000, currency: "USD", expires_at: 4102444800 };
const amount = 25.5;
const given = {
  store_credit: { user_id: "1", category_id: "1", created_by_id: "1", amount, currency: "USD", memo: "a" },
};

const v3Key = { "X-Spree-Api-Key": "sk_full" };
const v3Given = { amount: "25.50", currency: "USD", memo: "a" };

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("nothing came");
  return value;
}

// What each has to find, told in the same words.
type Customer = string | { email: string };
const vinr = (made: number, customer: Customer, listed: number, expires: number | null) => ({
  made,
  email: typeof customer === "string" ? customer : customer.email,
  listed,
  expires,
});
const spree = (made: string, included: { type: string }[] | undefined, total: number, memo: string | null) => ({
  made,
  included: known(included).map((one) => one.type).sort(),
  total: total > 0,
  memo,
});

async function axios() {
  const api = new VinrStoreCreditApi(new VinrConfiguration({ basePath: url, apiKey: "sk_test_any" }));
  const made = (await api.vinrStoreCreditCreate(credit, undefined, "axios")).data;
  const expanded = (await api.vinrStoreCreditRetrieve(made.id, ["customer"])).data;
  const list = (await api.vinrStoreCreditList("cust_8aZ2", 1)).data;
  const updated = (await api.vinrStoreCreditUpdate(made.id, { expires_at: null })).data;
  const back = new SpreeStoreCreditsApi(new SpreeConfiguration({ basePath: url, accessToken: token }));
  const one = (await back.spreeStoreCreditsCreate(given)).data.data;
  const full = (await back.spreeStoreCreditsRetrieve(one.id, ["user", "store_credit_events"])).data;
  const page = (await back.spreeStoreCreditsList(1, 5, "id")).data;
  const changed = (await back.spreeStoreCreditsUpdate(one.id, { store_credit: { memo: null } })).data.data;
  return {
    vinr: vinr(made.amount, expanded.customer, list.data.length, updated.expires_at),
    spree: spree(one.attributes.amount, full.included, page.meta.total_count, changed.attributes.memo),
  };
}

async function hey() {
  vinrHeyClient.setConfig({ baseUrl: url, headers: key, throwOnError: true });
  const made = known((await vinrHey.vinrStoreCreditCreate({ body: credit })).data);
  const path = { id: made.id };
  const expanded = known((await vinrHey.vinrStoreCreditRetrieve({ path, query: { "expand[]": ["customer"] } })).data);
  const list = known((await vinrHey.vinrStoreCreditList({ query: { customer: "cust_8aZ2", limit: 1 } })).data);
  const updated = known((await vinrHey.vinrStoreCreditUpdate({ path, body: { expires_at: null } })).data);
  spreeHeyClient.setConfig({ baseUrl: url, headers: bearer, throwOnError: true });
  const one = known((await spreeHey.spreeStoreCreditsCreate({ body: given })).data).data;
  const at = { id: one.id };
  const query = { include: ["user", "store_credit_events"] };
  const full = known((await spreeHey.spreeStoreCreditsRetrieve({ path: at, query })).data);
  const page = known((await spreeHey.spreeStoreCreditsList({ query: { filter: { currency_eq: "USD" } } })).data);
  const body = { store_credit: { memo: null } };
  const changed = known((await spreeHey.spreeStoreCreditsUpdate({ path: at, body })).data).data;
  return {
    vinr: vinr(made.amount, expanded.customer, list.data.length, updated.expires_at),
    spree: spree(one.attributes.amount, full.included, page.meta.total_count, changed.attributes.memo),
  };
}

async function orval() {
  // Of several media types of a body orval writes none.
  const sent = { headers: { ...key, ...json } };
  const made = await vinrOrval.vinrStoreCreditCreate(credit, undefined, sent);
  if (made.status !== 201) throw new Error(JSON.stringify(made));
  const id = made.data.id;
  const expanded = await vinrOrval.vinrStoreCreditRetrieve(id, { "expand[]": ["customer"] }, { headers: key });
  const list = await vinrOrval.vinrStoreCreditList({ customer: "cust_8aZ2", limit: 1 }, { headers: key });
  const updated = await vinrOrval.vinrStoreCreditUpdate(id, { expires_at: null }, undefined, sent);
  if (expanded.status !== 200 || list.status !== 200 || updated.status !== 200) throw new Error("VINR refused");
  const admin = { headers: { ...bearer, ...json } };
  const one = await spreeOrval.spreeStoreCreditsCreate(given, undefined, admin);
  if (one.status !== 201) throw new Error(JSON.stringify(one));
  // One alone: it sends each in a parameter of its own, whatever `explode` says.
  const include = ["user"];
  const full = await spreeOrval.spreeStoreCreditsRetrieve(one.data.data.id, { include }, { headers: bearer });
  const page = await spreeOrval.spreeStoreCreditsList({ per_page: 5, sort: "id" }, { headers: bearer });
  const body = { store_credit: { memo: null } };
  const changed = await spreeOrval.spreeStoreCreditsUpdate(one.data.data.id, body, undefined, admin);
  if (full.status !== 200 || page.status !== 200 || changed.status !== 200) throw new Error("Spree refused");
  // zod: an amount stays the number it is, and a negative one is refused.
  const zod = (value: unknown) =>
    spreeZod.spreeStoreCreditsCreateBody.safeParse({ store_credit: { ...given.store_credit, amount: value } });
  return {
    vinr: vinr(made.data.amount, expanded.data.customer, list.data.data.length, updated.data.expires_at),
    spree: spree(
      one.data.data.attributes.amount,
      full.data.included,
      page.data.meta.total_count,
      changed.data.data.attributes.memo,
    ),
    zod: [zod(25.5).data?.store_credit.amount, zod("25.50").data?.store_credit.amount, zod(-5).success],
  };
}

async function types() {
  const api = createClient<VinrPaths>({ baseUrl: url, headers: key });
  const body = credit;
  const made = known((await api.POST("/v1/store-credit", { body })).data);
  const path = { id: made.id };
  const query = { "expand[]": ["customer" as const] };
  const expanded = known((await api.GET("/v1/store-credit/{id}", { params: { path, query } })).data);
  const list = known((await api.GET("/v1/store-credit", { params: { query: { limit: 1 } } })).data);
  const nothing = { expires_at: null };
  const updated = known((await api.POST("/v1/store-credit/{id}", { params: { path }, body: nothing })).data);
  // It ignores explode: false, which the mock refuses; one name is sent as it should be.
  const back = createClient<SpreePaths>({ baseUrl: url, headers: bearer, querySerializer: { array: { style: "form", explode: false } } });
  const one = known((await back.POST("/api/v2/platform/store_credits", { body: given })).data).data;
  const place = "/api/v2/platform/store_credits/{id}" as const;
  const at = { id: one.id };
  const include = ["user", "store_credit_events"];
  const full = known((await back.GET(place, { params: { path: at, query: { include } } })).data);
  const page = known((await back.GET("/api/v2/platform/store_credits", { params: { query: { sort: "id" } } })).data);
  const memo = { store_credit: { memo: null } };
  const changed = known((await back.PATCH(place, { params: { path: at }, body: memo })).data).data;
  return {
    vinr: vinr(made.amount, expanded.customer, list.data.length, updated.expires_at),
    spree: spree(one.attributes.amount, full.included, page.meta.total_count, changed.attributes.memo),
  };
}

// What each cannot do by its own fault, as the page "Use the document with your tools" lists it; the mock's status where
// the request was sent, the message where it was not.
async function faults() {
  const told = (run: Promise<{ status: number }>) =>
    run.then((got) => got.status).catch((error: { message: string; response?: { status: number } }) => {
      return error.response?.status ?? error.message;
    });
  const headers = bearer;
  const two = { include: ["user", "store_credit_events"] };
  const many = { filter: { user_id_in: ["1", "2"] } };
  const one = { filter: { currency_eq: "USD" } };
  const back = new SpreeStoreCreditsApi(new SpreeConfiguration({ basePath: url, accessToken: token }));
  const fetched = createClient<SpreePaths>({ baseUrl: url, headers });
  const place = "/api/v2/platform/store_credits" as const;
  const email = { email_eq: "alice@example.com" };
  const people = new SpreeV3AdminCustomersApi(new V3Configuration({ basePath: url, apiKey: "sk_full" }));
  const looked = v3Orval.spreeV3AdminCustomersList({ q: email }, { headers: v3Key });
  return {
    axiosV3Filter: await told(people.spreeV3AdminCustomersList(1, 5, "email", email)),
    orvalV3Filter: await told(looked),
    orvalInclude: await told(spreeOrval.spreeStoreCreditsList(two, { headers })),
    orvalFilter: await told(spreeOrval.spreeStoreCreditsList(one, { headers })),
    heyInclude: (await spreeHey.spreeStoreCreditsList({ query: two })).response.status,
    heyFilter: (await spreeHey.spreeStoreCreditsList({ query: one })).response.status,
    heyFilterList: await told(spreeHey.spreeStoreCreditsList({ query: many }).then((got) => got.response)),
    axiosFilter: await told(back.spreeStoreCreditsList(1, 5, "id", one.filter)),
    axiosFilterList: await told(back.spreeStoreCreditsList(1, 5, "id", many.filter)),
    fetchInclude: await told(fetched.GET(place, { params: { query: two } }).then((got) => got.response)),
    fetchFilter: await told(fetched.GET(place, { params: { query: one } }).then((got) => got.response)),
    fetchFilterList: await told(fetched.GET(place, { params: { query: many } }).then((got) => got.response)),
  };
}

// Spree's API v3, by the tools that read 3.1: look the customer up, give, list, and update with null.
async function v3() {
  v3HeyClient.setConfig({ baseUrl: url, headers: v3Key, throwOnError: true });
  const email = { email_eq: "alice@example.com" };
  const found = known((await v3Hey.spreeV3AdminCustomersList({ query: { q: email } })).data).data;
  const path = { customer_id: known(found[0]).id };
  const made = known((await v3Hey.spreeV3AdminCustomersStoreCreditsCreate({ path, body: v3Given })).data);
  const list = known((await v3Hey.spreeV3AdminCustomersStoreCreditsList({ path, query: { limit: 1 } })).data);
  const at = { ...path, id: made.id };
  const update = { path: at, body: { memo: null } };
  const changed = known((await v3Hey.spreeV3AdminCustomersStoreCreditsUpdate(update)).data);
  const api = createClient<V3Paths>({ baseUrl: url, headers: v3Key });
  const who = known((await api.GET("/api/v3/admin/customers", { params: { query: { q: email } } })).data).data;
  const all = "/api/v3/admin/customers/{customer_id}/store_credits" as const;
  const one = known((await api.POST(all, { params: { path }, body: v3Given })).data);
  const page = known((await api.GET(all, { params: { path, query: { sort: "-created_at" } } })).data);
  const place = "/api/v3/admin/customers/{customer_id}/store_credits/{id}" as const;
  const nothing = { params: { path: { ...path, id: one.id } }, body: { memo: null } };
  const emptied = known((await api.PATCH(place, nothing)).data);
  const told = (...[made, listed, found, memo]: [string, number, number, string | null | undefined]) => {
    return { made, listed: listed > 0, found, memo };
  };
  // These two read 3.0, and cannot look the customer up: see `faults`.
  const owner = path.customer_id;
  const credits = new SpreeV3AdminCustomersStoreCreditsApi(new V3Configuration({ basePath: url, apiKey: "sk_full" }));
  const byAxios = (await credits.spreeV3AdminCustomersStoreCreditsCreate(owner, v3Given)).data;
  const listed = (await credits.spreeV3AdminCustomersStoreCreditsList(owner, 1, 5, "-created_at")).data;
  const without = (await credits.spreeV3AdminCustomersStoreCreditsUpdate(owner, byAxios.id, { memo: null })).data;
  const sent = { headers: { ...v3Key, ...json } };
  const byOrval = await v3Orval.spreeV3AdminCustomersStoreCreditsCreate(owner, v3Given, sent);
  if (byOrval.status !== 201) throw new Error(JSON.stringify(byOrval));
  const at5 = { limit: 5 };
  const more = await v3Orval.spreeV3AdminCustomersStoreCreditsList(owner, at5, { headers: v3Key });
  const credit = byOrval.data.id;
  const none = await v3Orval.spreeV3AdminCustomersStoreCreditsUpdate(owner, credit, { memo: null }, sent);
  if (more.status !== 200 || none.status !== 200) throw new Error(JSON.stringify([more, none]));
  return {
    hey: told(made.amount, list.meta.count, found.length, changed.memo),
    types: told(one.amount, page.meta.count, who.length, emptied.memo),
    axios: told(byAxios.amount, listed.meta.count, 0, without.memo),
    orval: told(byOrval.data.amount, more.data.meta.count, 0, none.data.memo),
  };
}

async function main() {
  const found: Record<string, unknown> = {};
  for (const [name, run] of Object.entries({ axios, hey, orval, types, v3, faults })) {
    found[name] = await run().catch((error: unknown) => String(error) + JSON.stringify(error).slice(0, 500));
  }
  console.log(JSON.stringify(found));
}

void main();
