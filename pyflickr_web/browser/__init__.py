"""The client in a page: fetch, in Pyodide and in MicroPython."""
