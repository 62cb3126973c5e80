/**
 * `node wheel.mjs WAY LOCK [WHEEL MICROPIP]`: install pyflickr-web in Pyodide and print the result as
 * JSON. WAY: `name` (loadPackage), `neighbor` (with red-panda), `micropip-name` or `micropip-url`. LOCK: the
 * path of a lock file next to the wheel. (In Node, Pyodide does not verify the lock's checksums.)
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
// micropip logs to standard output, which is for the JSON.
const python = await loadPyodide({ lockFileURL, stdout() {} });
const load = (what) => python.loadPackage(what, quietly);

const micropipInstalls = async (what) => {
  await load(pathToFileURL(micropip).href);
  python.globals.set("what", what);
  await python.runPythonAsync("import micropip\nawait micropip.install(what)");
};
const ways = {
  name: () => load("pyflickr-web"),
  neighbor: () => load(["pyflickr-web", "red-panda"]),
  "micropip-name": () => micropipInstalls("pyflickr-web"),
  "micropip-url": () => micropipInstalls(pathToFileURL(wheel).href),
};

const facts = { asked, errors };
try {
  await ways[way]();
  Object.assign(
    facts,
    JSON.parse(
      python.runPython(`
import importlib.metadata, importlib.util, json, sys
facts = {"distributions": sorted({d.name for d in importlib.metadata.distributions()})}
if importlib.util.find_spec("pyflickr_web"):
    import pyflickr_web
    Flickr = getattr(pyflickr_web, "Flickr", None)
    if not Flickr:
        from pyflickr_web.browser.flickr import Flickr
    facts["flickr"] = Flickr.__module__
    facts["version"] = pyflickr_web.__version__
facts["modules"] = sorted({name.split(".")[0] for name in sys.modules})
json.dumps(facts)`),
    ),
  );
} catch (error) {
  errors.push(String(error));
}
process.stdout.write(JSON.stringify(facts), () => process.exit(0));
