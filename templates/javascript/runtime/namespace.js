/** The namespaces of a client. */
import { hooks } from "./hooks.js";
import { makeMethod } from "./method.js";
import { getMethods } from "./names.js";
import { lazyObject } from "./lazy.js";

/** Add the methods whose names start with `prefix`, and the namespaces below it, to `target`. */
export const attachMethods = (target, prefix, options) => {
  for (const name in getMethods()) {
    const [, rest] = name.split(prefix);
    if (rest) {
      const [key, deeper] = rest.split(".");
      if (!(key in target)) {
        target[key] = deeper
          ? lazyObject({}, (space) => {
              attachMethods(space, prefix + key + ".", options);
              hooks.guard?.(space, prefix + key);
            })
          : makeMethod(options, name, true);
      }
    }
  }
};
