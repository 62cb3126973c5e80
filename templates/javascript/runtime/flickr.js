import { call } from "./call.js";
import { FlickrError } from "./errors.js";
import { hooks } from "./hooks.js";
import { findAll } from "./methods.js";
import { grow } from "./namespace.js";
import { all, pages } from "./paging.js";
import { photoURL } from "./photo.js";
import { upload } from "./upload.js";

/** Let `run(arguments, settings)` be called as `(arguments?, settings?, callback?)` as well. */
const answering =
  (run) =>
  (...given) => {
    const callback = given.find((value) => typeof value == "function");
    const [values, settings] = given.filter((value) => typeof value != "function");
    const promise = run(values || {}, settings || {});
    if (!callback) {
      return promise;
    }
    // Outside of the promise, so that what a callback throws is its page's to see.
    const later = (...outcome) => queueMicrotask(() => callback(...outcome));
    promise.then((result) => later(null, result), later);
  };

/** A client of the Flickr API for a page: with an API key alone, or through a proxy. */
export class Flickr {
  constructor(options, callback) {
    options = Object.freeze({ ...options });
    for (const name in options) {
      if (/secret|token|api_sig/.test(name) && options[name]) {
        throw new FlickrError(
          `a page must hold no secret, so no ${name}: use a proxy, new Flickr({ endpoint })`,
        );
      }
    }
    hooks.checkOptions?.(options);
    const method = (name) => {
      const run = answering((values, settings) => call(options, name, values, settings));
      run.all = (values, settings) => all(run, name, values, settings);
      run.pages = (values, settings) => pages(run, name, values, settings);
      return run;
    };
    const members = {
      options,
      call: (name, ...given) => method(name)(...given),
      photoURL: (photo, size) => photoURL(photo, size, options.photo_base_url),
      upload: answering((values, settings) => upload(options, values, settings)),
    };
    for (const name in members) {
      Object.defineProperty(this, name, { value: members[name] });
    }
    grow(this, "", method);
    if (callback) {
      queueMicrotask(() => callback(null, this));
    }
  }

  /** A client with nothing but an API key, for what is public. */
  static tokenOnly(options, callback) {
    return new Flickr(options, callback);
  }

  /** All methods by name. */
  static get methods() {
    return findAll();
  }

  /** As `photoURL` of a client, at Flickr's own address. */
  static photoURL(photo, size) {
    return photoURL(photo, size);
  }
}
Object.assign(Flickr, { Flickr, FlickrError });
