import { hooks } from "./hooks.js";
import { levels } from "./names.js";
import { OMITTED } from "./table.js";
import { below, toWire } from "./wire.js";
import { refuse } from "./errors.js";
import { sendUpload } from "./upload.js";
import { exchange } from "./exchange.js";

/**
 * Call `method`, directly or through the proxy, and answer with Flickr's answer as it is. Development
 * checks the arguments of a `checked` call.
 */
export const call = async (
  { endpoint, api_key, base_url = "https://api.flickr.com", retry_queries },
  method,
  values,
  { signal, onprogress },
  checked,
) => {
  const level = levels[method];
  if (!endpoint && (level || OMITTED.includes(method))) {
    refuse(method, { method });
  }
  hooks.check?.(method, values, endpoint, checked);
  // An unknown method may write.
  const writes = !(level < 8);
  const wire = toWire(values, writes);
  return exchange(
    () =>
      method == "flickr.upload"
        ? sendUpload(below(endpoint, "upload"), wire, values.photo, signal, onprogress)
        : endpoint
          ? fetch(endpoint, {
              method: "POST",
              body: JSON.stringify({ ...wire, method }),
              headers: { "Content-Type": "application/json" },
              signal,
            })
          : fetch(
              below(base_url, "services/rest/?") +
                new URLSearchParams(
                  toWire({ ...wire, method, api_key, format: "json", nojsoncallback: 1 }),
                ),
              { signal },
            ),
    method,
    signal,
    writes ? 0 : retry_queries === true ? 3 : retry_queries,
    values.method_name,
  );
};
