import { hooks } from "./hooks.js";
import { GET, NAMES } from "./table.js";

/**
 * Give `takeMethod` each method of `node`, a part of the table: its full name, its last one, and what
 * it needs as bits; and `takeSpace` each namespace directly below: its part, its prefix, its name.
 */
export const walk = (node, prefix, takeMethod, takeSpace) => {
  for (const key in node) {
    if (key) {
      takeSpace(node[key], prefix + key + ".", key);
    } else {
      node[key].replace(/(\w+)(\W)/g, (match, name, mark) => {
        name = name < "a" ? GET + name : name;
        takeMethod(prefix + name, name, mark.charCodeAt());
      });
    }
  }
};

let methods;

const gather = (node, prefix) =>
  walk(
    node,
    prefix,
    (name, key, level) => {
      const security = {
        needslogin: (level >> 1) & 1,
        needssigning: level & 1,
        requiredperms: (level >> 2) & 3,
      };
      methods[name] = { name, security };
    },
    gather,
  );

/** All methods by name; any name may be asked for, so without a prototype. */
export const allMethods = () => {
  if (!methods) {
    methods = { __proto__: null };
    gather(NAMES, "flickr.");
    hooks.describe?.(methods);
  }
  return methods;
};
