/** Shows a visitor's photos, and marks favourites. The server decides which calls are allowed. */
const flickr = new Flickr({ endpoint: "services/rest/" });
const PER_PAGE = 8;
const NOT_SIGNED_IN = {
  refused: "You are not signed in: access was denied, or the sign-in took too long.",
  failed: "Flickr cannot be reached at the moment. Try again later.",
};
const byId = (id) => document.getElementById(id);

const showStatus = (text, isError = false) => {
  byId("status").textContent = text;
  byId("status").className = isError ? "error" : "";
};

/** Run a function and show its error; without a session, show the sign-in link. */
const attempt = async (run) => {
  try {
    await run();
  } catch (error) {
    if (error.status != 401) {
      showStatus(error.message, true);
    }
    if (error.status == 401 || byId("visitor").hidden) {
      showSignedIn(false);
    }
  }
};

const showSignedIn = (signedIn) => {
  byId("visitor").hidden = byId("photos").hidden = !signedIn;
  byId("welcome").hidden = signedIn;
};

const createElement = (tag, properties, ...parts) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...parts);
  return element;
};

const figure = (photo, ...parts) => {
  const src = flickr.photoURL(photo, "n") ?? "";
  const image = createElement("img", { src, alt: photo.title, loading: "lazy" });
  return createElement("figure", {}, image, createElement("figcaption", {}, photo.title), ...parts);
};

const heart = (photo, isFavourite) => {
  const button = createElement("button", { className: "heart", type: "button" });
  const set = (pressed) => {
    button.setAttribute("aria-pressed", pressed);
    button.ariaLabel = `Favourite: ${photo.title}`;
    button.textContent = pressed ? "♥" : "♡";
  };
  set(isFavourite);
  button.addEventListener("click", () =>
    attempt(async () => {
      button.disabled = true;
      const pressed = button.getAttribute("aria-pressed") == "true";
      try {
        const { add, remove } = flickr.favorites;
        await (pressed ? remove : add)({ photo_id: photo.id });
        set(!pressed);
        showStatus(`“${photo.title}” is ${pressed ? "no longer" : "now"} a favourite of yours.`);
      } finally {
        button.disabled = false;
      }
    }),
  );
  return button;
};

let nextPage = 1;

const showMine = async () => {
  byId("more").disabled = true;
  try {
    const answer = await flickr.people.getPhotos({
      user_id: "me",
      page: nextPage,
      per_page: PER_PAGE,
      extras: "url_n",
    });
    const { photo: photos, total, page, pages } = answer.photos;
    const lock = (photo) => (photo.ispublic ? [] : [createElement("mark", {}, "private")]);
    byId("mine").append(...photos.map((photo) => figure(photo, ...lock(photo))));
    byId("mine-count").textContent = `${byId("mine").childElementCount} of ${total}`;
    byId("more").hidden = page >= pages;
    nextPage += 1;
  } finally {
    byId("more").disabled = false;
  }
};

const showOthers = async (visitor) => {
  const [liked, favourites] = await Promise.all([
    flickr.photos.search({
      text: "red panda",
      sort: "interestingness-desc",
      per_page: 2 * PER_PAGE,
      extras: "url_n",
    }),
    flickr.favorites.getList({ per_page: 500 }),
  ]);
  const favouriteIds = new Set(favourites.photos.photo.map(({ id }) => id));
  const others = liked.photos.photo.filter(({ owner }) => owner != visitor).slice(0, PER_PAGE);
  byId("others").append(
    ...others.map((photo) => figure(photo, heart(photo, favouriteIds.has(photo.id)))),
  );
};

byId("more").addEventListener("click", () => attempt(showMine));

const outcome = new URLSearchParams(location.search).get("sign_in");
showStatus(Object.hasOwn(NOT_SIGNED_IN, outcome) ? NOT_SIGNED_IN[outcome] : "", true);
history.replaceState(null, "", location.pathname);

attempt(async () => {
  const { user } = await flickr.test.login();
  byId("name").textContent = user.username._content;
  showSignedIn(true);
  showStatus("");
  await Promise.all([showMine(), showOthers(user.id)]);
});
