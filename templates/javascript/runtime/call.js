/** A call of a method: its checks, its request, and its policy of retries. */
import { fail, NO_SECRET } from "./errors.js";
import { hooks } from "./hooks.js";
import { levels } from "./names.js";
import { sendWithProgress, toForm } from "./upload.js";
import { sendWithRetries } from "./retrying.js";
import { joinUrl, toWire } from "./wire.js";
import { OMITTED } from "./table.js";

/** Return the request of a call: its `url`, and the options of fetch. */
const makeRequest = (options, method, values, isWrite, moreHeaders) => {
  const { endpoint, api_key, base_url = "https://api.flickr.com", headers, credentials } = options;
  const isUpload = method == "flickr.upload";
  const wire = toWire(
    method,
    {
      ...values,
      ...(isUpload ? { photo: null } : { method }),
      ...(!endpoint && { api_key, format: "json", nojsoncallback: 1 }),
    },
    isWrite,
  );
  if (!endpoint) {
    // No headers: Flickr rejects preflights.
    return { url: joinUrl(base_url, "services/rest/?") + new URLSearchParams(wire) };
  }
  return {
    url: isUpload ? joinUrl(endpoint, "upload") : endpoint,
    method: "POST",
    // The photo comes last: a proxy forwards fields in the order of the form.
    body: isUpload ? toForm({ ...wire, photo: values.photo }) : JSON.stringify(wire),
    headers: {
      ...headers,
      ...moreHeaders,
      ...(isUpload || { "Content-Type": "application/json" }),
    },
    credentials,
  };
};

/**
 * Call `method`, directly or through the proxy, and return Flickr's answer unchanged. If `isChecked`, the
 * development edition checks the arguments.
 */
export const call = async (options, method, values, settings, isChecked) => {
  const { endpoint, retry_queries } = options;
  const { headers, retries = retry_queries, onprogress } = settings;
  const level = levels[method];
  if (!endpoint && (level || OMITTED.includes(method))) {
    fail(method + " needs signing" + NO_SECRET, method);
  }
  hooks.check?.(method, values, settings, endpoint, isChecked);
  // An unknown method has no level, and may be a write.
  const isRead = level < 8;
  return sendWithRetries(
    onprogress ? sendWithProgress(onprogress) : options.fetch || fetch,
    makeRequest(options, method, values, !isRead, headers),
    method,
    settings,
    isRead ? (retries === true ? 3 : retries) : 0,
  );
};
