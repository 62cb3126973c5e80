/** The tables of a small reflection, for linters and editors; a build replaces this module by its own. */
export const NAMES = "photos.Info search 500";
/** Methods that the build omits and that need signing. */
export const OMITTED = [];
/** The prefix of methods' own names, omitted before a capital. */
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
