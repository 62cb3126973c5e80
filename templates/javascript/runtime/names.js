import { GET, NAMES } from "./table.js";

/** All methods by name; any name may be asked for, so without a prototype. */
export const methods = { __proto__: null };

/** What each call needs, as bits: 1 signing, 2 login, and from 4 on the permission. */
export const levels = { __proto__: null, "flickr.upload": 11 };

/**
 * The largest page of each method, in items, as a text: "0" if the method has no pages or the largest is
 * unknown, empty if it lists nothing.
 */
export const pageSizes = { __proto__: null };

let space = "";

NAMES.replace(/([\w.]+\.)?(\w+)(.)(\d*)/g, (match, namespace = space, word, mark, size) => {
  space = namespace;
  const level = mark.charCodeAt() & 15;
  const name = "flickr." + space + (word < "a" ? GET : "") + word;
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
