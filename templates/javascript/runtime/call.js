import { FlickrError } from "./errors.js";
import { exchange } from "./exchange.js";
import { hooks } from "./hooks.js";
import { allMethods } from "./methods.js";
import { toWire } from "./wire.js";

/** Refuse what a page without a proxy cannot do. */
export const refuse = (method) => {
  throw new FlickrError(
    `${method} needs signing, and a page must hold no secret: use a proxy, new Flickr({ endpoint })`,
    { method },
  );
};

/** Call `method`, directly or through the proxy, and answer with Flickr's answer as it is. */
export const call = async (options, method, values, { signal }) => {
  const { endpoint, api_key, base_url = "https://api.flickr.com", retry_queries } = options;
  // One that the table does not know counts as needing everything.
  const security = allMethods()[method]?.security || { requiredperms: 9 };
  if (!endpoint && Object.values(security).some(Number)) {
    refuse(method);
  }
  hooks.check?.(method, values);
  const writes = security.requiredperms > 1;
  const wire = { ...toWire(values, writes), method };
  const query = toWire({ ...wire, api_key, format: "json", nojsoncallback: 1 });
  return exchange(
    () =>
      endpoint
        ? fetch(endpoint, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(wire),
            signal,
          })
        : fetch(`${base_url.replace(/\/$/, "")}/services/rest/?${new URLSearchParams(query)}`, {
            signal,
          }),
    method,
    signal,
    writes ? 0 : retry_queries === true ? 3 : retry_queries,
  );
};
