import { hooks } from "./hooks.js";
import { METHODS, SECURITY } from "./table.js";

let methods;

/** All methods by name; any name may be asked for, so without a prototype. */
export const allMethods = () => {
  if (!methods) {
    methods = { __proto__: null };
    for (const space in METHODS) {
      METHODS[space].replace(/(\w+)(\W)/g, (match, key, mark) => {
        const name = `flickr.${space && space + "."}${key}`;
        const [needslogin, needssigning, requiredperms] = SECURITY[mark];
        methods[name] = { name, security: { needslogin, needssigning, requiredperms } };
      });
    }
    hooks.describe?.(methods);
  }
  return methods;
};
