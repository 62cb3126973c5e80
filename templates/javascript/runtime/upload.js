/** Send `fields` and `photo`, a File or Blob, to the proxy's address for uploads. */
export const sendUpload = (url, fields, photo, signal, onprogress) => {
  const body = new FormData();
  for (const name in fields) {
    body.set(name, fields[name]);
  }
  // The photo comes last, wherever it is among the arguments: a proxy passes on fields as it reads them.
  body.delete("photo");
  body.set("photo", photo);
  if (!onprogress) {
    return fetch(url, { method: "POST", body, signal });
  }
  // fetch does not report an upload's progress.
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = onprogress;
    // As much as is read of a response of fetch.
    request.text = () => request.response;
    request.onloadend = () => resolve(request);
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
};
