"""One file per kind of request. Each reads a clause: calls, a question, or None where it is another kind."""

from qcode.router.frames import extract, files, inline, misspelt, move, order, rename, replace, signature

FRAMES = (misspelt, extract, order, signature, inline, files, replace, move, rename)

__all__ = ["FRAMES"]
