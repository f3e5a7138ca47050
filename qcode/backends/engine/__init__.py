"""The engine process: one per user, holds the weights, serves every qcode of this user.

`client` is what a role's backend is; `start` brings the process up; the rest runs inside of it.
"""

from qcode.backends.engine.client import EngineBackend

__all__ = ["EngineBackend"]
