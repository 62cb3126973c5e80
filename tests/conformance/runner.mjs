/**
 * Run one conformance vector, in Node or in a page, with scripted answers; return a record of it. Fetch,
 * timers and the console are replaced. `perform(vector, signal, report)` makes the call. Python's has its
 * own timers and its own `cancel`, and records its pauses itself.
 */
/** Values that JSON lacks. */
const SPECIAL = {
  NaN: () => NaN,
  Infinity: () => Infinity,
  "invalid date": () => new Date("yesterday"),
  function: () => () => {},
  "fetch without headers": () => async () => ({ status: 500, headers: {}, text: async () => "" }),
  bytes: () => new Uint8Array([1, 2]),
  FormData: () => new FormData(),
  URLSearchParams: () => new URLSearchParams("a=b"),
  Map: () => new Map(),
  controller: () => new AbortController(),
  signal: () => new AbortController().signal,
  "aborted signal": () => AbortSignal.abort(),
  progress:
    () =>
    ({ loaded, total }) =>
      progress.push([loaded, total]),
};

/** The events of the upload that is running. */
const progress = [];

const revive = (value) => {
  if (Array.isArray(value)) return value.map(revive);
  if (!value || typeof value != "object") return value;
  if (value.$date) return new Date(value.$date);
  if (value.$file) return new Blob([value.$file], { type: "image/jpeg" });
  if (value.$set) return new Set(value.$set.map(revive));
  if (value.$special) return SPECIAL[value.$special]();
  const { $inherit = Object.prototype, ...own } = value;
  const parts = Object.entries(own).map(([key, part]) => [key, revive(part)]);
  return Object.assign(Object.create($inherit), Object.fromEntries(parts));
};

const toObject = (headers) => (headers.entries ? Object.fromEntries(headers) : { ...headers });

const describeRequest = async (url, init = {}) => {
  const request = { verb: init.method || "GET" };
  const here = globalThis.location?.origin ?? "http://page.test";
  const address = new URL(url, here);
  request.url = address.origin.replace(here, "") + address.pathname;
  if (address.search) request.query = Object.fromEntries(address.searchParams);
  const headers = toObject(init.headers ?? {});
  if (Object.keys(headers).length) request.headers = headers;
  if (init.credentials) request.credentials = init.credentials;
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

const nest = (deep) => `{"stat":"fail","code":1,"message":${"[".repeat(deep)}${"]".repeat(deep)}}`;

const answer = ({ status = 200, headers = {}, body = "", json, deep, dropped, broken }) => {
  if (dropped) throw new TypeError("Failed to fetch");
  const text = deep ? nest(deep) : json ? JSON.stringify(json) : body;
  const response = new Response(text, { status, headers });
  if (broken) response.text = () => Promise.reject(new TypeError("terminated"));
  return response;
};

/** An XMLHttpRequest that sends by fetch, and reports progress at half and at all of four bytes. */
class FetchingRequest {
  upload = {};
  #headers = {};
  #controller = new AbortController();

  open(method, url) {
    Object.assign(this, { method, url });
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  async send(body) {
    const { method, url } = this;
    const init = { method, body, headers: this.#headers, signal: this.#controller.signal };
    if (this.withCredentials) init.credentials = "include";
    try {
      const response = await fetch(url, init);
      this.status = response.status;
      this.response = this.responseText = await response.text();
      for (const loaded of [2, 4]) this.upload.onprogress({ loaded, total: 4 });
    } catch {
      this.status = 0;
      this.response = this.responseText = "";
    }
    this.onloadend();
  }

  abort() {
    this.#controller.abort();
  }
}

const withSignal = (settings, signal) => (signal ? { ...settings, signal } : settings);

/** Wait until a signal aborts. Node would end before: the timers of signals do not keep it running. */
const hang = (signal) =>
  new Promise((done, fail) => {
    const timer = setInterval(() => {}, 1000);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      fail(signal.reason);
    });
  });

/** Return a function that performs a vector in JavaScript, and returns its result or throws. */
export const performIn =
  (Flickr) =>
  async ({ options, call = {} }, signal, later) => {
    const { tokenOnly } = Flickr;
    const flickr =
      call.as == "tokenOnly" ? tokenOnly(revive(options)) : new Flickr(revive(options));
    const values = call.arguments && revive(call.arguments);
    const path = (call.method || "").split(".").slice(1);
    const method = () => path.reduce((node, key) => node[key], flickr);
    const settings =
      call.settings || signal ? withSignal(revive(call.settings), signal) : undefined;
    const given = values || settings ? [values, settings] : [];
    switch (call.as || "promise") {
      case "construct":
      case "tokenOnly":
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
      case "callback then undefined":
        return new Promise((done) => method()(values, (error, result) => done(result), undefined));
      case "two callbacks":
        return method()(values, later, later);
      case "detached call": {
        const { call: callByName } = flickr;
        return callByName(call.method, ...given);
      }
      case "detached photoURL": {
        const { photoURL } = flickr;
        return [values.photo].map(photoURL)[0];
      }
      case "detached upload": {
        const { upload } = flickr;
        return upload(values);
      }
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

const toError = (error) => {
  const { name, code, method, status, message } = error;
  const cause = error.cause?.name;
  const dump = [message, error.stack, JSON.stringify(error), String(error.cause)].join("\n");
  return { name, code, method, status, cause, message, dump };
};

export const run = async (perform, vector) => {
  const record = { reports: [], requests: [], pauses: [], warnings: [] };
  const signals = [];
  const answers = [...(vector.answers || [])];
  const { fetch, setTimeout, XMLHttpRequest } = globalThis;
  const { warn } = console;
  progress.length = 0;
  const controller = vector.abort && !perform.cancel ? new AbortController() : undefined;
  if (vector.abort == "before") controller?.abort();
  globalThis.fetch = async (url, init) => {
    signals.push(init?.signal);
    init?.signal?.throwIfAborted();
    record.requests.push(await describeRequest(url, init));
    if (["during", "signal"].includes(vector.abort))
      (perform.cancel ?? (() => controller.abort()))();
    init?.signal?.throwIfAborted();
    if (!answers.length) throw new TypeError("the vector has no further answer");
    const next = answers.shift();
    return next.hangs ? hang(init.signal) : answer(next);
  };
  if (!perform.hasTimers) {
    globalThis.setTimeout = (done, milliseconds) => {
      record.pauses.push(milliseconds);
      if (vector.abort == "pause") queueMicrotask(() => controller.abort());
      else queueMicrotask(done);
    };
  }
  globalThis.XMLHttpRequest = FetchingRequest;
  console.warn = (text) => record.warnings.push(text);
  try {
    record.result = await perform(vector, controller?.signal, (text) => record.reports.push(text));
  } catch (thrown) {
    record.error = toError(thrown);
  } finally {
    Object.assign(globalThis, { fetch, setTimeout, XMLHttpRequest });
    console.warn = warn;
  }
  record.progress = [...progress];
  record.left = answers.length;
  record.ended = signals.some((signal) => signal?.aborted);
  return record;
};

/** Run vectors in Python, return records by name: `go` gets a vector as JSON, `cancel` cancels its task. */
export const runPython = async (go, cancel, vectors) => {
  const records = {};
  for (const vector of vectors) {
    if (vector.call?.as != "callback" && vector.language != "javascript") {
      const perform = Object.assign(async () => go(JSON.stringify(vector)), {
        hasTimers: true,
        cancel,
      });
      const record = await run(perform, vector);
      records[vector.name] = { ...record, ...JSON.parse(record.result ?? "{}") };
    }
  }
  return records;
};

/** Fetch vectors and run them in Python; return records as JSON, which can pass between threads. */
export const runPythonHere = async (go, cancel, address) => {
  const vectors = await (await fetch(address)).json();
  return JSON.stringify(await runPython(go, cancel, vectors));
};
