/**
 * Runs one conformance vector against a bundle, in Node or in a page: scripted answers in, requests and
 * results out. It stands in for fetch, for timers and for the console, and tells what is not as the
 * vector says, as a list of texts.
 */
const same = (left, right) => canonical(left) === canonical(right);
const canonical = (value) =>
  JSON.stringify(value, (_, part) =>
    part && part.constructor === Object
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

const revive = (value) =>
  Array.isArray(value)
    ? value.map(revive)
    : value?.$date
      ? new Date(value.$date)
      : value?.$file
        ? new Blob([value.$file], { type: "image/jpeg" })
        : value && typeof value == "object"
          ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, revive(part)]))
          : value;

const seen = async (url, init = {}) => {
  const request = { verb: init.method || "GET" };
  const address = new URL(url, "http://page.test");
  request.url = address.origin.replace("http://page.test", "") + address.pathname;
  if (address.search) request.query = Object.fromEntries(address.searchParams);
  if (init.headers) request.headers = init.headers;
  if (init.body instanceof FormData) {
    request.form = {};
    for (const [name, part] of init.body) {
      request.form[name] = typeof part == "string" ? part : { $file: await part.text() };
    }
  } else if (init.body) {
    request.json = JSON.parse(init.body);
  }
  return request;
};

const answer = ({ status = 200, headers = {}, body = "", json, dropped, broken }) => {
  if (dropped) throw new TypeError("Failed to fetch");
  const text = json ? JSON.stringify(json) : body;
  const response = new Response(text, { status, headers });
  if (broken) response.text = () => Promise.reject(new TypeError("terminated"));
  return response;
};

const outcomeOf = async (Flickr, { options, call = {} }, signal, later) => {
  const flickr = new Flickr(revive(options));
  const values = call.arguments && revive(call.arguments);
  const path = (call.method || "").split(".").slice(1);
  const method = () => path.reduce((node, key) => node[key], flickr);
  const settings = signal ? { signal } : undefined;
  const given = values || settings ? [values, settings] : [];
  switch (call.as || "promise") {
    case "construct":
      return flickr.options;
    case "named":
      return flickr.call(call.method, ...given);
    case "callback":
      return new Promise((done, fail) => {
        let times = 0;
        const callback = (error, result) => {
          if (++times > 1) later("the callback ran twice");
          if (error) fail(error);
          else done(result);
        };
        const returned = method()(...(values ? [values, callback] : [callback]));
        if (returned !== undefined) later("a call with a callback returned something");
      });
    case "upload":
      return flickr.upload(values, settings);
    case "photoURL":
      return flickr.photoURL(values.photo, values.size);
    default: {
      if (call.as == "promise" || !call.as) return method()(...given);
      const found = [];
      for await (const item of method()[call.as](...given)) {
        found.push(item);
        if (found.length === call.take) break;
      }
      return found;
    }
  }
};

const judgeError = (wanted, error, report) => {
  if (!error) return report("succeeded, where a failure was due");
  if (wanted.aborted) return error.name == "AbortError" || report(`is no abort: ${error}`);
  if (error.name != "FlickrError") report(`is no FlickrError: ${error}`);
  for (const field of ["code", "method", "status"]) {
    if (error[field] !== wanted[field]) report(`error.${field} is ${error[field]}`);
  }
  for (const text of wanted.says || []) {
    if (!error.message.includes(text)) report(`the error does not say "${text}": ${error.message}`);
  }
};

export const run = async (Flickr, vector, edition) => {
  const problems = [];
  const report = (text) => problems.push(text);
  const answers = [...(vector.answers || [])];
  const requests = [];
  const pauses = [];
  const warnings = [];
  const kept = [globalThis.fetch, globalThis.setTimeout, console.warn];
  const controller = vector.abort ? new AbortController() : undefined;
  if (vector.abort == "before") controller.abort();
  globalThis.fetch = async (url, init) => {
    init?.signal?.throwIfAborted();
    requests.push(await seen(url, init));
    if (vector.abort == "during") controller.abort();
    init?.signal?.throwIfAborted();
    if (!answers.length) throw new TypeError("the vector has no further answer");
    return answer(answers.shift());
  };
  globalThis.setTimeout = (done, milliseconds) => {
    pauses.push(milliseconds);
    if (vector.abort == "pause") queueMicrotask(() => controller.abort());
    else queueMicrotask(done);
  };
  console.warn = (text) => warnings.push(text);
  let result, error;
  try {
    result = await outcomeOf(Flickr, vector, controller?.signal, report);
  } catch (thrown) {
    error = thrown;
  } finally {
    [globalThis.fetch, globalThis.setTimeout, console.warn] = kept;
  }
  if (vector.error) judgeError(vector.error, error, report);
  else if (error) report(`failed: ${error}`);
  else if ("result" in vector && !same(result, vector.result)) {
    report(`the result is ${canonical(result)}`);
  }
  if (vector.requests && !same(requests, vector.requests)) {
    report(`the requests are ${canonical(requests)}`);
  }
  if (answers.length) report(`${answers.length} answers were not asked for`);
  const wanted = vector.pauses || [];
  if (
    pauses.length != wanted.length ||
    !wanted.every(([a, b], i) => pauses[i] >= a && pauses[i] <= b)
  ) {
    report(`the pauses are ${pauses}`);
  }
  const expected = edition == "dev" ? vector.warns || [] : [];
  if (warnings.length != expected.length || !expected.every((w, i) => warnings[i].includes(w))) {
    report(`the warnings are ${canonical(warnings)}`);
  }
  const told = [error?.message, error?.stack, canonical(error), ...warnings].join("\n");
  const key = vector.options.api_key;
  if (key && told.includes(key)) report("an error or a warning holds the key");
  return problems;
};
