/** Checks of arguments, in the development edition. */
import { rules } from "./details.js";
import { fail } from "./errors.js";
import { hooks } from "./hooks.js";
import { getMethods } from "./names.js";
import { suggest } from "./nearest.js";
import { checkSettings, isObject, settingNames, warn } from "./options.js";

const UPLOAD = "flickr.upload";
const ECHO = "flickr.test.echo";
const UPLOAD_FIELDS = [
  "photo",
  "title",
  "description",
  "tags",
  "is_public",
  "is_friend",
  "is_family",
  "safety_level",
  "content_type",
  "hidden",
  "async",
];

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
  const given = value instanceof Set ? [...value] : value;
  // Other objects and invalid numbers are refused later, in every edition.
  const isPlain = typeof given != "number" || Number.isFinite(given);
  if (rule && isPlain && (typeof given != "object" || Array.isArray(given))) {
    const text = String(typeof given == "boolean" ? Number(given) : given);
    const taken = describeTaken(text, rule);
    if (taken) {
      warn(`${method}: ${name} is ${JSON.stringify(given)}, but Flickr takes ${taken}`);
    }
  }
};

hooks.refuseValue = (value, name, method) => {
  if (Number.isInteger(value)) {
    fail(`${method}: ${name} as a number has lost digits; give it as a text`, method);
  }
  const type = {}.toString.call(value).slice(8, -1);
  fail(
    `${method}: ${name} is an invalid ${type}: give a text, a number, a date or a list of them`,
    method,
  );
};

const shorten = (method) => method.split(".").at(-1);

/** Throw an error if the arguments of a call are not an object with names. */
hooks.checkShape = (method, values) => {
  if (values == null || isObject(values)) {
    return;
  }
  const word = shorten(method);
  if (method == UPLOAD) {
    fail(`${method}: give names to the fields: upload({ photo: file })`, method);
  }
  const { required, optional } = getMethods()[method] || { required: [], optional: [] };
  const text = optional.find(({ name }) => name == "text");
  const name = (required[0] || text || optional[0])?.name || "name";
  const value = typeof values == "string" ? JSON.stringify(values) : "...";
  fail(`${method}: give names to the arguments: ${word}({ ${name}: ${value} })`, method);
};

const isBlob = (value) => ["[object Blob]", "[object File]"].includes({}.toString.call(value));

/** Throw an error for settings among the arguments, and for a missing one; warn of unknown names. */
const checkNames = (method, names, taken, endpoint) => {
  for (const name of names) {
    if (taken.includes(name) || method == ECHO || (endpoint && name == "authenticated")) {
      // Echo takes any argument, and a proxy takes `authenticated`.
      continue;
    }
    if (settingNames.includes(name)) {
      const example = `${shorten(method)}({ ... }, { ${name} })`;
      fail(`${method}: ${name} belongs in the second argument: ${example}`, method);
    }
    warn(`${method} takes no argument ${name}${suggest(name, taken)}`);
  }
};

/** The arguments of later pages of a listing, which were checked with those of the first page. */
const nextPages = new WeakSet();

hooks.nextPage = (values) => nextPages.add(values);

hooks.check = (method, values, settings, endpoint, isChecked) => {
  if (nextPages.has(values)) {
    return;
  }
  checkSettings(method, settings, method == UPLOAD);
  if (!isChecked) {
    return;
  }
  hooks.checkShape(method, values);
  const names = Object.keys(values).filter((name) => values[name] != null);
  if (method == UPLOAD) {
    checkNames(method, names, UPLOAD_FIELDS, endpoint);
    if (!isBlob(values.photo)) {
      fail("flickr.upload: photo must be a File or a Blob", UPLOAD);
    }
    return;
  }
  const { required, optional } = getMethods()[method];
  const missing = required.map(({ name }) => name).filter((name) => !names.includes(name));
  const taken = [...required, ...optional];
  checkNames(
    method,
    names,
    taken.map(({ name }) => name),
    endpoint,
  );
  if (missing[0]) {
    fail(`${method}: missing ${missing.join(", ")}`, method);
  }
  for (const argument of taken) {
    if (names.includes(argument.name)) {
      checkValue(method, argument, values[argument.name]);
    }
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
