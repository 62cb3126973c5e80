/** Functions that start the Python interpreters of pages, by name. */
export const interpreters = {
  async micropython() {
    const { loadMicroPython } =
      await import("@micropython/micropython-webassembly-pyscript/micropython.mjs");
    return loadMicroPython({ heapsize: 16 * 1024 * 1024 });
  },
  async pyodide() {
    const { loadPyodide } = await import("pyodide");
    return loadPyodide();
  },
};
