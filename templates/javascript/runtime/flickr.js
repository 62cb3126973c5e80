import { hooks } from "./hooks.js";
import { grow } from "./namespace.js";
import { makeMethod } from "./method.js";
import { allMethods } from "./names.js";
import { photoURL } from "./photo.js";
import { NAMES } from "./table.js";
import { FlickrError, refuse } from "./errors.js";

/** A client of the Flickr API for a page: with an API key alone, or through a proxy. */
export class Flickr {
  static Flickr = this;
  static FlickrError = FlickrError;
  static photoURL = photoURL;

  constructor(options, callback) {
    options = Object.freeze({ ...options });
    for (const name in options) {
      if (/secret|token|api_sig/.test(name) && options[name]) {
        refuse(name + " in a page");
      }
    }
    hooks.checkOptions?.(options);
    Object.defineProperty(this, "options", { value: options });
    grow(this, NAMES, "flickr.", (name) => makeMethod(options, name));
    if (callback) {
      queueMicrotask(() => callback(null, this));
    }
  }

  /** Call a method by its full name, known to the table or not. */
  call(name, ...given) {
    return makeMethod(this.options, name)(...given);
  }

  /** The address of a photo in a size, at the client's own `photo_base_url`. */
  photoURL(photo, size) {
    return photoURL(photo, size, this.options.photo_base_url);
  }

  /** Upload a photo through the proxy. */
  upload(...given) {
    return this.call("flickr.upload", ...given);
  }

  /** A client with nothing but an API key, for what is public. */
  static tokenOnly = (options, callback) => new this(options, callback);

  /** All methods by name. */
  static get methods() {
    return allMethods();
  }
}
