import { hooks } from "./hooks.js";
import { ARGUMENTS, DETAILS, ERRORS, SEPARATORS } from "./table.js";

const [ROW, FIELD, ITEM, PART] = SEPARATORS;

const toError = ([code, message, text]) =>
  text ? { code, message, _content: text } : { code, message };

/** The errors that any method may answer, by code. */
export const errors = () => Object.fromEntries(ERRORS().map((row) => [row[0], toError(row)]));

const items = (text) => (text ? text.split(ITEM).map((item) => item.split(PART)) : []);

const describe = (method, row, texts) => {
  const [description, taken, known, explanation, response] = row.split(FIELD);
  const required = [];
  const optional = [];
  for (const [mark, own] of items(taken)) {
    const name = mark.replace(/\?$/, "");
    (name == mark ? required : optional).push({ name, _content: own ?? texts[name] });
  }
  Object.assign(method, { description }, explanation && { explanation }, response && { response }, {
    required,
    optional,
    errors: items(known).map(([code, ...told]) => toError([+code, ...told])),
    url: `https://www.flickr.com/services/api/${method.name}.html`,
  });
};

hooks.describe = (methods) => {
  const texts = Object.fromEntries(ARGUMENTS.split(ROW).map((row) => row.split(PART)));
  const rows = DETAILS.split(ROW);
  Object.values(methods).forEach((method, index) => describe(method, rows[index], texts));
};
