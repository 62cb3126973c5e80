import { refuse } from "./errors.js";
import { exchange } from "./exchange.js";
import { hooks } from "./hooks.js";
import { allMethods } from "./methods.js";
import { below, toWire } from "./wire.js";

/** Call `method`, directly or through the proxy, and answer with Flickr's answer as it is. */
export const call = async (options, method, values, { signal }) => {
  const { endpoint, api_key, base_url = "https://api.flickr.com", retry_queries } = options;
  // One that the table does not know counts as needing everything.
  const security = allMethods()[method]?.security || { requiredperms: 9 };
  if (!endpoint && Object.values(security).some(Number)) {
    refuse(method + " needs signing", { method });
  }
  hooks.check?.(method, values);
  const writes = security.requiredperms > 1;
  const wire = toWire({ ...values, method }, writes);
  return exchange(
    () =>
      endpoint
        ? fetch(endpoint, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(wire),
            signal,
          })
        : fetch(
            below(
              base_url,
              "services/rest/?" +
                new URLSearchParams(
                  toWire({ ...wire, api_key, format: "json", nojsoncallback: 1 }),
                ),
            ),
            { signal },
          ),
    method,
    signal,
    writes ? 0 : retry_queries === true ? 3 : retry_queries,
  );
};
