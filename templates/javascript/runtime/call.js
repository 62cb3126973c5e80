import { readAnswer } from "./answer.js";
import { FlickrError } from "./errors.js";
import { hooks } from "./hooks.js";
import { find } from "./methods.js";
import { toWire } from "./wire.js";

/** Whether the same read may well succeed a little later. */
const isPassing = ({ code, status }) =>
  status == 429 ||
  status >= 500 ||
  [0, 105, 201].includes(code) ||
  (code == null && !(status >= 400));

/** Send until there is an answer, or up to `retries` times more where a passing failure allows it. */
export const exchange = async (send, method, signal, retries) => {
  for (let count = 0; ; count++) {
    let response, failure;
    try {
      response = await send(signal);
      return readAnswer(await response.text(), response.status, method);
    } catch (error) {
      failure = error;
    }
    if (signal?.aborted) {
      throw signal.reason;
    }
    if (!(failure instanceof FlickrError)) {
      failure = new FlickrError(
        method + (response ? ": the answer broke off" : ": no answer; offline, or refused by CORS"),
        { method, status: response?.status },
      );
    }
    // Seconds that the server asks for, else more each time; beyond five minutes nobody waits.
    const asked = response?.headers.get("Retry-After");
    const pause = asked > 0 ? asked : 2 ** count * (0.5 + Math.random() / 2);
    if (!(count < retries && pause < 300 && isPassing(failure))) {
      throw failure;
    }
    await new Promise((done) => {
      setTimeout(done, pause * 1e3);
      signal?.addEventListener("abort", done);
    });
  }
};

/** Refuse what a page without a proxy cannot do. */
export const refuse = (method) => {
  throw new FlickrError(
    `${method} needs signing, and a page must hold no secret: use a proxy, new Flickr({ endpoint })` +
      (hooks.explain?.(method) || ""),
    { method },
  );
};

/** Call `method`, directly or through the proxy, and answer with Flickr's answer as it is. */
export const call = async (options, method, values, { signal }) => {
  const { endpoint, api_key, base_url = "https://api.flickr.com", retry_queries } = options;
  const { needslogin, needssigning, requiredperms } = find(method)?.security || {
    requiredperms: 9,
  };
  if (!endpoint && (needslogin || needssigning || requiredperms)) {
    refuse(method);
  }
  hooks.check?.(method, values);
  const writes = requiredperms > 1;
  const wire = { ...toWire(values, writes), method };
  return exchange(
    (signal) =>
      endpoint
        ? fetch(endpoint, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(wire),
            signal,
          })
        : fetch(
            base_url.replace(/\/$/, "") +
              "/services/rest/?" +
              new URLSearchParams(toWire({ ...wire, api_key, format: "json", nojsoncallback: 1 })),
            { signal },
          ),
    method,
    signal,
    writes ? 0 : retry_queries === true ? 3 : retry_queries,
  );
};
