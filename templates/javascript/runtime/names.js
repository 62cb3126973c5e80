/** The methods by name, their levels and page sizes, unpacked from the tables. */
import { NAMES, SHARED_PREFIX } from "./table.js";
import { hooks } from "./hooks.js";
import { lazyObject } from "./lazy.js";

/** The level of each method, in bits: 1 signing, 2 login, from 4 on the permission (8 is write). */
export const levels = { "flickr.upload": 11 };

/**
 * The number of items in the largest page of each method, as a text: "0" if the method has no pages or if the
 * largest is unknown, empty if it lists nothing.
 */
export const pageSizes = {};

/** All methods by name. They and the other tables are unpacked at the first use, not while a page loads. */
export const methods = lazyObject({}, (target) => {
  let space = "";
  NAMES.replace(/([\w.]+\.)?(\w+)(.)(\d*)/g, (match, namespace = space, word, mark, size) => {
    space = namespace;
    const name = "flickr." + space + (/^[A-Z]/.test(word) ? SHARED_PREFIX : "") + word;
    const level = mark.charCodeAt() & 15;
    target[name] = {
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
  hooks.describe?.(target);
});
