import { hooks } from "./hooks.js";
import { methods, readTables } from "./names.js";
import { lazyObject } from "./lazy.js";
import { makeMethod } from "./method.js";
import { photoURL } from "./photo.js";
import { attachMethods } from "./namespace.js";
import { FlickrError, refuseSigning } from "./errors.js";

/** A client of the Flickr API for a page: with an API key alone, or through a proxy. */
export class Flickr {
  static FlickrError = FlickrError;

  // Minifiers shorten the name of the class itself.
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

  /** Call a method by its name, with or without `flickr.`, known to the table or not; checks nothing. */
  call(name, ...given) {
    return makeMethod(this.options, "flickr." + name.replace("flickr.", ""))(...given);
  }

  /** Return the address of a photo in a size, at the client's own `photo_base_url`. */
  photoURL(photo, size) {
    return photoURL(photo, size, this.options.photo_base_url);
  }

  /** Upload a photo through the proxy. */
  upload(...given) {
    return makeMethod(this.options, "flickr.upload", true)(...given);
  }

  /** Return a client with nothing but an API key, for what is public. */
  static tokenOnly = (options, callback) => new this(options, callback);

  /** Return the address of a photo in a size, at Flickr's own `photo_base_url`. */
  static photoURL = photoURL;

  /** All methods by name. */
  static get methods() {
    readTables();
    return methods;
  }
}
