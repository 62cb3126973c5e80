/** Conversion of arguments to Flickr's formats, and addresses. */

/** Return the address of `path` below `base`, with or without a slash at its end. */
export const joinUrl = (base, path) => base.replace(/\/?$/, "/") + path;

/** Convert a value: dates become Unix seconds, dates taken MySQL date-times, and `date` a day. */
const toText = (value, name) => {
  const text = value.toISOString?.();
  if (!text) {
    return value === true ? 1 : value === false ? 0 : value;
  }
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
export const toWire = (values, writes) => {
  const wire = {};
  for (const name in values) {
    const value = values[name];
    if (value != null) {
      const texts = [value]
        .flat()
        .filter((item) => item != null)
        .map((item) => toText(item, name));
      const isTagList = writes && name == "tags" && Array.isArray(value);
      wire[name] = isTagList ? texts.map(quoteTag).join(" ") : texts.join();
    }
  }
  return wire;
};
