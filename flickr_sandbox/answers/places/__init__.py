"""`flickr.places.*`: the places of the gazetteer, and the photos taken there.

Importing the package registers all handlers.
"""

from flickr_sandbox.answers.places import clusters, lookup

__all__ = ["clusters", "lookup"]
