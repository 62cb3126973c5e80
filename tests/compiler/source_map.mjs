/**
 * `node source_map.mjs BUNDLE`: look up the map's place of each name that the bundle and the modules
 * contain once; print as JSON how many there are, and those whose place is another one.
 */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";

const [bundle] = process.argv.slice(2);
const lines = readFileSync(bundle, "utf8").split("\n");
const payload = JSON.parse(readFileSync(`${bundle}.map`, "utf8"));
const map = new SourceMap(payload);

/** Return the texts without comments, with all places the same. */
const blankComments = (text) =>
  text.replace(/\/\*.*?\*\/|(?<!:)\/\/[^\n]*/gs, (comment) => comment.replace(/[^\n]/g, " "));

const modules = payload.sourcesContent.map(blankComments);

/** Return the place of the only occurrence of a name in lines, or undefined. */
const findOnly = (name, lines) => {
  const found = lines.flatMap((line, row) =>
    [...line.matchAll(new RegExp(`\\b${name}\\b`, "g"))].map(({ index }) => [row, index]),
  );
  return found.length == 1 ? found[0] : undefined;
};

const all = modules.join("\n");
const names = new Set([...all.matchAll(/\.([A-Za-z]\w{3,})/g)].map(([, name]) => name));
let count = 0;
const wrong = [];
for (const name of names) {
  const place = findOnly(name, lines);
  const homes = modules.flatMap((text, index) => {
    const place = findOnly(name, text.split("\n"));
    return place ? [[payload.sources[index], ...place]] : text.includes(name) ? [null, null] : [];
  });
  // A text has a place as a whole.
  if (!place || homes.length != 1 || new RegExp(`["\`][^"\`\n]*\\.${name}`).test(all)) continue;
  count += 1;
  const { originalSource, originalLine, originalColumn } = map.findEntry(...place);
  const found = [originalSource, originalLine, originalColumn];
  if (String(found) != String(homes[0])) wrong.push({ name, found, place: homes[0] });
}
console.log(JSON.stringify({ count, wrong }));
