import "./options.js";
import { client } from "./client.js";
import { Flickr } from "./flickr.js";

Object.defineProperty(Flickr, "errors", { get: () => client().errors() });
