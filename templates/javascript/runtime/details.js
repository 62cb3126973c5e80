import { methods } from "./methods.js";
import { ARGUMENTS, DETAILS, ERRORS } from "./table.js";

const toError = ([code, message, text]) =>
  text ? { code, message, _content: text } : { code, message };

/** The errors that any method may answer, by code. */
export const errors = {};
for (const row of ERRORS) {
  errors[row[0]] = toError(row);
}

const fill = (method, [description, names = "", own, rows, explanation, response]) => {
  const taken = names ? names.split(" ") : [];
  const argument = (name) => ({ name, _content: (own || {})[name] ?? ARGUMENTS[name] });
  const isOptional = (name) => name.endsWith("?");
  method.description = description || "";
  if (explanation) {
    method.explanation = explanation;
  }
  if (response) {
    method.response = response;
  }
  method.required = taken.filter((name) => !isOptional(name)).map(argument);
  method.optional = taken.filter(isOptional).map((name) => argument(name.slice(0, -1)));
  method.errors = (rows || []).map(toError);
  method.url = `https://www.flickr.com/services/api/${method.name}.html`;
};

Object.values(methods).forEach((method, index) => fill(method, DETAILS[index]));
