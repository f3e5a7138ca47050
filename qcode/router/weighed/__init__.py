"""A second reading, for requests that the frames do not understand: what is asked for is weighed by its words,
what it is asked of is found by what the index allows. Where the two agree, and nothing is left over, it is done.
"""

from qcode.router.weighed.reading import weighed
from qcode.router.weighed.unread import unread

__all__ = ["unread", "weighed"]
