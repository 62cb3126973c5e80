import { hooks } from "./hooks.js";
import { methods } from "./names.js";
import { below, toWire } from "./wire.js";
import { refuse } from "./errors.js";
import { sendUpload } from "./upload.js";
import { exchange } from "./exchange.js";

const send = (
  { endpoint, api_key, base_url = "https://api.flickr.com" },
  wire,
  { signal },
  method,
) =>
  endpoint
    ? fetch(endpoint, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...wire, method }),
        signal,
      })
    : fetch(
        below(
          base_url,
          "services/rest/?" +
            new URLSearchParams(
              toWire({ ...wire, method, api_key, format: "json", nojsoncallback: 1 }),
            ),
        ),
        { signal },
      );

/**
 * Call `method`, directly or through the proxy, and answer with Flickr's answer as it is.
 * `sendTo` stands in for a request to Flickr's REST.
 */
export const call = async (options, method, values, settings) => {
  // One that the table does not know counts as needing everything.
  const { needslogin, needssigning, requiredperms = 3 } = methods[method]?.security || {};
  if (!options.endpoint && (needslogin || needssigning || requiredperms)) {
    refuse(method + " needs signing", { method });
  }
  hooks.check?.(method, values);
  const writes = requiredperms > 1;
  const wire = toWire(values, writes);
  return exchange(
    () => (method == "flickr.upload" ? sendUpload : send)(options, wire, settings, method, values),
    method,
    settings.signal,
    writes ? 0 : options.retry_queries === true ? 3 : options.retry_queries,
  );
};
