/** The addresses of photos. */
import { joinUrl } from "./wire.js";

// The suffix of the answer's field with a size's address, if it differs from that of the size.
const FIELDS = { s: "sq", m: "s", "": "m", b: "l" };

/**
 * Return the address of a photo in a size, given by Flickr's suffix (an empty one is 500 pixels), or null if
 * the answer lacks a part of it: the original and sizes from "h" on have secrets of their own.
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
