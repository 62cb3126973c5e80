"""`flickr.places.*`: the places of the gazetteer, and where on earth the library's photos were taken.

Importing the package enters all of them.
"""

from flickr_sandbox.answers.places import clusters, lookup

__all__ = ["clusters", "lookup"]
