/** `Flickr`, the client's class. */
import { hooks } from "./hooks.js";
import { getMethods } from "./names.js";
import { lazyObject } from "./lazy.js";
import { makeMethod } from "./method.js";
import { makePhotoURL } from "./photo.js";
import { attachMethods } from "./namespace.js";
import { fail, FlickrError, NO_SECRET } from "./errors.js";

/** A client of the Flickr API for a page, with only an API key or through a proxy. */
export class Flickr {
  static FlickrError = FlickrError;

  // Minifiers rename the class itself.
  static name = "Flickr";

  constructor(given, callback) {
    const options = Object.freeze({ ...given });
    for (const name in options) {
      if (options[name] && /secret|token|api_sig/.test(name)) {
        fail(name + NO_SECRET);
      }
    }
    hooks.checkOptions?.(given);
    Object.defineProperty(this, "options", { value: options });
    const flickr = lazyObject(this, () => attachMethods(this, "flickr.", options));
    // They also work on their own: `photos.map(flickr.photoURL)`.
    for (const name of ["call", "photoURL", "upload"]) {
      this[name] = this[name].bind(flickr);
    }
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
    return makePhotoURL(this.options.photo_base_url)(photo, size);
  }

  /** Upload a photo through the proxy. */
  upload(...given) {
    return makeMethod(this.options, "flickr.upload", true)(...given);
  }

  /** Return a client with only an API key, for public data. */
  static tokenOnly(...given) {
    // On its own it has no `this`.
    return new (this || Flickr)(...given);
  }

  /** Return the address of a photo in a size, on Flickr's own host. */
  static photoURL = makePhotoURL();

  /** All methods by name. */
  static get methods() {
    return getMethods();
  }
}
