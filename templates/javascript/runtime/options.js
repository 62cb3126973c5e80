/** Checks of a client's options and a call's settings, in the development edition. */
import { fail } from "./errors.js";
import { hooks } from "./hooks.js";
import { suggest } from "./nearest.js";

export const warn = (text) => console.warn("flickr: " + text);

/** Return true for an object with names, also an instance of a class. */
export const isObject = (value) => ({}).toString.call(value) == "[object Object]";

// A check of a value, and a description of the valid ones.
const RETRIES = [
  (value) => typeof value == "boolean" || (Number.isInteger(value) && value >= 0),
  "a whole number, or true for 3",
];
const isText = (value) => typeof value == "string";
const TEXT = [isText, "a text"];
const ADDRESS = [
  (value) => isText(value) && !/\/\/[^/?#]*@/.test(value),
  "an address without a password: a page must hold no secret",
];
const FUNCTION = [(value) => typeof value == "function", "a function"];

/** Return true for headers that fetch takes; `Content-Type` belongs to the body. */
const areHeaders = (value) => {
  try {
    return (
      isObject(value) &&
      Object.values(value).every(isText) &&
      !new Headers(value).has("Content-Type")
    );
  } catch {
    return false;
  }
};
const HEADERS = [
  areHeaders,
  'an object with names and texts in Latin-1, such as { "X-Token": "..." }, without Content-Type',
];
const CREDENTIALS = [
  (value) => ["omit", "same-origin", "include"].includes(value),
  "one of omit, same-origin, include",
];

const OPTIONS = {
  api_key: TEXT,
  endpoint: ADDRESS,
  base_url: ADDRESS,
  photo_base_url: ADDRESS,
  retry_queries: RETRIES,
  fetch: FUNCTION,
  headers: HEADERS,
  credentials: CREDENTIALS,
};

const SETTINGS = {
  signal: [
    (value) => typeof value.throwIfAborted == "function",
    "an AbortSignal: controller.signal",
  ],
  timeout: [(value) => value > 0 && Number.isFinite(value), "a number of milliseconds"],
  headers: HEADERS,
  retries: RETRIES,
};

const UPLOAD_SETTINGS = { ...SETTINGS, onprogress: FUNCTION };

/** The names of all settings, which are not arguments. */
export const settingNames = Object.keys(UPLOAD_SETTINGS);

/** Return descriptions of the unknown names in `given`; throw an error for an invalid value. */
const checkValues = (given, rules, what, method) => {
  const unknown = [];
  for (const [name, value] of Object.entries(given)) {
    if (!Object.keys(rules).includes(name)) {
      unknown.push(`${what} ${name}${suggest(name, Object.keys(rules))}`);
    } else if (value != null) {
      const [isValid, description] = rules[name];
      if (!isValid(value)) {
        fail(`${method ? method + ": " : ""}${name} must be ${description}`, method);
      }
    }
  }
  return unknown;
};

hooks.checkOptions = (given = {}) => {
  if (!isObject(given)) {
    fail("give the options in an object: new Flickr({ api_key: ... })");
  }
  const unknown = checkValues(given, OPTIONS, "unknown option");
  if (!given.api_key && !given.endpoint) {
    fail(["give an api_key, or the endpoint of a proxy", ...unknown].join("; "));
  }
  unknown.forEach(warn);
  if (!given.endpoint && (given.headers || given.credentials)) {
    warn("headers and credentials are for a proxy; Flickr takes neither");
  }
};

/** Warn of unknown settings of a call; throw an error for invalid ones. */
export const checkSettings = (method, settings, isUpload) => {
  if (typeof settings.aborted == "boolean" || settings.signal?.signal || settings.abort) {
    fail(`${method}: give the signal as { signal: controller.signal }`, method);
  }
  const rules = isUpload ? UPLOAD_SETTINGS : SETTINGS;
  checkValues(settings, rules, `${method} has no setting`, method).forEach(warn);
  if (settings.timeout < 100) {
    warn(`${method}: timeout is ${settings.timeout} milliseconds; 3 seconds are 3000`);
  }
};

const refuseCallback = (method) =>
  fail(
    `${method}: a listing takes no callback: write for await (const item of method.all({ ... }))`,
    method,
  );

hooks.checkListings = (run, method) => {
  for (const name of ["all", "pages"]) {
    const list = run[name];
    run[name] = (...given) => {
      if (given.some((part) => typeof part == "function")) {
        refuseCallback(method);
      }
      hooks.checkShape(method, given[0]);
      return list(...given);
    };
  }
};
