"""The Python outputs: single-file modules, tables, type stubs, and a wheel for pages."""
