import { GET, NAMES } from "./table.js";

/** All methods by name; any name may be asked for, so without a prototype. */
export const methods = { __proto__: null };

for (const entry of NAMES.split(":")) {
  let space = "flickr.";
  entry.replace(/(\w+)(\W)/g, (match, word, mark) => {
    if (mark == ";") {
      space += word + ".";
    } else {
      const level = mark.charCodeAt();
      const name = space + (word < "a" ? GET : "") + word;
      const security = {
        needslogin: (level >> 1) & 1,
        needssigning: level & 1,
        requiredperms: (level >> 2) & 3,
      };
      methods[name] = { name, security };
    }
  });
}
