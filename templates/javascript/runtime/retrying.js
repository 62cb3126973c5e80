import { FlickrError } from "./errors.js";

/**
 * Send a request until Flickr's answer is ok; after a temporary failure again, up to `retries` times.
 * `subject` is the method that a call asks about.
 */
export const sendWithRetries = async (send, method, signal, retries, subject) => {
  for (let attempt = 0; ; attempt++) {
    let response, answer, code, failure;
    let text = "cut short";
    try {
      signal?.throwIfAborted();
      response = await send();
      text = await response.text();
      // The object, whatever surrounds it; one in a list does not count.
      answer = JSON.parse(text.match(/{.*}|\[/s)[0]);
      if (answer.stat == "fail") {
        failure = `${answer.message} (code ${Number(answer.code)})`;
        code = Number(answer.code);
      }
    } catch {
      // Described below, as are answers of another kind.
    }
    signal?.throwIfAborted();
    // XMLHttpRequest has status 0 if there was no answer.
    const status = response?.status || undefined;
    if (answer?.stat == "ok" && status < 400) {
      return answer;
    }
    failure ||= status
      ? `HTTP ${status}: ` + (text.trim() ? "HTML, XML or cut short, not Flickr's" : "empty answer")
      : "no answer: offline or CORS";
    // Too many calls or a failing server; or no answer, or a code that Flickr calls temporary.
    const isTemporary = status >= 400 ? status >= 429 : !code || code == 105 || code == 201;
    const retryAfter = response?.headers?.get("retry-after");
    // Milliseconds: what the server asks for, else longer each time. Nobody waits for five minutes.
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
