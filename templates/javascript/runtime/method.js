/** The methods of a client, with promises and callbacks. */
import { call } from "./call.js";
import { fail } from "./errors.js";
import { hooks } from "./hooks.js";
import { listPages } from "./paging.js";

/**
 * Return the function of the method `name`, with the parameters `(arguments?, settings?, callback?)`. It
 * returns a promise, or nothing with a callback. If `isChecked`, the development edition checks arguments.
 */
export const makeMethod = (options, name, isChecked) => {
  const run = (...given) => {
    const callbacks = given.filter((part) => typeof part == "function");
    const [values, settings] = given.filter((part) => !callbacks.includes(part));
    const [callback, another] = callbacks;
    if (another) {
      fail(name + ": give only one callback", name);
    }
    const promise = call(options, name, values ?? {}, settings ?? {}, isChecked);
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
  hooks.checkListings?.(run, name);
  return run;
};
