import { FlickrError } from "./errors.js";
import { hooks } from "./hooks.js";

/** The object that `text` holds, plain or as `jsonFlickrApi({…})`; throws what else it says. */
export const readAnswer = (text, status, method) => {
  let answer;
  text = text.trim();
  try {
    answer = JSON.parse(text.replace(/^[\w$.]+\(([^]*)\);?$/, "$1"));
  } catch {
    // Told below, as are answers of another kind.
  }
  const stat = answer?.stat;
  if (stat == "ok" && !(status >= 400)) {
    return answer;
  }
  const code = stat == "fail" ? +answer.code : undefined;
  throw new FlickrError(
    method +
      ": " +
      (stat == "fail"
        ? `${answer.message} (code ${code})`
        : `HTTP ${status}, ` +
          (!text
            ? "empty answer"
            : /^</.test(text)
              ? "HTML or XML, no JSON"
              : "cut short or no answer of Flickr's")) +
      (hooks.explain?.(method, code) || ""),
    { code, method, status },
  );
};
