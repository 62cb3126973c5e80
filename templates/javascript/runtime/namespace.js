import { methods } from "./methods.js";

const define = (target, key, property) =>
  Object.defineProperty(target, key, { configurable: true, enumerable: true, ...property });

/**
 * Give `target` a property for each step below `prefix` in the names of the methods.
 * Each is made by `make(name)`, or is a plain object, when it is first touched.
 */
export const grow = (target, prefix, make) => {
  for (const name in methods) {
    if (name.startsWith(prefix)) {
      const [key] = name.slice(prefix.length).split(".");
      const path = prefix + key;
      define(target, key, {
        get() {
          const value = grow(methods[path] ? make(path) : {}, path + ".", make);
          define(target, key, { value, writable: true });
          return value;
        },
      });
    }
  }
  return target;
};
