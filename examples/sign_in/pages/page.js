/** Shows a visitor's photos, and lets them mark favourites. What it may do is up to the server. */
const flickr = new Flickr({ endpoint: "services/rest/" });
const PER_PAGE = 8;
const NOT_SIGNED_IN = {
  refused: "You are not signed in: Flickr was told no, or too late.",
  failed: "Flickr cannot be reached at the moment. Try again in a while.",
};
const show = (id) => document.getElementById(id);

const tell = (text, isError = false) => {
  show("status").textContent = text;
  show("status").className = isError ? "error" : "";
};

/** Run what may fail; whoever is not signed in, or no longer, is asked to. */
const attempt = async (run) => {
  try {
    await run();
  } catch (error) {
    if (error.status != 401) {
      tell(error.message, true);
    }
    if (error.status == 401 || show("visitor").hidden) {
      see(false);
    }
  }
};

const see = (signedIn) => {
  show("visitor").hidden = show("photos").hidden = !signedIn;
  show("welcome").hidden = signedIn;
};

const made = (tag, facts, ...parts) => {
  const element = Object.assign(document.createElement(tag), facts);
  element.append(...parts);
  return element;
};

const figure = (photo, ...parts) => {
  const src = flickr.photoURL(photo, "n");
  const image = made("img", { src, alt: photo.title, loading: "lazy" });
  return made("figure", {}, image, made("figcaption", {}, photo.title), ...parts);
};

const heart = (photo, isFavourite) => {
  const button = made("button", { className: "heart", type: "button" });
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
        tell(`“${photo.title}” is ${pressed ? "no longer" : "now"} a favourite of yours.`);
      } finally {
        button.disabled = false;
      }
    }),
  );
  return button;
};

const own = flickr.people.getPhotos.pages({ user_id: "me", per_page: PER_PAGE, extras: "url_n" });

const showMine = async () => {
  const { value: answer } = await own.next();
  if (answer) {
    const { photo: photos, total, page, pages } = answer.photos;
    const lock = (photo) => (photo.ispublic ? [] : [made("mark", {}, "private")]);
    show("mine").append(...photos.map((photo) => figure(photo, ...lock(photo))));
    show("mine-count").textContent = `${show("mine").childElementCount} of ${total}`;
    show("more").hidden = page >= pages;
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
  const known = new Set(favourites.photos.photo.map(({ id }) => id));
  const others = liked.photos.photo.filter(({ owner }) => owner != visitor).slice(0, PER_PAGE);
  show("others").append(...others.map((photo) => figure(photo, heart(photo, known.has(photo.id)))));
};

show("more").addEventListener("click", () => attempt(showMine));

const came = new URLSearchParams(location.search).get("sign_in");
tell(NOT_SIGNED_IN[came] ?? "", true);
history.replaceState(null, "", location.pathname);

attempt(async () => {
  const { user } = await flickr.test.login();
  show("name").textContent = user.username._content;
  see(true);
  tell("");
  await Promise.all([showMine(), showOthers(user.id)]);
});
