/** Errors for misspelt names in the development edition: `flickr.photos.serach`, `Flickr.tokenonly`. */
import { fail } from "./errors.js";
import { Flickr } from "./flickr.js";
import { hooks } from "./hooks.js";
import { findNearest } from "./nearest.js";

/**
 * Return a prototype for `parent`'s children that throws an error for an unknown name that is near to one of
 * `listNames(child)`. Another name is undefined, as in any object: consoles and frameworks look up many.
 */
const guard = (parent, what, listNames) =>
  new Proxy(parent, {
    get(target, key, child) {
      if (typeof key == "string" && !(key in target)) {
        const nearest = findNearest(key, listNames(child));
        if (nearest) {
          fail(`${what} has no ${key}; did you mean ${nearest}?`);
        }
      }
      return Reflect.get(target, key, child);
    },
  });

hooks.guard = (space, name) => {
  Object.setPrototypeOf(
    space,
    guard(Object.prototype, name, () => Object.keys(space)),
  );
};

// Subclasses have names of their own.
const memberNames = [...Object.getOwnPropertyNames(Flickr.prototype), "options"];
const ofClient = (child) =>
  Object.getPrototypeOf(child) == Flickr.prototype ? [...memberNames, ...Object.keys(child)] : [];
Object.setPrototypeOf(Flickr.prototype, guard(Object.prototype, "flickr", ofClient));

const ownNames = Object.getOwnPropertyNames(class {});
const staticNames = () =>
  Object.getOwnPropertyNames(Flickr).filter((name) => !ownNames.includes(name));
const ofClass = (child) => (child == Flickr ? staticNames() : []);
Object.setPrototypeOf(Flickr, guard(Function.prototype, "Flickr", ofClass));
