"""The client without I/O, in the dialect that CPython, Pyodide and MicroPython share."""
