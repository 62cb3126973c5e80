"""The types of Flickr's answers, for annotations: `from pyflickr_web.answers import PhotoInfo`."""

from pyflickr_web._generated.answers import *  # noqa: F403
from pyflickr_web._generated.answers import __all__ as __all__
