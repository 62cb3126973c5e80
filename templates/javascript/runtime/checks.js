import { errors, rules } from "./details.js";
import { FlickrError } from "./errors.js";
import { hooks } from "./hooks.js";
import { methods } from "./names.js";
import { suggest } from "./nearest.js";
import { warn } from "./options.js";

const UPLOAD = "flickr.upload";
const METHOD_INFO = "flickr.reflection.getMethodInfo";

/**
 * What Flickr takes instead of a value that breaks a rule, or nothing. A rule opens with its kind:
 * `#1,500` are the whole numbers from 1 to 500, `.` other numbers, `=` one of the values that follow,
 * `,` a list of them, `@` Unix seconds.
 */
const broken = (value, rule) => {
  const kind = rule[0];
  const known = rule.slice(1).split(",");
  if (kind == "@") {
    return value > 1e11 && "Unix seconds, not milliseconds";
  }
  if (kind == "#" || kind == ".") {
    const [least, most] = known;
    const whole = kind == "#";
    const inside = value >= +least && (!most || value <= +most);
    const fits = value && inside && (!whole || Number.isInteger(+value));
    return !fits && `a ${whole ? "whole " : ""}number from ${least} ${most ? "to " + most : "on"}`;
  }
  const given = kind == "," ? value.split(",") : [value];
  return !given.every((item) => known.includes(item)) && "one of " + known.join(", ");
};

const checkValue = (method, argument, value) => {
  const { name } = argument;
  const rule = rules.get(argument);
  if (typeof value == "number" && /_id$/.test(name) && !Number.isSafeInteger(value)) {
    warn(`${method}: ${name} as a number has lost digits; give it as a text`);
  }
  const plain = value === true ? "1" : value === false ? "0" : String(value);
  const wanted = rule && !(value instanceof Date) && broken(plain, rule);
  if (wanted) {
    warn(`${method}: ${name} is ${JSON.stringify(value)}, but Flickr takes ${wanted}`);
  }
};

const checkUpload = ({ photo }) => {
  if (!(photo instanceof Blob)) {
    throw new FlickrError("flickr.upload: photo must be a File or a Blob", {
      method: UPLOAD,
    });
  }
};

/** The arguments of further pages of a listing, which were checked with those of its first page. */
const nextPages = new WeakSet();

hooks.nextPage = (values) => nextPages.add(values);

hooks.check = (method, values, endpoint, checked) => {
  if (!checked || nextPages.has(values)) {
    return;
  }
  if (method == UPLOAD) {
    checkUpload(values);
    return;
  }
  const known = methods[method];
  const given = Object.keys(values).filter((name) => values[name] != null);
  const missing = known.required.map(({ name }) => name).filter((name) => !given.includes(name));
  if (missing[0]) {
    throw new FlickrError(`${method}: missing ${missing.join(", ")}`, { method });
  }
  const taken = [...known.required, ...known.optional];
  for (const key of given) {
    const argument = taken.find(({ name }) => name == key);
    if (argument) {
      checkValue(method, argument, values[key]);
    } else if (method != "flickr.test.echo" && !(endpoint && key == "authenticated")) {
      // Echo takes whatever it is given, and a proxy the wish for a signature.
      const near = suggest(
        key,
        taken.map(({ name }) => name),
      );
      warn(`${method} takes no argument ${key}${near}`);
    }
  }
};

const METHOD_NOT_FOUND = 112;

/** The name that Flickr does not know: the method called, or the one that a call asks about. */
const unknownName = (code, method, wanted) =>
  code == METHOD_NOT_FOUND ? method : method == METHOD_INFO && code == 1 ? wanted : "";

const explanation = ({ code, method }, wanted) => {
  const known = methods[method];
  const unknown = unknownName(code, method, wanted);
  if (unknown && !methods[unknown]) {
    return suggest(String(unknown), Object.keys(methods));
  }
  if (!known) {
    return "";
  }
  const error = known.errors.find((row) => row.code == code) || errors()[code];
  return `${error?._content ? ": " + error._content : "."} See ${known.url}`;
};

hooks.explain = (error, wanted) => {
  if (error.method) {
    const message = error.message + explanation(error, wanted);
    // Consoles show the stack, which opens with the message that the error was made with.
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
