/** Explanations of errors, in the development edition. */
import { errors } from "./details.js";
import { hooks } from "./hooks.js";
import { getMethods } from "./names.js";
import { suggest } from "./nearest.js";

const METHOD_INFO = "flickr.reflection.getMethodInfo";
const METHOD_NOT_FOUND = 112;

const findArgument = ({ url, body }, name) =>
  body ? JSON.parse(body)[name] : new URLSearchParams(url.split("?")[1]).get(name);

/** Return the unknown name in an error: the called method, or the method that `getMethodInfo` asks about. */
const findUnknownName = ({ code, method }, request) => {
  if (code == METHOD_NOT_FOUND) {
    return method;
  }
  return method == METHOD_INFO && code == 1 && request && findArgument(request, "method_name");
};

/** Return the message of an error without Flickr's or a proxy's answer, with the address and usual causes. */
const describeRequest = ({ method, status, message, cause }, { url, method: verb = "GET" }) => {
  const address = `${verb} ${url.split("?")[0]}`;
  if (status) {
    const causes = status == 429 ? "; try again later" : ", but empty, HTML, XML or cut short";
    return message.replace(`HTTP ${status}`, `$& from ${address}`) + causes;
  }
  if (cause?.name == "TimeoutError") {
    return `${method}: no answer from ${address} within the timeout`;
  }
  const question =
    verb == "GET"
      ? "is this page online, does CORS, CSP or a blocker forbid the request?"
      : "is the proxy running, does its CORS allow this page?";
  return `${method}: no answer from ${address}; ${question}`;
};

const explain = (error, request) => {
  const { code, method, status, message } = error;
  const unknown = findUnknownName(error, request);
  if (unknown && !getMethods()[unknown]) {
    return message + suggest(String(unknown), Object.keys(getMethods()));
  }
  if (request && code === undefined) {
    return describeRequest(error, request);
  }
  const facts = getMethods()[method];
  // An HTTP status is of a proxy's refusal, which explains itself.
  if (!facts || status >= 400) {
    return message;
  }
  const failure = facts.errors.find((row) => row.code == code) || errors()[code];
  return `${message}${failure?._content ? ": " + failure._content : "."} See ${facts.url}`;
};

hooks.explain = (error, request) => {
  if (error.method) {
    const message = explain(error, request);
    // Consoles show the stack, which starts with the original message.
    error.stack = error.stack?.replace(error.message, () => message);
    error.message = message;
  }
};
