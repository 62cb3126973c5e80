/** Searches with the bundle and the client that the form selects, and shows the code to do so. */
const byId = (id) => document.getElementById(id);
const PER_PAGE = 12;
let latest;

const load = (edition) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `dist/flickrapi${edition}.js`;
    script.onload = () => resolve(Flickr);
    script.onerror = () => reject(new Error(`${script.src} cannot be loaded`));
    document.head.append(script);
  });

const choice = () => Object.fromEntries(new FormData(byId("search")));

const makeClient = async ({ way, edition }) => {
  const [bundle, response] = await Promise.all([load(edition), fetch("demo.json")]);
  const { api_key, base_url } = await response.json();
  const photo_base_url = base_url;
  return way == "proxy"
    ? new bundle({ endpoint: "/services/rest/", photo_base_url })
    : bundle.tokenOnly({ api_key, base_url, photo_base_url });
};

const showCode = ({ way, edition, text }) => {
  const creation =
    way == "proxy"
      ? 'new Flickr({ endpoint: "/services/rest/" })'
      : "Flickr.tokenOnly({ api_key })";
  byId("code").textContent =
    `<script src="flickrapi${edition}.js"></script>\n\n` +
    `const flickr = ${creation};\n` +
    `for await (const photo of flickr.photos.search.all({ text: ${JSON.stringify(text)} })) {\n` +
    `  show(Flickr.photoURL(photo, "n"), photo.title);\n}`;
};

const showStatus = (text, isError = false) => {
  byId("status").textContent = text;
  byId("status").className = isError ? "error" : "";
};

const figure = (flickr, photo) => {
  const box = document.createElement("figure");
  const image = document.createElement("img");
  image.src = flickr.photoURL(photo, "n");
  image.alt = photo.title;
  const caption = document.createElement("figcaption");
  caption.textContent = photo.title;
  box.append(image, caption);
  return box;
};

const showPage = async (search) => {
  const { value: answer } = await search.pages.next();
  if (search != latest) return;
  if (answer) {
    byId("photos").append(...answer.photos.photo.map((photo) => figure(search.flickr, photo)));
    showStatus(`${byId("photos").childElementCount} of ${answer.photos.total} photos`);
  }
  byId("more").hidden = !answer || answer.photos.page >= answer.photos.pages;
};

const attempt = async (run) => {
  try {
    await run();
  } catch (error) {
    showStatus(error.message, true);
  }
};

const search = () =>
  attempt(async () => {
    const chosen = choice();
    const search = (latest = {});
    showCode(chosen);
    showStatus("Searching …");
    byId("photos").replaceChildren();
    byId("more").hidden = true;
    search.flickr = await makeClient(chosen);
    if (search != latest) return;
    const { photos } = search.flickr;
    search.pages = photos.search.pages({ text: chosen.text, per_page: PER_PAGE });
    await showPage(search);
  });

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
byId("search").addEventListener("change", ({ target }) => target.type == "radio" && search());
byId("more").addEventListener("click", () => attempt(() => showPage(latest)));
byId("refused").addEventListener("click", () =>
  attempt(async () => {
    const flickr = await makeClient(choice());
    await flickr.photos.addTags({ photo_id: "1", tags: ["red panda"] });
  }),
);
search();
