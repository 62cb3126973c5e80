/** Uploads through the proxy. */

/** Return the form of an upload. The photo comes last: a proxy forwards fields in the order of the form. */
export const toForm = (fields, photo) => {
  const form = new FormData();
  for (const name in fields) {
    form.set(name, fields[name]);
  }
  form.set("photo", photo);
  return form;
};

/** Send a form as fetch does, and report progress to `onprogress`, which fetch does not. */
export const sendWithProgress = (url, { body, headers, credentials, signal }, onprogress) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const name in headers) {
      request.setRequestHeader(name, headers[name]);
    }
    request.withCredentials = credentials == "include";
    request.upload.onprogress = onprogress;
    // The members of fetch's Response that are read later.
    request.text = () => request.response;
    request.onloadend = () => resolve(request);
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
