/** `FlickrError`, and the refusal of calls that need signing. */
import { hooks } from "./hooks.js";

/** Throw an error: signing needs a secret, which a page must not have. */
export const refuseSigning = (what, facts) => {
  throw new FlickrError(what + ": signing needs a proxy endpoint", facts);
};

/**
 * The error of a failed call.
 *
 * `code` is the error code of Flickr or the proxy, `method` the called method, `status` the HTTP status of
 * the answer; each is missing if unknown. `subject` is the method that `getMethodInfo` asked about.
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
