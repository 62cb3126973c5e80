import { FlickrError } from "./errors.js";

/** Send until there is an answer, or up to `retries` times more where a passing failure allows it. */
export const exchange = async (send, method, signal, retries) => {
  for (let count = 0; ; count++) {
    let response, answer, code;
    let text = "?";
    try {
      signal?.throwIfAborted();
      response = await send();
      text = (await response.text()).trim();
      answer = JSON.parse(text.replace(/^[\w$.]+\(|\);?$/g, ""));
    } catch {
      // Told below, as are answers of another kind.
    }
    signal?.throwIfAborted();
    const status = response?.status;
    if (answer?.stat == "ok" && status < 400) {
      return answer;
    }
    let told = status
      ? `HTTP ${status}: ` + (text ? "HTML, XML or cut short, not Flickr's" : "empty answer")
      : "no answer: offline, or CORS";
    if (answer?.stat == "fail") {
      code = +answer.code;
      told = `${answer.message} (code ${code})`;
    }
    // Milliseconds: what the server asks for, else more each time; beyond five minutes nobody waits.
    const asked = response?.headers.get("Retry-After");
    const pause = asked > 0 ? asked * 1e3 : (1 + Math.random()) * (500 << count);
    // No answer, too many calls or trouble at the server; else what Flickr calls passing, or no code.
    const passing = status < 400 ? [0, 105, 201].includes(code | 0) : !(status < 429);
    if (!(count < retries && pause < 3e5 && passing)) {
      throw new FlickrError(method + ": " + told, { code, method, status });
    }
    await new Promise((done) => {
      setTimeout(done, pause);
      signal?.addEventListener("abort", done);
    });
  }
};
