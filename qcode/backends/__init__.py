"""Inference engines behind one protocol, one file per engine."""

from qcode.backends.protocol import Backend, Capabilities, open_backend

__all__ = ["Backend", "Capabilities", "open_backend"]
