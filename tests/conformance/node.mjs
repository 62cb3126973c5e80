/** `node node.mjs BUNDLE EDITION VECTORS…`: run vectors and print their records by name, as JSON. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { performIn, run } from "./runner.mjs";

const [bundle, edition, ...files] = process.argv.slice(2);
const Flickr = bundle.endsWith(".mjs")
  ? (await import(pathToFileURL(bundle))).default
  : createRequire(import.meta.url)(bundle);
const records = {};
for (const vector of files.flatMap((file) => JSON.parse(readFileSync(file, "utf8")))) {
  if ((vector.edition ?? edition) == edition && vector.language != "python") {
    records[vector.name] = await run(performIn(Flickr), vector);
  }
}
console.log(JSON.stringify(records));
