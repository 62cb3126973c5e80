import "./checks.js";
import "./options.js";
import { errors } from "./details.js";
import { Flickr } from "./flickr.js";

Object.defineProperty(Flickr, "errors", {
  get: errors,
});
