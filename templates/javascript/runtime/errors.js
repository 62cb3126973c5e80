/** `FlickrError`, and the errors of calls that cannot be sent. */
import { hooks } from "./hooks.js";

export const NO_SECRET = ": a page must hold no secret; use a proxy, new Flickr({ endpoint })";

/** Throw an error of `method`, before a request. */
export const fail = (message, method) => {
  throw new FlickrError(message, { method });
};

/**
 * The error of a failed call.
 *
 * `code` is the error code of Flickr or the proxy, `method` the called method, `status` the HTTP status of
 * the answer, `cause` the error of the connection; each is missing if unknown. The development edition
 * explains the error of a `request`.
 */
export class FlickrError extends Error {
  constructor(message, facts, request) {
    super(message);
    Object.assign(this, facts);
    hooks.explain?.(this, request);
  }
  get name() {
    return "FlickrError";
  }
  /** Return true for a `FlickrError`, also for one of another file of this package. */
  static is = (error) => error?.name == "FlickrError";
}
