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
  const { endpoint, api_key, base_url = "https://api.flickr.com", credentials } = options;
  const isUpload = method == "flickr.upload";
  const wire = toWire(method, isUpload ? { ...values, photo: null } : values, isWrite);
  if (!endpoint) {
    // No headers: Flickr rejects preflights.
    const query = toWire(method, { ...wire, method, api_key, format: "json", nojsoncallback: 1 });
    return { url: joinUrl(base_url, "services/rest/?") + new URLSearchParams(query) };
  }
  return {
    url: isUpload ? joinUrl(endpoint, "upload") : endpoint,
    method: "POST",
    body: isUpload ? toForm(wire, values.photo) : JSON.stringify({ ...wire, method }),
    headers: {
      ...options.headers,
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
  const { endpoint, retry_queries, fetch = globalThis.fetch } = options;
  const { headers, retries = retry_queries, onprogress } = settings;
  const level = levels[method];
  if (!endpoint && (level || OMITTED.includes(method))) {
    fail(method + " needs signing" + NO_SECRET, method);
  }
  hooks.check?.(method, values, settings, endpoint, isChecked);
  // An unknown method has no level, and may be a write.
  const isRead = level < 8;
  const request = makeRequest(options, method, values, !isRead, headers);
  const { url, ...init } = request;
  return sendWithRetries(
    (signal) =>
      onprogress
        ? sendWithProgress(url, { ...init, signal }, onprogress)
        : fetch(url, { ...init, signal }),
    method,
    settings,
    isRead ? (retries === true ? 3 : retries) : 0,
    request,
  );
};
