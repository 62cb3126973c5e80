/** The entry of the development edition: the client with checks and explanations. */
import "./checks.js";
import "./explanations.js";
import "./options.js";
import { errors } from "./details.js";
import { Flickr } from "./flickr.js";
import "./guards.js";

Object.defineProperty(Flickr, "errors", {
  get: errors,
});
