import { hooks } from "./hooks.js";
import { GET, METHODS } from "./table.js";

/** Give `take` each method of a namespace: its last name, and what it needs as bits. */
export const eachMethod = (space, take) =>
  METHODS[space].replace(/(\w+)(\W)/g, (match, key, mark) =>
    take(key.replace(/^[A-Z]/, GET + "$&"), mark.charCodeAt()),
  );

let methods;

/** All methods by name; any name may be asked for, so without a prototype. */
export const allMethods = () => {
  if (!methods) {
    methods = { __proto__: null };
    for (const space in METHODS) {
      eachMethod(space, (key, level) => {
        const name = `flickr.${space && space + "."}${key}`;
        const needssigning = level & 1;
        const needslogin = (level >> 1) & 1;
        const requiredperms = (level >> 2) & 3;
        methods[name] = { name, security: { needslogin, needssigning, requiredperms } };
      });
    }
    hooks.describe?.(methods);
  }
  return methods;
};
