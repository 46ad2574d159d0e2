// Clients and zod schemas of the copies, for the address of the mock: orval writes it into what it makes.
const source = (system) => `${process.env.COPIES}/${system}-3.0.json`;
const made = (system) => ({
  input: source(system),
  output: { target: `orval/${system}.ts`, client: "fetch", baseUrl: process.env.MOCK_URL },
});

module.exports = {
  vinr: made("vinr"),
  spree: made("spree"),
  spreeV3: made("spree-v3"),
  spreeZod: { input: source("spree"), output: { target: "orval/spree-zod.ts", client: "zod" } },
};
