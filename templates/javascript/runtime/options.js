/** Checks of a client's options, and the warnings of the development edition. */
import { FlickrError } from "./errors.js";
import { hooks } from "./hooks.js";
import { suggest } from "./nearest.js";

const OPTIONS = ["api_key", "endpoint", "base_url", "photo_base_url", "retry_queries"];

export const warn = (text) => console.warn("flickr: " + text);

hooks.checkOptions = (options) => {
  if (!options.api_key && !options.endpoint) {
    throw new FlickrError("give an api_key, or the endpoint of a proxy");
  }
  for (const name in options) {
    if (!OPTIONS.includes(name)) {
      warn(`unknown option ${name}${suggest(name, OPTIONS)}`);
    }
  }
};
