// Make calls of flickr-sdk that need a login, through the proxy at the first argument, for the photo of the
// second argument; print the answers as JSON.
import { createFlickr, FetchTransport, OAuthAuth } from "flickr-sdk";

const [, , proxy, photo_id] = process.argv;

class Transport extends FetchTransport {
  fetch(url, init) {
    return super.fetch(proxy + new URL(url).search, init);
  }
}

const auth = new OAuthAuth("no key of mine", "nor secret", "no token", "nor its secret");
const { flickr } = createFlickr(auth, new Transport());
const results = {
  login: await flickr("flickr.test.login", {}),
  search: await flickr("flickr.photos.search", { text: "lagoon", per_page: "2" }),
  added: await flickr("flickr.photos.addTags", { photo_id, tags: "grüße" }),
  tags: await flickr("flickr.photos.getInfo", { photo_id }),
  unknown: await flickr("flickr.nothing", {}).catch((error) => error.message),
};
process.stdout.write(JSON.stringify(results));
