import { errors } from "./details.js";
import { FlickrError } from "./errors.js";
import { hooks } from "./hooks.js";
import { allMethods } from "./names.js";
import { suggest } from "./nearest.js";
import { RULES } from "./table.js";

const OPTIONS = ["api_key", "endpoint", "base_url", "photo_base_url", "retry_queries"];
const UPLOAD = "flickr.upload";
const warn = (text) => console.warn("flickr: " + text);

const within = (value, [least, most]) =>
  (least == null || value >= least) && (most == null || value <= most);
const span = ([least, most]) =>
  most == null ? `from ${least} on` : `from ${least ?? "any"} to ${most}`;

/** What Flickr takes instead of a value that breaks a rule, or nothing. */
const broken = (value, { integer, number, one_of, list_of, seconds }) => {
  const range = integer || number;
  if (range) {
    const fits = value !== "" && within(+value, range) && (!integer || Number.isInteger(+value));
    return !fits && `a ${integer ? "whole " : ""}number ${span(range)}`;
  }
  if (seconds) {
    return value > 1e11 && "Unix seconds, not milliseconds";
  }
  const known = one_of || list_of;
  const given = list_of ? value.split(",") : [value];
  return !given.every((item) => known.includes(item)) && "one of " + known.join(", ");
};

let rules;

const checkValue = (method, name, value) => {
  rules ||= RULES();
  const own = rules.own[method] || {};
  const rule = name in own ? own[name] : rules.shared[name];
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

hooks.check = (method, values) => {
  if (method == UPLOAD) {
    checkUpload(values);
    return;
  }
  const known = allMethods()[method];
  if (!known) {
    warn(`${method} is not known${suggest(method, Object.keys(allMethods()))}`);
    return;
  }
  const given = Object.keys(values).filter((name) => values[name] != null);
  const missing = known.required.map(({ name }) => name).filter((name) => !given.includes(name));
  if (missing[0]) {
    throw new FlickrError(`${method}: missing ${missing.join(", ")}`, { method });
  }
  const names = [...known.required, ...known.optional].map(({ name }) => name);
  for (const name of given) {
    if (names.includes(name)) {
      checkValue(method, name, values[name]);
    } else {
      warn(`${method} takes no argument ${name}${suggest(name, names)}`);
    }
  }
};

hooks.checkOptions = (options) => {
  if (!options.api_key && !options.endpoint) {
    throw new FlickrError("give an api_key, or the endpoint of a proxy");
  }
  for (const name in options) {
    if (!OPTIONS.includes(name)) {
      warn(`there is no option ${name}${suggest(name, OPTIONS)}`);
    }
  }
};

const explanation = ({ code, method }) => {
  const known = allMethods()[method];
  if (!known) {
    return method == UPLOAD ? "" : suggest(method, Object.keys(allMethods()));
  }
  const error = known.errors.find((row) => row.code == code) || errors()[code];
  return `${error?._content ? ": " + error._content : "."} See ${known.url}`;
};

hooks.explain = (error) => {
  if (error.method) {
    const message = error.message + explanation(error);
    // Consoles show the stack, which opens with the message that the error was made with.
    error.stack = error.stack?.replace(error.message, () => message);
    error.message = message;
  }
};

hooks.limit = (method, limit) =>
  warn(`${method} stops here: Flickr gives the first ${limit} results of a query; narrow it down`);
