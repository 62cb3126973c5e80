import { hooks } from "./hooks.js";
import { ARGUMENTS, DETAILS, ERRORS } from "./table.js";

const toError = ([code, message, text]) =>
  text ? { code, message, _content: text } : { code, message };

let texts, rows;

/** The errors that any method may answer, by code. */
export const errors = () => Object.fromEntries(ERRORS().map((row) => [row[0], toError(row)]));

hooks.describe = (method, space, index) => {
  if (method.url) {
    return;
  }
  texts ||= ARGUMENTS();
  rows ||= DETAILS();
  const [description = "", names, own, known, explanation, response] = rows[space][index];
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
