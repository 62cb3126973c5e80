import { FlickrError } from "./errors.js";

const told = (answer, text, response) =>
  answer?.stat == "fail"
    ? `${answer.message} (code ${answer.code})`
    : response
      ? `HTTP ${response.status} with ` +
        (text
          ? text[0] == "<"
            ? "HTML or XML"
            : "an answer cut short or not Flickr's"
          : "an empty answer")
      : "no answer; offline, or refused by CORS";

/** Send until there is an answer, or up to `retries` times more where a passing failure allows it. */
export const exchange = async (send, method, signal, retries) => {
  for (let count = 0; ; count++) {
    let response, answer;
    let text = "?";
    try {
      response = await send();
      text = (await response.text()).trim();
      answer = JSON.parse(text.replace(/^[\w$.]+\(([^]*)\);?$/, "$1"));
    } catch {
      // Told below, as are answers of another kind.
    }
    if (signal?.aborted) {
      throw signal.reason;
    }
    const status = response?.status;
    if (answer?.stat == "ok" && status < 400) {
      return answer;
    }
    const code = answer?.stat == "fail" ? +answer.code : undefined;
    // Seconds that the server asks for, else more each time; beyond five minutes nobody waits.
    const asked = response?.headers.get("Retry-After");
    const pause = asked > 0 ? asked : 2 ** count * (0.5 + Math.random() / 2);
    // No answer, too many calls or trouble at the server; else what Flickr calls passing, or no code.
    const passing = status < 400 ? [undefined, 0, 105, 201].includes(code) : !(status < 429);
    if (!(count < retries && pause < 300 && passing)) {
      throw new FlickrError(method + ": " + told(answer, text, response), { code, method, status });
    }
    await new Promise((done) => {
      setTimeout(done, pause * 1e3);
      signal?.addEventListener("abort", done);
    });
  }
};
