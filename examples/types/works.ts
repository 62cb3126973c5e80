/** Examples of each kind of use, which compile under --strict. */
import Flickr, { FlickrError } from "../../browser_dist/flickrapi.js";

const flickr: Flickr = Flickr.tokenOnly({ api_key: "your key" });
const proxied = new Flickr({ endpoint: "/services/rest/", retry_queries: 2 });

async function titles(text: string, signal: AbortSignal): Promise<(string | null)[]> {
  const answer = await flickr.photos.search({ text, per_page: 20, extras: ["url_m"] }, { signal });
  return answer.photos.photo.map((photo) => Flickr.photoURL(photo, "b"));
}

async function everything(): Promise<void> {
  for await (const photo of proxied.people.getPhotos.all({ user_id: "me" })) console.log(photo.id);
  for await (const page of flickr.photos.getRecent.pages()) console.log(page.photos.pages);
}

flickr.photos.getInfo({ photo_id: "1" }, (error, answer) => {
  if (error) console.error(error.code, error.method, error.status);
  else console.log(answer.photo.title._content);
});
function search(page: number, taken: Date, extras?: string | null): Promise<Flickr.PhotosAnswer> {
  const sort = "date-taken-asc";
  const where = { lat: "48.2", lon: 16.4, accuracy: 11, content_type: 1 } as const;
  return flickr.photos.search({ ...where, page, min_taken_date: taken, extras, sort });
}
const names: string[] = ["url_m", "name_of_tomorrow"];
flickr.photos.search({ text: "fox", extras: names });
flickr.photos.search({ text: "fox", extras: new Set(["geo", "url_o"]) });
flickr.people.getGroups({ user_id: "me", extras: "privacy,throttle" });
proxied.photos.setPerms({ photo_id: "1", is_public: true, is_friend: 0, is_family: "0" });
proxied.people.getPhotos({ user_id: "me", content_types: [0, 3], authenticated: true });
proxied.people.getPhotos({ user_id: "1@N00", content_types: "0,3", safe_search: "1" });
flickr.test.echo({ boat: "paper" });
flickr.test.echo((_error, answer) => console.log(answer.stat));
flickr.test.echo(null, (_error, answer) => console.log(answer.stat));
flickr.call("flickr.test.echo", (_error, answer) => console.log(answer.stat));
console.log(new FlickrError("no answer", { code: 1, method: "flickr.test.echo" }).code);

async function answers(): Promise<string[]> {
  const { photo } = await flickr.photos.getInfo({ photo_id: "1" });
  const owner: Flickr.PhotoOwner = photo.owner;
  const found = await flickr.call("flickr.photos.search", { text: "panda" });
  const photos: Flickr.ListedPhoto[] = found.photos.photo;
  const { prevphoto } = await flickr.photos.getContext({ photo_id: "1" });
  const popular: Flickr.Answer = await flickr.photos.getPopular();
  for await (const item of flickr.photos.getPopular.all()) console.log(item["title"] === "Panda");
  flickr.call("photos.getPopular", {}, (_error, answer) => console.log(answer["photos"]));
  flickr.call("flickr.test.login", null, (_error, answer) => console.log(answer.user.username));
  const short = (await flickr.call("photos.licenses.getInfo")).licenses.license[0]?.id.toFixed();
  const name: string = "flickr.new." + short;
  const unknown: Flickr.Answer = await flickr.call(name);
  return [
    owner.location ?? "unknown",
    photos[0]?.url_m ?? "",
    "url" in prevphoto ? prevphoto.url : "first",
    typeof popular["photos"],
    typeof unknown["anything"],
  ];
}

async function upload(photo: File): Promise<string | undefined> {
  try {
    const answer = await proxied.upload(
      { photo, tags: ["happy fox"], is_public: false },
      { onprogress: (event) => console.log(event.loaded / event.total) },
    );
    proxied.upload({ photo, hidden: 2 }, {}, (error, { photoid }) => console.log(error, photoid));
    return answer.photoid;
  } catch (error) {
    if (error instanceof FlickrError) console.error(error.message);
    throw error;
  }
}

class Mine extends Flickr {}
const mine: Mine = Mine.tokenOnly({ api_key: "your key" });
const tokened = new Flickr({
  endpoint: "/services/rest/",
  headers: { "X-CSRF-Token": "…" },
  credentials: "include",
  fetch: (url, init) => fetch(url, init),
});

async function addresses(): Promise<(string | null)[]> {
  const { call, photoURL } = mine;
  const settings = { timeout: 5000, retries: 2, headers: { "X-Trace": "1" } };
  const found = await tokened.photos.search({ tags: new Set(["fox"]), text: "panda" }, settings);
  await call("photos.search", { text: "panda" }).catch((error: unknown) => {
    if (FlickrError.is(error)) console.log(error.status, error.cause);
  });
  return [...found.photos.photo.map(photoURL), ...found.photos.photo.map(Flickr.photoURL)];
}

console.log(
  addresses,
  search,
  titles,
  everything,
  answers,
  upload,
  Flickr.methods["flickr.photos.search"]?.security,
);
