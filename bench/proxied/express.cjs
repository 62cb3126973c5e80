// node-flickrapi's own proxy in express, as its README mounts it; the upstream is FLICKR_BASE_URL.

"use strict";

const express = require("express");
const request = require("request");

const upstream = process.env.FLICKR_BASE_URL;
// Flickr's address is fixed in its source, so it is replaced in each request.
const { defaults } = request;
request.defaults = (options) => {
  const asking = defaults.call(request, options);
  return { get: (url, then) => asking.get(url.replace("https://api.flickr.com", upstream), then) };
};

require("flickrapi").tokenOnly({ api_key: "none", progress: false }, (error, flickr) => {
  if (error) throw error;
  const app = express();
  app.use(express.json());
  flickr.proxy(app, "/services/rest/");
  const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
});
