// Request addresses with everything that Node has, and write the results to standard output as JSON.
import http, { get as getNamed } from "node:http";
import https from "node:https";
import { readFileSync } from "node:fs";

const { addresses } = JSON.parse(readFileSync(0, "utf-8"));
const read = async (stream) => {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
};
const get = (module, address, options) =>
  new Promise((done, fail) =>
    module.get(address, options ?? {}, (answer) => done(read(answer))).on("error", fail),
  );
const post = (module, address, body) =>
  new Promise((done, fail) => {
    const request = module.request(address, { method: "POST" }, (answer) => done(read(answer)));
    request.on("error", fail).end(body);
  });
const ways = {
  fetch: async (address) => (await fetch(address)).text(),
  post: async (address) => (await fetch(address, { method: "POST", body: "x".repeat(1e6) })).text(),
};
const waysOf = (address) => {
  const module = address.startsWith("https:") ? https : http;
  return {
    ...ways,
    get: (address) => get(module, address),
    agent: (address) => get(module, address, { agent: new module.Agent({ keepAlive: true }) }),
    largePost: (address) => post(module, address, "x".repeat(1e6)),
    ...(module === http && { named: (address) => get({ get: getNamed }, address) }),
  };
};
const results = {};
for (const address of addresses) {
  results[address] = {};
  for (const [name, way] of Object.entries(waysOf(address))) {
    const report = (error) => `error: ${error.cause?.message ?? error.message}`;
    results[address][name] = await way(address).catch(report);
  }
}
process.stdout.write(JSON.stringify(results));
