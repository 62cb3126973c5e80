/** `Flickr`, the client's class. */
import { hooks } from "./hooks.js";
import { methods, readTables } from "./names.js";
import { lazyObject } from "./lazy.js";
import { makeMethod } from "./method.js";
import { photoURL } from "./photo.js";
import { attachMethods } from "./namespace.js";
import { FlickrError, refuseSigning } from "./errors.js";

/** A client of the Flickr API for a page, with only an API key or through a proxy. */
export class Flickr {
  static FlickrError = FlickrError;

  // Minifiers rename the class itself.
  static name = "Flickr";

  constructor(options, callback) {
    options = Object.freeze({ ...options });
    for (const name in options) {
      if (options[name] && /secret|token|api_sig/.test(name)) {
        refuseSigning(name);
      }
    }
    hooks.checkOptions?.(options);
    Object.defineProperty(this, "options", { value: options });
    const flickr = lazyObject(this, () => {
      readTables();
      attachMethods(this, "flickr.", options);
    });
    if (callback) {
      queueMicrotask(() => callback(null, flickr));
    }
    return flickr;
  }

  /** Call any method by its name, with or without `flickr.`, without checks. */
  call(name, ...given) {
    return makeMethod(this.options, "flickr." + name.replace("flickr.", ""))(...given);
  }

  /** Return the address of a photo in a size, at the client's `photo_base_url`. */
  photoURL(photo, size) {
    return photoURL(photo, size, this.options.photo_base_url);
  }

  /** Upload a photo through the proxy. */
  upload(...given) {
    return makeMethod(this.options, "flickr.upload", true)(...given);
  }

  /** Return a client with only an API key, for public data. */
  static tokenOnly = (options, callback) => new this(options, callback);

  /** Return the address of a photo in a size, on Flickr's own host. */
  static photoURL = photoURL;

  /** All methods by name. */
  static get methods() {
    readTables();
    return methods;
  }
}
