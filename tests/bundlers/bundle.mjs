/**
 * `node bundle.mjs BUNDLER FOLDER`: write pages into a folder with the npm package, bundle each for
 * production, run them, and print their reports as JSON. With `node` as the bundler, Node runs the pages
 * themselves.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PAGE, reportAll, runModule, runScripts } from "./page.mjs";

const [name, folder] = process.argv.slice(2);

/** The first line of each page, which loads the package, by the name of the page's file. */
const HEADS = {
  "require-members.cjs": 'const { Flickr, FlickrError } = require("flickrapi-web");',
  "require-class.cjs": 'const Flickr = require("flickrapi-web"); const { FlickrError } = Flickr;',
  "require-dev.cjs": 'const { Flickr, FlickrError } = require("flickrapi-web/dev");',
  "import.mjs": 'import Flickr, { FlickrError } from "flickrapi-web";',
  "import-named.mjs": 'import { Flickr, FlickrError } from "flickrapi-web";',
  "import-dev.mjs": 'import Flickr, { FlickrError } from "flickrapi-web/dev";',
  "import-script.mjs": 'import Flickr, { FlickrError } from "flickrapi-web/flickrapi.js";',
  "import-dev-script.mjs": 'import { Flickr, FlickrError } from "flickrapi-web/flickrapi.dev.js";',
};
const UNUSED = `import { Flickr } from "flickrapi-web"; globalThis.report = "unused";`;

const esbuild = async (entry) => {
  const { build } = await import("esbuild");
  const options = { entryPoints: [entry], bundle: true, minify: true, write: false };
  return (await build(options)).outputFiles[0].text;
};

const rollup = async (entry) => {
  const { rollup } = await import("rollup");
  const plugins = [
    (await import("@rollup/plugin-node-resolve")).default(),
    (await import("@rollup/plugin-commonjs")).default({ extensions: [".js", ".cjs"] }),
    (await import("@rollup/plugin-terser")).default(),
  ];
  const { output } = await (await rollup({ input: entry, plugins })).generate({ format: "iife" });
  return output[0].code;
};

const vite = async (entry) => {
  const { build } = await import("vite");
  const { output } = await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    build: { write: false, rollupOptions: { input: entry, output: { format: "iife" } } },
  });
  return output[0].code;
};

const webpack = async (entry) => {
  const { default: pack } = await import("webpack");
  const output = { path: join(folder, "webpack"), filename: "page.js" };
  await new Promise((done, fail) =>
    pack({ mode: "production", context: folder, entry, output }, (error, stats) =>
      error || stats.hasErrors() ? fail(error ?? new Error(stats.toString())) : done(),
    ),
  );
  return readFileSync(join(output.path, output.filename), "utf8");
};

const browserify = async (entry) => {
  const { default: browserify } = await import("browserify");
  const text = await new Promise((done, fail) =>
    browserify(entry).bundle((error, text) => (error ? fail(error) : done(text))),
  );
  return String(text);
};

const bundle = { browserify, esbuild, rollup, vite, webpack }[name];
const hasModules = name != "browserify";
const runs = {};
for (const [file, head] of Object.entries(HEADS)) {
  if (file.endsWith(".mjs") && !hasModules) continue;
  const page = join(folder, file);
  writeFileSync(page, head + PAGE);
  runs[file] = async () =>
    bundle ? runScripts(await bundle(page)) : runModule(pathToFileURL(page));
}
if (bundle && hasModules) {
  const page = join(folder, "unused.mjs");
  writeFileSync(page, UNUSED);
  runs["methods in a page that does not use them"] = async () =>
    (await bundle(page)).includes("photos.");
}
await reportAll(runs);
