import { eachMethod } from "./methods.js";
import { METHODS } from "./table.js";

const define = Object.defineProperty;

const later = (target, key, make) => {
  const set = (value) => define(target, key, { value, writable: true });
  define(target, key, {
    configurable: true,
    enumerable: true,
    get: () => set(make())[key],
    set,
  });
};

/**
 * Give `target` the namespaces and methods below `prefix` (`""`, or as `photos.`).
 * Each is made, a method by `make(name)`, when it is first touched.
 */
export const grow = (target, prefix, make) => {
  for (const space in METHODS) {
    if ((space + ".").startsWith(prefix)) {
      const [key] = space.slice(prefix.length).split(".");
      if (key) {
        later(target, key, () => grow({}, prefix + key + ".", make));
      } else {
        eachMethod(space, (key) => later(target, key, () => make("flickr." + prefix + key)));
      }
    }
  }
  return target;
};
