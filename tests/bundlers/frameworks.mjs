/**
 * `node frameworks.mjs PAGE FOLDER`: bundle a page of this folder with esbuild, with the npm package that
 * is installed in FOLDER, for production and for development; print the two scripts as JSON.
 */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { build } from "esbuild";

const [page, folder] = process.argv.slice(2);
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const scripts = {};
for (const condition of ["production", "development"]) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(page, import.meta.url))],
    bundle: true,
    write: false,
    conditions: [condition],
    nodePaths: [join(folder, "node_modules"), modules],
    // React runs effects twice only in its own development edition.
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
  });
  scripts[condition] = outputFiles[0].text;
}
console.log(JSON.stringify(scripts));
