import { hooks } from "./hooks.js";
import { ARGUMENTS, DETAILS, ERRORS } from "./table.js";

const toError = ([code, message, text]) =>
  text ? { code, message, _content: text } : { code, message };

/** The errors that any method may answer, by code. */
export const errors = () => Object.fromEntries(ERRORS().map((row) => [row[0], toError(row)]));

const describe = (method, row, texts) => {
  const [description = "", names, own, known, explanation, response] = row;
  const taken = names ? names.split(" ") : [];
  const argument = (name) => ({ name, _content: (own || {})[name] ?? texts[name] });
  const isOptional = (name) => name.endsWith("?");
  Object.assign(method, { description }, explanation && { explanation }, response && { response }, {
    required: taken.filter((name) => !isOptional(name)).map(argument),
    optional: taken.filter(isOptional).map((name) => argument(name.slice(0, -1))),
    errors: (known || []).map(toError),
    url: `https://www.flickr.com/services/api/${method.name}.html`,
  });
};

hooks.describe = (methods) => {
  const texts = ARGUMENTS();
  const rows = Object.values(DETAILS()).flat();
  Object.values(methods).forEach((method, index) => describe(method, rows[index], texts));
};
