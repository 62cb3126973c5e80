/** A page with React in strict mode, which runs each effect twice, and stops the first one. */
import { createElement, StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { Flickr } from "flickrapi-web";

globalThis.aborted = 0;

const Photos = ({ flickr }) => {
  const [ids, setIds] = useState([]);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    flickr.photos.search({ text: "red panda" }, { signal }).then(
      ({ photos }) => setIds(photos.photo.map(({ id }) => id)),
      (error) => {
        if (!signal.aborted) throw error;
        globalThis.aborted += 1;
      },
    );
    return () => controller.abort();
  }, [flickr]);
  return createElement("p", null, ids.join());
};

const Page = () => {
  const [flickr] = useState(() => new Flickr({ endpoint: "/services/rest/" }));
  return createElement(Photos, { flickr });
};

const root = document.body.appendChild(document.createElement("main"));
createRoot(root).render(createElement(StrictMode, null, createElement(Page)));
