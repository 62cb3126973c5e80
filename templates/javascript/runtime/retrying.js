/** Requests with retries, and the errors of their answers. */
import { FlickrError } from "./errors.js";

/**
 * Send a request and return Flickr's answer; retry after a temporary failure, up to `retries` times.
 * `subject` is the method that `getMethodInfo` asks about.
 */
export const sendWithRetries = async (send, method, signal, retries, subject) => {
  for (let attempt = 0; ; attempt++) {
    let response, answer, code, failure;
    let text = "cut short";
    try {
      signal?.throwIfAborted();
      response = await send();
      text = await response.text();
      // An object, also one wrapped in a function call (JSONP). A list is not an answer.
      answer = JSON.parse(text.match(/{.*}|\[/s)[0]);
      if (answer.stat == "fail") {
        failure = `${answer.message} (code ${Number(answer.code)})`;
        code = Number(answer.code);
      }
    } catch {
      // The message for all invalid answers is below.
    }
    signal?.throwIfAborted();
    // XMLHttpRequest has status 0 without an answer.
    const status = response?.status || undefined;
    if (answer?.stat == "ok" && status < 400) {
      return answer;
    }
    failure ||= status
      ? `HTTP ${status}: ` + (text.trim() ? "HTML, XML or cut short, not Flickr's" : "empty answer")
      : "no answer: offline or CORS";
    // Too many calls, a server error, no answer, or one of Flickr's temporary codes.
    const isTemporary = status >= 400 ? status >= 429 : !code || code == 105 || code == 201;
    const retryAfter = response?.headers?.get("retry-after");
    // Milliseconds: as the server requests, or with exponential backoff; at most five minutes.
    const pause = retryAfter > 0 ? retryAfter * 1000 : 500 * (1 + Math.random()) * 2 ** attempt;
    if (!(attempt < retries && pause < 300_000 && isTemporary)) {
      throw new FlickrError(method + ": " + failure, { method, code, status }, subject);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pause);
      signal?.addEventListener("abort", resolve);
    });
  }
};
