/** The methods of a client, with promises and callbacks. */
import { call } from "./call.js";
import { listPages } from "./paging.js";

/**
 * Return the function of the method `name`, with the parameters `(arguments?, settings?, callback?)`. It
 * returns a promise, or nothing with a callback. If `isChecked`, the development edition checks arguments.
 */
export const makeMethod = (options, name, isChecked) => {
  const run = (...given) => {
    const callback = typeof given.at(-1) == "function" && given.pop();
    const promise = call(options, name, given[0] || {}, given[1] || {}, isChecked);
    if (!callback) {
      return promise;
    }
    // Outside of the promise, so that errors of the callback reach the page.
    promise.then(
      (result) => queueMicrotask(() => callback(null, result)),
      (error) => queueMicrotask(() => callback(error)),
    );
  };
  run.all = (...given) => listPages(false, run, name, ...given);
  run.pages = (...given) => listPages(true, run, name, ...given);
  return run;
};
