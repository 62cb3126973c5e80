/** Searches with the bundle and the client that the form selects, and shows the code to do so. */
const byId = (id) => document.getElementById(id);
const form = byId("search");
const PER_PAGE = 12;

const loadBundle = async (edition) => {
  const name = `flickrapi${edition}.mjs`;
  const { Flickr } = await import(`./dist/${name}`).catch(() => ({}));
  if (!Flickr) {
    throw new Error(`The bundle ${name} cannot be loaded. Reload the page to try again.`);
  }
  return Flickr;
};

const loadSettings = async () => {
  const response = await fetch("demo.json").catch(() => null);
  if (!response?.ok) {
    throw new Error("The demo's server does not answer. Start it with: make demo");
  }
  return response.json();
};

/** Return a client, and the address of the site with the pages of its photos. */
const connect = async ({ way, edition }) => {
  const [Flickr, settings] = await Promise.all([loadBundle(edition), loadSettings()]);
  // Without a base_url, these are Flickr's own addresses.
  const { api_key, base_url } = settings;
  const client =
    way == "proxy"
      ? new Flickr({ endpoint: "/services/rest/", photo_base_url: base_url })
      : Flickr.tokenOnly({ api_key, base_url, photo_base_url: base_url });
  return { client, site: base_url ?? "https://www.flickr.com" };
};

const readForm = () => Object.fromEntries(new FormData(form));

const showCode = ({ way, edition, text }) => {
  const creation =
    way == "proxy"
      ? 'new Flickr({ endpoint: "/services/rest/" })'
      : "Flickr.tokenOnly({ api_key })";
  byId("code").textContent =
    `import { Flickr } from "./flickrapi${edition}.mjs";\n\n` +
    `const flickr = ${creation};\n` +
    `for await (const photo of flickr.photos.search.all({ text: ${JSON.stringify(text)} })) {\n` +
    `  show(flickr.photoURL(photo, "n"), photo.title);\n}`;
};

const showStatus = (text, isError = false) => {
  byId("status").textContent = text;
  byId("status").className = isError ? "error" : "";
};

const createFigure = ({ client, site }, photo) => {
  const image = document.createElement("img");
  image.src = client.photoURL(photo, "n") ?? "";
  image.alt = "";
  const caption = document.createElement("figcaption");
  caption.textContent = photo.title || "Untitled";
  const link = document.createElement("a");
  link.href = `${site}/photos/${photo.owner}/${photo.id}/`;
  link.append(image, caption);
  const figure = document.createElement("figure");
  figure.append(link);
  return figure;
};

// A new action aborts the one before, so that no answer or error of an older one is shown.
let controller = new AbortController();

/** Run an action with a signal that the next action aborts; show its error, unless it was aborted. */
const start = async (action) => {
  controller.abort();
  const { signal } = (controller = new AbortController());
  try {
    await action(signal);
  } catch (error) {
    if (!signal.aborted) showStatus(error.message, true);
  }
};

// The search that the page shows: its connection, its text, and its next page.
let shown;

const showNextPage = async (signal) => {
  const { connection, text, page } = shown;
  const { photos } = await connection.client.photos.search(
    { text, page, per_page: PER_PAGE },
    { signal },
  );
  signal.throwIfAborted();
  byId("photos").append(...photos.photo.map((photo) => createFigure(connection, photo)));
  const count = byId("photos").childElementCount;
  showStatus(count ? `${count} of ${photos.total} photos` : "No photos found");
  byId("more").hidden = page >= photos.pages;
  shown.page += 1;
};

const search = async (signal) => {
  const choice = readForm();
  showCode(choice);
  showStatus("Searching …");
  byId("photos").replaceChildren();
  byId("more").hidden = true;
  const connection = await connect(choice);
  signal.throwIfAborted();
  shown = { connection, text: choice.text, page: 1 };
  await showNextPage(signal);
};

const addTag = async (signal) => {
  const { client } = await connect(readForm());
  await client.photos.addTags({ photo_id: "1", tags: ["red panda"] }, { signal });
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  start(search);
});
form.addEventListener("change", ({ target }) => target.type == "radio" && form.requestSubmit());
byId("more").addEventListener("click", () => start(showNextPage));
byId("refused").addEventListener("click", () => start(addTag));
form.requestSubmit();
