import { hooks } from "./hooks.js";

/** Refuse what takes a secret, which a page must not hold. */
export const refuse = (what, facts) => {
  throw new FlickrError(what + ": signing needs a proxy endpoint", facts);
};

/**
 * What went wrong with a call.
 *
 * `code` is Flickr's (or the proxy's) error code, where one was answered; `method` the Flickr method
 * that was called; `status` the HTTP status, where there was an answer.
 */
export class FlickrError extends Error {
  constructor(message, facts, wanted) {
    super(message);
    Object.assign(this, facts);
    hooks.explain?.(this, wanted);
  }
  get name() {
    return "FlickrError";
  }
}
