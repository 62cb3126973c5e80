/**
 * Check the oldest browsers that run the bundles: `node lint/browsers.mjs [--write]`.
 *
 * All browsers of `browserslist` in package.json must have what every call needs. README's table has the
 * oldest browsers for each use; `--write` updates it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import browserslist from "browserslist";
import { transformSync } from "esbuild";
import { findFeatures, readVersion } from "./features.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BUNDLES = ["flickrapi.js", "flickrapi.mjs", "flickrapi.dev.js", "flickrapi.dev.mjs"];
const TABLE =
  /(<!-- browsers: `node lint\/browsers.mjs --write` makes this table -->\n).*?(<!-- end of browsers -->)/s;
const COLUMNS = { "Chrome, Edge": ["chrome", "edge"], Firefox: ["firefox"], Safari: ["safari"] };
/** Names of browsers in browserslist, by those of the compatibility data. */
const BROWSERS = {
  chrome: "chrome",
  edge: "edge",
  firefox: "firefox",
  safari: "safari",
  ios_saf: "safari_ios",
};
/** README gives a polyfill for these. */
const POLYFILLED = ["Array.at"];

/** The features that a call needs only with some settings, by README's name for it. */
const SETTINGS = {
  "with `signal`": ["AbortSignal", "AbortSignal.aborted", "AbortSignal.throwIfAborted"],
  "with `timeout`": ["AbortSignal.timeout"],
  "with both": ["AbortSignal.any"],
};
const optional = Object.values(SETTINGS).flat();

/** Return the features of all bundles, after `change`, by name. */
const readFeatures = (change = (text) => text) =>
  new Map(
    BUNDLES.flatMap((name) => {
      const text = readFileSync(`${ROOT}browser_dist/${name}`, "utf8");
      return [...findFeatures(change(text), name.endsWith(".mjs") ? "module" : "script")];
    }),
  );

const lower = (text) => transformSync(text, { target: "es2018" }).code;

/** Return a row of the table: the oldest browsers that have all features of which `isNeeded` is true. */
const makeRow = (title, features, isNeeded) => {
  const needed = [...features].filter(([name]) => isNeeded(name));
  const versions = Object.values(COLUMNS).map((browsers) =>
    Math.max(
      ...browsers.flatMap((each) => needed.map(([, support]) => readVersion(support, each))),
    ),
  );
  return `| ${[title, ...versions].join(" | ")} |\n`;
};

const makeTable = (features, lowered) => {
  const isBasic = (name) => !optional.includes(name);
  const rows = [makeRow("every call", features, isBasic)];
  let settings = [];
  for (const [title, names] of Object.entries(SETTINGS)) {
    settings = title == "with both" ? [...settings, ...names] : names;
    const isUsed = names.some((name) => features.has(name));
    const isNeeded = (name) => isBasic(name) || settings.includes(name);
    if (isUsed) rows.push(makeRow(title, features, isNeeded));
  }
  const isLeft = (name) => isBasic(name) && !POLYFILLED.includes(name);
  rows.push(makeRow("every call, lowered as below", lowered, isLeft));
  const head = ["", ...Object.keys(COLUMNS)].join(" | ");
  return `| ${head.trim()} |\n|${" --- |".repeat(4)}\n${rows.join("")}`;
};

/** Return a line for each feature that a browser of package.json lacks, by its oldest version. */
const listMissing = (features) => {
  const lines = new Map();
  for (const entry of browserslist(null, { path: ROOT })) {
    const [browser, version] = entry.split(" ");
    for (const [name, support] of features) {
      const first = readVersion(support, BROWSERS[browser]);
      if (!optional.includes(name) && parseFloat(version) < first) {
        const text = `${name} needs ${browser} ${first}: package.json promises ${entry}`;
        lines.set(`${name} ${browser}`, text);
      }
    }
  }
  return lines.values();
};

/** Yield a line for each problem of the features. */
function* findProblems(features) {
  yield* listMissing(features);
  for (const name of POLYFILLED.filter((name) => !features.has(name))) {
    yield `${name} is unused: remove its polyfill from README and from lint/browsers.mjs`;
  }
}

const features = readFeatures();
const readme = readFileSync(`${ROOT}README.md`, "utf8");
const table = makeTable(features, readFeatures(lower));
const fresh = readme.replace(TABLE, (_, start, end) => `${start}\n${table}\n${end}`);
const problems = [...findProblems(features)];
if (!TABLE.test(readme)) problems.push("README.md has no table of browsers");
else if (process.argv[2] == "--write") writeFileSync(`${ROOT}README.md`, fresh);
else if (fresh != readme) problems.push("README.md: run `node lint/browsers.mjs --write`");
for (const problem of problems) console.error(`browsers: ${problem}`);
process.exitCode = problems.length ? 1 : 0;
