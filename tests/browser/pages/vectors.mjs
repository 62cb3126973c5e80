/** Define `runVectors`, which runs all vectors on the bundle of the page, and returns records as JSON. */
import { performIn, run } from "/runner.mjs";

window.runVectors = async () => {
  const vectors = await (await fetch(`/vectors/${document.body.dataset.edition}`)).json();
  const records = {};
  for (const vector of vectors) {
    records[vector.name] = await run(performIn(window.loaded), vector);
  }
  return JSON.stringify(records);
};
