/** Uploads through the proxy. */

/** Send `fields` and `photo`, a File or Blob, to the proxy; report progress to `onprogress`. */
export const sendUpload = (url, fields, photo, signal, onprogress) => {
  const body = new FormData();
  for (const name in fields) {
    body.set(name, fields[name]);
  }
  // The photo comes last: a proxy forwards fields in the order in which it reads them.
  body.delete("photo");
  body.set("photo", photo);
  if (!onprogress) {
    return fetch(url, { method: "POST", body, signal });
  }
  // fetch does not report the progress of uploads.
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = onprogress;
    // The members of fetch's Response that are read later.
    request.text = () => request.response;
    request.onloadend = () => resolve(request);
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
};
