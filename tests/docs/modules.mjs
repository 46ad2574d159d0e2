// Runs JavaScript modules one after the other: takes JSON lines {source}, answers JSON lines {printed, error}.
import { createInterface } from "node:readline";

let number = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const printed = [];
  console.log = (...values) => printed.push(...values);
  let error = null;
  // A module is run once for its address; the number makes each address new.
  const source = `${JSON.parse(line).source}\n// ${++number}`;
  try {
    await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
  } catch (thrown) {
    error = String(thrown?.stack ?? thrown);
  }
  process.stdout.write(`${JSON.stringify({ printed, error })}\n`);
}
