// Call flickr-sdk through the proxy at the first argument; print the answers as JSON.
import { APIKeyAuth, createFlickr, FetchTransport } from "flickr-sdk";

const [, , proxy] = process.argv;

class Transport extends FetchTransport {
  fetch(url, init) {
    return super.fetch(proxy + new URL(url).search, init);
  }
}

const { flickr } = createFlickr(new APIKeyAuth("no key of mine"), new Transport());
const results = {
  echo: await flickr("flickr.test.echo", { text: "grüße + 100% ~!*'()" }),
  search: await flickr("flickr.photos.search", { text: "lagoon", per_page: "2" }),
  unknown: await flickr("flickr.photos.getInfo", { photo_id: "1" }).catch((error) => error.message),
};
process.stdout.write(JSON.stringify(results));
