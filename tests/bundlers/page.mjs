/** The code of a page, a fake Flickr, and functions that run them. */
import vm from "node:vm";

/** Code that uses `Flickr` and `FlickrError`, and sets `report`, a promise of an object. */
export const PAGE = `
globalThis.report = (async () => {
  const flickr = new Flickr({ endpoint: "/services/rest/" });
  const ids = [];
  for await (const { id } of flickr.photos.search.all({ text: "red panda" })) ids.push(id);
  const error = await flickr.photos.getInfo({ photo_id: "1" }).catch((error) => error);
  const { code, name, method } = error;
  return {
    ids,
    error: { code, name, method, known: error instanceof FlickrError },
    refused: await Flickr.tokenOnly({ api_key: "k" })
      .photos.delete({ photo_id: "1" })
      .catch(({ message }) => message.split(". ")[0]),
    name: Flickr.name,
    members: Flickr.FlickrError === FlickrError,
    methods: Object.keys(Flickr.methods).length,
    url: Flickr.photoURL({ id: "1", server: "2", secret: "3" }, "b"),
  };
})();
`;

const toAnswer = ({ method, page }) =>
  method == "flickr.photos.search"
    ? { stat: "ok", photos: { pages: 2, perpage: 1, photo: [{ id: `of page ${page ?? 1}` }] } }
    : { stat: "fail", code: 1, message: "Photo not found" };

const fetch = async (url, { body }) => new Response(JSON.stringify(toAnswer(JSON.parse(body))));

/** Run classic scripts, one after the other, in a page of their own; return their report. */
export const runScripts = (...scripts) => {
  const context = vm.createContext({ fetch, console, queueMicrotask, setTimeout, URLSearchParams });
  for (const script of scripts) vm.runInContext(script, context);
  return context.report;
};

/** Run the ES module at an address; return its report. */
export const runModule = async (address) => {
  globalThis.fetch = fetch;
  await import(address);
  return globalThis.report;
};

/** Return a `data:` address of a module's text. */
export const toAddress = (module) =>
  "data:text/javascript;base64," + Buffer.from(module).toString("base64");

/** Call the functions of `runs`, and print their reports, or errors, by name as JSON. */
export const reportAll = async (runs) => {
  const reports = {};
  for (const [name, run] of Object.entries(runs)) {
    try {
      reports[name] = await run();
    } catch (error) {
      reports[name] = String(error);
    }
  }
  console.log(JSON.stringify(reports));
};
