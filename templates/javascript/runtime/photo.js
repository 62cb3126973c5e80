import { joinUrl } from "./wire.js";

// The suffix in the field of an answer that holds a size's address, if it is not the size's own.
const FIELDS = { s: "sq", m: "s", "": "m", b: "l" };

/**
 * Return the address of a photo in a size, by Flickr's suffix (none is 500 pixels), or null if the answer
 * lacks a part of it: from "h" on a size has a secret of its own, as the original has.
 */
export const photoURL = (photo, size = "", base = "https://live.staticflickr.com") => {
  const isOriginal = size == "o";
  const secret = isOriginal ? photo.originalsecret : /^[sqtmnwzcb]?$/.test(size) && photo.secret;
  const extension = isOriginal ? photo.originalformat : "jpg";
  return (
    photo["url_" + (FIELDS[size] ?? size)] ||
    (secret && photo.server && photo.id
      ? joinUrl(base, `${photo.server}/${photo.id}_${secret}${size && "_" + size}.${extension}`)
      : null)
  );
};
