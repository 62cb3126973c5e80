/** Functions that start the Python interpreters of pages, by name: npm's newest, and the releases before. */
const startMicroPython = async (name) => {
  const { loadMicroPython } = await import(`${name}/micropython.mjs`);
  return loadMicroPython({ heapsize: 16 * 1024 * 1024 });
};
const startPyodide = async (name) => {
  const { loadPyodide } = await import(name);
  return loadPyodide();
};

export const interpreters = {
  micropython: () => startMicroPython("@micropython/micropython-webassembly-pyscript"),
  "micropython-previous": () => startMicroPython("micropython-previous"),
  pyodide: () => startPyodide("pyodide"),
  "pyodide-previous": () => startPyodide("pyodide-previous"),
};
