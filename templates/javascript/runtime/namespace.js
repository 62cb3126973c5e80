import { later } from "./later.js";
import { makeMethod } from "./method.js";
import { methods } from "./names.js";

/** Give `target` the methods whose names start with `prefix`, and the namespaces below it. */
export const fill = (target, prefix, options) => {
  for (const name in methods) {
    const [key, further] = name.split(prefix)[1]?.split(".") || [];
    if (key) {
      target[key] ??= further
        ? later({}, (space) => fill(space, prefix + key + ".", options))
        : makeMethod(options, name, true);
    }
  }
};
