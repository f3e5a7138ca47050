"""Inference engines behind one protocol, one file per engine."""

from qcode.backends.opening import open_backend
from qcode.backends.protocol import Backend, Capabilities

__all__ = ["Backend", "Capabilities", "open_backend"]
