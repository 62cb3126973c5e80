import { call } from "./call.js";
import { FlickrError, refuse } from "./errors.js";
import { hooks } from "./hooks.js";
import { allMethods } from "./methods.js";
import { grow } from "./namespace.js";
import { paging } from "./paging.js";
import { photoURL } from "./photo.js";
import { upload } from "./upload.js";

/** Run with `given`, `[arguments?, settings?, callback?]`: a promise, or what the callback gets. */
const answering = (given, run) => {
  let callback;
  const [values, settings] = given.filter(
    (value) => typeof value != "function" || !(callback = value),
  );
  const promise = run(values || {}, settings || {});
  if (!callback) {
    return promise;
  }
  // Outside of the promise, so that what a callback throws is its page's to see.
  const later = (...outcome) => queueMicrotask(() => callback(...outcome));
  promise.then((result) => later(null, result), later);
};

const makeMethod = (options, name) => {
  const run = (...given) =>
    answering(given, (values, settings) => call(options, name, values, settings));
  run.all = (...listing) => paging(false, run, name, ...listing);
  run.pages = (...listing) => paging(true, run, name, ...listing);
  return run;
};

/** A client of the Flickr API for a page: with an API key alone, or through a proxy. */
export class Flickr {
  constructor(options, callback) {
    options = Object.freeze({ ...options });
    for (const name in options) {
      if (/secret|token|api_sig/.test(name) && options[name]) {
        refuse(name);
      }
    }
    hooks.checkOptions?.(options);
    Object.defineProperty(this, "options", { value: options });
    grow(this, "", (name) => makeMethod(options, name));
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
    return answering(given, (values, settings) => upload(this.options, values, settings));
  }

  /** A client with nothing but an API key, for what is public. */
  static tokenOnly(options, callback) {
    return new Flickr(options, callback);
  }

  /** All methods by name. */
  static get methods() {
    return allMethods();
  }

  /** As `photoURL` of a client, at Flickr's own address. */
  static photoURL(photo, size) {
    return photoURL(photo, size);
  }
}
Object.assign(Flickr, { Flickr, FlickrError });
