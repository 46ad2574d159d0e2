// What Postman's and Bruno's importers make of a copy of the document: `node imports.cjs COPY` prints one JSON object.
const { readFileSync } = require("node:fs");
const { convertV2WithTypes, convertV2 } = require("openapi-to-postmanv2");
const { openApiToBruno } = require("@usebruno/converters");

const text = readFileSync(process.argv[2], "utf-8");

function requests(items) {
  return items.flatMap((one) => (one.items ? requests(one.items) : one.item ? requests(one.item) : [one.name]));
}

(convertV2 ?? convertV2WithTypes)({ type: "string", data: text }, {}, (error, result) => {
  if (error || !result.result) throw error ?? new Error(result.reason);
  const collection = result.output[0].data;
  const variables = Object.fromEntries(collection.variable.map((one) => [one.key, one.value]));
  const bruno = openApiToBruno(JSON.parse(text));
  const environments = Object.fromEntries(
    bruno.environments.map((one) => [one.name, one.variables.find((variable) => variable.name === "baseUrl")?.value]),
  );
  console.log(
    JSON.stringify({
      postman: { baseUrl: variables.baseUrl, variables, requests: requests(collection.item) },
      bruno: { environments, requests: requests(bruno.items) },
    }),
  );
});
