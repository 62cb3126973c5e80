/** `node help.mjs INTERPRETER MODULE`: print `help()` of a method in Pyodide or MicroPython. */
import { readFileSync } from "node:fs";
import { interpreters } from "./interpreters.mjs";

const [interpreter, module] = process.argv.slice(2);
const python = await interpreters[interpreter]();
python.FS.writeFile("pyflickr_web.py", readFileSync(module, "utf8"));
await python.runPythonAsync(`
from pyflickr_web import Flickr

help(Flickr(endpoint="/services/rest/").photos.search)
help(int)
dir(Flickr(endpoint="/services/rest/").photos)
`);
process.exit(0);
