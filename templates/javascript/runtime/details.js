import { hooks } from "./hooks.js";
import { methods } from "./names.js";
import { ARGUMENTS, DESCRIPTIONS, ERRORS, FAILURES } from "./table.js";
import { OPTIONAL, REQUIRED, SEPARATORS, SHARED } from "./table.js";

const [ROW, FIELD] = SEPARATORS;
const unpack = (table) => table.split(ROW).map((row) => row.split(FIELD));

/** The rows of a table whose first field is left empty where it is that of the row before. */
const unpackRepeats = (table) => {
  let first;
  return unpack(table).map(([given, ...rest]) => [(first = given || first), ...rest]);
};

/** The rows that a word picks: a character stands for each, `!` to `~` and then from `À` on. */
const pick = (word, rows) =>
  word.split("").map((code) => rows[code.charCodeAt() - (code < "\x7f" ? 33 : 98)]);

const toError = ([code, message, text]) => ({
  code: +code,
  message,
  ...(text && { _content: text }),
});

/** The errors that any method may answer, by code. */
export const errors = () =>
  Object.fromEntries(pick(SHARED, unpackRepeats(ERRORS)).map((row) => [row[0], toError(row)]));

/** Which values Flickr takes, by argument of a method: see `broken`. */
export const rules = new WeakMap();

const toArgument = ([name, _content = "", rule]) => {
  const argument = { name, _content };
  rules.set(argument, rule);
  return argument;
};

const describe = () => {
  const [known, failures] = [ARGUMENTS, ERRORS].map(unpackRepeats);
  const texts = unpack(DESCRIPTIONS);
  const words = [REQUIRED, OPTIONAL, FAILURES].map((table) => table.split(" "));
  Object.values(methods).forEach((method, index) => {
    const [description, explanation, response] = texts[index];
    const [required, optional, failing] = words.map((table) => table[index]);
    Object.assign(
      method,
      { description },
      explanation && { explanation },
      response && { response },
      {
        required: pick(required, known).map(toArgument),
        optional: pick(optional, known).map(toArgument),
        errors: pick(failing, failures).map(toError),
        url: `https://www.flickr.com/services/api/${method.name}.html`,
      },
    );
  });
};

describe();

hooks.errors = errors;
