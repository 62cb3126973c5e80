/** Searches with the bundle and in the way that the form says, and shows the code that does it. */
const show = (id) => document.getElementById(id);
const PER_PAGE = 12;
let latest;

const load = (edition) =>
  new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = `dist/flickrapi${edition}.js`;
    script.onload = () => done(Flickr);
    script.onerror = () => fail(new Error(`${script.src} cannot be loaded`));
    document.head.append(script);
  });

const choice = () => Object.fromEntries(new FormData(show("search")));

const makeClient = async ({ way, edition }) => {
  const [bundle, response] = await Promise.all([load(edition), fetch("demo.json")]);
  const { api_key, base_url } = await response.json();
  const photo_base_url = base_url;
  return way == "proxy"
    ? new bundle({ endpoint: "/services/rest/", photo_base_url })
    : bundle.tokenOnly({ api_key, base_url, photo_base_url });
};

const showCode = ({ way, edition, text }) => {
  const made =
    way == "proxy"
      ? 'new Flickr({ endpoint: "/services/rest/" })'
      : "Flickr.tokenOnly({ api_key })";
  show("code").textContent =
    `<script src="flickrapi${edition}.js"></script>\n\n` +
    `const flickr = ${made};\n` +
    `for await (const photo of flickr.photos.search.all({ text: ${JSON.stringify(text)} })) {\n` +
    `  show(Flickr.photoURL(photo, "n"), photo.title);\n}`;
};

const tell = (text, isError = false) => {
  show("status").textContent = text;
  show("status").className = isError ? "error" : "";
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
    show("photos").append(...answer.photos.photo.map((photo) => figure(search.flickr, photo)));
    tell(`${show("photos").childElementCount} of ${answer.photos.total} photos`);
  }
  show("more").hidden = !answer || answer.photos.page >= answer.photos.pages;
};

const attempt = async (run) => {
  try {
    await run();
  } catch (error) {
    tell(error.message, true);
  }
};

const search = () =>
  attempt(async () => {
    const chosen = choice();
    const search = (latest = {});
    showCode(chosen);
    tell("Searching …");
    show("photos").replaceChildren();
    show("more").hidden = true;
    search.flickr = await makeClient(chosen);
    if (search != latest) return;
    const { photos } = search.flickr;
    search.pages = photos.search.pages({ text: chosen.text, per_page: PER_PAGE });
    await showPage(search);
  });

show("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
show("search").addEventListener("change", ({ target }) => target.type == "radio" && search());
show("more").addEventListener("click", () => attempt(() => showPage(latest)));
show("refused").addEventListener("click", () =>
  attempt(async () => {
    const flickr = await makeClient(choice());
    await flickr.photos.addTags({ photo_id: "1", tags: ["red panda"] });
  }),
);
search();
