// Makes the calls that stand on stdin with the client that Spree publishes, one after the other, and writes what came
// of each to stdout. In: {"host": URL, "calls": [[endpoint, method, options], ...]}. Out: a list of {"value": ...} and
// {"kind": class of the error, "status": HTTP status or null, "summary": ..., "errors": ..., "message": ...}.
'use strict'

const { makeClient } = require('@spree/storefront-api-v2-sdk')
const createAxiosFetcher = require('@spree/axios-fetcher').default

async function main () {
  const { host, calls } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
  const client = makeClient({ host, createFetcher: createAxiosFetcher })
  const results = []
  for (const [endpoint, method, options] of calls) {
    const result = await client[endpoint][method](options)
    if (result.isSuccess()) {
      results.push({ value: result.success() })
    } else {
      const { name, serverResponse, summary, errors, message } = result.fail()
      results.push({ kind: name, status: serverResponse ? serverResponse.status : null, summary, errors, message })
    }
  }
  process.stdout.write(JSON.stringify(results))
}

main().catch(error => {
  console.error(error)
  process.exitCode = 1
})
