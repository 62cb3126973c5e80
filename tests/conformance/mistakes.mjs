/**
 * `node mistakes.mjs BUNDLE`: run pieces of code, a list in JSON on the standard input, with a development
 * bundle; print the texts of their errors and warnings as a list of lists.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const Flickr = createRequire(import.meta.url)(process.argv[2]);
const AsyncFunction = (async () => {}).constructor;
const ANSWERS = {
  "/nothere/": () => Promise.reject(new TypeError("Failed to fetch")),
  "/static/": () => new Response("<h1>Method Not Allowed</h1>", { status: 405 }),
  "/busy/": () => new Response("", { status: 429 }),
};
const toAnswer = (url) =>
  url.includes("serach")
    ? { stat: "fail", code: 112, message: "Method not found" }
    : { stat: "ok" };

globalThis.fetch = async (url) => ANSWERS[url]?.() ?? Response.json(toAnswer(url));

const scope = {
  Flickr,
  flickr: Flickr.tokenOnly({ api_key: "your key" }),
  proxied: new Flickr({ endpoint: "/services/rest/" }),
  controller: new AbortController(),
  file: new Blob(["x"]),
  callback() {},
};

const run = async (code) => {
  const texts = [];
  console.warn = (text) => texts.push(text);
  const body = code.startsWith("for ") ? code : `return ${code}`;
  try {
    await new AsyncFunction(...Object.keys(scope), body)(...Object.values(scope));
  } catch (error) {
    texts.push(error.message);
  }
  return texts;
};

const found = [];
for (const code of JSON.parse(readFileSync(0, "utf8"))) found.push(await run(code));
console.log(JSON.stringify(found));
