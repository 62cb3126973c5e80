import { FlickrError } from "./errors.js";

/**
 * Send until there is an answer, or up to `retries` times more where a passing failure allows it.
 * `wanted` is the method that a call asks about.
 */
export const exchange = async (send, method, signal, retries, wanted) => {
  let count = 0;
  for (;;) {
    let response, answer, code, told;
    // What breaks off has some text, too.
    let text = method;
    try {
      signal?.throwIfAborted();
      response = await send();
      text = await response.text();
      // Whatever stands around it; what stands in a list is none.
      answer = JSON.parse(text.match(/{.*}|\[/s)[0]);
      told = answer.stat == "fail" && `${answer.message} (code ${(code = +answer.code)})`;
    } catch {
      // Told below, as are answers of another kind.
    }
    signal?.throwIfAborted();
    // XMLHttpRequest says 0 where there was no answer; `code` is undefined then.
    const status = response?.status || code;
    if (answer?.stat == "ok" && status < 400) {
      return answer;
    }
    told ||= status
      ? `HTTP ${status}: ` + (text.trim() ? "HTML, XML or cut short, not Flickr's" : "empty answer")
      : "no answer: offline or CORS";
    // Milliseconds: what the server asks for, else more each time; beyond five minutes nobody waits.
    const asked = response?.headers?.get("retry-after");
    const pause = asked > 0 ? asked * 1e3 : (500 * (1 + Math.random())) << count;
    // No answer, too many calls or trouble at the server; else what Flickr calls passing, or no code.
    const passing = status < 400 ? !code || code == 105 || code == 201 : !(status < 429);
    if (!(count++ < retries && pause < 3e5 && passing)) {
      throw new FlickrError(method + ": " + told, { method, code, status }, wanted);
    }
    await new Promise((done) => setTimeout(done, pause, signal?.addEventListener("abort", done)));
  }
};
