// Whether @apidevtools/swagger-parser takes documents: `node validate.mjs FILE...` prints what is wrong, by file.
import SwaggerParser from "@apidevtools/swagger-parser";

const found = {};
for (const file of process.argv.slice(2)) {
  found[file] = await SwaggerParser.validate(file).then(
    () => "valid",
    (error) => String(error.message),
  );
}
console.log(JSON.stringify(found));
