import { client } from "./client.js";
import { hooks } from "./hooks.js";
import { later } from "./later.js";
import { FlickrError, refuse } from "./errors.js";

/** A client of the Flickr API for a page: with an API key alone, or through a proxy. */
export class Flickr {
  static FlickrError = FlickrError;

  // Minifiers shorten the name of the class itself.
  static name = "Flickr";

  constructor(options, callback) {
    options = Object.freeze({ ...options });
    for (const name in options) {
      // A regular expression would take longer here than all the rest of this, while a page loads.
      if (
        options[name] &&
        (name.includes("secret") || name.includes("token") || name.includes("api_sig"))
      ) {
        refuse(name);
      }
    }
    hooks.checkOptions?.(options);
    Object.defineProperty(this, "options", { value: options });
    const flickr = later(this, () => client().fill(this, "flickr.", options));
    if (callback) {
      queueMicrotask(() => callback(null, flickr));
    }
    return flickr;
  }

  /** Call a method by its name, with or without `flickr.`, known to the table or not; checks nothing. */
  call(name, ...given) {
    return client().method(this.options, "flickr." + name.replace("flickr.", ""))(...given);
  }

  /** The address of a photo in a size, at the client's own `photo_base_url`. */
  photoURL(photo, size) {
    return client().photoURL(photo, size, this.options.photo_base_url);
  }

  /** Upload a photo through the proxy. */
  upload(...given) {
    return client().method(this.options, "flickr.upload", true)(...given);
  }

  /** A client with nothing but an API key, for what is public. */
  static tokenOnly = (options, callback) => new this(options, callback);

  /** The address of a photo in a size, at Flickr's own `photo_base_url`. */
  static get photoURL() {
    return client().photoURL;
  }

  /** All methods by name. */
  static get methods() {
    return client().methods;
  }
}
