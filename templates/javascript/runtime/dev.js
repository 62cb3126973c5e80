import "./options.js";
import { client } from "./client.js";
import { Flickr } from "./flickr.js";
import { hooks } from "./hooks.js";

Object.defineProperty(Flickr, "errors", {
  get() {
    client();
    return hooks.errors();
  },
});
