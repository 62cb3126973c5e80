"""A local Flickr to develop and test against. It shares no code with the client."""

try:
    from pyflickr_web.sandbox.server import Sandbox
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"the sandbox needs {error.name}: pip install 'pyflickr-web[sandbox]'", name=error.name
    ) from None

__all__ = ["Sandbox"]
