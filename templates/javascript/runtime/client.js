import "./checks.js";
import { makeMethod } from "./method.js";
import { methods } from "./names.js";
import { fill } from "./namespace.js";
import { photoURL } from "./photo.js";

/**
 * What a page needs when it first uses a client. The linker puts this module, and those that it alone
 * needs, into one function: the page does not wait for all of it while it loads.
 */
export const client = () => ({ fill, method: makeMethod, methods, photoURL });
