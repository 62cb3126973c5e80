import { METHODS } from "./table.js";

const define = (target, key, property) =>
  Object.defineProperty(target, key, { configurable: true, enumerable: true, ...property });

const later = (target, key, make) =>
  define(target, key, {
    get() {
      const value = make();
      define(target, key, { value, writable: true });
      return value;
    },
  });

/**
 * Give `target` the namespaces and methods below `prefix` (`""`, or as `photos.`).
 * Each is made, a method by `make(name)`, when it is first touched.
 */
export const grow = (target, prefix, make) => {
  METHODS[prefix.slice(0, -1)]?.replace(/\w+/g, (key) =>
    later(target, key, () => make("flickr." + prefix + key)),
  );
  for (const space in METHODS) {
    const [key] = space.slice(prefix.length).split(".");
    if (key && space.startsWith(prefix)) {
      later(target, key, () => grow({}, prefix + key + ".", make));
    }
  }
  return target;
};
