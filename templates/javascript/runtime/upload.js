import { refuse } from "./errors.js";
import { exchange } from "./exchange.js";
import { hooks } from "./hooks.js";
import { below, toWire } from "./wire.js";

// fetch tells nothing of an upload's progress.
const sendWithProgress = (url, body, signal, onprogress) =>
  new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = onprogress;
    request.onloadend = () =>
      request.status ? done(new Response(request.response || null, request)) : fail();
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });

/** Upload `values.photo`, a File or Blob, with the fields of Flickr's upload, through the proxy. */
export const upload = async ({ endpoint }, { photo, ...fields }, { signal, onprogress }) => {
  const method = "flickr.upload";
  if (!endpoint) {
    refuse(method + " needs signing", { method });
  }
  hooks.checkUpload?.(photo);
  const body = new FormData();
  const wire = toWire(fields, true);
  for (const name in wire) {
    body.append(name, wire[name]);
  }
  body.append("photo", photo);
  const url = below(endpoint, "upload");
  return exchange(
    () =>
      onprogress && !signal?.aborted
        ? sendWithProgress(url, body, signal, onprogress)
        : fetch(url, { method: "POST", body, signal }),
    method,
    signal,
  );
};
