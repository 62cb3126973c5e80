/** The texts, arguments and errors of methods, unpacked from the tables of the development edition. */
import { hooks } from "./hooks.js";
import { ARGUMENTS, DESCRIPTIONS, ERRORS, FAILURES } from "./table.js";
import { OPTIONAL, REQUIRED, SEPARATORS, SHARED } from "./table.js";

const [ROW, FIELD] = SEPARATORS;
const unpack = (table) => table.split(ROW).map((row) => row.split(FIELD));

/** Return the rows of a table, in which an empty first field stands for that of the row before. */
const unpackRepeats = (table) => {
  let first;
  return unpack(table).map(([field, ...rest]) => {
    first = field || first;
    return [first, ...rest];
  });
};

/** Return the rows that a word refers to, by a character each: `!` to `~`, then `À` and the following. */
const pick = (word, rows) =>
  word.split("").map((character) => {
    const code = character.charCodeAt();
    return rows[code < 0x7f ? code - 33 : code - 98];
  });

const toError = ([code, message, text]) => ({
  code: +code,
  message,
  ...(text && { _content: text }),
});

/** Return the errors that all methods share, by code. */
export const errors = () =>
  Object.fromEntries(pick(SHARED, unpackRepeats(ERRORS)).map((row) => [row[0], toError(row)]));

/** The rules for the values of arguments, by argument: see `describeTaken`. */
export const rules = new WeakMap();

const toArgument = ([name, _content = "", rule]) => {
  const argument = { name, _content };
  rules.set(argument, rule);
  return argument;
};

/** Add the texts, arguments and errors to each method. */
hooks.describe = (methods) => {
  const [argumentRows, errorRows] = [ARGUMENTS, ERRORS].map(unpackRepeats);
  const texts = unpack(DESCRIPTIONS);
  const words = [REQUIRED, OPTIONAL, FAILURES].map((table) => table.split(" "));
  Object.values(methods).forEach((method, index) => {
    const [description, explanation, response] = texts[index];
    const [required, optional, failures] = words.map((table) => table[index]);
    Object.assign(
      method,
      { description },
      explanation && { explanation },
      response && { response },
      {
        required: pick(required, argumentRows).map(toArgument),
        optional: pick(optional, argumentRows).map(toArgument),
        errors: pick(failures, errorRows).map(toError),
        url: `https://www.flickr.com/services/api/${method.name}.html`,
      },
    );
  });
  // A page's change would break the checks of calls.
  Object.freeze(methods);
};
