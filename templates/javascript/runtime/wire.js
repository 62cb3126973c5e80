/** Return the address of `path` below `base`, which may end with a slash or not. */
export const joinUrl = (base, path) => base.replace(/\/?$/, "/") + path;

/** Convert to Flickr's formats. Dates become Unix seconds, the date taken MySQL's form, `date` a day. */
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
 * Return arguments as Flickr takes them: all texts, without those that are null or undefined. Lists are
 * joined by commas, but for the `tags` of a method that writes: by spaces, with quotes.
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
