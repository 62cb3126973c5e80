/** The address of `path` below `base`, which may end with a slash or not. */
export const below = (base, path) => base.replace(/\/?$/, "/") + path;

/** Flickr takes Unix seconds, but for the date a photo was taken (MySQL's form) and for days. */
const toText = (value, name) => {
  const text = value.toISOString?.();
  if (!text) {
    return value === !!value ? +value : value;
  }
  return name == "date"
    ? text.slice(0, 10)
    : /taken/.test(name)
      ? text.slice(0, 19).replace("T", " ")
      : Math.floor(value / 1e3);
};

const quote = (tag) => (/\s/.test((tag = String(tag).replace(/"/g, ""))) ? `"${tag}"` : tag);

/**
 * Arguments as Flickr takes them: all texts, without those that are null or undefined. Lists are
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
      wire[name] =
        writes && name == "tags" && value.map ? texts.map(quote).join(" ") : texts.join();
    }
  }
  return wire;
};
