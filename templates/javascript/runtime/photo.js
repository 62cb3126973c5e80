/** The addresses of photos. */
import { joinUrl } from "./wire.js";

// The suffix of the answer's field with a size's address, if it differs from that of the size.
const FIELDS = { s: "sq", m: "s", "": "m", b: "l" };

/**
 * Return a function that returns the address of a photo in a size, for photos at `base`. The size is
 * Flickr's suffix; an empty one, and any value that is not a text, is 500 pixels. The address is null if the
 * answer lacks a part of it: the original and sizes from "h" on have secrets of their own.
 */
export const makePhotoURL =
  (base = "https://live.staticflickr.com") =>
  (photo, suffix) => {
    // `photos.map(photoURL)` gives an index.
    const size = typeof suffix == "string" ? suffix : "";
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
