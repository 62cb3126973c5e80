// Lead the connections of a Node program through the proxy in HTTPS_PROXY: `NODE_OPTIONS=--require=FILE`.
// Node 20 has no proxy of its own. With it, `http`, `https` and `fetch` reach only what the proxy plays;
// connections to this machine, and to other ports than HTTP's, stay direct.
"use strict";

const http = require("node:http");
const net = require("node:net");
const { Duplex } = require("node:stream");
const tls = require("node:tls");
const { syncBuiltinESMExports } = require("node:module");

const address = process.env.HTTPS_PROXY || process.env.https_proxy;
const connect = net.connect;
const connectTls = tls.connect;
const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;
const HTTP = 80;
const END = "\r\n\r\n";

/** A connection to `host:port` through the proxy, by CONNECT (RFC 9110, 9.3.6). */
class Tunnel extends Duplex {
  constructor(host, port) {
    super();
    this.connecting = true;
    this.received = Buffer.alloc(0);
    this.waiting = null;
    const proxy = new URL(address);
    this.socket = connect(Number(proxy.port) || HTTP, proxy.hostname.replace(/[[\]]/g, ""));
    const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    this.socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}${END}`);
    this.socket.on("data", (chunk) => this.receive(chunk));
    this.socket.on("end", () => this.finish());
    this.socket.on("timeout", () => this.emit("timeout"));
    this.socket.on("error", (error) => this.destroy(error));
    this.socket.on("close", () => this.destroy());
  }

  receive(chunk) {
    if (!this.connecting) {
      if (!this.push(chunk)) this.socket.pause();
      return;
    }
    this.received = Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf(END);
    if (end < 0) return;
    const [, status, reason] = this.received.toString("latin1").match(/^\S+ (\d+) ?(.*)\r\n/) ?? [];
    if (status !== "200") {
      this.destroy(new Error(reason || "the proxy did not answer CONNECT"));
      return;
    }
    this.connecting = false;
    const rest = this.received.subarray(end + END.length);
    if (rest.length) this.push(rest);
    this.emit("connect");
    if (this.waiting) this.waiting();
    this.waiting = null;
  }

  finish() {
    if (this.connecting) this.destroy(new Error("the proxy closed the connection"));
    else this.push(null);
  }

  _read() {
    this.socket.resume();
  }

  _write(chunk, encoding, done) {
    if (this.connecting) this.waiting = () => this.socket.write(chunk, encoding, done);
    else this.socket.write(chunk, encoding, done);
  }

  _final(done) {
    if (this.connecting) this.waiting = () => this.socket.end(done);
    else this.socket.end(done);
  }

  _destroy(error, done) {
    this.socket.destroy();
    done(error);
  }
}

// Clients set these on each connection.
for (const name of ["ref", "unref", "setKeepAlive", "setNoDelay", "setTimeout"]) {
  Tunnel.prototype[name] = function (...values) {
    this.socket[name](...values);
    return this;
  };
}

/** Return the options of `connect(options)`, `connect(port, host, …)` or `connect(port, options)`. */
function readOptions(values) {
  const objects = values.filter((value) => value && typeof value === "object");
  const host = typeof values[1] === "string" ? values[1] : undefined;
  const base = objects.includes(values[0]) ? {} : { port: values[0], host };
  return Object.assign(base, ...objects);
}

const isDirect = ({ host = "localhost", path, socket }) =>
  Boolean(path || socket) || LOCAL.test(host);

function connectThroughProxy(...values) {
  const options = readOptions(values);
  if (isDirect(options) || Number(options.port) !== HTTP) return connect.apply(this, values);
  const tunnel = new Tunnel(options.host, HTTP);
  const done = values.findLast((value) => typeof value === "function");
  if (done) tunnel.once("connect", done);
  return tunnel;
}

function connectTlsThroughProxy(...values) {
  const options = readOptions(values);
  if (isDirect(options)) return connectTls.apply(this, values);
  const socket = new Tunnel(options.host, Number(options.port));
  const servername = options.servername ?? (net.isIP(options.host) ? "" : options.host);
  const done = values.findLast((value) => typeof value === "function");
  const secure = connectTls({ ...options, socket, servername }, done);
  // An idle connection must not keep the program running.
  for (const name of ["ref", "unref"]) {
    secure[name] = () => {
      socket[name]();
      return secure;
    };
  }
  return secure;
}

if (address) {
  net.connect = net.createConnection = connectThroughProxy;
  http.Agent.prototype.createConnection = net.connect;
  tls.connect = connectTlsThroughProxy;
  syncBuiltinESMExports();
}
