import { below } from "./wire.js";

// The field of an answer that holds a size's address, where it is not named after its suffix.
const FIELDS = { s: "sq", m: "s", "": "m", b: "l" };

/**
 * The address of a photo in a size, by Flickr's suffix (none is 500 pixels), or null where the answer
 * does not hold what it takes: from "h" on a size has a secret of its own, as the original has.
 */
export const photoURL = (photo, size = "", base = "https://live.staticflickr.com") => {
  const original = size == "o";
  const secret = original ? photo.originalsecret : /^[sqtmnwzcb]?$/.test(size) && photo.secret;
  return (
    photo["url_" + (FIELDS[size] ?? size)] ||
    (secret && photo.server && photo.id
      ? below(
          base,
          `${photo.server}/${photo.id}_${secret}${size && "_" + size}.` +
            (original ? photo.originalformat : "jpg"),
        )
      : null)
  );
};
