/**
 * `node mistakes.mjs INTERPRETER FILE`: run pieces of code, a list in JSON on the standard input, with a
 * development edition, in `node`, `pyodide` or `micropython`; print the texts of their errors and warnings
 * as a list of lists.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { interpreters } from "./interpreters.mjs";

const [interpreter, file] = process.argv.slice(2);
const ANSWERS = {
  "/nothere/": () => Promise.reject(new TypeError("Failed to fetch")),
  "/static/": () => new Response("<h1>Method Not Allowed</h1>", { status: 405 }),
  "/busy/": () => new Response("", { status: 429 }),
};
const toAnswer = (url) =>
  url.includes("serach")
    ? { stat: "fail", code: 112, message: "Method not found" }
    : { stat: "ok" };

const load = async () => {
  if (interpreter == "node") {
    const Flickr = createRequire(import.meta.url)(file);
    const scope = {
      Flickr,
      flickr: Flickr.tokenOnly({ api_key: "your key" }),
      proxied: new Flickr({ endpoint: "/services/rest/" }),
      controller: new AbortController(),
      file: new Blob(["x"]),
      callback() {},
    };
    const AsyncFunction = (async () => {}).constructor;
    return async (code) => {
      const body = code.startsWith("for ") ? code : `return ${code}`;
      await new AsyncFunction(...Object.keys(scope), body)(...Object.values(scope));
    };
  }
  const python = await interpreters[interpreter]();
  python.FS.writeFile("pyflickr_web.py", readFileSync(file, "utf8"));
  await python.runPythonAsync(`
import datetime
import js
from pyflickr_web import Flickr

scope = {"Flickr": Flickr, "js": js, "datetime": datetime, "flickr": Flickr.token_only(api_key="your key")}
scope["proxied"] = Flickr(endpoint="/services/rest/")

async def find_text(code):
    exec("async def run():\\n    return " + code, scope)
    try:
        await scope["run"]()
    except Exception as error:
        return str(error)
    return ""
`);
  const findText = python.globals.get("find_text");
  return async (code) => {
    const text = await findText(code);
    if (text) throw new Error(text);
  };
};

const run = await load();
// An interpreter loads its own files by fetch.
globalThis.fetch = async (url) => ANSWERS[url]?.() ?? Response.json(toAnswer(url));

const found = [];
for (const code of JSON.parse(readFileSync(0, "utf8"))) {
  const texts = [];
  console.warn = (text) => texts.push(text);
  await run(code).catch((error) => texts.push(error.message));
  found.push(texts);
}
process.stdout.write(JSON.stringify(found), () => process.exit(0));
