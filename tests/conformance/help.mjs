/** `node help.mjs MODULE`: print `help()` of a method in Pyodide. */
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const python = await loadPyodide();
python.FS.writeFile("pyflickr_web.py", readFileSync(process.argv[2], "utf8"));
python.runPython(`
from pyflickr_web import Flickr
help(Flickr(endpoint="/services/rest/").photos.search)
`);
