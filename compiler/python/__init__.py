"""The Python outputs: one-file modules, tables, type stubs, and the package's wheel for pages."""
