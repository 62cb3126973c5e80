/**
 * `node python.mjs INTERPRETER MODULE EDITION VECTORS…`: the vectors in Pyodide or MicroPython;
 * prints what came of each, by its name, as JSON.
 */
import { readFileSync } from "node:fs";
import { runPython } from "./runner.mjs";

const read = (file) => readFileSync(file, "utf8");
const performer = new URL("perform.py", import.meta.url);

/** Both interpreters, as one: `write` puts a module where it can be imported, `get` runs Python. */
const start = {
  async micropython() {
    const { loadMicroPython } =
      await import("@micropython/micropython-webassembly-pyscript/micropython.mjs");
    const python = await loadMicroPython({ heapsize: 16 * 1024 * 1024 });
    return {
      write: (name, text) => python.FS.writeFile(name + ".py", text),
      run: (code) => python.runPythonAsync(code),
      get: (name) => python.globals.get(name),
    };
  },
  async pyodide() {
    const { loadPyodide } = await import("pyodide");
    const python = await loadPyodide();
    return {
      unpack: (wheel) => python.unpackArchive(new Uint8Array(wheel).buffer, "wheel"),
      write: (name, text) => python.FS.writeFile(name + ".py", text),
      run: (code) => python.runPythonAsync(code),
      get: (name) => python.globals.get(name),
    };
  },
};

const [interpreter, module, edition, ...files] = process.argv.slice(2);
const python = await start[interpreter]();
if (module.endsWith(".whl")) python.unpack(readFileSync(module));
else python.write("pyflickr_web", read(module));
python.write("perform", read(performer));
await python.run("import perform, pyflickr_web");
await python.run("async def go(text):\n    return await perform.perform(pyflickr_web, text)");
await python.run("def cancel():\n    perform.cancel()");
const go = python.get("go");
const cancel = python.get("cancel");

const all = files.flatMap((file) => JSON.parse(read(file)));
const mine = all.filter((vector) => !vector.edition || vector.edition == edition);
const told = await runPython(go, cancel, mine);
// Timers of an interpreter may still run.
process.stdout.write(JSON.stringify(told), () => process.exit(0));
