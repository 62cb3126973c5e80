import { walk } from "./names.js";

const define = Object.defineProperty;

const later = (target, key, make) => {
  const set = (value) => define(target, key, { value, writable: true });
  define(target, key, { configurable: true, enumerable: true, get: () => set(make())[key], set });
};

/**
 * Give `target` the namespaces and methods of `node`, a part of the table.
 * Each is made, a method by `make(name)`, when it is first touched.
 */
export const grow = (target, node, prefix, make) => {
  walk(
    node,
    prefix,
    (name, key) => later(target, key, () => make(name)),
    (part, name, key) => later(target, key, () => grow({}, part, name, make)),
  );
  return target;
};
