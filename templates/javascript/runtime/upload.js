import { below } from "./wire.js";

/** Send `photo`, a File or Blob, with the fields of Flickr's upload, `wire`, to the proxy. */
export const sendUpload = ({ endpoint }, wire, { signal, onprogress }, method, { photo }) => {
  const url = below(endpoint, "upload");
  const body = new FormData();
  // A proxy passes on what it reads: the photo comes last, wherever it stands among the arguments.
  delete wire.photo;
  for (const name in wire) {
    body.set(name, wire[name]);
  }
  body.set("photo", photo);
  // fetch tells nothing of an upload's progress.
  return onprogress
    ? new Promise((done, fail) => {
        const request = new XMLHttpRequest();
        request.open("POST", url);
        request.upload.onprogress = onprogress;
        request.onloadend = () =>
          request.status ? done(new Response(request.response || null, request)) : fail();
        signal?.addEventListener("abort", () => request.abort());
        request.send(body);
      })
    : fetch(url, { method: "POST", body, signal });
};
