/** Checks of arguments, and explanations of errors, in the development edition. */
import { errors, rules } from "./details.js";
import { FlickrError } from "./errors.js";
import { hooks } from "./hooks.js";
import { methods } from "./names.js";
import { suggest } from "./nearest.js";
import { warn } from "./options.js";

const UPLOAD = "flickr.upload";
const METHOD_INFO = "flickr.reflection.getMethodInfo";

/**
 * Return a description of the valid values if `value` breaks a rule, else an empty text. A rule starts with
 * its kind: `#1,500` are the integers from 1 to 500, `.` other numbers, `=` one of the listed values, `,` a
 * list of these, `@` Unix seconds.
 */
const describeTaken = (value, rule) => {
  const kind = rule[0];
  const operands = rule.slice(1).split(",");
  if (kind == "@") {
    return value > 1e11 ? "Unix seconds, not milliseconds" : "";
  }
  if (kind == "#" || kind == ".") {
    const [least, most] = operands;
    const isWhole = kind == "#";
    const number = Number(value);
    const isInside = number >= Number(least) && (!most || number <= Number(most));
    if (value && isInside && (!isWhole || Number.isInteger(number))) {
      return "";
    }
    return `a ${isWhole ? "whole " : ""}number from ${least} ${most ? "to " + most : "on"}`;
  }
  const items = kind == "," ? value.split(",") : [value];
  return items.every((item) => operands.includes(item)) ? "" : "one of " + operands.join(", ");
};

const checkValue = (method, argument, value) => {
  const { name } = argument;
  const rule = rules.get(argument);
  if (typeof value == "number" && /_id$/.test(name) && !Number.isSafeInteger(value)) {
    warn(`${method}: ${name} as a number has lost digits; give it as a text`);
  }
  if (rule && !(value instanceof Date)) {
    const text = String(typeof value == "boolean" ? Number(value) : value);
    const taken = describeTaken(text, rule);
    if (taken) {
      warn(`${method}: ${name} is ${JSON.stringify(value)}, but Flickr takes ${taken}`);
    }
  }
};

const checkUpload = ({ photo }) => {
  if (!(photo instanceof Blob)) {
    throw new FlickrError("flickr.upload: photo must be a File or a Blob", {
      method: UPLOAD,
    });
  }
};

/** The arguments of later pages of a listing, which were checked with those of the first page. */
const nextPages = new WeakSet();

hooks.nextPage = (values) => nextPages.add(values);

hooks.check = (method, values, endpoint, isChecked) => {
  if (!isChecked || nextPages.has(values)) {
    return;
  }
  if (method == UPLOAD) {
    checkUpload(values);
    return;
  }
  const { required, optional } = methods[method];
  const names = Object.keys(values).filter((name) => values[name] != null);
  const missing = required.map(({ name }) => name).filter((name) => !names.includes(name));
  if (missing[0]) {
    throw new FlickrError(`${method}: missing ${missing.join(", ")}`, { method });
  }
  const taken = [...required, ...optional];
  const takenNames = taken.map(({ name }) => name);
  for (const key of names) {
    const argument = taken.find(({ name }) => name == key);
    if (argument) {
      checkValue(method, argument, values[key]);
    } else if (method != "flickr.test.echo" && !(endpoint && key == "authenticated")) {
      // Echo takes any argument, and a proxy takes `authenticated`.
      warn(`${method} takes no argument ${key}${suggest(key, takenNames)}`);
    }
  }
};

const METHOD_NOT_FOUND = 112;

/** Return the unknown name in an error: the called method, or the method that `getMethodInfo` asks about. */
const findUnknownName = (code, method, subject) => {
  if (code == METHOD_NOT_FOUND) {
    return method;
  }
  return method == METHOD_INFO && code == 1 ? subject : "";
};

const describeError = ({ code, method }, subject) => {
  const unknown = findUnknownName(code, method, subject);
  if (unknown && !methods[unknown]) {
    return suggest(String(unknown), Object.keys(methods));
  }
  const facts = methods[method];
  if (!facts) {
    return "";
  }
  const error = facts.errors.find((row) => row.code == code) || errors()[code];
  return `${error?._content ? ": " + error._content : "."} See ${facts.url}`;
};

hooks.explain = (error, subject) => {
  if (error.method) {
    const message = error.message + describeError(error, subject);
    // Consoles show the stack, which starts with the original message.
    error.stack = error.stack?.replace(error.message, () => message);
    error.message = message;
  }
};

hooks.limit = (method, limit) =>
  warn(`${method} stops here: Flickr gives the first ${limit} results of a query; narrow it down`);

hooks.repeat = (method, requestedPage, reportedPage) => {
  const place = requestedPage
    ? `page ${reportedPage} when asked for page ${requestedPage}`
    : "the same continuation again";
  warn(`${method} stops here: Flickr answered ${place}`);
};
