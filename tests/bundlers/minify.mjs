/** `node minify.mjs MINIFIER FOLDER`: minify and run the bundles in a folder; print their reports as JSON. */
import { readFileSync } from "node:fs";
import { PAGE, reportAll, runModule, runScripts, toAddress } from "./page.mjs";

const [name, folder] = process.argv.slice(2);

const terser = (options) => async (text, kind) => {
  const { minify } = await import("terser");
  return (await minify(text, { ...kind, ...options })).code;
};

const esbuild =
  (target) =>
  async (text, { module, toplevel }) => {
    const { transform } = await import("esbuild");
    const format = module ? "esm" : toplevel ? "cjs" : undefined;
    return (await transform(text, { minify: true, format, target })).code;
  };

const swc =
  (target) =>
  async (text, { module = false, toplevel = false }) => {
    const { transform } = await import("@swc/core");
    const minify = { compress: { toplevel }, mangle: { toplevel } };
    const options = { isModule: module, minify: true, jsc: { target, minify } };
    return (await transform(text, options)).code;
  };

/** Minify a text; with `module` or `toplevel`, top-level names may be renamed. */
const minify = {
  terser: terser({}),
  "terser, many passes": terser({ compress: { passes: 3, hoist_vars: true, keep_fargs: false } }),
  esbuild: esbuild("es2022"),
  "esbuild for ES2018": esbuild("es2018"),
  swc: swc("es2022"),
  "swc for ES2018": swc("es2018"),
}[name];

const wrapInFunction = (script) =>
  `const { Flickr, FlickrError } = (function (module) {\n${script}\nreturn module.exports;\n})({ exports: {} });`;

const listForms = (file) => {
  const text = readFileSync(`${folder}/${file}`, "utf8");
  return file.endsWith(".mjs")
    ? {
        module: async () => {
          const address = toAddress(await minify(text, { module: true, toplevel: true }));
          const page = `import Flickr, { FlickrError } from "${address}";`;
          return runModule(toAddress(page + PAGE));
        },
      }
    : {
        script: async () => runScripts(await minify(text, {}), PAGE),
        CommonJS: async () =>
          runScripts(wrapInFunction(await minify(text, { toplevel: true })), PAGE),
        // Bundlers wrap a CommonJS module in a function before they minify it.
        "CommonJS in a function": async () =>
          runScripts(await minify(wrapInFunction(text) + PAGE, {})),
        "strict function": async () =>
          runScripts(await minify(`(function () { "use strict";\n${text}\n${PAGE}})();`, {})),
      };
};

const runs = {};
for (const file of ["flickrapi.js", "flickrapi.mjs", "flickrapi.dev.js", "flickrapi.dev.mjs"]) {
  for (const [form, run] of Object.entries(listForms(file))) runs[`${file} as ${form}`] = run;
}
await reportAll(runs);
