import { METHODS, SECURITY } from "./table.js";

/** All methods by name, as `Flickr.methods` shows them; without a prototype, as any name may be asked for. */
export const methods = { __proto__: null };

let namespace;
METHODS.replace(/([\w.]*:)?(\w+)(\W)/g, (match, prefix = namespace, key, mark) => {
  namespace = prefix;
  const name = "flickr." + prefix.replace(":", prefix[1] ? "." : "") + key;
  const [needslogin, needssigning, requiredperms] = SECURITY[",;!?+*=@#%^~|&$".indexOf(mark)];
  methods[name] = { name, security: { needslogin, needssigning, requiredperms } };
});
