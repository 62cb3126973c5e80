/**
 * `node firefox.mjs FIREFOX PROXY`: drive Firefox by WebDriver BiDi. Each line of standard input is a
 * command in JSON, `[name, ...arguments]`; each is answered with a line: `{ result }` or `{ error }`.
 * Firefox ends with standard input.
 */
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [executablePath, proxy] = process.argv.slice(2);
const [host, port] = proxy.split(":");

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  // Milliseconds: long enough for a busy machine.
  timeout: 120_000,
  extraPrefsFirefox: {
    // What Firefox asks of its maker goes to a proxy that does not answer; loopback needs none.
    "network.proxy.type": 1,
    "network.proxy.http": host,
    "network.proxy.http_port": +port,
    "network.proxy.ssl": host,
    "network.proxy.ssl_port": +port,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "dom.push.connection.enabled": false,
  },
});
const page = await browser.newPage();

const commands = {
  version: () => browser.version(),
  async reset() {
    await browser.deleteCookie(...(await browser.cookies()));
    await page.goto("about:blank");
  },
  open: async (url) => void (await page.goto(url)),
  // Puppeteer would send a text that it turns into a function by itself, which a page's policy may forbid.
  evaluate: (code, value) => page.evaluate(`(${code})(${JSON.stringify(value)})`),
  async setFile(selector, path) {
    const input = await page.$(selector);
    await input.uploadFile(path);
  },
};

try {
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...values] = JSON.parse(line);
    const answer = await commands[name](...values).then(
      (result) => ({ result: result ?? null }),
      (error) => ({ error: error.message }),
    );
    console.log(JSON.stringify(answer));
  }
} finally {
  await browser.close();
}
