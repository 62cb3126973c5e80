/**
 * Run pieces of code of docs/from-node-flickrapi.md, each in a frame of its own; return what each showed
 * and what it sent.
 *
 * The code may use `Flickr`, a client `flickr` with a key, a client `proxied` of the site's proxy, and
 * `callback`, which it then must call.
 */
const show = (value, isInside) => {
  if (typeof value == "function") {
    return "a function";
  }
  if (value instanceof Error) {
    return `${value.name}: ${value.message}`;
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => show(item, true)).join(", ")}]`;
  }
  if (value && typeof value == "object") {
    const rows = Object.keys(value).map((key) => `${key}: ${show(value[key], true)}`);
    return isInside ? "{…}" : `{ ${rows.join(", ")} }`;
  }
  return JSON.stringify(value) ?? "undefined";
};

/** Return a list to which this window's requests are added, as texts. */
const recordRequests = () => {
  const sent = [];
  const { fetch } = window;
  window.fetch = (url, init = {}) => {
    sent.push(`${init.method ?? "GET"} ${url} ${init.body ?? ""}`);
    return fetch(url, init);
  };
  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (verb, url, ...rest) {
    this.head = `${verb} ${url}`;
    return open.call(this, verb, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    sent.push(`${this.head} ${body ?? ""}`);
    return send.call(this, body);
  };
  return sent;
};

const runHere = async (script, code) => {
  const sent = recordRequests();
  const Flickr = new Function(`${script}\nreturn Flickr;`)();
  let callback;
  const called = new Promise((resolve) => {
    callback = (...given) => resolve(`callback(${given.map((part) => show(part)).join(", ")})`);
    // An error in the code's own callback.
    window.onerror = (...given) => resolve(show(given.at(-1)));
  });
  const scope = {
    Flickr,
    flickr: new Flickr({ api_key: "0123" }),
    // Clients of node-flickrapi share the options of the last one.
    proxied: code.includes("proxied") && new Flickr({ endpoint: "/service/rest/" }),
    callback,
  };
  const AsyncFunction = (async () => {}).constructor;
  const last = code.lastIndexOf("; ") + 1;
  const body = `${code.slice(0, last)} return ${code.slice(last)}`;
  try {
    const value = await new AsyncFunction(...Object.keys(scope), body)(...Object.values(scope));
    return [code.includes("callback") ? await called : show(value), sent.join("\n")];
  } catch (error) {
    return [show(error), sent.join("\n")];
  }
};

const runInFrame = async (script, code) => {
  const frame = document.createElement("iframe");
  frame.src = "/run";
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  document.body.append(frame);
  await loaded;
  return frame.contentWindow.runHere(script, code);
};

Object.assign(window, {
  runHere,
  async runCode(address, pieces) {
    const script = await (await fetch(address)).text();
    return Promise.all(pieces.map((code) => runInFrame(script, code)));
  },
});
