/**
 * `node wheel.mjs WAY LOCK [WHEEL MICROPIP]`: installs pyflickr-web in Pyodide and prints, as JSON,
 * what came of it. WAY: `name` (loadPackage), `micropip-name` or `micropip-url`. LOCK: its path,
 * the wheel beside it. (Under Node Pyodide reads packages without a look at the lock's checksums.)
 */
import { pathToFileURL } from "node:url";
import { loadPyodide } from "pyodide";

const [way, lockFileURL, wheel, micropip] = process.argv.slice(2);
const asked = [];
globalThis.fetch = (address) => {
  asked.push(String(address?.url ?? address));
  return Promise.reject(new TypeError("there is no network here"));
};

const errors = [];
const quietly = { messageCallback() {}, errorCallback: (message) => errors.push(message) };
// What micropip loads is told on standard output, which is for the JSON.
const python = await loadPyodide({ lockFileURL, stdout() {} });
const load = (what) => python.loadPackage(what, quietly);

const micropipInstalls = async (what) => {
  await load(pathToFileURL(micropip).href);
  python.globals.set("what", what);
  await python.runPythonAsync("import micropip\nawait micropip.install(what)");
};
const ways = {
  name: () => load("pyflickr-web"),
  "micropip-name": () => micropipInstalls("pyflickr-web"),
  "micropip-url": () => micropipInstalls(pathToFileURL(wheel).href),
};

const told = { asked, errors };
try {
  await ways[way]();
  Object.assign(
    told,
    JSON.parse(
      python.runPython(`
import importlib.metadata, importlib.util, json, sys
told = {"distributions": sorted({d.name for d in importlib.metadata.distributions()})}
if importlib.util.find_spec("pyflickr_web"):
    import pyflickr_web
    Flickr = getattr(pyflickr_web, "Flickr", None)
    if not Flickr:
        from pyflickr_web.browser.flickr import Flickr
    told["flickr"] = Flickr.__module__
    told["version"] = pyflickr_web.__version__
told["modules"] = sorted({name.split(".")[0] for name in sys.modules})
json.dumps(told)`),
    ),
  );
} catch (error) {
  errors.push(String(error));
}
process.stdout.write(JSON.stringify(told), () => process.exit(0));
