/** Requests with retries, and the errors of their answers. */
import { FlickrError } from "./errors.js";

/** Describe a response that is not an answer of Flickr, by its status. */
const describeFailure = (status) =>
  status
    ? `HTTP ${status}: ${status == 429 ? "Flickr asks to slow down" : "not Flickr's answer"}`
    : "no answer";

/**
 * Send a request as fetch does, by `send`, and return Flickr's answer; retry after a temporary failure, up to
 * `retries` times.
 */
export const sendWithRetries = async (send, request, method, { signal, timeout }, retries) => {
  for (let attempt = 0; ; attempt++) {
    let response, text, answer, code, failure, cause;
    signal?.throwIfAborted();
    const deadline = timeout && AbortSignal.timeout(timeout);
    // Also used at the end: WebKit forgets a combined signal that only a request has.
    const either = deadline && signal ? AbortSignal.any([deadline, signal]) : deadline || signal;
    try {
      response = await send(request.url, { ...request, signal: either });
      text = await response.text();
    } catch (error) {
      cause = error;
    }
    signal?.throwIfAborted();
    try {
      // An object, also one wrapped in a function call (JSONP). A list is not an answer.
      answer = JSON.parse(text.match(/{.*}|\[/s)[0]);
      if (answer.stat == "fail") {
        failure = `${answer.message} (code ${Number(answer.code)})`;
        code = Number(answer.code);
      }
    } catch {
      // The message for all invalid answers is below.
    }
    // XMLHttpRequest has status 0 without an answer.
    const status = response?.status || undefined;
    if (answer?.stat == "ok" && status < 400) {
      return answer;
    }
    failure ||= describeFailure(status);
    // Too many calls, a server error, no answer, or one of Flickr's temporary codes.
    const isTemporary = status >= 400 ? status >= 429 : !code || code == 105 || code == 201;
    const retryAfter = response?.headers?.get?.("retry-after");
    // Milliseconds: as the server requests, or with exponential backoff; at most five minutes.
    const pause = retryAfter > 0 ? retryAfter * 1000 : 500 * (1 + Math.random()) * 2 ** attempt;
    if (!(attempt < retries && pause < 300_000 && isTemporary)) {
      // A proxy's own message may start with the method.
      const message = failure.startsWith(method) ? failure : method + ": " + failure;
      throw new FlickrError(
        message,
        // After a timeout, WebKit's fetch fails with an AbortError, and XMLHttpRequest without an error.
        { method, code, status, cause: either?.reason || cause },
        request,
      );
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pause);
      signal?.addEventListener("abort", resolve);
    });
  }
};
