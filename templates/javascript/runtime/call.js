/** A call of a method: its checks, its request, and its policy of retries. */
import { refuseSigning } from "./errors.js";
import { hooks } from "./hooks.js";
import { levels } from "./names.js";
import { sendUpload } from "./upload.js";
import { sendWithRetries } from "./retrying.js";
import { joinUrl, toWire } from "./wire.js";
import { OMITTED } from "./table.js";

/**
 * Call `method`, directly or through the proxy, and return Flickr's answer unchanged. If `isChecked`, the
 * development edition checks the arguments.
 */
export const call = async (
  { endpoint, api_key, base_url = "https://api.flickr.com", retry_queries },
  method,
  values,
  { signal, onprogress },
  isChecked,
) => {
  const level = levels[method];
  if (!endpoint && (level || OMITTED.includes(method))) {
    refuseSigning(method, { method });
  }
  hooks.check?.(method, values, endpoint, isChecked);
  // An unknown method has no level, and may be a write.
  const isRead = level < 8;
  const wire = toWire(values, !isRead);
  return sendWithRetries(
    () => {
      if (method == "flickr.upload") {
        return sendUpload(joinUrl(endpoint, "upload"), wire, values.photo, signal, onprogress);
      }
      if (endpoint) {
        return fetch(endpoint, {
          method: "POST",
          body: JSON.stringify({ ...wire, method }),
          headers: { "Content-Type": "application/json" },
          signal,
        });
      }
      return fetch(
        joinUrl(base_url, "services/rest/?") +
          new URLSearchParams(
            toWire({ ...wire, method, api_key, format: "json", nojsoncallback: 1 }),
          ),
        { signal },
      );
    },
    method,
    signal,
    isRead ? (retry_queries === true ? 3 : retry_queries) : 0,
    values.method_name,
  );
};
