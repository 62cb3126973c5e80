/** The namespaces of a client. */
import { makeMethod } from "./method.js";
import { methods } from "./names.js";
import { lazyObject } from "./lazy.js";

/** Add the methods whose names start with `prefix`, and the namespaces below it, to `target`. */
export const attachMethods = (target, prefix, options) => {
  for (const name in methods) {
    const [, rest] = name.split(prefix);
    if (rest) {
      const [key, deeper] = rest.split(".");
      target[key] ??= deeper
        ? lazyObject({}, (space) => attachMethods(space, prefix + key + ".", options))
        : makeMethod(options, name, true);
    }
  }
};
