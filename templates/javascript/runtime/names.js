import { GET, NAMES, OMITTED } from "./table.js";

/** All methods by name; any name may be asked for, so without a prototype. */
export const methods = { __proto__: null };

/** What each call needs, as bits: 1 signing, 2 login, and from 4 on the permission. */
export const levels = { __proto__: null, "flickr.upload": 11 };

/**
 * How many items a page of each method that lists something can hold; 0 for those without pages, or
 * whose largest page is unknown.
 */
export const pageSizes = { __proto__: null };

const readNames = (table, add) => {
  let space = "";
  table.replace(/([\w.]+\.)?(\w+)(.)(\d*)/g, (match, namespace = space, word, mark, size) => {
    space = namespace;
    const name = "flickr." + space + (word < "a" ? GET : "") + word;
    levels[name] = mark.charCodeAt() & 15;
    if (size) {
      pageSizes[name] = +size;
    }
    add?.(name, levels[name]);
  });
};

// Methods that this build leaves out still need signing.
readNames(OMITTED);
readNames(NAMES, (name, level) => {
  methods[name] = {
    name,
    security: {
      needslogin: (level >> 1) & 1,
      needssigning: level & 1,
      requiredperms: level >> 2,
    },
  };
});
