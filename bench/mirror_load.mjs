// Load a mirror with npm's flickrapi, and print the seconds and the number of photos as JSON.
// Run it in a folder of its own: flickrapi makes a cache in the working folder.
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { argv } from "node:process";

const [folder] = argv.slice(2);
const load = createRequire(import.meta.url)("flickrapi/src/handlers/ia");
const start = performance.now();
const data = load(folder, { loadPrivate: true });
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, photos: data.photo_keys.length }));
