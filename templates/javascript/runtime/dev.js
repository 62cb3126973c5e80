/** The entry of the development edition: the client with checks and explanations. */
import "./checks.js";
import "./options.js";
import { errors } from "./details.js";
import { Flickr } from "./flickr.js";

Object.defineProperty(Flickr, "errors", {
  get: errors,
});
