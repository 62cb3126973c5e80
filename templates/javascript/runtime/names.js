/** The methods by name, their levels and page sizes, unpacked from the tables. */
import { NAMES, SHARED_PREFIX } from "./table.js";
import { hooks } from "./hooks.js";

/** The level of each method, in bits: 1 signing, 2 login, from 4 on the permission (8 is write). */
export const levels = { "flickr.upload": 11 };

/**
 * The number of items in the largest page of each method, as a text: "0" if the method has no pages or if the
 * largest is unknown, empty if it lists nothing.
 */
export const pageSizes = {};

let methods;

/**
 * Return all methods by name, in the order of their names. They and the other tables are unpacked at the
 * first use, not while a page loads.
 */
export const getMethods = () => {
  if (!methods) {
    methods = {};
    let space = "";
    NAMES.replace(/([\w.]+\.)?(\w+)(.)(\d*)/g, (match, namespace = space, word, mark, size) => {
      space = namespace;
      // A capital is less than a small letter.
      const name = "flickr." + space + (word < "a" ? SHARED_PREFIX : "") + word;
      const level = mark.charCodeAt() & 15;
      methods[name] = {
        name,
        security: {
          needslogin: (level >> 1) & 1,
          needssigning: level & 1,
          requiredperms: level >> 2,
        },
      };
      levels[name] = level;
      pageSizes[name] = size;
    });
    // Entries are compared as texts, which start with the names.
    methods = Object.fromEntries(Object.entries(methods).sort());
    hooks.describe?.(methods);
  }
  return methods;
};
