"""A notebook for JupyterLite: `python -m examples.jupyterlite`."""
