/**
 * The tables, in the shape in which the compiler renders them from the reflection.
 * This module is replaced by that of the build; it stands here for the linters.
 */
export const NAMES = "photos.Info search 500";
/** Methods that the build leaves out and that still need signing. */
export const OMITTED = [];
/** The start of a method's last name, left out before a capital. */
export const SHARED_PREFIX = "get";
export const LIMITS = { "flickr.photos.search": 4000 };
export const SEPARATORS = "~\t";
export const DESCRIPTIONS = "Finds photos.";
export const ARGUMENTS = "text\tWords.";
export const REQUIRED = "";
export const OPTIONAL = "!";
export const ERRORS = "105\tService currently unavailable";
export const FAILURES = "";
export const SHARED = "!";
