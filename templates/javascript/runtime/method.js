import { call } from "./call.js";
import { paging } from "./paging.js";

/**
 * The method `name`, to be called with `[arguments?, settings?, callback?]`; it gives a promise, or
 * nothing where there is a callback. Development checks the arguments of one that is `checked`.
 */
export const makeMethod = (options, name, checked) => {
  const run = (...given) => {
    const callback = typeof given.at(-1) == "function" && given.pop();
    const promise = call(options, name, given[0] || {}, given[1] || {}, checked);
    if (!callback) {
      return promise;
    }
    // Outside of the promise, so that what a callback throws is its page's to see.
    promise.then(
      (result) => queueMicrotask(() => callback(null, result)),
      (error) => queueMicrotask(() => callback(error)),
    );
  };
  run.all = (...listing) => paging(false, run, name, ...listing);
  run.pages = (...listing) => paging(true, run, name, ...listing);
  return run;
};
