import { hooks } from "./hooks.js";
import { METHODS, SECURITY } from "./table.js";

/** Methods by name, as far as they have been read; any name may be asked for, so without a prototype. */
const methods = { __proto__: null };

const read = (space) => {
  let index = 0;
  // What every object has, such as "constructor", is no text.
  METHODS[space]?.replace?.(/(\w+)(\W)/g, (match, key, mark) => {
    const name = `flickr.${space && space + "."}${key}`;
    const [needslogin, needssigning, requiredperms] = SECURITY[",;!?+*=@#%^~|&$".indexOf(mark)];
    methods[name] ||= { name, security: { needslogin, needssigning, requiredperms } };
    hooks.describe?.(methods[name], space, index++);
  });
};

/** What is known of a method: its name and security, and all the rest in development. */
export const find = (name) => {
  if (!methods[name]) {
    read(name.slice(7, name.lastIndexOf(".")));
  }
  return methods[name];
};

/** All methods by name. */
export const findAll = () => {
  Object.keys(METHODS).forEach(read);
  return methods;
};
