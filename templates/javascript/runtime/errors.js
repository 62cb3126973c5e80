import { hooks } from "./hooks.js";

/** Refuse what needs a secret, which a page must not hold. */
export const refuseSigning = (what, facts) => {
  throw new FlickrError(what + ": signing needs a proxy endpoint", facts);
};

/**
 * The error of a failed call.
 *
 * `code` is the error code of Flickr or the proxy, if one was answered; `method` the Flickr method that
 * was called; `status` the HTTP status, if there was an answer. `subject` is the method that the call
 * asked about.
 */
export class FlickrError extends Error {
  constructor(message, facts, subject) {
    super(message);
    Object.assign(this, facts);
    hooks.explain?.(this, subject);
  }
  get name() {
    return "FlickrError";
  }
}
