// node-flickrapi's own proxy in an express app that also serves our bundles, as its README mounts it.
// Arguments: the address of its Flickr, a key, the folder of bundles. Prints its port when it listens.
import express from "express";
import request from "request";

const [, , upstream, api_key, bundles] = process.argv;

// Flickr's address is fixed in its source.
const { defaults } = request;
request.defaults = (options) => {
  const asking = defaults.call(request, options);
  const { get } = asking;
  asking.get = (url, done) => get(url.replace("https://api.flickr.com", upstream), done);
  return asking;
};

const { default: Flickr } = await import("flickrapi");
Flickr.tokenOnly({ api_key, progress: false }, (error, flickr) => {
  if (error) {
    throw error;
  }
  const app = express();
  app.use(express.json());
  flickr.proxy(app, "/service/rest/");
  app.get("/", (_, response) => response.send("<!doctype html><title>t</title>"));
  app.use(express.static(bundles));
  const server = app.listen(0, "127.0.0.1", () => console.log(`port ${server.address().port}`));
});
