/**
 * `node steps.mjs INTERPRETER MODULE`: run the cases of steps.py in Pyodide or MicroPython and print the
 * outcomes as JSON; with `node` as the interpreter, run similar cases on a JavaScript bundle.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { interpreters } from "./interpreters.mjs";

const [interpreter, module] = process.argv.slice(2);
let pages;

const hang = (signal) =>
  new Promise((done, fail) => signal?.addEventListener("abort", () => fail(signal.reason)));

globalThis.fetch = async (url, { signal } = {}) => {
  const page = +new URL(url).searchParams.get("page") || 1;
  const ids = pages[page - 1];
  if (ids == "hang") return hang(signal);
  if (ids == "error") return new Response("", { status: 500 });
  const photo = [...ids].map((id) => ({ id }));
  return Response.json({ stat: "ok", photos: { page, pages: pages.length, photo } });
};

const inPython = async () => {
  const python = await interpreters[interpreter]();
  python.FS.writeFile("pyflickr_web.py", readFileSync(module, "utf8"));
  python.FS.writeFile("steps.py", readFileSync(new URL("steps.py", import.meta.url), "utf8"));
  python.globals.set("script", (text) => {
    pages = JSON.parse(text);
  });
  await python.runPythonAsync(`
import json, pyflickr_web, steps

def make(pages):
    script(json.dumps(pages))
    return pyflickr_web.Flickr(api_key="0123key").photos.search.all(text="x")

async def go():
    return json.dumps(await steps.outcomes(make))
`);
  return python.globals.get("go")();
};

const inJavaScript = async () => {
  const { Flickr } = await import(pathToFileURL(module));
  const make = (...wanted) => {
    pages = wanted;
    return new Flickr({ api_key: "0123key" }).photos.search.all({ text: "x" });
  };
  const outcome = (step) =>
    step.then(
      ({ value, done }) => (done ? "done" : value.id),
      (error) => error.name,
    );
  const together = (listing, count) =>
    Promise.all(Array.from({ length: count }, () => outcome(listing.next())));
  const returned = make("ab", "c");
  const early = make("ab");
  return JSON.stringify({
    "at once": await together(make("ab", "c"), 5),
    failed: await together(make("a", "error", "c"), 4),
    returned: [
      await outcome(returned.next()),
      await outcome(returned.return()),
      await outcome(returned.next()),
    ],
    "returned before a step": [await outcome(early.return()), await outcome(early.next())],
  });
};

const outcomes = await (interpreter == "node" ? inJavaScript() : inPython());
process.stdout.write(String(outcomes), () => process.exit(0));
