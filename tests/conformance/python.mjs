/**
 * `node python.mjs INTERPRETER MODULE EDITION VECTORS…`: run vectors in Pyodide or MicroPython, and
 * print their records by name, as JSON.
 */
import { readFileSync } from "node:fs";
import { interpreters } from "./interpreters.mjs";
import { runPython } from "./runner.mjs";

const read = (file) => readFileSync(file, "utf8");
const performer = new URL("perform.py", import.meta.url);

const [interpreter, module, edition, ...files] = process.argv.slice(2);
const python = await interpreters[interpreter]();
if (module.endsWith(".whl")) {
  python.unpackArchive(new Uint8Array(readFileSync(module)).buffer, "wheel");
} else {
  python.FS.writeFile("pyflickr_web.py", read(module));
}
python.FS.writeFile("perform.py", read(performer));
await python.runPythonAsync(`
import perform, pyflickr_web

async def go(text):
    return await perform.perform(pyflickr_web, text)

def cancel():
    perform.cancel()
`);
const go = python.globals.get("go");
const cancel = python.globals.get("cancel");

const all = files.flatMap((file) => JSON.parse(read(file)));
const mine = all.filter((vector) => !vector.edition || vector.edition == edition);
const records = await runPython(go, cancel, mine);
// Timers of an interpreter may still run.
process.stdout.write(JSON.stringify(records), () => process.exit(0));
