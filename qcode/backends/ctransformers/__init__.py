"""Legacy ggml files: their headers, and the backend that runs them in a child process."""

from qcode.backends.ctransformers.backend import CtransformersBackend

__all__ = ["CtransformersBackend"]
