import { call } from "./call.js";
import { paging } from "./paging.js";

/**
 * Return the method `name`, to be called with `(arguments?, settings?, callback?)`. It returns a promise,
 * or nothing if there is a callback. Development checks the arguments if `isChecked`.
 */
export const makeMethod = (options, name, isChecked) => {
  const run = (...given) => {
    const callback = typeof given.at(-1) == "function" && given.pop();
    const promise = call(options, name, given[0] || {}, given[1] || {}, isChecked);
    if (!callback) {
      return promise;
    }
    // Outside of the promise, so that the page sees what its callback throws.
    promise.then(
      (result) => queueMicrotask(() => callback(null, result)),
      (error) => queueMicrotask(() => callback(error)),
    );
  };
  run.all = (...given) => paging(false, run, name, ...given);
  run.pages = (...given) => paging(true, run, name, ...given);
  return run;
};
