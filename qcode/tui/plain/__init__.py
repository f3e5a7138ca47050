"""The plain mode: lines of text one after the other, for screen readers and the simplest terminals.

No boxes, no colours, nothing that moves or is written over. Whatever is typed while a run goes on is
read afterwards, as anywhere in a terminal; only the answer to a question is never read ahead.
"""

from qcode.tui.plain.talk import Talk

__all__ = ["Talk"]
