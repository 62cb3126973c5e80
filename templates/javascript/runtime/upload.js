/** Uploads through the proxy. */

/** Return a form of `fields`, in their order. */
export const toForm = (fields) => {
  const form = new FormData();
  for (const name in fields) {
    form.set(name, fields[name]);
  }
  return form;
};

/** Return a function that sends a form as fetch does, and reports progress to `onprogress`. */
export const sendWithProgress =
  (onprogress) =>
  (url, { body, headers, credentials, signal }) =>
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
