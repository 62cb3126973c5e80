/** Send `fields` and `photo`, a File or Blob, to the proxy's address for uploads. */
export const sendUpload = (url, fields, photo, signal, onprogress) => {
  const body = new FormData();
  // A proxy passes on what it reads: the photo comes last, wherever it stands among the arguments.
  delete fields.photo;
  fields.photo = photo;
  for (const name in fields) {
    body.set(name, fields[name]);
  }
  // fetch tells nothing of an upload's progress.
  return onprogress
    ? new Promise((done) => {
        const request = new XMLHttpRequest();
        request.open("POST", url);
        request.upload.onprogress = onprogress;
        // As much as is asked of an answer of fetch.
        request.text = () => request.response;
        request.onloadend = () => done(request);
        signal?.addEventListener("abort", () => request.abort());
        request.send(body);
      })
    : fetch(url, { method: "POST", body, signal });
};
