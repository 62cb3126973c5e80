/** Conversion of arguments to Flickr's formats, and addresses. */
import { fail } from "./errors.js";
import { hooks } from "./hooks.js";

/** Return the address of `path` below `base`, with or without a slash at its end. */
export const joinUrl = (base, path) => base.replace(/\/?$/, "/") + path;

/** Convert a value: dates become Unix seconds, dates taken MySQL date-times, and `date` a day. */
const toText = (value, name, method) => {
  const type = typeof value;
  // An id that is not a safe integer has lost digits.
  const isExact = /_ids?$/.test(name) ? Number.isSafeInteger : Number.isFinite;
  if (type == "string" || type == "bigint" || isExact(value)) {
    return value;
  }
  if (type == "boolean") {
    return Number(value);
  }
  if (!value.toISOString || isNaN(value)) {
    hooks.refuseValue?.(value, name, method);
    fail(`${method}: ${name} is invalid`, method);
  }
  const text = value.toISOString();
  if (name == "date") {
    return text.slice(0, 10);
  }
  if (/taken/.test(name)) {
    return text.slice(0, 19).replace("T", " ");
  }
  return Math.floor(value / 1000);
};

const quoteTag = (value) => {
  const tag = String(value).replace(/"/g, "");
  return /\s/.test(tag) ? `"${tag}"` : tag;
};

/**
 * Return arguments in Flickr's formats, without null and undefined. Lists are joined with commas; only the
 * `tags` of a write are joined with spaces, and quoted.
 */
export const toWire = (method, values, isWrite) => {
  const wire = {};
  for (const [name, value] of Object.entries(values)) {
    if (value != null) {
      const isList = Array.isArray(value) || value instanceof Set;
      const texts = (isList ? [...value] : [value])
        .filter((item) => item != null)
        .map((item) => toText(item, name, method));
      const isTagList = isWrite && name == "tags" && isList;
      wire[name] = isTagList ? texts.map(quoteTag).join(" ") : texts.join();
    }
  }
  return wire;
};
