"""The conversation: events become blocks, blocks become lines, and only visible lines are drawn."""

from qcode.tui.conversation.block import Block
from qcode.tui.conversation.drawing import Drawing
from qcode.tui.conversation.view import ConversationView

__all__ = ["Block", "ConversationView", "Drawing"]
